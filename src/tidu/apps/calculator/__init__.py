"""The public policy calculator and the ladder check-up: no login, nothing stored."""
