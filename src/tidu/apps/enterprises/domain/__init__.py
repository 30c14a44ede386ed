"""What is done with the registry: one function owns one change."""
