import pytest

from shared.intake.events import event_types
from shared.opmm.facts import fact_id
from shared.opmm.kinds import KINDS, REPORTED, RESPONSES, lane_of, lanes_behind
from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from tests.support.models import test_model

MODELS = (published_model(), test_model("six"), test_model("three"))


@pytest.mark.parametrize(
    ("kind", "events", "lane", "answers_from", "unique"),
    [
        ("response", ("nps.responded", "nps.retracted"), "nps.response", "nps", True),
        ("reported", ("nps.reported",), "nps.reported", "nps", False),
        ("count", ("consultants.counted",), "consultants", "consultants", False),
        ("survey", ("survey.answered",), "survey.roadmap", "survey", False),
        ("description", ("client.described",), None, None, False),
        ("talk", ("talk.recorded",), "talk", None, False),
        ("action", ("action.agreed",), "action", None, False),
        ("goal", ("goal.set",), "goal", None, False),
        ("note", ("note.written",), "note", None, False),
    ],
)
def test_each_kind_has_its_events_its_lane_and_the_questions_it_answers(
    kind: str, events: tuple[str, ...], lane: str | None, answers_from: str | None, *, unique: bool
) -> None:
    row = KINDS[kind]
    assert (row.name, row.events, row.lane_for("roadmap"), row.answers_from, row.unique) == (
        kind,
        events,
        lane,
        answers_from,
        unique,
    )


def test_there_is_no_other_kind_and_no_event_without_one() -> None:
    assert set(KINDS) == {"response", "reported", "count", "survey", "description", "talk", "action", "goal", "note"}
    told = [event for kind in KINDS.values() for event in kind.events]
    assert sorted(told) == sorted(event_types(published_model()))
    for event, data in event_types(published_model()).items():
        assert event in KINDS[data.kind].events


@pytest.mark.parametrize(
    ("model", "key", "lanes"),
    [
        ("six", "happy_consultants", ("consultants",)),
        ("six", "roadmap", ("survey.roadmap",)),
        ("six", "governance", ("survey.governance",)),
        ("six", "innovation_budget", ("survey.innovation_budget",)),
        ("six", "joint_cases", ("survey.joint_cases",)),
        ("six", "nps", (RESPONSES, REPORTED)),
    ],
)
def test_the_facts_behind_a_question_stand_in_its_lanes(model: str, key: str, lanes: tuple[str, ...]) -> None:
    assert lanes_behind(test_model(model).dimension(key)) == lanes


@pytest.mark.parametrize(
    "model", [published_model(), test_model("six"), test_model("three")], ids=lambda model: model.id
)
def test_no_lane_belongs_to_two_questions(model: Model) -> None:
    lanes = [lane for dimension in model.dimensions for lane in lanes_behind(dimension)]
    assert len(lanes) == len(set(lanes))
    assert not any("#" in lane for lane in lanes)


@pytest.mark.parametrize(
    ("identity", "lane"),
    [
        (fact_id("response", "delighted", "r-1"), "nps.response"),
        (fact_id("response", "a#b", "r#1%"), "nps.response"),
        (fact_id("reported", "delighted", "2026-11-20T08:00:00Z"), "nps.reported"),
        (fact_id("count", "hr", "2026-11-01"), "consultants"),
        (fact_id("survey", "s", "1", "roadmap"), "survey.roadmap"),
        (fact_id("survey", "survey#x", "1#roadmap", "governance"), "survey.governance"),
        (fact_id("survey", "100%23", "%", "joint_cases"), "survey.joint_cases"),
        (fact_id("survey", "count#hr", "response#r", "roadmap"), "survey.roadmap"),
        (fact_id("description", "crm"), None),
        (fact_id("description", "survey#s#1#roadmap"), None),
        ("unknown#s#1", None),
        ("", None),
    ],
)
def test_an_identity_says_in_which_lane_its_facts_stand(identity: str, lane: str | None) -> None:
    assert lane_of(identity) == lane


@pytest.mark.parametrize(
    ("kind", "answer", "said"),
    [
        ("reported", {"nps": 0}, (0, "reported")),
        ("reported", {"nps": 65, "exact": "64.5", "responses": 9}, (65, "reported")),
        ("count", {"working": 7}, (7, "headcount")),
        ("count", {"working": 7, "happy": 5}, (5, "measured")),
        ("count", {"working": 7, "happy": 0}, (0, "measured")),
        ("count", {"working": 0}, (0, "headcount")),
        ("survey", {"roadmap": "yes"}, ("yes", "answered")),
    ],
)
def test_a_fact_says_its_value_and_what_that_rests_on(
    kind: str, answer: dict[str, int | str], said: tuple[int | str, str]
) -> None:
    read = KINDS[kind].said
    assert read
    assert read(answer, "roadmap") == said


def test_only_counts_surveys_and_reported_figures_answer_by_themselves() -> None:
    assert [kind.name for kind in KINDS.values() if kind.said] == ["reported", "count", "survey"]
