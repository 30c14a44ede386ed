"""Keeping the registry true: new firms, names, places, codes, duplicates and their merging; tags and saved views."""
