"""One module per command: options, dates, progress and printing; what is computed comes from the kernel."""
