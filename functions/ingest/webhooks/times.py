"""The times of tools, as RFC 3339."""

import re
from datetime import UTC, datetime
from typing import Any

from functions.ingest.webhooks.drafts import UnmappableError
from functions.ingest.webhooks.values import is_number
from shared.opmm.timestamps import parse_instant, rfc3339

_MILLISECONDS_FROM = 100_000_000_000
"""Unix times beyond this number are milliseconds: as seconds they would lie after the year 5000."""

_UNIX = re.compile(r"[0-9]{1,15}", re.ASCII)
_OFFSET = re.compile(r"(.*[0-9]) ?(?:UTC|([+-][0-9]{2}):?([0-9]{2}))", re.ASCII)
"""A date-time with an offset as Ruby prints it: `2026-11-12 09:30:00 -0700`, `2026-11-12 09:30:00 UTC`."""


def rfc3339_of(value: Any) -> str:
    """Unix seconds or milliseconds, as a number or as text, or a date-time with an offset.

    Other text is left as it is, for the validation of the event to judge. Raises UnmappableError for anything else,
    and for a number that is no time.
    """
    if (isinstance(value, str) or is_number(value)) and _UNIX.fullmatch(str(value)):
        seconds, milliseconds = int(value), 0
        if seconds >= _MILLISECONDS_FROM:
            seconds, milliseconds = divmod(seconds, 1000)
        try:
            return rfc3339(datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000))
        except (ValueError, OverflowError, OSError) as error:
            raise UnmappableError("unknown_shape", "a time is no time of the calendar") from error
    if isinstance(value, str) and value:
        offset = _OFFSET.fullmatch(value)
        return f"{offset[1]}{offset[2] or '+00'}:{offset[3] or '00'}" if offset else value
    raise UnmappableError("unknown_shape", "a time is missing")


def later_of(first: Any, second: Any) -> str:
    """The later of two times; either may be missing. Raises UnmappableError when both are, or when one is none."""
    told = [rfc3339_of(value) for value in (first, second) if value not in (None, "")]
    try:
        return max(told, key=parse_instant)
    except ValueError as error:
        raise UnmappableError("unknown_shape", "a time is missing, or is no date-time with an offset") from error
