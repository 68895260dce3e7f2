from typing import Any

import pytest

from shared.opmm.discussion import Reason, Talked, reasons_to_talk
from shared.opmm.inputs import ScoringInputs
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from tests.unit.opmm.inputs import DAY, FULL, LATEST, MODEL, answer, days_ago, standing

BEFORE = days_ago(90)


def reasons(now_stands: ScoringInputs, stood: ScoringInputs = FULL) -> list[Reason]:
    card, earlier = scorecard(now_stands, MODEL, DAY), scorecard(stood, MODEL, BEFORE)
    return list(reasons_to_talk(card, earlier, MODEL))


def fine(**answers: Any) -> ScoringInputs:
    """Every question answered, 17 points, unless said otherwise: None for an unanswered one, for the NPS its tally."""
    values = {"happy_consultants": 6, "specialisms": 4, "roadmap": "yes", "inspiration": "incidentally", **answers}
    tally = values.pop("nps", Tally(5, 2, 2))
    return standing(
        answers={key: answer(value) for key, value in values.items() if value is not None},
        responses={days_ago(120): tally},
        latest_response=LATEST,
    )


def test_when_all_is_well_there_is_no_reason() -> None:
    assert reasons(fine(), fine()) == []


@pytest.mark.parametrize(
    ("before", "after", "fell"),
    [("co_creating", "no", 2), ("co_creating", "yes", None), ("no", "yes", None)],
)
def test_a_total_that_fell_by_two_points_is_a_reason_and_by_one_is_none(
    before: str, after: str, fell: int | None
) -> None:
    expected = [] if fell is None else [Reason("fell", points=fell)]

    assert reasons(fine(roadmap=after), fine(roadmap=before)) == expected


def test_two_questions_that_fell_by_a_point_each_are_a_reason_together() -> None:
    assert reasons(fine(specialisms=3, roadmap="no"), fine()) == [Reason("fell", points=2)]


def test_what_is_lost_in_one_question_may_be_won_in_another() -> None:
    assert reasons(fine(specialisms=2, roadmap="co_creating"), fine(specialisms=4)) == []


@pytest.mark.parametrize(("happy", "points"), [(0, 0), (1, 1), (2, None), (3, None)])
def test_a_question_of_one_point_or_none_is_a_reason(happy: int, points: int | None) -> None:
    expected = [] if points is None else [Reason("low", "happy_consultants", points)]

    assert reasons(fine(happy_consultants=happy), fine(happy_consultants=happy)) == expected


def test_every_low_question_is_a_reason_of_its_own_in_the_order_of_the_model() -> None:
    low = fine(specialisms=0, roadmap="third_party", inspiration="third_party", nps=Tally(detractors=1))

    assert reasons(low, low) == [
        Reason("low", "specialisms", 0),
        Reason("low", "roadmap", 1),
        Reason("low", "inspiration", 1),
        Reason("low", "nps", 1),
    ]


def test_a_question_that_nobody_answered_is_not_low() -> None:
    assert reasons(fine(roadmap=None), fine(roadmap=None)) == []


@pytest.mark.parametrize(
    ("before", "after", "nps_before", "nps_after", "told"),
    [
        (10, 9, Tally(5, 2, 2), Tally(6, 2, 2), True),
        (10, 9, Tally(5, 2, 2), Tally(5, 2, 2), False),
        (10, 10, Tally(5, 2, 2), Tally(6, 2, 2), False),
        (9, 10, Tally(5, 2, 2), Tally(6, 2, 2), False),
        (10, 9, Tally(6, 2, 2), Tally(5, 2, 2), False),
        (None, 9, Tally(5, 2, 2), Tally(6, 2, 2), False),
        (10, None, Tally(5, 2, 2), Tally(6, 2, 2), False),
        (10, 9, Tally(), Tally(6, 2, 2), False),
        (10, 9, Tally(2, 0, 2), Tally(6, 2, 2), True),
    ],
)
def test_an_nps_that_rises_while_fewer_are_happy_is_a_reason(
    before: int | None, after: int | None, nps_before: Tally, nps_after: Tally, *, told: bool
) -> None:
    found = reasons(fine(happy_consultants=after, nps=nps_after), fine(happy_consultants=before, nps=nps_before))

    assert (Reason("nps_up_happy_down") in found) is told


