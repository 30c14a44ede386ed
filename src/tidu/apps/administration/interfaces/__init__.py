"""What pages use of administration."""
