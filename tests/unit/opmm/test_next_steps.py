from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given

from shared.opmm.inputs import ScoringInputs
from shared.opmm.next_steps import Step, next_steps, one_answer_moves
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard, scorecard
from tests.unit.opmm.inputs import DAY, FULL, LATEST, MODEL, answer, days_ago, reported, standing, standings

ANSWERS = {key: MODEL.dimension(key).answers for key in ("roadmap", "inspiration")}
COUNTS = {"happy": "happy_consultants", "specialisms": "specialisms"}


def card(held: ScoringInputs, day: date = DAY) -> Scorecard:
    return scorecard(held, MODEL, day)


def steps(held: ScoringInputs) -> list[Step]:
    return list(next_steps(held, card(held), MODEL))


def points(held: ScoringInputs, key: str, day: date = DAY) -> int:
    """What a question adds to the total."""
    return next(each for each in card(held, day).dimensions if each.key == key).points or 0


def answered(held: ScoringInputs, key: str, value: int | str) -> ScoringInputs:
    return replace(held, answers={**held.answers, key: answer(value)})


def moved(held: ScoringInputs, step: Step, amount: int) -> ScoringInputs:
    """The facts after this much of a step of a count: heads and specialisms are counted again, ratings come in."""
    if step.input in COUNTS:
        now = held.answers.get(step.dimension)
        return answered(held, step.dimension, (int(now.value) if now else 0) + amount)
    tally = held.responses.get(DAY, Tally()) + Tally(**{step.input: amount})
    return replace(held, responses={**held.responses, DAY: tally}, latest_response=LATEST)


def taken(held: ScoringInputs, step: Step) -> tuple[ScoringInputs, date]:
    """The facts after a step, and the day on which it shows."""
    if isinstance(step.change, date):
        return held, step.change
    if isinstance(step.change, str):
        return answered(held, step.dimension, step.change), DAY
    return moved(held, step, step.change), DAY


@given(standings)
def test_every_step_gives_the_points_that_it_promises(held: ScoringInputs) -> None:
    for step in steps(held):
        after, day = taken(held, step)
        assert step.points != 0
        assert points(after, step.dimension, day) - points(held, step.dimension) == step.points
        if step.input != "day":
            assert card(after).total - card(held).total == step.points


@given(standings)
def test_one_unit_less_gives_nothing(held: ScoringInputs) -> None:
    for step in steps(held):
        if isinstance(step.change, int):
            less = step.change - (1 if step.change > 0 else -1)
            after = moved(held, step, less) if less else held
            assert points(after, step.dimension) == points(held, step.dimension)


@given(standings)
def test_no_answer_lies_between_the_one_that_stands_and_the_one_that_is_proposed(held: ScoringInputs) -> None:
    for key, answers in ANSWERS.items():
        worth = sorted({points(answered(held, key, each), key) for each in answers} | {points(held, key)})
        place = worth.index(points(held, key))
        neighbours = [worth[near] for near in (place + 1, place - 1) if 0 <= near < len(worth)]
        assert [step.points + points(held, key) for step in steps(held) if step.dimension == key] == neighbours


@given(standings)
def test_the_day_is_the_first_on_which_time_alone_moves_the_nps(held: ScoringInputs) -> None:
    promised = next((step.change for step in steps(held) if step.input == "day"), None)

    after = (DAY + timedelta(days=days) for days in range(1, MODEL.nps_window_days + 1))
    assert promised == next((day for day in after if points(held, "nps", day) != points(held, "nps")), None)


@given(standings)
def test_a_question_below_its_maximum_has_a_step_up_and_the_others_have_none(held: ScoringInputs) -> None:
    rising = {step.dimension for step in steps(held) if step.points > 0 and step.input != "day"}

    assert rising == {each.key for each in card(held).dimensions if each.points != each.max}


@given(standings)
def test_an_answered_question_above_its_lowest_band_has_a_step_down(held: ScoringInputs) -> None:
    falling = {step.dimension for step in steps(held) if step.points < 0 and step.input != "day"}
    lowest = {each.key: min(band.points for band in each.bands) for each in MODEL.dimensions}

    assert falling == {
        each.key for each in card(held).dimensions if each.points is not None and each.points > lowest[each.key]
    }


