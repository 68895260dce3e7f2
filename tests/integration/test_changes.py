"""`GET /v1/changes`: what was written of all clients, for systems that keep a copy."""

from datetime import timedelta
from typing import Any

import pytest

from shared.storage.dynamodb import to_item
from shared.storage.journal import Reference
from tests.integration.test_notify import changes, happen
from tests.support.clients import dynamodb_client
from tests.support.service import Service, event, token

pytestmark = pytest.mark.usefixtures("plainly")


def listed(service: Service, query: str = "", **claims: Any) -> Any:
    answer = service.get(f"/v1/changes{query}", bearer=token(**claims))
    assert answer.status == 200, answer.text
    return answer.json


def everything(service: Service, limit: int, **claims: Any) -> list[dict[str, Any]]:
    """All pages, one after the other."""
    found: list[dict[str, Any]] = []
    page = listed(service, f"?limit={limit}", **claims)
    while page["entries"] or page["more"]:
        found += page["entries"]
        page = listed(service, f"?limit={limit}&cursor={page['next']}", **claims)
    return found


@pytest.fixture
def told(service: Service) -> Service:
    """Three clients, each of which has moved three times, and everybody has heard."""
    happen(service)
    service.tell()
    return service


@pytest.mark.parametrize("limit", [1, 2, 4, 9, 100])
def test_every_change_of_every_client_is_listed_once_in_the_order_of_writing(told: Service, limit: int) -> None:
    entries = everything(told, limit)

    assert sorted(entry["id"] for entry in entries) == sorted(reference.id for reference in changes())
    assert [entry["at"] for entry in entries] == sorted(entry["at"] for entry in entries)


def test_a_change_is_told_as_in_the_history_of_its_client(told: Service) -> None:
    entries = [entry for entry in everything(told, 100) if entry["client_id"] == "acme"]

    assert [entry["change"] for entry in entries][::-1] == told.get("/v1/clients/acme/history").json["changes"]
    assert {(entry["kind"], entry["signal"]) for entry in entries} == {("score.changed", None)}


def test_who_has_read_all_goes_on_from_there_whenever_something_happens(told: Service) -> None:
    page = listed(told)
    assert (len(page["entries"]), page["more"]) == (9, False)
    empty = listed(told, f"?cursor={page['next']}")
    assert (empty["entries"], empty["more"]) == ([], False)
    told.clock.now += timedelta(days=30)
    happen(told, clients=("delta",))
    told.tell()

    for cursor in (page["next"], empty["next"]):
        assert [entry["client_id"] for entry in listed(told, f"?cursor={cursor}")["entries"]] == ["delta"] * 3


def test_who_asks_before_anything_has_happened_has_a_place_to_go_on_from(service: Service) -> None:
    page = listed(service)
    assert (page["entries"], page["more"]) == ([], False)
    happen(service, clients=("acme",))
    service.tell()

    assert len(listed(service, f"?cursor={page['next']}")["entries"]) == 3


def test_a_full_page_says_whether_there_is_more(told: Service) -> None:
    assert [listed(told, f"?limit={limit}")["more"] for limit in (8, 9)] == [True, False]


def test_a_token_that_is_limited_to_clients_sees_those(told: Service) -> None:
    entries = everything(told, 2, clients=["beta", "nobody"])

    assert [entry["client_id"] for entry in entries] == ["beta"] * 3


def test_what_lies_behind_many_entries_of_others_is_found_page_by_page(service: Service) -> None:
    others = [Reference(f"client-{number}", "change#2026-11-24T12:00:00.000000Z#0000000001") for number in range(2500)]
    for start in range(0, 2500, 500):
        item = {"about": "journal", "entry": f"{start:012d}", "format": 1, "written_at": "2026-11-24T12:00:00Z"}
        references = [[each.client_id, each.item] for each in others[start : start + 500]]
        dynamodb_client().put_item(TableName="NotificationsTable", Item=to_item({**item, "references": references}))
    happen(service, clients=("acme",))
    service.tell()
    pages = [listed(service, clients=["acme"])]
    while pages[-1]["more"]:
        pages.append(listed(service, f"?cursor={pages[-1]['next']}", clients=["acme"]))

    assert [len(page["entries"]) for page in pages] == [0, 0, 3]


def test_what_was_erased_is_not_listed(told: Service) -> None:
    for reference in changes():
        if reference.client_id == "beta":
            key = to_item({"client_id": "beta", "item": reference.item})
            dynamodb_client().delete_item(TableName="ScoresTable", Key=key)

    assert {entry["client_id"] for entry in everything(told, 2)} == {"acme", "gamma"}


def test_what_rests_on_a_name_that_is_no_longer_the_clients_is_not_listed_to_who_is_limited(told: Service) -> None:
    told.post(
        event(
            "consultants.counted",
            {"working": 8, "happy": 6, "as_of": "2026-11-01"},
            subject="beta",
            id="hr",
            source="hr",
        )
    )
    told.settle()
    told.post(event("client.described", {"name": "Acme", "aliases": ["beta"]}, id="d-1", time="2026-11-24T14:00:00Z"))
    told.settle()
    told.post(event("client.described", {"name": "Acme", "aliases": []}, id="d-2", time="2026-11-24T14:30:00Z"))
    told.settle()
    told.tell()
    mine = [entry["change"]["version"] for entry in everything(told, 100, clients=["acme"])]
    history = told.get("/v1/clients/acme/history", bearer=token(clients=["acme"])).json["changes"]
    all_of_it = [entry for entry in everything(told, 100) if entry["client_id"] == "acme"]

    assert mine[::-1] == [change["version"] for change in history]
    assert len(mine) < len(all_of_it)


def test_without_the_scope_for_people_times_are_days_and_responses_are_counted(told: Service) -> None:
    entries = everything(told, 100, scopes=["scores:read"])

    assert {entry["at"] for entry in entries} == {"2026-11-23T23:00:00Z"}
    assert all("responses" in entry["change"] and not entry["change"]["facts"] for entry in entries)
    assert [entry["id"] for entry in entries] == [entry["id"] for entry in everything(told, 100)]


@pytest.mark.parametrize("query", ["?cursor=x", "?cursor=", "?limit=0", "?limit=1000", "?since=2026-01-01"])
def test_what_the_call_does_not_take_is_refused(told: Service, query: str) -> None:
    assert told.get(f"/v1/changes{query}").status == 422


def test_a_cursor_of_another_list_is_refused(told: Service) -> None:
    cursor = told.get("/v1/clients?limit=1").json["next"]

    assert told.get(f"/v1/changes?cursor={cursor}").status == 422


def test_texts_follow_the_language_of_who_asks(told: Service) -> None:
    answer = told.get("/v1/changes?limit=1", headers={"Accept-Language": "nl"})

    assert "of" in answer.json["entries"][0]["change"]["dimensions"][0]["after"]["band"].split()
