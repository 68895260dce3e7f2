from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.inputs import Description, ScoringInputs
from shared.opmm.nps import Tally, nps
from shared.opmm.scorecard import DimensionScore, Scorecard, changes_on, digest_on, scorecard
from tests.unit.opmm.inputs import DAY, FULL, LATEST, MODEL, answer, days_ago, reported, standing, standings, tallies


def card_of(held: ScoringInputs, day: date = DAY) -> Scorecard:
    return scorecard(held, MODEL, day)


def score_of(key: str, held: ScoringInputs, day: date = DAY) -> DimensionScore:
    return {dimension.key: dimension for dimension in card_of(held, day).dimensions}[key]


def nps_of(**parts: Any) -> tuple[int | None, int | str | None, str | None]:
    said = score_of("nps", standing(**parts))
    return said.points, said.value, said.basis


def test_a_scorecard_says_what_was_answered_and_by_whom() -> None:
    assert card_of(FULL) == Scorecard(
        client_id="acme",
        as_of=DAY,
        model="opmm-1",
        max_total=20,
        dimensions=(
            DimensionScore("happy_consultants", 4, 3, 6, "measured", "2026-11-01", "hr", "count#hr#1"),
            DimensionScore("specialisms", 4, 4, 4, "answered", "2026-11-23", "survey", "survey#s#1"),
            DimensionScore("roadmap", 4, 4, "co_creating", "answered", "2026-11-23", "survey", "survey#s#1"),
            DimensionScore("inspiration", 4, 2, "no", "answered", "2026-11-23", "survey", "survey#s#1"),
            DimensionScore(
                "nps", 4, 4, 33, "responses", "2026-11-20T08:00:00Z", "delighted", None, tally=Tally(5, 2, 2)
            ),
        ),
    )


def test_a_scorecard_adds_up_what_is_known() -> None:
    card = card_of(FULL)
    assert (card.total, card.attainable, card.complete, card.stale) == (17, 20, True, False)


def test_nobodys_answers_are_none_and_not_0() -> None:
    card = card_of(standing())
    assert card.dimensions == tuple(DimensionScore(dimension.key, 4) for dimension in MODEL.dimensions)
    assert (card.total, card.attainable, card.complete, card.stale) == (0, 0, False, False)


@pytest.mark.parametrize("key", ["happy_consultants", "specialisms"])
def test_0_is_an_answer(key: str) -> None:
    card = card_of(standing(answers={key: answer(0)}))
    assert (score_of(key, standing(answers={key: answer(0)})).points, card.total, card.attainable) == (0, 0, 4)


def test_a_reported_nps_of_0_is_an_answer() -> None:
    assert nps_of(reported=reported(0)) == (2, 0, "reported")


def test_ratings_of_0_are_responses() -> None:
    assert nps_of(responses={DAY: Tally(detractors=2)}) == (1, -100, "responses")


def test_nothing_is_extrapolated() -> None:
    answers = {key: FULL.answers[key] for key in ("specialisms", "roadmap")}
    card = card_of(standing(answers=answers, reported=reported(50)))
    assert (card.total, card.max_total, card.attainable, card.complete) == (12, 20, 12, False)


def test_a_head_count_without_happiness_keeps_its_basis() -> None:
    said = score_of("happy_consultants", standing(answers={"happy_consultants": answer(6, basis="headcount")}))
    assert (said.points, said.value, said.basis) == (3, 6, "headcount")


@pytest.mark.parametrize(("age", "counts"), [(0, True), (1, True), (364, True), (365, False), (366, False)])
def test_responses_count_for_365_days(age: int, counts: bool) -> None:  # noqa: FBT001 - a row of a table
    held = standing(responses={days_ago(age): Tally(promoters=1)}, latest_response=LATEST)
    assert score_of("nps", held).tally == (Tally(promoters=1) if counts else None)
    assert score_of("nps", held).points == (4 if counts else None)


@pytest.mark.parametrize(("age", "points"), [(0, 4), (364, 4), (365, None), (-1, None)])
def test_a_reported_nps_counts_for_365_days(age: int, points: int | None) -> None:
    assert nps_of(reported=reported(50, days_ago(age)))[0] == points


def test_responses_of_tomorrow_do_not_count_yet() -> None:
    held = standing(responses={days_ago(-1): Tally(promoters=1)})
    assert score_of("nps", held).points is None
    assert score_of("nps", held, DAY + timedelta(days=1)).points == 4


def test_responses_of_the_window_are_added_up() -> None:
    responses = {days_ago(400): Tally(90, 0, 0), days_ago(364): Tally(0, 0, 1), DAY: Tally(1, 1, 0)}
    assert score_of("nps", standing(responses=responses)).tally == Tally(1, 1, 1)


def test_responses_win_over_a_reported_nps() -> None:
    held = {"reported": reported(80), "responses": {days_ago(364): Tally(detractors=1)}}
    assert nps_of(**held) == (1, -100, "responses")


