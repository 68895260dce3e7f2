"""What questions said day by day, beside an oracle that makes a scorecard of every single day."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.opmm.nps import Tally
from shared.opmm.scorecard import DimensionScore, scorecard
from shared.opmm.timeline import Stand, answered_over_time, nps_over_time, windows
from tests.unit.opmm.inputs import DAY, MODEL, answer, days_ago, reported, standing

NPS = MODEL.dimension("nps")
HAPPY = MODEL.dimension("happy_consultants")

_near = st.integers(0, 40).map(days_ago)
_far = st.integers(0, 420).map(days_ago)
_few = st.builds(Tally, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))


def said(stands: list[Stand], day: date) -> tuple[int | None, int | str | None, str | None]:
    stand = [stand for stand in stands if stand.since <= day][-1]
    return stand.points, stand.value, stand.fact_id


def of(score: DimensionScore) -> tuple[int | None, int | str | None, str | None]:
    return score.points, score.value, score.fact_id


def each_day(first: date) -> list[date]:
    return [first + timedelta(days=offset) for offset in range((DAY - first).days + 1)]


@given(st.dictionaries(_far, _few, max_size=6), st.lists(st.tuples(_far, st.integers(-100, 100)), max_size=3), _near)
@settings(max_examples=60)
def test_the_nps_of_every_day_is_that_of_its_scorecard(
    responses: dict[date, Tally], figures: list[tuple[date, int]], first: date
) -> None:
    told = [reported(value, on) for on, value in sorted(figures, key=lambda figure: figure[0])]
    oldest = first - timedelta(days=MODEL.nps_window_days - 1)
    stands = nps_over_time(NPS, responses, told, MODEL.nps_window_days, (first, DAY))
    assert stands[0].since == first
    for day in each_day(first):
        latest = next((answer for answer in reversed(told) if answer.day <= day), None)
        known = {on: counts for on, counts in responses.items() if oldest <= on <= day}
        card = scorecard(standing(responses=known, reported=latest), MODEL, day)
        assert said(stands, day) == of(card.dimensions[-1]), day


@given(st.lists(st.tuples(_near, st.integers(0, 12)), max_size=6), _near)
@settings(max_examples=60)
def test_the_answer_of_every_day_is_the_latest_until_then(counted: list[tuple[date, int]], first: date) -> None:
    told = [
        replace(answer(value, on, "measured"), fact_id=f"count#{place}")
        for place, (on, value) in enumerate(sorted(counted, key=lambda count: count[0]))
    ]
    before = [answered for answered in told if answered.day < first]
    stands = answered_over_time(HAPPY, [*before[-1:], *(answered for answered in told if answered.day >= first)], first)
    for day in each_day(first):
        latest = next((answered for answered in reversed(told) if answered.day <= day), None)
        answers = {HAPPY.key: latest} if latest else {}
        assert said(stands, day) == of(scorecard(standing(answers=answers), MODEL, day).dimensions[0]), day


def test_a_window_holds_a_year_and_each_day_leaves_once() -> None:
    responses = {days_ago(365): Tally(1), days_ago(364): Tally(0, 1), DAY: Tally(0, 0, 1)}
    counted = dict(windows(responses, 365, (days_ago(1), DAY)))
    assert counted == {days_ago(1): Tally(1, 1), DAY: Tally(0, 1, 1)}


def test_nobody_has_answered_before_the_first_answer() -> None:
    assert answered_over_time(HAPPY, [answer(6, DAY)], days_ago(2)) == [
        Stand(days_ago(2)),
        Stand(DAY, 3, 6, "survey#s#1"),
    ]
