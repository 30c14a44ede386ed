"""What is done with accounts: one function owns one change."""
