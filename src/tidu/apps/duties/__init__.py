"""After payment: how obligations stand, campaigns of checks, leads, recoveries, what firms declare."""
