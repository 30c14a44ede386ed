"""What is done with them: one function owns one change."""
