"""Files that firms and offices hand in: checked by their content, kept outside the web root, served to who may see them."""
