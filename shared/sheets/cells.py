"""Cells of a CSV file: how a value is written, and read back as the same value.

What cannot be read is left as the text it is: validation then tells what is wrong with it, along with all other faults.
"""

import re
from collections.abc import Iterable

from shared.webhooks.coercion import LONGEST_COMMENT

_NUMBER = re.compile(r"0*([0-9]{1,9})(?:[.,]0{1,2})?", re.ASCII)
"""A whole number, also as spreadsheets write it: 9.0, or 9,0 where a comma stands before decimals."""
_LABELLED = re.compile(
    r".*[^0-9\s]\s*[-\u2013\u2014:]\s*(10|[0-9])|(10|[0-9])\s*[-\u2013\u2014:]\s*[^0-9\s].*", re.ASCII | re.DOTALL
)
"""A rating with what it is called: `Extremely likely - 10`, `0 - Not at all likely`."""
_AT_LEAST = re.compile(r"0*([0-9]{1,9})\+", re.ASCII)
_PART = re.compile(r"(?:\\.|[^;\\])*", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_FLAGS = {
    **dict.fromkeys(("true", "1", "yes", "waar", "ja"), True),
    **dict.fromkeys(("false", "0", "no", "onwaar", "nee"), False),
}


def number(text: str) -> int | str | None:
    """A whole number; None when the cell is empty."""
    text = text.strip()
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else text or None


def rating(text: str) -> int | str | None:
    """A rating: a whole number, or one with what it is called; None when the cell is empty."""
    labelled = _LABELLED.fullmatch(text.strip())
    return int(labelled[1] or labelled[2]) if labelled else number(text)


def at_least(text: str) -> int | None:
    """The number in `5+`: at least that many, as nothing but the band is known. None for anything else."""
    found = _AT_LEAST.fullmatch(text.strip())
    return int(found[1]) if found else None


def flag(text: str) -> bool | str | None:
    """`true`, `yes`, `ja`, `1` or their opposites, in any case; None when the cell is empty."""
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
    return cell if isinstance(number(cell), str) and at_least(cell) is None else f"{cell};"
