"""What is done with cases and money: one function owns one change."""
