"""The time at which a stored version of a fact was recorded, so that an import gives it the same place in the order."""

from datetime import UTC, datetime, timedelta

from shared.opmm.moments import parse_instant, rfc3339

BASE = datetime(1, 1, 2, tzinfo=UTC)
"""Stands for version 0 of a tool that counts versions. Behind it each version is a microsecond.

Such versions stand before any that has a time, as they do in the store. A day after the calendar begins, so that it
is a time west of Greenwich, too.
"""

MOST_COUNTED = 59_000_000_000_000_000
"""Microseconds up to 1870. A higher counter, which no known tool has, is told as this one."""


def recorded_at(revision: str, *, incomplete: bool = False) -> str:
    """The time of a revision, which is a time or a count of 20 digits, before its digest.

    A version that is told without all it holds is told as a microsecond older, so that it never replaces the whole one.
    """
    order, _, _ = revision.partition("#")
    counted = order.isascii() and order.isdigit()
    instant = BASE + timedelta(microseconds=min(int(order), MOST_COUNTED)) if counted else parse_instant(order)
    return rfc3339(instant - timedelta(microseconds=1) if incomplete else instant)
