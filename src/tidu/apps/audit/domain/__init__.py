"""What the audit does."""
