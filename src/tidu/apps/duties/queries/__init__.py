"""Questions to what is kept after payment."""
