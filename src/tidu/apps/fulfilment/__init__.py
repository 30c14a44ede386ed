"""From entitlement to money in the bank, and the years after: cases, opinions, notices, budgets, payments, obligations."""
