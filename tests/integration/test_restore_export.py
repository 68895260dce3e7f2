"""What an export would bring back is told, by kind and client, before anything is sent; and is what its import does."""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import httpx
import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import Line
from shared.storage.erasures import Erasure, Erasures
from shared.storage.facts import Facts
from tests.integration.test_restore import commanded
from tests.support.calls import stored
from tests.support.clients import dynamodb_client
from tests.support.erasing import (
    COMMENT,
    HASH,
    ROBIN,
    WISHES,
    begin,
    erased,
    everything,
    full,
    names,
    post,
    response,
    work,
)
from tests.support.everything import told
from tests.support.readings import counted
from tests.support.service import Service, event, in_memory, responses
from tests.support.template import environment
from tools.errors import ToolError
from tools.restore.export import Beside, Preview, export_files
from tools.restore.receipts import Erased
from tools.transfer.destination import Destination
from tools.transfer.exporting import export
from tools.transfer.stored import facts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

pytestmark = pytest.mark.usefixtures("plainly")

FACTS = "FactsTable"
KEYS = {FACTS: ("client_id", "fact_id"), "ScoresTable": ("client_id", "item")}


@dataclass
class World:
    """The service, and an export of it as it was."""

    service: Service
    client: "DynamoDBClient"
    folder: Path

    @property
    def understood(self) -> Interpretation:
        """How the service understands what is sent."""
        zone = ZoneInfo(environment("IngestFunction")["TIME_ZONE"])
        return Interpretation.by(self.service.model, zone, self.service.clock.now)

    def lines(self) -> list[Line]:
        return list(chain.from_iterable(file.lines() for file in export_files(self.folder, self.understood)))

    @property
    def beside(self) -> Beside:
        words = Facts(self.client, FACTS, sleep)
        erased = Erased.of(Erasures(self.client, "ErasuresTable").all(), self.lines, words.erased_at)
        return Beside(self.client, FACTS, self.understood, erased)

    def preview(self) -> Preview:
        return self.beside.preview(self.lines())

    def restore(self) -> list[str]:
        """Sends what is chosen of the export, and finds nothing left to do."""
        statuses = self.send(self.beside.chosen(self.lines()))
        assert self.preview().changes == 0
        return statuses

    def export(self) -> None:
        export(facts(self.client, FACTS, []), self.folder, self.understood.kinds)

    def lose_everything(self, *tables: str, keep: Callable[[dict[str, Any]], bool] = lambda _: False) -> None:
        """Deletes what lies in these tables, of that of the facts what is not to be kept."""
        for table in tables:
            names = KEYS[table]
            for page in self.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
                for item in page["Items"]:
                    if table != FACTS or not keep(dict(item)):
                        self.client.delete_item(TableName=table, Key={name: item[name] for name in names})
        self.service.settle()
        self.service = Service(self.service.tables, self.service.clock)

    def lose(self, name: str, beginning: str = "") -> None:
        for item in stored(FACTS):
            if item["client_id"] == name and item["fact_id"].startswith(beginning):
                key = {"client_id": {"S": name}, "fact_id": {"S": item["fact_id"]}}
                self.client.delete_item(TableName=FACTS, Key=key)
        self.service.settle()

    def send(self, lines: Iterable[Line] | None = None) -> list[str]:
        sent = self.lines() if lines is None else lines
        results = [self.service.post([line.event]).json["results"] for line in sent]
        self.service.settle()
        return [result["status"] for each in results for result in each]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with mock_aws():
        service = in_memory()
        service.post([*told(), counted(3, subject="beta"), *responses([10, 2], subject="beta")])
        service.settle()
        found = World(service, dynamodb_client(), tmp_path)
        found.export()
        yield found


def test_nothing_is_to_be_done_where_all_is_there(world: World) -> None:
    found = world.preview()

    assert (found.changes, found.by_client, found.bad) == (0, {}, [])
    assert {fate for _, fate in found.found} == {"held"}
    assert set(world.send()) <= {"duplicate", "superseded"}


def test_what_is_gone_is_told_by_kind_and_client_and_comes_back(world: World) -> None:
    world.lose("beta")
    before = world.preview()

    assert before.by_client == {"beta": 3}
    assert {kind: count for (kind, fate), count in before.found.items() if fate == "missing"} == {
        "count": 1,
        "response": 2,
    }
    said = before.told("Beside:")
    assert "3  missing now: brought back (count 1, response 2)" in said
    assert said.endswith("Changes by client: beta 3.")
    assert world.send().count("accepted") == 3
    assert world.preview().changes == 0


def test_what_was_told_since_stays_and_what_is_older_is_replaced(world: World) -> None:
    later = rfc3339(world.service.clock.now + timedelta(seconds=1))
    world.service.clock.now += timedelta(minutes=1)
    world.service.post(counted(9, subject="beta", time=later))
    assert world.preview().changes == 0

    [item] = [it for it in stored(FACTS) if it["client_id"] == "beta" and it["fact_id"].startswith("count#")]
    world.client.update_item(
        TableName=FACTS,
        Key={"client_id": {"S": "beta"}, "fact_id": {"S": item["fact_id"]}},
        UpdateExpression="SET revision = :old",
        ExpressionAttributeValues={":old": {"S": "t2020-01-01T00:00:00.000000000Z#0#" + "0" * 32}},
    )

    found = world.preview()
    assert (found.found["count", "older"], found.by_client) == (1, {"beta": 1})