@pytest.mark.parametrize(
    ("key", "value", "days"),
    [("happy_consultants", 6, 45), ("specialisms", 4, 180), ("roadmap", "yes", 365), ("inspiration", "no", 365)],
)
@pytest.mark.parametrize("late", [0, 1])
def test_an_answer_past_its_time_is_a_reason(key: str, value: int | str, days: int, late: int) -> None:
    held = standing(answers={key: answer(value, days_ago(days + late))})

    assert reasons(held, held) == [Reason("stale", key)] * late


def test_a_client_that_was_not_there_before_has_not_fallen() -> None:
    assert reasons(fine(), standing()) == []


def test_the_weightiest_reason_comes_first() -> None:
    now_stands = standing(
        answers={
            "happy_consultants": answer(1, days_ago(46)),
            "specialisms": answer(3),
            "roadmap": answer("yes", days_ago(366)),
        },
        responses={days_ago(3): Tally(promoters=1)},
        latest_response=LATEST,
    )
    stood = fine(nps=Tally(0, 1, 0))

    assert reasons(now_stands, stood) == [
        Reason("fell", points=4),
        Reason("low", "happy_consultants", 1),
        Reason("nps_up_happy_down"),
        Reason("stale", "happy_consultants"),
        Reason("stale", "roadmap"),
    ]


# Talks settle reasons.


def after_talk(now: ScoringInputs, talked: ScoringInputs, days: int, before: ScoringInputs = FULL) -> list[Reason]:
    """The reasons of today, when a talk was held some days ago and other things stood then."""
    card, earlier = scorecard(now, MODEL, DAY), scorecard(before, MODEL, BEFORE)
    then = scorecard(talked, MODEL, days_ago(days)), scorecard(before, MODEL, days_ago(days + 90))
    return list(reasons_to_talk(card, earlier, MODEL, Talked(*then)))


def test_a_talk_settles_what_stood_on_its_day_and_nothing_else() -> None:
    low = fine(roadmap="third_party")
    assert after_talk(low, low, 20, fine()) == []
    assert after_talk(fine(roadmap="third_party", specialisms=1), low, 20, low) == [
        Reason("fell", points=3),
        Reason("low", "specialisms", 1),
    ]
    assert after_talk(low, fine(), 20, low) == [Reason("low", "roadmap", 1)]


def test_a_low_question_that_lost_another_point_is_a_reason_again() -> None:
    one, none = fine(happy_consultants=1), fine(happy_consultants=0)
    assert after_talk(none, one, 20, one) == [Reason("low", "happy_consultants", 0)]
    assert after_talk(one, none, 20, one) == []


@pytest.mark.parametrize(("now", "expected"), [("no", []), ("third_party", [Reason("low", "roadmap", 1)])])
def test_a_fall_is_a_reason_again_when_as_much_fell_once_more(now: str, expected: list[Reason]) -> None:
    then = fine(roadmap="no", specialisms=2)
    assert reasons(then, fine()) == [Reason("fell", points=3)]
    assert after_talk(fine(roadmap=now, specialisms=2), then, 20, fine()) == expected


def test_a_fall_of_two_more_is_told_again_as_the_whole() -> None:
    then, now = fine(roadmap="no", specialisms=3), fine(roadmap="no", specialisms=2, inspiration="no")
    assert after_talk(now, then, 20, fine()) == [Reason("fell", points=4)]


@pytest.mark.parametrize(("days", "quiet"), [(179, False), (180, True), (300, True)])
def test_after_180_days_everything_is_a_reason_again_and_so_is_the_silence(days: int, *, quiet: bool) -> None:
    low = fine(roadmap="third_party")
    expected = [Reason("low", "roadmap", 1), Reason("quiet", days=days)] if quiet else []
    assert after_talk(low, low, days, low) == expected


def test_numbers_that_go_on_parting_after_the_talk_are_a_reason_again() -> None:
    before, then = fine(nps=Tally(1, 9)), fine(happy_consultants=5, nps=Tally(2, 8))
    assert after_talk(then, then, 20, before) == []
    further = fine(happy_consultants=4, nps=Tally(3, 7))
    assert [reason.key for reason in after_talk(further, then, 20, before)] == ["nps_up_happy_down"]
