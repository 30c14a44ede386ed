"""Reading firms from the files of departments, and writing workbooks and tables."""