def test_a_response_that_counts_at_another_client_since_is_left(world: World) -> None:
    [moved] = responses([10], subject="gamma", time=rfc3339(world.service.clock.now))
    moved["data"]["response_id"] = "r-0"  # of acme until now
    world.service.post(moved)
    world.lose("acme", "response#tests#r-0")

    found = world.preview()

    assert (found.found["response", "elsewhere"], found.changes) == (1, 0)
    world.send()
    [there] = [it for it in stored(FACTS) if it["client_id"] == "acme" and it["fact_id"] == "response#tests#r-0"]
    assert there["moved"] is True


def test_a_client_that_was_erased_is_left_out(world: World) -> None:
    erased(world.service, client_id="beta")
    world.service.restart_ingest()  # what was looked up before is remembered for a minute

    found = world.preview()

    assert (sum(count for (_, fate), count in found.found.items() if fate == "erased"), found.changes) == (3, 0)
    assert "accepted" not in world.send()


def test_a_line_that_cannot_be_sent_is_named(world: World) -> None:
    (world.folder / "bad.jsonl").write_text('{"type": "consultants.counted", "source": "tests"}\n', encoding="utf-8")

    found = world.preview()

    assert len(found.bad) == 1
    assert found.told("Beside:").startswith("bad.jsonl:1: ")


def test_files_that_name_no_source_are_of_no_export(world: World) -> None:
    (world.folder / "others.csv").write_text("client,working,happy,as_of\nacme,3,2,2026-11-01\n", encoding="utf-8")

    with pytest.raises(ToolError, match=r"is no export.* make import takes such files, with SOURCE="):
        world.preview()


LOST = {"facts": (FACTS,), "facts and scores": (FACTS, "ScoresTable")}


@pytest.fixture
def of_people(tmp_path: Path) -> Iterator[World]:
    """Three clients, one of them another name, and an export made before anybody was erased."""
    with mock_aws():
        service = in_memory()
        full(service)
        post(service, response(4, "beta", respondent="sam@example.com"))
        found = World(service, dynamodb_client(), tmp_path)
        found.export()
        yield found


@contextmanager
def api_of(
    world: World, meanwhile: Callable[[list[dict[str, Any]]], object] = lambda _: None
) -> Iterator[list[dict[str, Any]]]:
    """The service as the import of a stack calls it; gives what is sent."""
    sent: list[dict[str, Any]] = []

    def take(request: httpx.Request) -> httpx.Response:
        events = json.loads(request.content)
        sent.extend(events)
        meanwhile(events)
        answer = world.service.post(events)
        return httpx.Response(answer.status, json=answer.json)

    @contextmanager
    def calls(_: Destination) -> Iterator[httpx.Client]:
        with httpx.Client(base_url="https://api.example/", transport=httpx.MockTransport(take)) as client:
            yield client

    with patch.object(Destination, "calls", calls):
        yield sent


def comments() -> set[int]:
    held = everything(FACTS)
    return {number for number in range(1, 10) if f"{COMMENT}-{number}" in held}


@pytest.mark.parametrize("lost", LOST)
@pytest.mark.parametrize("wish", WISHES)
def test_what_was_erased_since_is_not_brought_back_though_nothing_but_its_receipt_is_left(
    of_people: World, wish: str, lost: str
) -> None:
    erased(of_people.service, **WISHES[wish])
    of_people.lose_everything(*LOST[lost])

    found = of_people.preview()
    of_people.restore()

    assert of_people.restore().count("accepted") == 0
    held, left = everything(FACTS), {fate: number for (kind, fate), number in found.found.items() if kind == "response"}
    assert HASH not in held
    if wish == "client":
        assert (left, names(of_people.service)) == ({"erased": 2, "missing": 2}, ["beta"])
        assert found.by_client == {"beta": 3}
        assert "acme" not in held
    else:
        assert left == ({"unsure": 4} if wish == "ratings" else {"bare": 4})
        assert comments() == set()
        assert names(of_people.service) == ["acme", "beta"]
        assert ("response#" in held) is (wish == "person")


def test_a_name_that_had_left_a_client_before_it_was_erased_is_brought_back(of_people: World) -> None:
    of_people.service.clock.now += timedelta(minutes=5)
    apart = event("client.described", {"aliases": []}, time="2026-11-20T13:00:00Z", id="apart")
    assert post(of_people.service, apart) == ["accepted"]
    erased(of_people.service, client_id="acme")
    assert sorted(names(of_people.service)) == ["acme-old", "beta"]
    of_people.lose("acme-old")

    found = of_people.preview()
    of_people.restore()

    assert found.by_client == {"acme-old": 1}
    assert comments() >= {2}
    assert sorted(names(of_people.service)) == ["acme-old", "beta"]


