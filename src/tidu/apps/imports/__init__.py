"""Data sheets of departments: uploaded, understood, checked, committed as one batch, and taken back as one batch."""
