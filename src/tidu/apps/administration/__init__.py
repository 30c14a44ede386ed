"""What administrators keep: parameters, dictionaries, texts, the calendar of working days, announcements."""
