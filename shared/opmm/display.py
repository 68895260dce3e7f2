"""Which names may be shown to people: none that is blank, breaks lines or turns the text around it."""

import re

_BLANK = r"\s\u00ad\u061c\u200b-\u200f\u2060-\u2064\ufeff"
"""What leaves no trace where it stands, as patterns of Python and of ECMAScript write it."""

NAME_PATTERN = rf"^(?=.*[^{_BLANK}])[^\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]*$"
"""Something to be seen; no control characters, no separators of lines, and of what sets direction (Unicode UAX 9) no
embedding, override or isolate.

The marks U+200E, U+200F and U+061C stay: right-to-left names need them, and they turn nothing but themselves.
"""

NOT_DISPLAYABLE = (
    "needs a sign to be seen, and takes no control characters and nothing that turns the direction of text"
)
"""What is wrong with another name, behind its subject."""


def is_displayable(name: str) -> bool:
    """Whether a name can stand in a sentence or a table as it is."""
    return re.fullmatch(NAME_PATTERN, name) is not None
