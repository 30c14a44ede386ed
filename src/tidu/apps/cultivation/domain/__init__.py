"""What is computed for the ladder and the pools, and what is done with it: one function owns one change."""
