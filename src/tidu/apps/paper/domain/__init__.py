"""What each paper says, derived from the records alone."""
