from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.http.problems import InvalidError
from shared.intake.events import event_types
from shared.intake.fields import Validation
from shared.intake.validation import validate_event
from shared.opmm.facts import Fact
from tests.support.models import test_model

SIX = event_types(test_model("six"))
THREE = event_types(test_model("three"))
WORLD: Validation = {"now": datetime(2026, 11, 24, 12, tzinfo=UTC), "zone": ZoneInfo("Europe/Amsterdam")}
ASKED = "roadmap, governance, innovation_budget, joint_cases"


def survey(answers: Any, **attributes: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "type": "survey.answered",
        "source": "s",
        "id": "e-1",
        "subject": "acme",
        "time": "2026-11-20T09:00:00Z",
        "data": {"survey_id": "1", "answered_at": "2026-11-20T08:00:00Z", "answers": answers},
        **attributes,
    }


def facts_of(event: dict[str, Any], types: Any = SIX) -> dict[str | None, Fact]:
    """By question, the fact that an event leaves."""
    envelope, data = validate_event(event, types, WORLD)
    return {fact.question: fact for fact in data.facts(envelope, lambda text: f"hash of {text}")}


def faults_of(event: dict[str, Any], types: Any = SIX) -> list[tuple[str, str]]:
    with pytest.raises(InvalidError) as refused:
        validate_event(event, types, WORLD)
    return [(fault.pointer, fault.detail) for fault in refused.value.faults]


def test_a_survey_answers_the_questions_of_the_model() -> None:
    facts = facts_of(survey({"governance": "monthly", "innovation_budget": "none", "joint_cases": 6.0}))
    assert {question: dict(fact.answer) for question, fact in facts.items()} == {
        "roadmap": {},
        "governance": {"governance": "monthly"},
        "innovation_budget": {"innovation_budget": "none"},
        "joint_cases": {"joint_cases": 6},
    }
    assert {question: fact.lane for question, fact in facts.items()} == {
        "roadmap": None,
        "governance": "survey.governance",
        "innovation_budget": "survey.innovation_budget",
        "joint_cases": "survey.joint_cases",
    }
    assert [fact.fact_id for fact in facts.values()] == [f"survey#s#1#{question}" for question in ASKED.split(", ")]


def test_names_are_counted_and_kept() -> None:
    fact = facts_of(survey({"joint_cases": ["Alpha", "alpha ", "Beta"]}))["joint_cases"]
    assert (dict(fact.answer), dict(fact.details)) == ({"joint_cases": 2}, {"names": ["alpha", "beta"]})


def test_an_unknown_question_is_refused_at_its_place() -> None:
    assert faults_of(survey({"roadmap": "yes", "specialisms": 4, "inspiration": "no"})) == [
        ("/data/answers/specialisms", "is not a field of this event"),
        ("/data/answers/inspiration", "is not a field of this event"),
    ]
    assert faults_of(survey({"answer_roadmap": "yes", "roadmap": "yes"})) == [
        ("/data/answers/answer_roadmap", "is not a field of this event")
    ]
    [(pointer, _)] = faults_of(survey({"nps": 9, "roadmap": "yes"}))
    assert pointer == "/data/answers/nps"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("governance", "weekly"),
        ("governance", "Monthly"),
        ("governance", 3),
        ("governance", True),
        ("governance", ["monthly"]),
        ("innovation_budget", "yes"),
        ("joint_cases", "6"),
        ("joint_cases", True),
        ("joint_cases", 6.5),
        ("joint_cases", -1),
        ("joint_cases", 101),
        ("joint_cases", [""]),
        ("a/b~c", 1),
    ],
)
def test_an_unknown_answer_is_refused_at_its_place(question: str, answer: Any) -> None:
    escaped = question.replace("~", "~0").replace("/", "~1")
    [(pointer, _)] = faults_of(survey({"roadmap": "yes", question: answer}))
    assert pointer == f"/data/answers/{escaped}"


def test_all_faults_are_told_at_once() -> None:
    event = survey({"governance": "weekly", "joint_cases": -1, "specialisms": 4}, subject="Acme")
    assert [pointer for pointer, _ in faults_of(event)] == [
        "/subject",
        "/data/answers/governance",
        "/data/answers/joint_cases",
        "/data/answers/specialisms",
    ]


