"""The times of tools, as RFC 3339."""

from datetime import UTC, datetime
from typing import Any

from functions.ingest.webhooks.drafts import UnmappableError
from shared.opmm.moments import rfc3339

_MILLISECONDS_FROM = 100_000_000_000
"""Unix times beyond this number are milliseconds: as seconds they would lie after the year 5000."""


def rfc3339_of(value: Any) -> str:
    """Unix seconds or milliseconds, as a number or as text, or a date-time as text, which is left as it is.

    Raises UnmappableError for anything else, and for a number that is no time.
    """
    if isinstance(value, str) and value and not (value.isascii() and value.isdigit()):
        return value
    if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
        seconds, milliseconds = int(value), 0
        if seconds >= _MILLISECONDS_FROM:
            seconds, milliseconds = divmod(seconds, 1000)
        try:
            return rfc3339(datetime.fromtimestamp(seconds, UTC).replace(microsecond=milliseconds * 1000))
        except (ValueError, OverflowError, OSError) as error:
            raise UnmappableError("unknown_shape", "a time is no time of the calendar") from error
    raise UnmappableError("unknown_shape", "a time is missing")
