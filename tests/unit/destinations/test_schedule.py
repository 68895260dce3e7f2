from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shared.destinations.destination import Weekday
from shared.destinations.schedule import moments

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY: tuple[Weekday, ...] = ("monday",)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "last", "before"),
    [
        ("2026-11-23T06:30", "2026-11-23T06:30", "2026-11-16T06:30"),
        ("2026-11-23T06:29", "2026-11-16T06:30", "2026-11-09T06:30"),
        ("2026-11-29T23:59", "2026-11-23T06:30", "2026-11-16T06:30"),
        # Clocks went back on 25 October: half past seven is another hour of UTC.
        ("2026-10-26T07:00", "2026-10-26T06:30", "2026-10-19T05:30"),
    ],
)
def test_a_digest_is_due_on_mondays_at_half_past_seven(now: str, last: str, before: str) -> None:
    assert moments(MONDAY, time(7, 30), AMSTERDAM, utc(now)) == (utc(last), utc(before))


def test_with_several_days_each_tells_what_came_since_the_one_before() -> None:
    days: tuple[Weekday, ...] = ("friday", "monday")
    now = utc("2026-11-27T09:00")
    assert moments(days, time(7, 30), AMSTERDAM, now) == (utc("2026-11-27T06:30"), utc("2026-11-23T06:30"))


def test_an_hour_that_clocks_skip_comes_once() -> None:
    # On 29 March 2026 clocks go from two to three.
    days: tuple[Weekday, ...] = ("sunday",)
    last, before = moments(days, time(2, 30), AMSTERDAM, utc("2026-03-29T12:00"))
    assert last == utc("2026-03-29T01:30")
    assert before == utc("2026-03-22T01:30")
