"""Which names may be shown to people: none that is blank, breaks lines or turns the text around it."""

import re

_BLANK = r" \u00a0\u00ad\u061c\u1680\u2000-\u200f\u202f\u205f-\u2064\u3000\ufeff"
"""What leaves no trace where it stands."""

_NEVER = r"\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069"
"""Control characters, separators of lines, and of what sets direction (Unicode UAX 9) each embedding, override and
isolate.

The marks U+200E, U+200F and U+061C are none of these: right-to-left names need them, and they turn nothing but
themselves.
"""

NAME_PATTERN = rf"^[{_BLANK}]*[^{_BLANK}{_NEVER}][^{_NEVER}]*$"
"""Something to be seen, and nothing that is never taken; Python and ECMAScript read it alike.

One way leads through it, without looking ahead: so it takes as long as the name is, and what draws names that fit
(the tests of the API do) finds them at once.
"""

NOT_DISPLAYABLE = (
    "needs a sign to be seen, and takes no control characters and nothing that turns the direction of text"
)
"""What is wrong with another name, behind its subject."""


def is_displayable(name: str) -> bool:
    """Whether a name can stand in a sentence or a table as it is."""
    return re.fullmatch(NAME_PATTERN, name) is not None


def displayed(name: str) -> str:
    """A name for a page or a table, whatever was stored: a mark stands for each sign that may not be shown."""
    return re.sub(f"[{_NEVER}]", "\ufffd", name)
