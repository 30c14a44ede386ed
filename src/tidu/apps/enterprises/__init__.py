"""The registry: every firm, every fact with its source, every event."""
