"""The ends of the months before a day: what a row of the portfolio draws as a small trend."""

from collections.abc import Mapping
from datetime import date, timedelta

from shared.opmm.model import Model
from shared.opmm.timestamps import window

MONTHS = 11
"""Ends of months that are kept: with today they make twelve months."""

Months = Mapping[date, Mapping[str, int]]
"""By the last day of a month, the points of the questions that were answered by then, as the facts known today say."""


def month_ends(day: date) -> tuple[date, ...]:
    """The last days of the months before that of a day, the oldest first."""
    found = [day.replace(day=1) - timedelta(days=1)]
    while len(found) < MONTHS:
        found.append(found[-1].replace(day=1) - timedelta(days=1))
    return tuple(reversed(found))


def first_day(day: date) -> date:
    """The first day of these months."""
    return month_ends(day)[0].replace(day=1)


def responses_since(day: date, model: Model) -> date:
    """The first day whose responses are held with the scorecard of a day.

    They are enough for the NPS of that day, of the one that it is compared with and of every end of a month, so that
    none of these reads a response again which is held.
    """
    compared = day - timedelta(days=model.discussion.days)
    return window(min(compared, *month_ends(day)), model.nps_window_days)[0]
