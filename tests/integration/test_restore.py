"""Facts come back from a point in time: what is missing, what is damaged, or all as it was; never what was erased."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner
from typing_extensions import override

from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from shared.opmm.timestamps import rfc3339
from shared.storage.dynamodb import to_item
from shared.storage.erasures import Erasure, Erasures
from shared.storage.locators import LOCATOR
from tests.support.calls import stored
from tests.support.clients import dynamodb_client
from tests.support.erasing import COMMENT, HASH, ROBIN, begin, erased, everything, post, response
from tests.support.everything import told
from tests.support.ledgers import adds_up, ledger
from tests.support.readings import counted, said
from tests.support.service import NOW, Service, event, in_memory, responses
from tools.__main__ import app
from tools.errors import ToolError
from tools.restore.backup import Backup
from tools.restore.command import Restoring, Summary
from tools.restore.tables import BothTables
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FACTS = "FactsTable"
CLIENTS = ("acme", "beta")
EXACT = ("missing", "exact")


def at_minute(minute: int) -> str:
    return rfc3339(NOW - timedelta(minutes=90) + timedelta(minutes=minute))


@dataclass
class World:
    """The service, and its facts as they were at a time."""

    service: Service
    client: "DynamoDBClient"
    backup: Backup | None = None

    def remember(self) -> list[dict[str, Any]]:
        """From here on there is a table of how things stand."""
        self.backup = Backup(self.client, FACTS, self.service.clock.now)
        self.backup.make(lambda _: None, lambda _: None)
        self.service.clock.now += timedelta(minutes=1)
        return facts()

    def restoring(self, names: Sequence[str] = (), *, exact: bool = False) -> Restoring:
        assert self.backup
        listed, _ = Erasures(self.client, "ErasuresTable").page(100, None)
        since = [it for it in listed if it.done_at is None or it.done_at >= self.backup.at]
        return Restoring.of(BothTables(self.client, self.backup.name, FACTS), names, since, exact=exact)

    def restore(self, names: Sequence[str] = (), *, exact: bool = False) -> Summary:
        """Restores, as the preview announced it, and finds nothing left to do."""
        announced = self.restoring(names, exact=exact).run(write=False)
        done = self.restoring(names, exact=exact).run(write=True)
        assert (done.changing, done.missed) == (announced.changing, 0)
        assert self.restoring(names, exact=exact).run(write=False).changes == 0
        self.service.settle()
        return done

    def lose(self, *names: str, keep: Callable[[dict[str, Any]], bool] = lambda _: False) -> None:
        """Deletes what lies under these names, or everything."""
        for item in everything_in(FACTS):
            if (not names or item["client_id"]["S"] in names) and not keep(item):
                key = {name: item[name] for name in ("client_id", "fact_id")}
                self.client.delete_item(TableName=FACTS, Key=key)
        self.service.settle()

    def set(self, name: str, beginning: str, **values: Any) -> None:
        """Damages facts of a client: what is None is taken out."""
        for item in everything_in(FACTS):
            if item["client_id"]["S"] == name and item["fact_id"]["S"].startswith(beginning):
                kept = {key: value for key, value in item.items() if key not in values}
                self.client.put_item(TableName=FACTS, Item=kept | to_item(values))


@pytest.fixture
def world() -> Iterator[World]:
    with mock_aws():
        service = in_memory()
        service.post([*told(), counted(3, subject="beta"), *responses([10, 2], subject="beta")])
        service.settle()
        yield World(service, dynamodb_client())


def everything_in(table: str) -> list[dict[str, Any]]:
    pages = dynamodb_client().get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return [dict(item) for page in pages for item in page["Items"]]


def facts() -> list[dict[str, Any]]:
    return [item for item in stored(FACTS) if not item["client_id"].startswith("erased#")]


def locators() -> list[dict[str, Any]]:
    return sorted((it for it in everything_in(FACTS) if it["fact_id"]["S"] == LOCATOR), key=str)


def scores(world: World) -> dict[str, Any]:
    return {name: said(world.service, name) for name in CLIENTS}


@pytest.mark.parametrize("names", [(), ("acme",)], ids=["all", "one client"])
@pytest.mark.parametrize("exact", EXACT)
def test_a_client_whose_facts_are_gone_is_there_again_with_its_score(
    world: World, names: tuple[str, ...], exact: str
) -> None:
    before, places = world.remember(), locators()
    card = scores(world)
    world.lose("acme", "acme-old", *(it["client_id"]["S"] for it in places))

    done = world.restore(names, exact=exact == "exact")

    lost = sum(it["client_id"] == "acme" for it in before)
    assert (facts(), done.found["missing"], scores(world)) == (before, lost, card)
    if not names:
        assert locators() == places


def test_all_facts_that_are_gone_are_there_again(world: World) -> None:
    before, places, card = world.remember(), locators(), scores(world)
    world.lose()

    world.restore()

    assert (facts(), locators(), scores(world)) == (before, places, card)


@pytest.mark.parametrize(
    "damage",
    [{"answer": {"score": 1}}, {"revision": None}, {"revision": 7}, {"answer": "x", "lane_time": None}],
    ids=str,
)
def test_what_is_damaged_is_put_right(world: World, damage: dict[str, Any]) -> None:
    before = world.remember()
    world.set("acme", "response#", **damage)

    done = world.restore()

    assert (facts(), done.changing) == (before, {"damaged": 4})


def test_what_was_told_since_stays_unless_all_is_to_be_as_it_was(world: World) -> None:
    before, card = world.remember(), scores(world)
    later = [counted(1, time=at_minute(80)), event("client.described", {"name": "Acme II"}, time=at_minute(81), id="d")]
    wrong = [*responses([0] * 30, subject="acme-old", time=at_minute(82)), counted(9, subject="gamma")]
    post(world.service, *later, *wrong)
    told_since, card_since = facts(), scores(world)

    kept = world.restore()

    assert (facts(), scores(world), kept.changes) == (told_since, card_since, 0)
    assert (kept.found["later"], kept.found["added"]) == (2, 31)

    gone = world.restore(exact=True)

    assert (facts(), scores(world)) == (before, card)
    assert gone.changing == {"later": 2, "added": 31}
    assert world.service.get("/v1/clients/gamma").status == 404
    assert [row["client_id"] for row in world.service.get("/v1/clients").json["clients"]] == ["acme", "beta"]

    post(world.service, counted(8, subject="gamma", time=at_minute(83)))

    assert adds_up(ledger(world.service, "gamma"), said(world.service, "gamma")["total"])  # type: ignore[index]


def test_one_client_goes_back_and_the_others_stay_as_they_are(world: World) -> None:
    world.remember()
    card = scores(world)
    post(world.service, *responses([0] * 20, time=at_minute(80), subject="beta"), counted(8, time=at_minute(80)))
    moved_on = scores(world)
    assert moved_on["beta"] != card["beta"] != moved_on["acme"] != card["acme"]

    world.restore(["beta"], exact=True)

    assert scores(world) == {"acme": moved_on["acme"], "beta": card["beta"]}


def test_of_a_description_each_part_is_brought_back_for_itself(world: World) -> None:
    world.remember()
    post(world.service, event("client.described", {"owner": "Noor"}, time=at_minute(80), id="d"))
    world.set("acme", "description#", **{"said.aliases+name": None, "said.name+aliases": None})
    parts = {key for it in facts() if it["fact_id"].startswith("description#") for key in it if key.startswith("said.")}

    world.restore()

    [item] = [it for it in facts() if it["fact_id"].startswith("description#") and it["client_id"] == "acme"]
    assert {key for key in item if key.startswith("said.")} > parts
    card = world.service.get("/v1/clients/acme").json
    assert (card["name"], card["aliases"]) == ("Acme", ["acme-old"])


LEFT: dict[str, Callable[[dict[str, Any]], bool]] = {
    "nothing lost": lambda _: True,
    "only marks left": lambda it: "erased" in it,
    "nothing left": lambda _: False,
}


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("exact", EXACT)
def test_a_client_that_was_erased_does_not_come_back(world: World, exact: str, left: str) -> None:
    world.remember()
    erased(world.service, client_id="acme")
    keep = LEFT[left]
    world.lose(keep=lambda it: keep(it) or (left == "only marks left" and it["client_id"]["S"].startswith("erased#")))

    done = world.restore(exact=exact == "exact")

    held = everything_in(FACTS)
    assert not [it for it in held if it["client_id"]["S"] in ("acme", "acme-old")]
    assert not [it for it in held if "Much." in str(it) or it.get("name", {}).get("S") == "acme"]
    assert done.found["erased"] >= 10
    assert scores(world)["acme"] is None
    assert scores(world)["beta"] is not None


def test_what_an_erased_client_told_after_its_erasure_comes_back(world: World) -> None:
    erased(world.service, client_id="acme")
    world.service.clock.now += timedelta(minutes=5)
    post(world.service, counted(9, time=rfc3339(world.service.clock.now)))
    before, card = world.remember(), scores(world)
    world.lose("acme")

    world.restore()

    assert (facts(), scores(world)) == (before, card)


@pytest.mark.parametrize("left", LEFT)
@pytest.mark.parametrize("exact", EXACT)
@pytest.mark.parametrize("level", ["person", "ratings"])
def test_nobody_who_was_erased_comes_back(world: World, level: str, exact: str, left: str) -> None:
    service, ratings, as_it_was = world.service, level == "ratings", exact == "exact"
    post(service, response(1), response(2, "beta"), response(3, respondent="sam@example.com"))
    world.remember()
    erased(service, respondent=ROBIN, ratings=ratings)
    post(service, response(4, "beta", respondent="new@example.com", comment="since"))
    card = scores(world)
    world.lose(keep=LEFT[left])

    world.restore(exact=exact == "exact")

    held = everything(FACTS)
    assert HASH not in held
    assert not [number for number in (1, 2) if f"{COMMENT}-{number}" in held]
    if left == "nothing lost":
        assert f"{COMMENT}-3" in held
        assert as_it_was or scores(world) == card
    assert ("since" in held) is (left == "nothing lost" and not as_it_was)
    assert post(service, response(1), response(2, "beta")) == ["superseded" if ratings else "duplicate"] * 2 or (
        left == "nothing left" and ratings
    )
    assert HASH not in everything(FACTS) or (left == "nothing left" and ratings)


def test_a_response_that_was_corrected_to_another_client_counts_once(world: World) -> None:
    world.remember()
    [moved] = responses([10], subject="beta", time=at_minute(80))
    moved["data"]["response_id"] = "r-0"  # of acme until now
    post(world.service, moved)
    card = scores(world)
    world.lose("acme")

    done = world.restore()

    assert (done.found["elsewhere"], scores(world)["beta"]) == (1, card["beta"])
    assert scores(world)["acme"] == card["acme"]


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_that_goes_back_alone_neither_doubles_nor_loses_a_response(world: World, name: str) -> None:
    world.remember()
    [moved] = responses([10], subject="beta", time=at_minute(80))
    moved["data"]["response_id"] = "r-0"
    post(world.service, moved)
    card = scores(world)

    done = world.restore([name], exact=True)

    assert (done.found["elsewhere"], scores(world)) == (1, card)


def test_all_of_them_go_back_together(world: World) -> None:
    before, places, card = world.remember(), locators(), scores(world)
    [moved] = responses([10], subject="beta", time=at_minute(80))
    moved["data"]["response_id"] = "r-0"
    post(world.service, moved)

    world.restore(exact=True)

    assert (facts(), scores(world)) == (before, card)
    assert [it["name"] for it in locators()] == [it["name"] for it in places]


def test_what_changes_while_it_runs_is_left_and_told(world: World) -> None:
    world.remember()
    world.set("acme", "count#", answer={"working": 1})
    restoring = world.restoring()
    steps = [(page, list(restoring._steps(page))) for page in restoring.tables.pairs(())]  # noqa: SLF001 - between reading and writing
    post(world.service, counted(2, time=at_minute(80)))
    told_since = facts()

    assert [missed for _, each in steps if (missed := restoring.tables.write(each))] == [1]
    assert facts() == told_since


def test_a_restore_that_was_broken_off_goes_on(world: World) -> None:
    before = world.remember()
    world.lose("acme", "beta")
    restoring = world.restoring()
    for page in restoring.tables.pairs(()):
        restoring.tables.write(list(restoring._steps(page))[::2])  # noqa: SLF001 - every other one

    done = world.restore()

    assert facts() == before
    assert 0 < done.changes < len(before)


@pytest.mark.parametrize("seed", range(6))
def test_any_history_can_be_taken_back_to_any_moment(seed: int) -> None:
    rng = Random(seed)
    with mock_aws():
        world = World(in_memory(), dynamodb_client())
        sent = [
            event(
                "nps.responded",
                {
                    "response_id": f"r{rng.randint(0, 5)}",
                    "score": rng.randint(0, 10),
                    "responded_at": "2026-11-14T09:00:00Z",
                },
                subject=rng.choice(CLIENTS),
                time=at_minute(place),
                id=f"e-{place}",
            )
            if rng.random() < 0.7
            else counted(rng.randint(0, 12), subject=rng.choice(CLIENTS), time=at_minute(place))
            for place in range(30)
        ]
        cut = rng.randint(5, 25)
        post(world.service, *sent[:cut])
        before, card = world.remember(), scores(world)
        post(world.service, *sent[cut:])
        since = scores(world)

        world.restore()
        assert scores(world) == since
        world.restore(exact=True)
        assert (facts(), counting(scores(world))) == (before, counting(card))


def counting(cards: dict[str, Any]) -> dict[str, Any]:
    """Scorecards of clients of whom anything counts: one who had a ledger meanwhile has one without answers."""
    return {
        name: card
        for name, card in cards.items()
        if card and any(question["points"] is not None for question in card["dimensions"])
    }


def test_the_table_of_then_is_found_again_and_deleted(world: World) -> None:
    said_of_it: list[str] = []
    world.remember()
    assert world.backup
    world.backup.make(lambda _: None, said_of_it.append)

    assert said_of_it == []
    assert world.backup.name == "FactsTable-as-of-20261124T120000Z"
    assert [world.backup.discard(), world.backup.discard()] == [True, False]


def test_an_erasure_that_was_given_up_counts_as_one(world: World) -> None:
    world.remember()
    Erasures(world.client, "ErasuresTable").save(
        Erasure(
            id="20261124T120001-0a1b2c3d", asked_at=NOW, asked_by="a", token_id=None, client_id="beta", status="failed"
        )
    )
    world.lose()

    world.restore()

    assert [it for it in facts() if it["client_id"] == "beta"] == []


def test_of_several_erasures_of_a_client_the_latest_counts(world: World) -> None:
    begin(world.service, client_id="acme")  # which is given up
    world.service.clock.now += timedelta(minutes=5)
    post(world.service, counted(9, time=rfc3339(world.service.clock.now)))
    world.remember()
    erased(world.service, client_id="acme")
    world.lose()

    world.restore()

    assert [it for it in facts() if it["client_id"] == "acme"] == []


class InMemory(Target):
    """A stack in an account whose AWS is moto's."""

    @override
    def output(self, key: str) -> str:
        return key.removesuffix("Name")

    @override
    def zone_and_model(self) -> tuple[ZoneInfo, Model]:
        return ZoneInfo("Europe/Amsterdam"), published_model()

    @override
    def dynamodb(self) -> "DynamoDBClient":
        return dynamodb_client()


