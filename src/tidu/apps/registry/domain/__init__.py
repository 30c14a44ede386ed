"""What is done to keep the registry true: one function owns one change."""
