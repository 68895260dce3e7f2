"""What ends a command with a sentence for the person who gave it."""


class ToolError(Exception):
    """A command cannot go on; the message says why, and what to do about it."""
