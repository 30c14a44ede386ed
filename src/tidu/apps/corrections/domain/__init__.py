"""What is done with filings and corrections: one function owns one change."""
