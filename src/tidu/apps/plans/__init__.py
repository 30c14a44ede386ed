"""Plans at work: documents as kept, tasks of units, reports by period, colours worked out."""
