"""One firm at a time, and the whole population."""
