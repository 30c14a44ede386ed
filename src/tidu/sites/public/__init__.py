"""The public pages: no login, nothing that a visitor enters is kept."""
