"""Values as tools write them, read one way or refused: numbers, ratings, times, identifiers, flags, comments."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shared.opmm.timestamps import rfc3339
from shared.webhooks.provider import UnmappableError

_RATING = re.compile(r"10|[0-9]", re.ASCII)
_COUNTER = re.compile(r"[0-9]{1,18}", re.ASCII)
_UNIX = re.compile(r"[0-9]{1,15}", re.ASCII)
_OFFSET = re.compile(r"(.*[0-9]) ?(?:UTC|([+-][0-9]{2}):?([0-9]{2}))", re.ASCII)
"""A date-time with an offset as Ruby prints it: `2026-11-12 09:30:00 -0700`, `2026-11-12 09:30:00 UTC`."""

_MILLISECONDS_FROM = 100_000_000_000
"""Unix times beyond this number are milliseconds: as seconds they would lie after the year 5000."""

_HIGHEST_RATING = 10
LONGEST_COMMENT = 4000
_FLAGS = {"true": True, "1": True, "false": False, "0": False, "": False}


def part(value: Any, *path: str) -> Any:
    """What stands in nested objects at this path; None when any step is missing or no object."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def whole_number(value: Any) -> int | None:
    """The number, when it is a whole one: 9 and 9.0 are the same; true, 9.5 and "9" are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if isinstance(value, int) or value.is_integer() else None


def rating(value: Any) -> int:
    """A rating of 0 to 10 that the tool sends as a number.

    Raises UnmappableError for all else; absent is the caller's to tell apart.
    """
    number = whole_number(value)
    if number is None or not 0 <= number <= _HIGHEST_RATING:
        raise UnmappableError("no_usable_score", "the score is no whole number from 0 to 10")
    return number


def rating_in_text(value: Any) -> int:
    """A rating where the tool sends text: `"10"`, or the number itself. Raises UnmappableError for all else."""
    return rating(int(value) if isinstance(value, str) and _RATING.fullmatch(value) else value)


def identifier(value: Any) -> str | None:
    """An identifier as text: tools send numbers of up to 19 digits, too. None for what is none, such as 9.0."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def text_of(value: Any) -> str:
    """An identifier that has to be there. Raises UnmappableError."""
    found = identifier(value)
    if found is None:
        raise UnmappableError("unknown_shape", "an identifier is missing")
    return found


def respondent_of(candidates: Sequence[Any]) -> str | None:
    """The first of these that names a person: an address or an identifier."""
    return next(filter(None, map(identifier, candidates)), None)


def comment_of(value: Any) -> str | None:
    """A comment, cut at the length that is kept: a score is not lost because somebody had much to say."""
    return value[:LONGEST_COMMENT] if isinstance(value, str) and value else None


def counter_of(value: Any) -> int:
    """A counter from 0 up, as a number or as text."""
    counted = value if isinstance(value, str) else whole_number(value)
    if counted is not None and _COUNTER.fullmatch(str(counted)):
        return int(counted)
    raise UnmappableError("unknown_shape", "a counter of versions is no whole number from 0 up")


def flag_of(value: Any) -> bool:
    """Yes or no, as a boolean or, where a body was URL-encoded, as text; absent is no."""
    if value is None or isinstance(value, bool):
        return bool(value)
    if isinstance(value, str | int) and str(value).lower() in _FLAGS:
        return _FLAGS[str(value).lower()]
    raise UnmappableError("unknown_shape", "a flag is neither true nor false")


def rfc3339_of(value: Any) -> str:
    """A time: Unix seconds or milliseconds, as a number or as text, or a date-time with an offset.

    Other text is left as it is, for the validation of the event to judge. Raises UnmappableError for anything else,
    and for a number that is no time.
    """
    text = identifier(value)
    if text is None:
        raise UnmappableError("unknown_shape", "a time is missing")
    if _UNIX.fullmatch(text):
        return _from_unix(int(text))
    if not isinstance(value, str):
        raise UnmappableError("unknown_shape", "a time is no time of the calendar")
    offset = _OFFSET.fullmatch(text)
    return f"{offset[1]}{offset[2] or '+00'}:{offset[3] or '00'}" if offset else text


def _from_unix(seconds: int) -> str:
    milliseconds = 0
    if seconds >= _MILLISECONDS_FROM:
        seconds, milliseconds = divmod(seconds, 1000)
    try:
        return rfc3339(datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000))
    except (ValueError, OverflowError, OSError) as error:
        raise UnmappableError("unknown_shape", "a time is no time of the calendar") from error