def test_a_later_erasure_does_not_stand_for_the_names_of_an_earlier_one_whose_words_are_lost(of_people: World) -> None:
    erased(of_people.service, client_id="acme")
    of_people.lose_everything(FACTS)
    of_people.service.clock.now += timedelta(minutes=5)
    at = of_people.service.clock.now.isoformat()
    assert post(of_people.service, event("client.described", {"name": "Acme"}, time=at, id="anew")) == ["accepted"]
    erased(of_people.service, client_id="acme")

    of_people.restore()

    assert sorted(names(of_people.service)) == ["beta"]


def test_the_words_tell_what_becomes_of_what_may_have_been_erased(of_people: World) -> None:
    erased(of_people.service, respondent=ROBIN)
    of_people.lose_everything(FACTS)
    assert "4  missing or older here, and perhaps of somebody erased: brought back without what was said" in (
        of_people.preview().told("Beside:")
    )

    erased(of_people.service, respondent=ROBIN, ratings=True)
    assert "4  missing now, and perhaps of somebody erased with the ratings: left out" in (
        of_people.preview().told("Beside:")
    )


@pytest.mark.parametrize("ratings", [False, True])
def test_what_still_says_that_it_was_not_erased_comes_back_whole(of_people: World, *, ratings: bool) -> None:
    """Its locator tells of no erasure; and what is there with a person in it was not erased."""
    erased(of_people.service, respondent=ROBIN, ratings=ratings)
    of_people.lose_everything(FACTS, keep=lambda item: item["fact_id"]["S"] == "locator")

    of_people.restore()

    assert comments() == {4}

    of_people.client.update_item(
        TableName=FACTS,
        Key={"client_id": {"S": "beta"}, "fact_id": {"S": "response#tests#r4"}},
        UpdateExpression="SET revision = :old",
        ExpressionAttributeValues={":old": {"S": "t2020-01-01T00:00:00.000000000Z#0#" + "0" * 32}},
    )
    assert dict(of_people.preview().found)["response", "older"] == 1


def test_what_was_recorded_after_all_erasures_comes_back_whole(of_people: World) -> None:
    erased(of_people.service, respondent=ROBIN, ratings=True)
    erased(of_people.service, client_id="acme")
    of_people.service.clock.now += timedelta(hours=1)
    later = rfc3339(of_people.service.clock.now)
    post(of_people.service, response(5, "beta") | {"time": later}, response(6, "acme") | {"time": later})
    of_people.export()
    of_people.lose_everything(*KEYS)

    of_people.restore()

    assert comments() == {5, 6}


def test_the_latest_of_several_erasures_counts_and_one_that_was_given_up_counts_as_one(of_people: World) -> None:
    now = of_people.service.clock.now
    register = Erasures(of_people.client, "ErasuresTable")
    for number, (days, status) in enumerate([(0, "failed"), (-300, "done"), (-200, "failed")]):
        asked = now + timedelta(days=days)
        who: dict[str, Any] = {"asked_by": "ada", "token_id": None, "client_id": "acme", "status": status}
        register.save(Erasure(id=f"20261124T12000{number}-0a1b2c3d", asked_at=asked, **who))
    register.save(Erasure(id="20261124T120009-0a1b2c3d", asked_at=now, asked_by="a", token_id=None, status="failed"))
    of_people.lose_everything(*KEYS)

    of_people.restore()

    assert names(of_people.service) == ["beta"]
    assert comments() == set()


def test_nothing_is_brought_back_while_an_erasure_is_under_way(of_people: World) -> None:
    erasure_id = begin(of_people.service, respondent=ROBIN)
    of_people.lose_everything(FACTS)

    assert f"Erasures are under way: {erasure_id}." in commanded("--from", str(of_people.folder), says="y")

    work(of_people.service, erasure_id)
    with api_of(of_people) as sent:
        told = commanded("--from", str(of_people.folder), says="y")
    assert "perhaps of somebody erased: brought back without what was said (response 4)" in told
    assert "7 accepted" in told
    assert sent
    assert COMMENT not in repr(sent)


def test_an_erasure_that_ended_while_it_was_sent_is_told(of_people: World) -> None:
    of_people.lose_everything(FACTS)
    at = datetime.now(UTC) + timedelta(minutes=1)  # noqa: TID251 - the command asks the clock of the machine
    ended: dict[str, Any] = {"asked_at": at, "done_at": at, "asked_by": "ada", "token_id": None, "status": "done"}
    erasure = Erasure(id="20261126T120001-0a1b2c3d", client_id="gone", **ended)

    def ends(_: list[dict[str, Any]]) -> None:
        register = Erasures(of_people.client, "ErasuresTable")
        if register.get(erasure.id) is None:
            register.save(erasure)

    with api_of(of_people, ends):
        told = commanded("--from", str(of_people.folder), says="y")

    assert f"Erasure {erasure.id} was asked for meanwhile." in told
