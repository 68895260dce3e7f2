"""What a stack may be called."""

import re

from tools.errors import ToolError

LONGEST_STACK_NAME = 40
"""Resources are called `<stack>-<what they are>`, and a schedule or a function has at most 64 characters."""

_STACK_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def checked_stack_name(name: str) -> str:
    """A name that a stack can have. Raises ToolError with what is allowed."""
    if not _STACK_NAME.fullmatch(name) or len(name) > LONGEST_STACK_NAME:
        raise ToolError(
            f"STACK={name}: the name of a stack begins with a letter, has letters, digits and - after it, and "
            f"{LONGEST_STACK_NAME} characters at most."
        )
    return name
