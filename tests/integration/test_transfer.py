"""What is exported from one facts table and imported into an empty one is the same facts."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from moto import mock_aws

from shared.intake.validation import validate_event
from shared.opmm.kinds import KINDS
from shared.sheets.interpretation import Interpretation
from shared.storage.facts import Facts
from shared.storage.locators import Locators
from tests.support.clients import dynamodb_client
from tests.support.plain_tables import plain_tables
from tests.support.portfolios import events, has_one_day_a_survey
from tests.support.template import create_tables
from tests.unit.tools.models import six_questions
from tests.unit.tools.worlds import WORLD
from tools.demo.portfolio import PORTFOLIO, load_portfolio
from tools.transfer.exporting import export
from tools.transfer.lines import files_of, read
from tools.transfer.stored import facts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Table = dict[tuple[str, str], dict[str, Any]]


def put(client: "DynamoDBClient", table: str, sent: Iterable[dict[str, Any]], world: Interpretation) -> None:
    """Stores events as the service does."""
    stored = Facts(client, table, lambda _: None)
    locators = Locators(client, table, stored)
    for event in sent:
        envelope, data = validate_event(event, world.types, {"now": world.now, "zone": world.zone})
        for fact in data.facts(envelope, lambda respondent: f"hash of {respondent}"):
            written = stored.put(fact)
            if KINDS[fact.kind].unique:
                locators.settle(fact, written)


def filled(sent: Iterable[dict[str, Any]], world: Interpretation) -> list[dict[str, Any]]:
    """The items that these events leave in an empty table."""
    with mock_aws(), plain_tables():
        client = dynamodb_client()
        table = create_tables(client).facts
        put(client, table, sent, world)
        return [dict(item) for item in facts(client, table, [])]


def again(items: list[dict[str, Any]], world: Interpretation) -> list[dict[str, Any]]:
    """The same after an export and an import into an empty table."""
    with TemporaryDirectory() as folder:
        assert export(items, Path(folder), world.kinds).left_out == {}
        lines = [line for file in files_of(Path(folder)) for line in read(file, "", world)]
    assert [line.faults for line in lines if line.faults] == []
    return filled((line.event for line in lines), world)


def told(items: Iterable[dict[str, Any]]) -> Table:
    """What clients have said: without what is derived, and without responses whose respondent is not exported."""
    return {
        (item["client_id"], item["fact_id"]): item
        for item in items
        if "moved" not in item and item["fact_id"] != "locator" and "respondent" not in item
    }


def test_the_sample_portfolio_comes_back_as_it_was() -> None:
    items = filled(load_portfolio(PORTFOLIO, date(2026, 11, 24)), WORLD)
    back = told(again(items, WORLD))

    before = told(items)
    assert {key: back[key] for key in before} == before


@settings(max_examples=30, deadline=None)
@given(events())
def test_facts_come_back_as_they_were(sent: list[dict[str, Any]]) -> None:
    for event in sent:  # an empty comment is none, as the webhooks have it
        assume(event["data"].get("comment") != "")
    items = filled((event for event in sent if event["data"]), WORLD)
    assume(has_one_day_a_survey(items))

    assert told(again(items, WORLD)) == told(items)


@pytest.mark.parametrize("answers", [{"channels": ["Mail"], "trust": "full"}, {"roadmap": "no", "specialisms": 3}])
def test_a_model_of_six_questions_comes_back_as_it_was(answers: dict[str, Any]) -> None:
    world = six_questions()
    sent = {
        "specversion": "1.0", "type": "survey.answered", "source": "tests", "id": "e", "subject": "acme",
        "time": "2026-11-23T12:00:00Z",
        "data": {"survey_id": "s", "answered_at": "2026-11-01T10:00:00Z", "answers": answers},
    }  # fmt: skip
    items = filled([sent], world)

    assert again(items, world) == items


def test_a_response_that_was_corrected_to_another_client_comes_back_at_that_one() -> None:
    def response(client: str, time: str) -> dict[str, Any]:
        data = {"response_id": "r", "score": 9, "responded_at": "2026-11-01T10:00:00Z"}
        common = {"specversion": "1.0", "type": "nps.responded", "source": "d", "id": "e"}
        return {**common, "subject": client, "time": time, "data": data}

    items = filled([response("acme", "2026-11-02T10:00:00Z"), response("beta", "2026-11-03T10:00:00Z")], WORLD)

    assert told(again(items, WORLD)) == told(items)
    assert [name for name, _ in told(items)] == ["beta"]
