"""The enterprise portal: pages for the people of a firm."""
