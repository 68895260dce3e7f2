"""Cells of CSV files that a spreadsheet opens: none of them is a formula to it."""

import re

_SIGN = "=+\\-@\uff1d\uff0b\uff0d\uff20"
_FIRST = f"[ \"']*[{_SIGN}\t\r\n]"
_WITHIN = f"[ \"']*[{_SIGN}]"
"""How a formula begins: at the beginning of a cell, and behind a `;`, a tab or a line break within it.

A spreadsheet that parts cells by these, and not by the comma, begins another one there, and takes the quotes around for
text.
"""
_FORMULA = re.compile(f"^(?={_FIRST})|(?<=[;\t\r\n])(?={_WITHIN})")
_GUARD = re.compile(f"^'(?={_FIRST})|(?<=[;\t\r\n])'(?={_WITHIN})")


def guarded(text: str) -> str:
    """A text in which no spreadsheet finds a formula: an apostrophe stands wherever one could begin.

    So it does where apostrophes come first and then what begins like a formula, which makes `unguarded` exact.
    See https://owasp.org/www-community/attacks/CSV_Injection.
    """
    return _FORMULA.sub("'", text)


def unguarded(text: str) -> str:
    """The text before it was guarded, here or by the tool that wrote the file. Anything else is plain data."""
    return _GUARD.sub("", text)
