"""Checking the data, and requests for facts: one function owns one change."""
