from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from shared.opmm.facts import Fact, fact_id, revision
from shared.opmm.model_document import published_model
from shared.opmm.timestamps import parse_timestamp
from shared.storage.facts import Facts
from shared.storage.holdings import Holdings, find_holdings, lanes_of
from tests.support.models import test_model

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOLDINGS = Holdings("acme", {"beta": frozenset({"consultants"}), "alpha": frozenset({"consultants", "nps.response"})})


def test_facts_are_looked_for_under_the_id_and_the_aliases_that_hold_some_of_their_lane() -> None:
    assert HOLDINGS.names("consultants") == ("acme", "alpha", "beta")
    assert HOLDINGS.names("nps.response") == ("acme", "alpha")
    assert HOLDINGS.names("survey.roadmap") == ("acme",)
    assert HOLDINGS.all_names == ("acme", "alpha", "beta")


def test_what_comes_to_an_alias_is_found_there_from_then_on() -> None:
    added = HOLDINGS.adding("beta", ["survey.roadmap"]).adding("gamma", ["consultants"])
    assert added.names("survey.roadmap") == ("acme", "beta")
    assert added.names("consultants") == ("acme", "alpha", "beta", "gamma")
    assert HOLDINGS.names("survey.roadmap") == ("acme",)


def test_what_comes_where_facts_lie_already_adds_nothing() -> None:
    assert HOLDINGS.adding("beta", ["consultants"]) is HOLDINGS
    assert HOLDINGS.adding("acme", ["survey.roadmap"]) is HOLDINGS
    assert HOLDINGS.adding("beta", []) is HOLDINGS


def test_the_lanes_of_a_model_are_those_of_its_questions_and_of_what_people_plan_and_write() -> None:
    assert lanes_of(published_model()) == (
        "consultants",
        "survey.specialisms",
        "survey.roadmap",
        "survey.inspiration",
        "nps.response",
        "nps.reported",
        "talk",
        "action",
        "goal",
        "note",
    )
    six = lanes_of(test_model("six"))
    assert (six[0], six[-6:-4]) == ("consultants", ("nps.response", "nps.reported"))
    assert set(six[1:-6]) == {f"survey.{dimension.key}" for dimension in test_model("six").survey_questions}


def test_holdings_are_found_for_aliases_that_hold_facts_the_model_asks_for(client: "DynamoDBClient") -> None:
    facts = Facts(client, "FactsTable", pause=lambda _: None)
    for name, question in [("acme", "roadmap"), ("acme-bv", "roadmap"), ("acme-bv", "inspiration"), ("acme-nl", "old")]:
        facts.put(_answered(name, question, {question: "yes"}))
    names = ["acme", "acme-bv", "acme-nl", "acme-empty"]
    assert find_holdings(facts, "acme", names, published_model()) == Holdings(
        "acme",
        {"acme-bv": frozenset({"survey.roadmap", "survey.inspiration"})},
        {"acme": frozenset({"survey#s#1#roadmap"})},  # both hold the same version: it counts once
    )


def _answered(name: str, question: str, answer: Mapping[str, Any]) -> Fact:
    at = datetime(2026, 11, 20, 8, tzinfo=UTC)
    return Fact(
        client_id=name,
        fact_id=fact_id("survey", "s", "1", question),
        kind="survey",
        source="s",
        revision=revision(at, answer),
        recorded_at=at,
        timestamp=parse_timestamp("2026-11-20T08:00:00Z", UTC),
        question=question,
        answer=answer,
    )
