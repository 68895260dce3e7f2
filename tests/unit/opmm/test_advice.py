from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.advice import advice, risks
from shared.opmm.inputs import Answer, Description, ScoringInputs
from shared.opmm.model_document import published_model
from shared.opmm.next_steps import Step, next_steps
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard

MODEL = published_model()
DAY = date(2026, 11, 25)
CHOICES = {dimension.key: dimension.answers for dimension in MODEL.dimensions if dimension.kind == "choice"}


def told(responses: Tally | None = None, **answers: int | str) -> tuple[ScoringInputs, Any]:
    given_answers = {
        key: Answer(value, "answered", DAY, DAY.isoformat(), "tests", f"fact-{key}") for key, value in answers.items()
    }
    inputs = ScoringInputs(
        "acme", Description("Acme"), answers=given_answers, responses={DAY: responses} if responses else {}
    )
    return inputs, scorecard(inputs, MODEL, DAY)


def advised(responses: Tally | None = None, **answers: int | str) -> dict[str, int | str | None]:
    """By question what is advised: how many more, which answer, or None when it has to be asked."""
    inputs, card = told(responses, **answers)
    found = advice(next_steps(inputs, card, MODEL), card, MODEL)
    return {one.dimension: one.step.change if one.step else None for one in found}  # type: ignore[misc]  # no days


@pytest.mark.parametrize(
    ("answer", "expected"), [("third_party", "yes"), ("no", "yes"), ("yes", "co_creating"), ("co_creating", "best")]
)
def test_of_answers_the_next_better_one_is_advised_and_never_no_or_a_third_party(answer: str, expected: str) -> None:
    assert advised(roadmap=answer).get("roadmap", "best") == expected


def test_what_nobody_has_answered_is_to_be_asked() -> None:
    assert advised(specialisms=2) == {
        "specialisms": 1,
        "happy_consultants": None,
        "roadmap": None,
        "inspiration": None,
        "nps": None,
    }


def test_the_gain_is_that_of_the_answer_that_is_advised() -> None:
    inputs, card = told(roadmap="third_party")
    [gain] = [one for one in advice(next_steps(inputs, card, MODEL), card, MODEL) if one.dimension == "roadmap"]

    assert gain.step == Step("roadmap", 2, "answer", "yes")


def test_only_what_is_counted_can_be_told_to_lower_the_total() -> None:
    inputs, card = told(Tally(promoters=3), happy_consultants=5, roadmap="yes")
    found = risks(next_steps(inputs, card, MODEL), MODEL)

    assert {step.dimension for step in found} == {"happy_consultants", "nps"}
    assert all(step.points < 0 for step in found)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "happy_consultants": st.integers(0, 14),
            "specialisms": st.integers(0, 6),
            **{key: st.sampled_from(answers) for key, answers in CHOICES.items()},
        },
    ),
    st.one_of(st.none(), st.builds(Tally, *[st.integers(0, 9)] * 3).filter(lambda counts: counts.count > 0)),
)
def test_whatever_stands_advice_gains_and_never_says_no(answers: dict[str, int | str], responses: Tally | None) -> None:
    inputs, card = told(responses, **answers)
    found = advice(next_steps(inputs, card, MODEL), card, MODEL)
    points = [one.points for one in found]

    assert not {"no", "third_party"} & {one.step.change for one in found if one.step}
    assert all(one.step is None or (one.step.points > 0 and one.step.input != "day") for one in found)
    assert points == sorted(points, key=lambda gain: -(gain or 0))
    assert [one.dimension for one in found if one.step is None] == [
        score.key for score in card.dimensions if score.points is None
    ]
    assert len({one.dimension for one in found}) == len(found)
