"""The deployed template on the local stack: events in, scores out."""

from datetime import datetime
from typing import Any

import httpx

from tests.end_to_end.calls import calling, eventually
from tests.support.oracle import evaluate
from tests.support.portfolios import digest
from tests.support.readings import as_told
from tests.support.service import event
from tools.demo.portfolio import ZONE, aliases, client_ids
from tools.stack import Settings, Stack, down, up


def rows(api: httpx.Client) -> dict[str, Any]:
    listed = api.get("v1/clients", params={"status": "all", "limit": 100}).json()["clients"]
    return {row["client_id"]: row["total"] for row in listed}


def test_every_client_of_the_sample_portfolio_gets_the_score_that_its_facts_give(
    api: httpx.Client, portfolio: list[dict[str, Any]]
) -> None:
    today = datetime.now(ZONE).date()  # noqa: TID251 - the functions run on the real time
    cards = {name: evaluate(portfolio, name, today, ZONE.key, digest) for name in client_ids(portfolio)}

    assert rows(api) == {name: card["total"] for name, card in cards.items() if card}
    for name, card in cards.items():
        assert as_told(api.get(f"v1/clients/{name}/score").json()) == card


def test_an_alias_answers_with_the_client_it_is_now(api: httpx.Client, portfolio: list[dict[str, Any]]) -> None:
    for alias in aliases(portfolio):
        listed = rows(api)

        assert alias not in listed
        assert api.get(f"v1/clients/{alias}").json()["client_id"] in listed


def test_one_event_moves_the_score(api: httpx.Client) -> None:
    counted = event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}, subject="curl")

    answer = api.post("v1/events", json=counted)

    assert (answer.status_code, answer.json()["status"]) == (202, "accepted")
    eventually(lambda: api.get("v1/clients/curl").json().get("total"), 3)
    assert api.post("v1/events", json=counted).json()["status"] == "duplicate"


def test_bad_input_gets_a_problem_document_through_the_whole_stack(api: httpx.Client) -> None:
    answer = api.post("v1/events", content=b"[NaN]", headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert api.get("v1/elsewhere").json()["status"] == 404
    assert api.delete("v1/events").json()["status"] == 405


def test_nobody_reads_without_a_token(stack: Stack) -> None:
    with calling(stack, token="invented") as api:
        assert api.get("v1/clients").status_code == 401
        assert api.get("v1/health").status_code == 200


def test_state_is_kept_over_a_restart(settings: Settings, stack: Stack) -> None:
    with calling(stack) as api:
        api.post(
            "v1/events", json=event("nps.reported", {"nps": 33, "measured_at": "2026-11-01T00:00:00Z"}, subject="kept")
        )
        eventually(lambda: api.get("v1/clients/kept").json().get("total"), 4)
        before = api.get("v1/clients/kept").json()

    down(settings)
    assert settings.stack_file.exists()
    assert Stack.read(settings) is None
    again = up(settings)

    with calling(again) as api:
        assert api.get("v1/clients/kept").json() == before
    with calling(again, token=stack.token) as api:
        assert api.get("v1/clients/kept").status_code == 200
