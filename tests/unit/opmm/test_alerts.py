from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.alerts import Alert, alerts_of, alerts_of_response, weightiest
from shared.opmm.ledger import Change, Move, Reading
from tests.unit.opmm.inputs import DAY

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NPS = Move("nps", Reading(4, 33), Reading(3, 5))
CHANGE = Change(7, NOW, "new", 14, 13, (NPS,), ("response#d#1",), latest=DAY)


def moved(before: Reading, after: Reading, key: str = "roadmap") -> Change:
    return replace(CHANGE, total_after=14, moves=(Move(key, before, after),))


def falling(points: int, *besides: Move) -> Change:
    """A client that loses so many points, over questions that stay above what is low."""
    lost = Move("specialisms", Reading(20, 20), Reading(20 - points, 20 - points))
    return replace(CHANGE, total_after=14 - points, moves=(lost, *besides))


def test_a_fall_by_one_waits_for_the_digest() -> None:
    assert alerts_of(CHANGE, DAY) == ()


@pytest.mark.parametrize("after", [12, 9, 0])
def test_a_fall_by_two_or_more_is_told_at_once(after: int) -> None:
    assert alerts_of(falling(14 - after), DAY) == (Alert("fell", points=14 - after),)


def test_a_rise_is_never_told_at_once() -> None:
    assert alerts_of(falling(-6), DAY) == ()


def test_a_first_answer_hides_no_fall() -> None:
    came = Move("roadmap", Reading(), Reading(4, "co_creating"))
    assert alerts_of(replace(falling(2, came), total_after=16), DAY) == (Alert("fell", points=2),)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (Reading(3, "yes"), Reading(1, "third_party"), True),
        (Reading(2, "no"), Reading(1, "third_party"), True),
        (Reading(2, 2), Reading(0, 0), True),
        (Reading(), Reading(1, "third_party"), True),
        (Reading(1, "third_party"), Reading(0, 0), False),
        (Reading(1, -5), Reading(1, -30), False),
        (Reading(4, "co_creating"), Reading(2, "no"), False),
        (Reading(1, "third_party"), Reading(), False),
    ],
)
def test_a_question_is_told_at_once_when_it_comes_to_one_point_or_none(
    before: Reading, after: Reading, *, told: bool
) -> None:
    expected = (Alert("low", points=after.points, dimension="roadmap"),) if told else ()
    assert tuple(alert for alert in alerts_of(moved(before, after), DAY) if alert.kind == "low") == expected


def test_what_is_known_for_the_first_time_has_not_fallen_however_low_it_is() -> None:
    first = replace(moved(Reading(), Reading(0, 0)), total_before=0, total_after=0)
    assert alerts_of(first, DAY) == ()
    assert alerts_of(replace(first, total_before=4, total_after=4), DAY) != ()


def test_what_was_told_under_a_name_that_joins_or_leaves_has_not_fallen() -> None:
    joined = replace(falling(12), facts=("count#d#1", "description#hr#1"))
    assert alerts_of(joined, DAY) == ()


def test_a_fall_is_told_before_the_question_that_came_low() -> None:
    both = replace(moved(Reading(4, 33), Reading(1, -9), "nps"), total_after=11)
    found = alerts_of(both, DAY)
    assert found == (Alert("fell", points=3), Alert("low", points=1, dimension="nps"))
    assert weightiest(reversed(found)) == found[0]


@pytest.mark.parametrize("cause", ["window", "model", "rebuild", "erasure"])
def test_what_nobody_told_alarms_nobody(cause: str) -> None:
    assert alerts_of(replace(falling(12), cause=cause), DAY) == ()  # type: ignore[arg-type]


@pytest.mark.parametrize(("days", "told"), [(0, True), (7, True), (8, False), (400, False)])
def test_what_happened_more_than_seven_days_ago_is_no_news(days: int, *, told: bool) -> None:
    fell = replace(falling(5), latest=DAY - timedelta(days=days))
    assert bool(alerts_of(fell, DAY)) is told
    assert bool(alerts_of_response(2, comment=True, day=DAY - timedelta(days=days), on=DAY)) is told


def test_a_change_whose_day_nobody_knows_is_told() -> None:
    assert alerts_of(replace(falling(5), cause="retraction", latest=None), DAY)


@given(score=st.integers(0, 10), comment=st.booleans())
def test_a_detractor_who_says_why_is_told_and_nobody_else(score: int, *, comment: bool) -> None:
    expected = (Alert("detractor", score=score),) if score <= 6 and comment else ()
    assert alerts_of_response(score, comment=comment, day=date(2026, 11, 20), on=date(2026, 11, 21)) == expected


def test_nothing_is_the_weightiest_of_nothing() -> None:
    assert weightiest(()) is None
