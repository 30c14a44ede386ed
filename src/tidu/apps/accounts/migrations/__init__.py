"""Tables, as they came to be."""
