"""Values as tools write them, read one way or refused."""

import re
from collections.abc import Sequence
from typing import Any

from functions.ingest.webhooks.drafts import UnmappableError

_COUNTER = re.compile(r"[0-9]{1,18}", re.ASCII)
_LONGEST_COMMENT = 4000
_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": False}


def part(value: Any, *path: str) -> Any:
    """What stands in nested objects at this path; None when any step is missing or no object."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def is_number(value: Any) -> bool:
    """Whether this is a whole number; true and false are none."""
    return isinstance(value, int) and not isinstance(value, bool)


def text_of(value: Any) -> str:
    """An identifier as text: tools send numbers of up to 19 digits, too."""
    if isinstance(value, str) and value:
        return value
    if is_number(value):
        return str(value)
    raise UnmappableError("unknown_shape", "an identifier is missing")


def counter_of(value: Any) -> int:
    """A counter from 0 up, as a number or as text."""
    if (isinstance(value, str) or is_number(value)) and _COUNTER.fullmatch(str(value)):
        return int(value)
    raise UnmappableError("unknown_shape", "a counter of versions is no whole number from 0 up")


def flag_of(value: Any) -> bool:
    """Yes or no, as a boolean or, where a body was URL-encoded, as text; absent is no."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str | int) and str(value).lower() in _FLAGS:
        return _FLAGS[str(value).lower()]
    raise UnmappableError("unknown_shape", "a flag is neither true nor false")


def comment_of(value: Any) -> str | None:
    """A comment, cut at the length that is kept: a score is not lost because somebody had much to say."""
    return value[:_LONGEST_COMMENT] if isinstance(value, str) and value else None


def respondent_of(candidates: Sequence[Any]) -> str | None:
    """The first of these that names a person: an address or an identifier."""
    known = (str(each) for each in candidates if (isinstance(each, str) and each) or is_number(each))
    return next(known, None)
