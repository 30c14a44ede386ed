"""What is done with units: one function owns one change."""
