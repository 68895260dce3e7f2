"""Facts as they were at an earlier time, back into a stack that runs."""
