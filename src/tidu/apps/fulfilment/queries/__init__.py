"""Questions to fulfilment."""
