"""What the view has lost of an erasure comes back with it: the facts still tell that a client was erased."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339
from tests.support.calls import in_memory_with_clients
from tests.support.clients import dynamodb_client
from tests.support.damage import item_of, lay_down, remove
from tests.support.erasing import (
    afresh,
    erased,
    full,
    names,
    post,
    response,
)
from tests.support.ledgers import ledger
from tests.support.readings import counted
from tests.support.said import metrics
from tests.support.service import NOW, Service, event

pytestmark = pytest.mark.usefixtures("plainly")


def by_an_event(service: Service) -> None:
    post(afresh(service), counted(6, time=rfc3339(service.clock.now)))


def by_an_event_of_the_alias(service: Service) -> None:
    sent = event("consultants.counted", {"working": 1, "as_of": "2025-01-01"}, subject="acme-old")
    post(afresh(service), sent | {"time": rfc3339(service.clock.now)})


def only(*kept: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda item: {name: item[name] for name in ("client_id", "item", *kept) if name in item}


def less(*lost: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda item: {name: value for name, value in item.items() if name not in lost}


def another(**changed: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda item: {**less("erased_at")(item), **changed}


JOBS = (Service.night, Service.rebuild)
FORGETTING: dict[str, tuple[Callable[[dict[str, Any]], dict[str, Any]], tuple[Callable[[Service], None], ...]]] = {
    "the word alone": (less("erased_at"), JOBS),
    "the word of the last erasure": (another(erased_at={"S": "2026-11-01T12:00:00Z"}), JOBS),
    "a word that is no time": (another(erased_at={"S": "once"}), (*JOBS, by_an_event)),
    "the row and the word": (less("erased_at", "summary"), (*JOBS, by_an_event)),
    "another format": (another(format={"N": "9"}), (*JOBS, by_an_event)),
    "all but the version": (only("version"), (*JOBS, by_an_event)),
    "everything": (only(), (*JOBS, by_an_event)),
}
"""What is lost of an item, and what brings it back."""
LOSSES = [(what, heal) for what, (_, heals) in FORGETTING.items() for heal in heals]


def erased_and_begun_anew(service: Service) -> Service:
    """A client with an alias, both with facts, where another with the same names was erased before."""
    full(service)
    erased(service, client_id="acme")
    service.clock.now += timedelta(minutes=5)
    told = (
        event("client.described", {"name": "Acme B.V.", "aliases": ["acme-old"]}, id="described"),
        counted(9),
        event("consultants.counted", {"working": 1, "as_of": "2025-01-01"}, subject="acme-old", id="old"),
    )
    service = afresh(service)
    post(service, *(sent | {"time": rfc3339(service.clock.now)} for sent in told))
    service.clock.now += timedelta(days=1)
    assert superseded(service)
    return service


def superseded(service: Service) -> bool:
    """Whether what was recorded before the erasure is kept out still, under both names."""
    return post(afresh(service), response(1), response(2, "acme-old")) == ["superseded"] * 2


@pytest.mark.parametrize("name", ["acme", "acme-old"])
@pytest.mark.parametrize(("what", "heal"), LOSSES, ids=lambda it: getattr(it, "__name__", it))
def test_a_client_and_an_alias_that_have_forgotten_an_erasure_are_told_of_it_again(
    service: Service, what: str, heal: Callable[[Service], None], name: str
) -> None:
    service = erased_and_begun_anew(service)
    item, forgets = item_of(name), FORGETTING[what][0]
    if name == "acme-old":
        # An alias has no row: what it says besides is who claims it.
        forgets = less("erased_at", "claimants") if what == "the row and the word" else forgets
        heal = by_an_event_of_the_alias if heal is by_an_event else heal
    lay_down(forgets(item))

    heal(service)

    told = ("erased_at", "alias_of")
    assert {key: item_of(name).get(key) for key in told} == {key: item.get(key) for key in told}
    assert superseded(service)


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("what", FORGETTING)
def test_a_name_that_nothing_has_begun_under_is_told_again_that_it_was_erased(
    service: Service, what: str, job: Callable[[Service], None]
) -> None:
    full(service)
    erased(service, client_id="acme")
    item = item_of("acme")
    lay_down(FORGETTING[what][0](item))

    job(service)

    assert item_of("acme")["erased_at"] == item["erased_at"]
    assert superseded(service)
    assert names(service) == ["beta"]


@pytest.mark.parametrize("job", JOBS)
def test_a_view_that_is_lost_is_made_anew_with_what_was_erased_under_every_name(
    service: Service, job: Callable[[Service], None]
) -> None:
    service = erased_and_begun_anew(service)
    words = {name: item_of(name)["erased_at"] for name in ("acme", "acme-old")}
    client = dynamodb_client()
    for item in client.scan(TableName="ScoresTable")["Items"]:
        client.delete_item(TableName="ScoresTable", Key={key: item[key] for key in ("client_id", "item")})

    job(service)

    assert {name: item_of(name)["erased_at"] for name in ("acme", "acme-old")} == words
    assert superseded(service)


def test_a_name_that_becomes_an_alias_brings_along_that_it_was_erased(service: Service) -> None:
    full(service)
    erased(service, client_id="acme")
    remove("acme-old")
    service.restart_ingest()
    joined = event("client.described", {"aliases": ["acme-old"]}, subject="beta", time="2026-11-24T12:02:00Z", id="j")
    post(service, joined)

    assert item_of("acme-old")["alias_of"] == {"S": "beta"}
    service.restart_ingest()
    assert post(service, response(2, "acme-old")) == ["superseded"]


def test_what_was_forgotten_counts_as_drift_and_a_sound_view_is_left_as_it_is(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service = erased_and_begun_anew(service)
    service.rebuild()
    held = item_of("acme"), item_of("acme-old")
    capsys.readouterr()
    service.night()
    assert (item_of("acme"), item_of("acme-old")) == held
    assert metrics(capsys).get("ScoresDrifted", 0) == 0

    lay_down(less("erased_at")(held[0]))
    service.rebuild()

    assert metrics(capsys)["ScoresDrifted"] == 1
    assert ledger(service, "acme")[-1]["cause"] != "rebuild"


def test_no_event_costs_a_read_of_what_was_erased_and_a_night_one_a_name() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        asked: list[str] = []

        def reads(params: dict[str, Any], **_: Any) -> None:
            values = params.get("ExpressionAttributeValues", {}).values()
            asked.extend(value["S"] for value in values if value.get("S", "").startswith("erased#a"))

        full(service)
        clients.score.meta.events.register_first("before-parameter-build.dynamodb", reads)
        post(service, counted(9, time=rfc3339(NOW)), response(4), response(5, "acme-old"))
        assert asked == []

        service.night()
        assert {name: asked.count(name) for name in asked} == {"erased#acme": 1, "erased#acme-old": 1}
