"""Materials towards the browser."""
