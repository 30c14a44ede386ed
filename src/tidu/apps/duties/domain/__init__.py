"""What is done after payment."""
