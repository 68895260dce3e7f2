"""Which names may be shown to people: none that breaks a line, hides, or turns the direction of the text around it."""

import re

NAME_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$"
"""No control characters, no separators of lines, no embedding, override or isolate of direction (Unicode UAX 9).

The marks U+200E, U+200F and U+061C stay: right-to-left names need them, and they turn nothing but themselves.
"""


def is_displayable(name: str) -> bool:
    """Whether a name can stand in a sentence or a table as it is."""
    return re.fullmatch(NAME_PATTERN, name) is not None
