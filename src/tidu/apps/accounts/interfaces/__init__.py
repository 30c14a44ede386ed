"""What pages and the API use of the accounts."""
