"""What people fill in on pages: how fields are read, what is wrong with them, and how it becomes events."""
