"""Cells of a CSV file: how a value is written, and read back as the same value.

What cannot be read is left as the text it is: validation then tells what is wrong with it, along with all other faults.
"""

import re
from collections.abc import Iterable

from shared.webhooks.coercion import LONGEST_COMMENT

_NUMBER = re.compile(r"0*[0-9]{1,9}", re.ASCII)
_PART = re.compile(r"(?:\\.|[^;\\])*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def number(text: str) -> int | str | None:
    """A whole number; None when the cell is empty."""
    text = text.strip()
    return int(text) if _NUMBER.fullmatch(text) else text or None


def flag(text: str) -> bool | str | None:
    """`true`, `yes`, `1` or their opposites, in any case; None when the cell is empty."""
    text = text.strip()
    return _FLAGS.get(text.lower(), text) if text else None


def comment(text: str) -> str | None:
    """A comment, cut at the length that is kept, as the webhooks cut it; None when the cell is empty."""
    return text[:LONGEST_COMMENT] or None


def number_or_names(text: str) -> int | list[str] | str | None:
    """A number, or names that stand apart by `;`; a backslash before `;` makes it part of a name."""
    read = number(text)
    if not isinstance(read, str):
        return read
    parts = [_ESCAPED.sub(r"\1", part).strip() for part in _PART.findall(text)]
    return [part for part in parts if part]


def names_cell(names: Iterable[str]) -> str:
    """The cell that is read as these names. Those that alone would be read as a number, or as nothing, end with `;`."""
    cell = ";".join(re.sub(r"([;\\])", r"\\\1", name) for name in names)
    return cell if isinstance(number(cell), str) else f"{cell};"
