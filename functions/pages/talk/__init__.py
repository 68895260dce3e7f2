"""Holding a talk: one form, kept as a draft by all of its buttons, and saved as one."""
