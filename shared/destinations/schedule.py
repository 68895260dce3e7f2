"""When digests are due: on the days and at the hour of their destination, in the tenant's calendar."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import get_args

from shared.destinations.destination import Weekday

_WEEK = 7
_WEEKDAYS: tuple[str, ...] = get_args(Weekday)


def moments(days: tuple[Weekday, ...], at: time, zone: tzinfo, now: datetime) -> tuple[datetime, datetime]:
    """The last moment up to now at which a digest was due, and the one before, from which on it tells; both in UTC.

    `days` names at least one. An hour that clocks skip is one that they do not have: then it is the hour after.
    """
    found = _backwards(days, at, zone, now)
    return next(found), next(found)


def _backwards(days: tuple[Weekday, ...], at: time, zone: tzinfo, now: datetime) -> Iterator[datetime]:
    day: date = now.astimezone(zone).date() + timedelta(days=1)
    for _ in range(3 * _WEEK):
        day -= timedelta(days=1)
        if _WEEKDAYS[day.weekday()] in days:
            moment = datetime.combine(day, at, zone).astimezone(UTC)
            if moment <= now:
                yield moment
