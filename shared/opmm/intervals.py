"""NPS responses over time: every interval between two days, those without responses too."""

from collections.abc import Mapping
from datetime import date, timedelta

from shared.opmm.dataclass import dataclass
from shared.opmm.nps import Tally


@dataclass(frozen=True, slots=True)
class Interval:
    """Some days, both ends included, and what was answered on them."""

    first: date
    last: date
    counts: Tally


def intervals(tallies: Mapping[date, Tally], first: date, last: date, *, monthly: bool) -> list[Interval]:
    """The days, or the calendar months, from first to last; the months at the ends are cut off there."""
    found: list[Interval] = []
    start = first
    while start <= last:
        end = min(end_of_month(start), last) if monthly else start
        counts = sum((each for day, each in tallies.items() if start <= day <= end), Tally())
        found.append(Interval(start, end, counts))
        start = end + timedelta(days=1)
    return found


def end_of_month(day: date) -> date:
    """The last day of the month that a day lies in."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return following - timedelta(days=1)
