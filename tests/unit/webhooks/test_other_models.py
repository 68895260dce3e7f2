"""Sources and payloads under a model with other questions than the published one."""

import copy
from typing import Any

import pytest

from shared.opmm.model import Model
from shared.opmm.model_document import load_model, published_model
from shared.webhooks.provider import Source, UnmappableError
from shared.webhooks.sources import SourcesError
from shared.webhooks.submissions import Submission, events_of
from tests.support.webhooks import NAMES, SOURCES
from tests.unit.webhooks.adapting import source_of


def other_model() -> Model:
    """The published questions without `inspiration`, and two of another agency's own: a choice and a count."""
    document: Any = copy.deepcopy(dict(published_model().document))
    happy, specialisms, roadmap, _, nps = document["dimensions"]
    mandate, teams = copy.deepcopy(roadmap), copy.deepcopy(specialisms)
    mandate |= {"key": "mandate", "answers": ["full", "partial", "little", "none"]}
    for band, answer in zip(mandate["bands"], mandate["answers"], strict=True):
        band["answer"] = answer
    teams["key"] = "teams"
    document["dimensions"] = [happy, specialisms, roadmap, mandate, teams, nps]
    document["max_total"] = sum(dimension["max"] for dimension in document["dimensions"])
    return load_model(document)


OTHER = other_model()
ANSWERS = {"mandate": {"question": "m", "choices": {"Volledig": "full"}}, "teams": {"question": "t"}}
SURVEY = {"type": "survey.answered", "answered_at": "at", "survey_id": "id", "mandate": "m", "teams": "t"}


def typeform(answers: Any) -> Source:
    return source_of(SOURCES[NAMES["typeform"]] | {"answers": answers}, OTHER)


def surveys(given: dict[str, Any]) -> list[Any]:
    submission = Submission(id="r", event_id="e", answered_at="a", recorded_at="a", given=given)
    return [event.data["answers"] for event in events_of(submission, typeform(ANSWERS))]


def custom(payload: Any) -> list[Any]:
    source = source_of(SOURCES[NAMES["custom"]] | {"event": SURVEY}, OTHER)
    return [event.data["answers"] for event in source.provider.adapt(payload, source)]


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        ({"m": "Volledig", "t": 3}, {"mandate": "full", "teams": 3}),
        ({"m": "none"}, {"mandate": "none"}),
        ({"t": ["Web", "Data"]}, {"teams": ["Web", "Data"]}),
    ],
)
def test_a_survey_answers_the_questions_of_the_model_that_runs(given: dict[str, Any], answers: Any) -> None:
    assert surveys(given) == [answers]


def test_an_answer_that_the_model_does_not_know_is_parked() -> None:
    with pytest.raises(UnmappableError, match=r"answers\.mandate\.choices"):
        surveys({"m": "co_creating"})


def test_a_mapping_finds_the_questions_of_the_model_that_runs() -> None:
    found = {"at": "2026-11-01T00:00:00Z", "id": 1, "m": "full", "t": "Web"}

    assert custom(found) == [{"mandate": "full", "teams": ["Web"]}]
    assert custom(found | {"m": None, "t": 4.0}) == [{"teams": 4}]


@pytest.mark.parametrize(
    ("answers", "fault"),
    [
        ({"inspiration": {"question": "i"}}, "source.answers.inspiration: is none of nps, comment, specialisms"),
        ({"mandate": {"question": "m", "choices": {"Ja": "yes"}}}, "must be one of full, partial, little, none"),
        ({"teams": {"question": "t", "choices": {"Veel": 101}}}, "must lie between 0 and 100"),
        ({"comment": {"question": "c"}}, "needs at least one of nps, specialisms, roadmap, mandate, teams"),
    ],
)
def test_a_source_is_held_against_the_model_that_runs(answers: Any, fault: str) -> None:
    with pytest.raises(SourcesError, match=fault):
        typeform(answers)


@pytest.mark.parametrize("question", ["inspiration", "happy_consultants"])
def test_a_mapping_of_what_no_survey_of_the_model_asks_is_refused(question: str) -> None:
    with pytest.raises(SourcesError, match=rf"event\.{question}: is no field of survey\.answered"):
        source_of(SOURCES[NAMES["custom"]] | {"event": SURVEY | {question: "q"}}, OTHER)
