"""The scorecard as it would be, and the cheapest way to a goal."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.opmm.inputs import ScoringInputs
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from shared.opmm.supposition import Supposition, path, supposing, supposition
from tests.unit.opmm.inputs import DAY, FULL, MODEL, days_ago, standings

CARD = scorecard(FULL, MODEL, DAY)


@pytest.mark.parametrize(
    ("text", "answers", "responses"),
    [
        ("happy:8", {"happy_consultants": 8}, Tally()),
        ("happy:+2", {"happy_consultants": 8}, Tally()),
        ("happy: 2", {"happy_consultants": 8}, Tally()),
        ("happy_consultants:-6", {"happy_consultants": 0}, Tally()),
        ("roadmap:no,specialisms:0", {"roadmap": "no", "specialisms": 0}, Tally()),
        ("promoters:+2,passives:1,detractors: 3", {}, Tally(2, 1, 3)),
    ],
)
def test_what_is_supposed_is_read(text: str, answers: dict[str, int | str], responses: Tally) -> None:
    assert supposition(text, MODEL, CARD) == Supposition(answers, responses)


@pytest.mark.parametrize(
    "text",
    [
        *("", ",", "happy", "happy:", "happy:two", "happy:-7", "happy:1e3", "happy:9999999", "happy:\u0663", "nps:9"),
        *("roadmap:maybe", "roadmap:+1", "promoters:-1", "unknown:1", "happy:1,happy_consultants:2"),
    ],
)
def test_what_cannot_be_supposed_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match=r"such as|cannot be supposed|is one of|takes a whole number"):
        supposition(text, MODEL, CARD)


def test_a_supposed_answer_is_of_the_day_and_responses_come_beside_those_that_are_there() -> None:
    would_be = scorecard(supposing(FULL, MODEL, Supposition({"roadmap": "no"}, Tally(0, 0, 9)), DAY), MODEL, DAY)
    by_key = {score.key: score for score in would_be.dimensions}
    assert (by_key["roadmap"].points, by_key["roadmap"].observed_at) == (2, "2026-11-23")
    assert by_key["nps"].tally == Tally(5, 2, 11)
    assert FULL.responses == {days_ago(3): Tally(5, 2, 2)}


@given(standings, st.integers(0, 20))
@settings(max_examples=60, deadline=None)
def test_a_path_leads_where_it_says_and_to_any_total(inputs: ScoringInputs, wanted: int) -> None:
    now = scorecard(inputs, MODEL, DAY)
    steps, arrives = path(inputs, MODEL, DAY, wanted)
    assert arrives.total >= min(wanted, MODEL.max_total)
    assert now.total + sum(step.points for step in steps) == arrives.total
    assert len({step.dimension for step in steps}) == len(steps)
    assert bool(steps) is (now.total < wanted)


@given(standings, st.sampled_from(MODEL.keys), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_a_path_of_one_question_moves_that_question_alone(inputs: ScoringInputs, key: str, wanted: int) -> None:
    steps, arrives = path(inputs, MODEL, DAY, wanted, key)
    assert {step.dimension for step in steps} <= {key}
    points = {score.key: score.points or 0 for score in arrives.dimensions}
    assert points[key] >= wanted


def test_the_step_that_changes_least_for_a_point_is_taken_first_and_of_equals_the_first_question() -> None:
    steps, arrives = path(FULL, MODEL, DAY, 20)
    assert [(step.dimension, step.change, step.points) for step in steps] == [
        ("inspiration", "regularly", 2),
        ("happy_consultants", 5, 1),
    ]
    assert arrives.total == 20
