"""From a paper to a file: PDF by typst, Word by python-docx."""
