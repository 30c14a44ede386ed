"""What is done with an import: one function owns one change."""