def test_the_answers_that_a_question_takes_are_told() -> None:
    assert faults_of(survey({"governance": "weekly"})) == [
        ("/data/answers/governance", "must be 'monthly', 'quarterly', 'yearly' or 'never'")
    ]


@pytest.mark.parametrize("answers", [{}, {"roadmap": None}], ids=str)
def test_a_survey_answers_at_least_one_question(answers: dict[str, Any]) -> None:
    assert faults_of(survey(answers)) == [("/data/answers", f"needs at least one of {ASKED}")]


def test_another_model_asks_other_questions() -> None:
    asked = [dimension.key for dimension in test_model("three").survey_questions]
    [(_, detail)] = faults_of(survey({}), THREE)
    assert detail == f"needs at least one of {', '.join(asked)}"
    assert ("/data/answers/governance", "is not a field of this event") in faults_of(
        survey({"governance": "monthly"}), THREE
    )


def test_a_later_version_withdraws_what_it_no_longer_answers() -> None:
    first = facts_of(survey({"roadmap": "yes", "governance": "yearly"}))
    later = facts_of(survey({"roadmap": "no"}, time="2026-11-20T10:00:00Z"))
    assert [fact.fact_id for fact in first.values()] == [fact.fact_id for fact in later.values()]
    assert all(later[question].revision > fact.revision for question, fact in first.items())
    assert (first["governance"].counts, later["governance"].counts) == (True, False)


def test_a_count_of_versions_orders_them_instead_of_the_time() -> None:
    first = facts_of(survey({"roadmap": "yes"}, sequence="2", time="2026-11-20T09:00:00Z"))["roadmap"]
    later = facts_of(survey({"roadmap": "no"}, sequence="10", time="2026-11-20T08:30:00Z"))["roadmap"]
    assert first.revision < later.revision
    assert (first.revision[:1], later.revision[:1]) == ("c", "c")


@pytest.mark.parametrize(
    ("event_type", "data"),
    [
        ("nps.responded", {"response_id": "r", "score": 9, "responded_at": "2026-11-20T08:00:00Z", "excluded": True}),
        ("nps.retracted", {"response_id": "r"}),
    ],
)
def test_what_takes_a_response_away_outranks_what_tells_it_at_the_same_time(
    event_type: str, data: dict[str, Any]
) -> None:
    told = survey(None, type="nps.responded", data=RESPONDED)
    taken = survey(None, type=event_type, data=data)
    assert facts_of(taken)[None].revision > facts_of(told)[None].revision
    assert (facts_of(taken)[None].lane, facts_of(told)[None].lane) == (None, "nps.response")


RESPONDED = {"response_id": "r", "score": 9.0, "responded_at": "2026-11-20T08:00:00Z", "respondent": "A@b.nl"}


def test_9_and_9_point_0_are_one_version() -> None:
    facts = [facts_of(survey(None, type="nps.responded", data={**RESPONDED, "score": score})) for score in (9, 9.0)]
    assert facts[0] == facts[1]
    assert dict(facts[0][None].answer) == {"score": 9}


def test_a_respondent_is_kept_as_a_hash_only() -> None:
    fact = facts_of(survey(None, type="nps.responded", data=RESPONDED))[None]
    assert dict(fact.details) == {"respondent": "hash of A@b.nl"}


def test_versions_of_a_response_that_name_other_clients_are_two() -> None:
    here, there = (
        facts_of(survey(None, type="nps.responded", data=RESPONDED, subject=subject))[None] for subject in ("a", "b")
    )
    assert here.revision != there.revision
    assert here.fact_id == there.fact_id


def test_a_description_stands_under_the_fields_that_it_tells() -> None:
    data = {"name": "Acme", "aliases": ["Acme B.V.", "acme-b-v", "ACME NL"]}
    fact = facts_of(survey(None, type="client.described", data=data))[None]
    assert (fact.part, dict(fact.answer)) == ("aliases+name", {"aliases": ["acme-b-v", "acme-nl"], "name": "Acme"})


def test_an_unknown_type_is_refused_with_those_that_there_are() -> None:
    assert faults_of(survey({"roadmap": "yes"}, type="nps.guessed")) == [("/type", f"must be one of {', '.join(SIX)}")]


@pytest.mark.parametrize("event", [None, [], "x", 7], ids=str)
def test_what_is_no_object_is_no_event(event: Any) -> None:
    assert faults_of(event) == [("", "must be an object")]
