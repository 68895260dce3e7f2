"""From the answers to questions of one's own to events."""

from typing import Any

import pytest

from shared.webhooks.provider import Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.submissions import Choice, Submission, events_of
from tests.unit.webhooks.adapting import source_of

MAPPED = {
    "nps": {"question": "n"},
    "comment": {"question": "c"},
    "specialisms": {"question": "s", "choices": {"four": 4, "opt-1": "Design"}},
    "roadmap": {"question": "r", "choices": {"Together": "co_creating", "true": "yes", "77": "third_party"}},
    "inspiration": {"question": "i"},
}


def source(answers: Any = MAPPED) -> Source:
    return source_of({"provider": "typeform", "secrets": ["x"], "client": "c", "answers": answers})


def submission(given: dict[str, Any], **changes: Any) -> Submission:
    told = {"id": "r-1", "event_id": "e-1", "answered_at": "a", "recorded_at": "b", "given": given}
    return Submission(**{**told, **changes})


def answers(given: dict[str, Any]) -> list[Any]:
    return [event.data["answers"] for event in events_of(submission(given), source())]


def test_one_submission_may_give_a_response_and_a_survey() -> None:
    given = {"n": 0, "c": "why not", "r": "no", "x": "of no concern"}

    assert list(events_of(submission(given, respondent="jo"), source())) == [
        UnvalidatedEvent(
            type="nps.responded",
            id="e-1",
            time="b",
            data={"response_id": "r-1", "score": 0, "responded_at": "a", "respondent": "jo", "comment": "why not"},
        ),
        UnvalidatedEvent(
            type="survey.answered",
            id="e-1",
            time="b",
            data={"survey_id": "r-1", "answered_at": "a", "answers": {"roadmap": "no"}},
        ),
    ]


def test_a_comment_alone_is_nothing() -> None:
    assert list(events_of(submission({"c": "only this"}), source())) == []


@pytest.mark.parametrize("skipped", [None, "", [], [""], Choice(None, None)])
def test_a_skipped_question_is_absent(skipped: Any) -> None:
    given = dict.fromkeys("ncsri", skipped)

    assert list(events_of(submission(given), source())) == []


@pytest.mark.parametrize(
    ("given", "meaning"),
    [
        ("Together", "co_creating"),
        (Choice("opt", "Together"), "co_creating"),
        (Choice("Together", "Samen"), "co_creating"),
        ([Choice("opt", "Together")], "co_creating"),
        (Choice(77, "Via via"), "third_party"),
        (77, "third_party"),
        (77.0, "third_party"),
        (True, "yes"),
        ("no", "no"),
        (Choice("opt", "third_party"), "third_party"),
    ],
)
def test_a_choice_stands_for_what_the_source_says_or_for_itself(given: Any, meaning: str) -> None:
    assert answers({"r": given}) == [{"roadmap": meaning}]


@pytest.mark.parametrize("given", ["Perhaps", "", False, 3, 1.5, {"a": 1}, ["no", "yes"], Choice("opt", "Perhaps")])
def test_a_choice_that_stands_for_nothing_is_parked_and_the_others_land(given: Any) -> None:
    events = events_of(submission({"n": 9, "r": given, "i": "no"}), source())

    landed = [next(events), next(events)]

    assert [event.data.get("score", event.data.get("answers")) for event in landed] == [9, {"inspiration": "no"}]
    if given != "":
        with pytest.raises(UnmappableError, match=r"answers\.roadmap\.choices"):
            next(events)


@pytest.mark.parametrize(
    ("given", "meaning"),
    [
        (3, 3),
        (3.0, 3),
        ("3", 3),
        ("four", 4),
        ([Choice("x", "four")], 4),
        ("Data", ["Data"]),
        (["Data"], ["Data"]),
        ([Choice("opt-1", "Ontwerp"), Choice("opt-2", "Data")], ["Design", "Data"]),
    ],
)
def test_specialisms_are_a_number_or_names(given: Any, meaning: Any) -> None:
    assert answers({"s": given}) == [{"specialisms": meaning}]


@pytest.mark.parametrize("given", [1.5, True, {}, ["four", "Data"], [1, 2]])
def test_specialisms_that_are_neither_are_parked(given: Any) -> None:
    with pytest.raises(UnmappableError, match="neither a number nor names"):
        answers({"s": given})


def test_a_rating_may_be_a_choice_with_a_meaning() -> None:
    mapped = source({"nps": {"question": "n", "choices": {"Certainly": 10, "Never": "0"}}})

    given = [Choice(1, "Certainly"), "Never", Choice(2, "7")]
    assert [next(events_of(submission({"n": choice}), mapped)).data["score"] for choice in given] == [10, 0, 7]


def test_answers_that_come_one_by_one_are_facts_of_their_own() -> None:
    events = events_of(submission({"s": 2, "r": "no"}, in_parts=True), source())

    assert [(event.data["survey_id"], event.data["answers"]) for event in events] == [
        ("r-1/specialisms", {"specialisms": 2}),
        ("r-1/roadmap", {"roadmap": "no"}),
    ]
