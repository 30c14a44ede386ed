"""What people are told: kept in the system first, handed to e-mail and short messages by adapters, with a log."""
