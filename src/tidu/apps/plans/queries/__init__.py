"""Questions to plans."""
