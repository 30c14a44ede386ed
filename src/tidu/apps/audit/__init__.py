"""The audit: every write leaves an event in a chain that nobody can change without being found."""
