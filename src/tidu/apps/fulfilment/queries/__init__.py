"""What pages ask of fulfilment, always through the scope of who asks."""
