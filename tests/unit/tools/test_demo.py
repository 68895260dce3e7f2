import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from standardwebhooks.webhooks import Webhook

from shared.opmm.model_document import load_model
from tests.unit.tools.models import document
from tests.unit.tools.worlds import MODEL
from tools.demo.portfolio import PORTFOLIO, load_portfolio
from tools.demo.report import print_portfolio
from tools.demo.run import MANAGER, progress
from tools.demo.webhooks import HR_SYSTEM, NPS_TOOL, sends_itself, webhooks

KEYS = {HR_SYSTEM: "whsec_aHVzaA==", NPS_TOOL: "hush"}


def test_elsewhere_than_on_a_terminal_a_few_lines_say_how_far_it_is() -> None:
    said = StringIO()

    with progress(Console(file=said), 353) as posted:
        for _ in range(353):
            posted(1)

    assert said.getvalue().splitlines()[-1] == "Sent 353 of 353 events."
    assert len(said.getvalue().splitlines()) == 4


def test_head_counts_are_signed_as_the_standard_says() -> None:
    events = [event for event in load_portfolio(PORTFOLIO, date(2026, 11, 24)) if sends_itself(event)]
    calls = [call for call in webhooks(events, KEYS) if call.source == HR_SYSTEM]

    signed = [Webhook(KEYS[HR_SYSTEM]).verify(call.body, dict(call.headers)) for call in calls]

    assert calls
    assert [len(batch) for batch in signed] == [call.events for call in calls]
    assert signed == [json.loads(call.body) for call in calls]


@pytest.mark.parametrize("keys", [MODEL.keys, ("roadmap", "specialisms"), ("nps",)])
def test_the_table_has_the_questions_of_the_model(keys: tuple[str, ...]) -> None:
    model = load_model(document("own", [asked for asked in MODEL.document["dimensions"] if asked["key"] in keys]))
    dimensions = [{"key": key, "points": 3, "stale": key == "roadmap", "value": 7} for key in model.keys]
    row: dict[str, Any] = {
        "client_id": "acme",
        "name": "Acme",
        "status": "active",
        "total": 3,
        "max_total": 4,
        "dimensions": dimensions,
    }
    said = StringIO()

    print_portfolio([row | {"complete": True, "stale": False}], model, Console(file=said, width=120))

    heading = said.getvalue().splitlines()[1].split()
    assert heading == ["client", "total", *(asked.short["en"].lower() for asked in model.dimensions)] + (
        ["NPS", "answers"] if "nps" in keys else ["answers"]
    )
    assert ("+7" in said.getvalue()) is ("nps" in keys)


def test_ended_clients_come_last_and_say_so() -> None:
    dimensions = [{"key": key, "points": 3, "stale": False, "value": 7} for key in MODEL.keys]
    of = {"max_total": 20, "dimensions": dimensions, "complete": True, "stale": False}
    rows: list[dict[str, Any]] = [
        {"client_id": "gone", "name": "Gone", "status": "ended", "total": 15, **of},
        {"client_id": "here", "name": "Here", "status": "active", "total": 3, **of},
    ]
    said = StringIO()

    print_portfolio(rows, MODEL, Console(file=said, width=120))

    clients = [line.strip() for line in said.getvalue().splitlines() if "/20" in line]
    assert [client.split("  ")[0] for client in clients] == ["Here", "Gone (ended)"]


def test_the_portfolio_tells_a_year_of_talks_with_what_became_of_them() -> None:
    today = date(2026, 11, 24)
    told = load_portfolio(PORTFOLIO, today)
    talks = {event["data"]["talk_id"]: event["data"] for event in told if event["type"] == "talk.recorded"}
    days = sorted(date.fromisoformat(talk["on"]) for talk in talks.values())
    owners = {event["data"].get("owner") for event in told if event["type"] == "client.described"}

    assert days[0] < date(2026, 1, 1)
    assert days[-1] > today
    assert {"talk.recorded", "action.agreed", "goal.set", "note.written"} <= {event["type"] for event in told}
    assert MANAGER in owners
    assert None not in owners