@pytest.mark.parametrize(
    "responses", [{}, {days_ago(365): Tally(detractors=1)}, {DAY: Tally()}], ids=["none", "old", "empty"]
)
def test_a_reported_nps_counts_when_no_response_does(responses: dict[date, Tally]) -> None:
    assert nps_of(reported=reported(80), responses=responses) == (4, 80, "reported")


def test_a_reported_nps_names_its_fact_and_has_no_tally() -> None:
    assert score_of("nps", standing(reported=reported(9, days_ago(2)))) == DimensionScore(
        "nps", 4, 3, 9, "reported", "2026-11-21", "delighted", "reported#delighted#1"
    )


@pytest.mark.parametrize(
    ("key", "value", "fresh_days"),
    [("happy_consultants", 6, 45), ("specialisms", 2, 180), ("roadmap", "yes", 365), ("inspiration", "no", 365)],
)
def test_an_answer_is_stale_past_its_days_and_keeps_its_points(key: str, value: int | str, fresh_days: int) -> None:
    fresh = standing(answers={key: answer(value, days_ago(fresh_days))})
    stale = standing(answers={key: answer(value, days_ago(fresh_days + 1))})
    assert (score_of(key, fresh).stale, card_of(fresh).stale) == (False, False)
    assert (score_of(key, stale).stale, card_of(stale).stale) == (True, True)
    assert score_of(key, stale).points == score_of(key, fresh).points == MODEL.dimension(key).points_for(value)


def test_nps_is_never_stale() -> None:
    held = standing(reported=reported(5, days_ago(364)), responses={days_ago(364): Tally(1)})
    assert not card_of(held).stale
    assert not card_of(replace(held, responses={})).stale


@given(standings, st.integers(0, 400))
def test_sums_are_those_of_the_answered_questions(held: ScoringInputs, later: int) -> None:
    card = card_of(held, DAY + timedelta(days=later))
    answered = [dimension.points for dimension in card.dimensions if dimension.points is not None]
    assert (card.total, card.attainable, card.complete) == (sum(answered), 4 * len(answered), len(answered) == 5)


@given(st.dictionaries(st.integers(0, 364).map(days_ago), tallies.filter(lambda each: each.count > 0), min_size=1))
def test_the_nps_of_the_window_is_that_of_all_its_responses(responses: dict[date, Tally]) -> None:
    counted = sum(responses.values(), Tally())
    assert nps_of(responses=responses)[1] == nps(counted)


def test_the_digest_is_the_same_in_every_run() -> None:
    assert card_of(FULL).digest() == "sha256:e555d43188ca0656bc50acab1a9c560f35118a6f2f8236a6fc0b63386396b0f6"


def test_the_digest_does_not_say_what_the_client_is_called() -> None:
    renamed = replace(FULL, description=Description("Another name", "ended", ("other",)))
    assert card_of(renamed).digest() == card_of(FULL).digest()


OTHER_CARDS = [{"client_id": "other"}, {"as_of": days_ago(1)}, {"model": "opmm-2"}, {"dimensions": ()}]
OTHER_SCORES = [
    {"points": 1},
    {"points": None},
    {"value": 7},
    {"value": None},
    {"basis": "reported"},
    {"source": "hr"},
    {"fact_id": "response#1"},
    {"stale": True},
    {"tally": None},
    {"tally": Tally(6, 2, 2)},
    {"tally": Tally(5, 3, 2)},
    {"tally": Tally(5, 2, 3)},
]


@pytest.mark.parametrize("other", OTHER_CARDS, ids=str)
def test_the_digest_changes_with_the_card(other: dict[str, Any]) -> None:
    assert replace(card_of(FULL), **other).digest() != card_of(FULL).digest()


@pytest.mark.parametrize("other", OTHER_SCORES, ids=str)
def test_the_digest_changes_with_each_thing_a_question_says(other: dict[str, Any]) -> None:
    card = card_of(FULL)
    *rest, last = card.dimensions
    assert replace(card, dimensions=(*rest, replace(last, **other))).digest() != card.digest()


def test_the_digest_changes_with_the_time_of_an_answer_but_not_of_a_response() -> None:
    card = card_of(FULL)
    digests = [
        replace(
            card,
            dimensions=tuple(
                replace(score, observed_at="2026-11-19T08:00:00Z") if score.key == key else score
                for score in card.dimensions
            ),
        ).digest()
        for key in ("roadmap", "nps")
    ]
    assert [digest == card.digest() for digest in digests] == [False, True]


@given(standings, st.integers(0, 800))
def test_between_now_and_the_day_on_which_time_changes_it_a_scorecard_says_the_same(
    inputs: ScoringInputs, days: int
) -> None:
    following = changes_on(inputs, MODEL, DAY)
    later = DAY + timedelta(days=days)
    said = scorecard(inputs, MODEL, DAY).said()
    if following is None or later < following:
        assert scorecard(inputs, MODEL, later).said() == said
    else:
        assert scorecard(inputs, MODEL, following).said() != said


def test_the_digest_of_a_day_follows_from_what_is_said() -> None:
    card = card_of(FULL)
    assert digest_on(card.as_of, card.said()) == card.digest()
    assert replace(card, as_of=card.as_of + timedelta(days=1)).said() == card.said()
