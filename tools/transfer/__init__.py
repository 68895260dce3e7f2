"""Import and export: facts as CSV files and JSON Lines of events, in and out of a stack."""