def commanded(*words: str, says: str = "") -> str:
    """What the command says, or refuses."""
    with patch.object(Target, "of", lambda name, *_where: InMemory(name or "opmm", boto3.Session())):
        ended = CliRunner().invoke(app, ["restore", *words], input=f"{says}\n", env={"TOKEN": "a token"})
    return f"{ended.output}{ended.exception if isinstance(ended.exception, ToolError) else ''}"


def test_an_erasure_that_came_between_two_tries_is_told_by_the_one_that_ends(world: World) -> None:
    world.remember()
    assert world.backup
    world.lose("acme")
    words = ("--time", rfc3339(world.backup.at))
    assert "brought back" in commanded(*words, says="n")
    who = {"asked_by": "ada", "token_id": None, "status": "done"}
    now = datetime.now(UTC)  # noqa: TID251 - the command asks the clock of the machine
    for number, at in enumerate([world.backup.made_at() - timedelta(seconds=1), now]):
        ended: dict[str, Any] = {**who, "asked_at": at, "done_at": at}
        Erasures(world.client, "ErasuresTable").save(Erasure(id=f"20261126T12000{number}-0a1b2c3d", **ended))

    said_at_last = commanded(*words, says="y")

    assert "facts were written" in said_at_last
    assert "Erasure 20261126T120001-0a1b2c3d was asked for meanwhile." in said_at_last
    assert "20261126T120000" not in said_at_last
