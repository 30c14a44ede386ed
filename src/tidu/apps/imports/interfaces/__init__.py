"""What pages use of imports."""