@given(standings)
def test_the_biggest_gain_comes_first_then_the_order_of_the_questions(held: ScoringInputs) -> None:
    found = [(-step.points, MODEL.keys.index(step.dimension)) for step in steps(held)]

    assert found == sorted(found)
    assert len({(step.dimension, step.input, step.points > 0) for step in steps(held)}) == len(found)


def test_the_steps_of_a_known_scorecard() -> None:
    held = standing(
        answers={"happy_consultants": answer(6), "roadmap": answer("yes"), "inspiration": answer("no")},
        responses={days_ago(3): Tally(5, 2, 2)},
        latest_response=LATEST,
    )

    leaves = DAY + timedelta(days=365 - 3)
    assert steps(held) == [
        Step("happy_consultants", 1, "happy", 5),
        Step("specialisms", 1, "specialisms", 1),
        Step("roadmap", 1, "answer", "co_creating"),
        Step("inspiration", 1, "answer", "incidentally"),
        Step("happy_consultants", -1, "happy", -2),
        Step("roadmap", -1, "answer", "no"),
        Step("inspiration", -1, "answer", "third_party"),
        Step("nps", -1, "detractors", 2),
        Step("nps", -4, "day", leaves, leaving=9),
    ]


def test_nobody_is_asked_for_more_than_the_maximum_or_less_than_nothing() -> None:
    most = standing(
        answers={"happy_consultants": answer(11), "specialisms": answer(5), "roadmap": answer("third_party")}
    )
    none = standing(answers={"happy_consultants": answer(0)})

    assert [step for step in steps(most) if step.dimension in ("happy_consultants", "specialisms", "roadmap")] == [
        Step("roadmap", 1, "answer", "no"),
        Step("happy_consultants", -1, "happy", -1),
        Step("specialisms", -1, "specialisms", -2),
    ]
    assert Step("happy_consultants", 1, "happy", 1) in steps(none)
    assert all(step.points > 0 for step in steps(none))


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        # The older day takes its detractors along, and the NPS rises.
        ({400: Tally(9), 364: Tally(detractors=3), 10: Tally(promoters=2)}, (1, 3, 3)),
        # Nothing that leaves before the last moves it.
        ({364: Tally(promoters=1), 300: Tally(promoters=1), 10: Tally(promoters=1)}, (355, -4, 3)),
    ],
)
def test_what_leaves_the_window_is_told_with_its_day(
    responses: dict[int, Tally], expected: tuple[int, int, int]
) -> None:
    held = standing(responses={days_ago(days): tally for days, tally in responses.items()}, latest_response=LATEST)
    days, worth, leaving = expected

    assert [step for step in steps(held) if step.input == "day"] == [
        Step("nps", worth, "day", DAY + timedelta(days=days), leaving=leaving)
    ]


def test_a_reported_nps_leaves_the_window_too_and_takes_no_response_along() -> None:
    held = standing(reported=reported(40, days_ago(364)))

    assert steps(held)[-1] == Step("nps", -4, "day", DAY + timedelta(days=1))


def test_a_reported_nps_takes_over_when_the_responses_have_left() -> None:
    held = standing(
        reported=reported(0, days_ago(10)), responses={days_ago(363): Tally(promoters=4)}, latest_response=LATEST
    )

    assert steps(held)[-1] == Step("nps", -2, "day", DAY + timedelta(days=2), leaving=4)


@pytest.mark.parametrize(
    ("tally", "moves"),
    [(Tally(5, 2, 2), False), (Tally(2, 0, 2), True), (Tally(promoters=1), True), (Tally(promoters=30), False)],
)
def test_one_answer_moves_what_rests_on_few(tally: Tally, *, moves: bool) -> None:
    held = standing(responses={days_ago(3): tally}, latest_response=LATEST)

    assert one_answer_moves(card(held).dimensions[-1], MODEL.dimension("nps")) is moves


@given(standings)
def test_one_answer_moves_when_a_step_of_one_answer_does(held: ScoringInputs) -> None:
    of_one = [step for step in steps(held) if step.input in ("promoters", "detractors") and step.change == 1]
    nps = card(held).dimensions[-1]

    assert one_answer_moves(nps, MODEL.dimension("nps")) == (bool(of_one) or nps.points is None)


def test_a_full_scorecard_has_no_steps_that_change_nothing() -> None:
    assert all(step.points for step in steps(FULL))
    assert "specialisms" not in {step.dimension for step in steps(FULL) if step.points > 0}
