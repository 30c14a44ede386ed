"""What firms say of themselves: yearly filings, corrections of facts, and their review."""
