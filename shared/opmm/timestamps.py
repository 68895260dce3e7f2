"""Instants and days: how a business time is read, compared and told."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from shared.opmm.dataclass import dataclass

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DATE_TIME = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})",
    re.ASCII,
)
_LONGEST = 64
"""Characters of a date-time that are looked at; RFC 3339 sets no limit to the fraction of a second."""


class CalendarError(ValueError):
    """A text has the form of a day or a time, and there is no such one."""


@dataclass(frozen=True, slots=True)
class Timestamp:
    """A business time: an instant, or a whole day that begins at midnight in the tenant's time zone."""

    instant: datetime
    """Aware, in UTC."""
    text: str
    """As it is shown: `2026-11-01` when only the day was told, else RFC 3339 in UTC."""

    def day(self, zone: tzinfo) -> date:
        """The day of the tenant's calendar on which this moment lies."""
        return self.instant.astimezone(zone).date()


def is_date(text: str) -> bool:
    """Whether a text has the form of a date; there may be no such day."""
    return _DATE.fullmatch(text) is not None


def parse_instant(text: str) -> datetime:
    """Reads an RFC 3339 date-time with an offset, to the microsecond. Raises ValueError for anything else."""
    match = _DATE_TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise ValueError("must be an RFC 3339 date-time with an offset, such as 2026-11-20T08:00:00Z")
    day, time, fraction, offset = match.groups()
    offset = "+00:00" if offset in "Zz" else offset
    if time[:2] > "23" or offset[1:3] > "23" or offset[4:] > "59":
        raise CalendarError(
            "is no time of the calendar"
        )  # some versions of Python read 24:00, or minute 60 of an offset
    try:
        moment = datetime.fromisoformat(f"{day}T{time}.{(fraction or '0')[:6].ljust(6, '0')}{offset}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CalendarError("is no time of the calendar") from error


def parse_timestamp(text: str, zone: tzinfo) -> Timestamp:
    """Reads a date, which means its first instant in the zone, or an RFC 3339 date-time. Raises ValueError."""
    if _DATE.fullmatch(text):
        try:
            midnight = start_of(date.fromisoformat(text), zone)
        except (ValueError, OverflowError) as error:
            raise CalendarError("is no day of the calendar") from error
        return Timestamp(midnight, text)
    instant = parse_instant(text)
    try:
        instant.astimezone(zone)
    except OverflowError as error:  # the first hours of the year 1 are before the calendar west of Greenwich
        raise CalendarError("is no time of the calendar") from error
    return Timestamp(instant, rfc3339(instant))


def start_of(day: date, zone: tzinfo) -> datetime:
    """The first instant of a day in the zone, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def rfc3339(instant: datetime) -> str:
    """An instant as it is shown: UTC, with microseconds only when there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def sortable(instant: datetime) -> str:
    """An instant as text of fixed width that sorts by time."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def window(day: date, days: int) -> tuple[date, date]:
    """The first and the last of the `days` days that end with `day`, both included."""
    return day - timedelta(days=days - 1), day
