"""What was told of a client goes with it, whatever breaks on the way; of a person nothing is kept of what was told."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any, get_args, get_type_hints
from unittest.mock import patch

import pytest
from moto import mock_aws

from functions.notify.detractors import Detractors
from shared.opmm.digest import Digest
from shared.storage.attention import Attention, muted
from shared.storage.deliveries import Deliveries
from shared.storage.digests import Digests, leaving_out, named
from shared.storage.dynamodb import from_item, to_item
from shared.storage.journal import Journal, Position
from shared.storage.queries import Queries
from tests.integration.test_digests import EVERYBODY, MONDAY, WEEK, Weekly, happen
from tests.integration.test_erasures_broken_off import CRASHES, run_to_the_end
from tests.support.calls import in_memory_with_clients
from tests.support.clients import dynamodb_client
from tests.support.erasing import HASH, ROBIN, begin, canaries, erased, everything, response
from tests.support.faults import injected
from tests.support.post import CRM, TABLE, TEAM, ZONE, count_now
from tests.support.service import Service, event

LATER = MONDAY + WEEK


def mute(weekly: Weekly, client_id: str, until: datetime | None) -> None:
    chosen = weekly.attentions.of(client_id)
    weekly.attentions.replace(chosen, muted(chosen, until, "Ada"))


def told(service: Service) -> Weekly:
    """Two clients that fell, told to three destinations, two of them at once, and the week to one; both are muted."""
    weekly = Weekly(service)
    weekly.listens(EVERYBODY, CRM, TEAM)
    happen(weekly)
    service.post(event("client.described", {"name": "Acme B.V.", "aliases": ["acme-old"]}))
    service.settle()
    for client_id in ("acme", "acme-old", "beta"):
        mute(weekly, client_id, LATER + WEEK)
    weekly.told_at(LATER)
    return weekly


@contextmanager
def meanwhile(when: str, happens: Callable[[], object]) -> Iterator[list[object]]:
    """Has this happen once, before a call or behind the keeping of a digest; what is given has one entry then."""
    kind, _, name = ("Digests.add" if when == "added" else when).partition(".")
    owner: Any = {"Digests": Digests, "Deliveries": Deliveries, "Queries": Queries}[kind]
    called, done = getattr(owner, name), list[object]()

    def calls(self: Any, *args: Any) -> Any:
        first = not done
        if first and when != "added":
            done.append(None)
            happens()
        found = called(self, *args)
        if first and when == "added":
            done.append(None)
            happens()
        return found

    with patch.object(owner, name, calls):
        yield done


def notifications() -> list[Any]:
    return [from_item(item) for item in dynamodb_client().scan(TableName=TABLE)["Items"]]


def abouts(name: str) -> list[str]:
    """What has to do with a client, but for the journal and the digests."""
    return sorted(
        re.sub("#.*", "", item["about"])
        for item in notifications()
        if name in (item.get("client_id"), item["entry"], item["about"].removeprefix("alerted#"))
    )


COUNTS = {"alerts": 3, "deliveries": 3, "digests": 1}


def test_what_was_told_of_a_client_goes_with_it_and_what_was_told_of_others_stays(service: Service) -> None:
    weekly = told(service)
    others = abouts("beta")
    assert (abouts("acme"), abouts("acme-old")) == (["alerted", "attention", *["deliveries"] * 3], ["attention"])

    receipt = erased(service, client_id="acme")

    assert {key: receipt["counts"][key] for key in COUNTS} == COUNTS
    assert abouts("acme") == abouts("acme-old") == []
    assert abouts("beta") == others
    assert weekly.attentions.of("acme") == Attention(client_id="acme")
    assert weekly.attentions.of("beta").is_muted(service.clock.now)


def test_a_digest_is_told_again_without_the_client(service: Service) -> None:
    weekly = told(service)
    [delivery] = weekly.of("all")
    before = weekly.worker.make(delivery, EVERYBODY)
    erased(service, client_id="acme")
    after = weekly.worker.make(delivery, EVERYBODY)

    assert before is not None
    assert after is not None
    assert "acme" in repr(before).casefold()
    assert "acme" not in repr(after).casefold()
    assert (after.data["clients"], after.id) == (before.data["clients"], before.id)


@pytest.mark.parametrize("client_id", ["acme", "beta"])
@pytest.mark.parametrize("when", ["Queries.all_of", "Digests.latest", "Digests.add", "added", "Deliveries.add"])
def test_a_digest_that_is_made_across_an_erasure_names_its_client_neither_as_kept_nor_as_sent(
    service: Service, when: str, client_id: str
) -> None:
    weekly = Weekly(service)
    weekly.listens(EVERYBODY, CRM, TEAM)
    happen(weekly)
    count_now(service, 1, "beta")
    weekly.tell()

    with meanwhile(when, lambda: erased(service, client_id=client_id)) as done:
        sent = weekly.told_at(LATER)

    held = weekly.digests.get("all", LATER)
    assert len(done) == 1
    assert held is not None
    assert named(held.digest) == {"acme", "beta"} - {client_id}
    [digest] = [message for name, message in sent if name == "all"]
    assert client_id not in repr(digest).casefold()
    assert ("acme" if client_id == "beta" else "beta") in repr(digest).casefold()


def test_every_part_of_a_digest_that_names_clients_is_looked_through() -> None:
    parts = {name: get_args(hint) for name, hint in get_type_hints(Digest).items()}
    naming = {name for name, of in parts.items() if of and "client_id" in getattr(of[0], "__annotations__", {})}
    bare: Any = SimpleNamespace(client_id="acme")
    empty = Digest(since=LATER.date(), until=LATER.date(), clients=0, points=0, points_before=0)

    assert len(naming) == 7
    for name in naming:
        part: dict[str, Any] = {name: (bare,)}
        told = replace(empty, **part)
        assert named(told) == {"acme"}
        assert not named(leaving_out(told, frozenset({"acme"})))


def test_a_name_that_begins_anew_while_a_digest_is_made_is_left_out_of_it(service: Service) -> None:
    weekly = Weekly(service)
    weekly.listens(EVERYBODY)
    happen(weekly)

    def anew() -> None:
        erased(service, client_id="acme")
        service.clock.now += timedelta(minutes=1)
        count_now(service, 3)

    with meanwhile("Digests.add", anew):
        weekly.told_at(LATER)

    held = weekly.digests.get("all", LATER)
    assert held is not None
    assert "acme" not in named(held.digest)
    weekly.service.clock.now = LATER + timedelta(days=1)
    count_now(service, 12)
    weekly.tell()
    [message] = [message for _, message in weekly.told_at(LATER + 2 * WEEK) if message.kind == "digest"]
    assert "acme" not in repr(message.data["falls"])


def test_a_name_that_began_anew_before_the_days_of_a_digest_is_in_it(service: Service) -> None:
    weekly = Weekly(service)
    weekly.listens(EVERYBODY)
    happen(weekly)
    erased(service, client_id="acme")
    service.clock.now = LATER + timedelta(days=1)
    count_now(service, 12)
    service.clock.now += timedelta(days=7)
    count_now(service, 1)
    weekly.tell()

    weekly.told_at(LATER + 2 * WEEK)

    held = weekly.digests.get("all", LATER + 2 * WEEK)
    assert held is not None
    assert "acme" in named(held.digest)


def test_a_job_that_ends_behind_the_keeping_leaves_the_erased_to_the_next(service: Service) -> None:
    weekly = Weekly(service)
    weekly.listens(EVERYBODY)
    happen(weekly)

    def ends() -> None:
        raise RuntimeError("ended")

    with meanwhile("Digests.add", lambda: erased(service, client_id="acme")), meanwhile("Queries.erased", ends):
        assert weekly.told_at(LATER) == []
    assert "acme" in repr(weekly.digests.get("all", LATER))
    [(_, message)] = weekly.told_at(LATER + timedelta(minutes=15))

    assert "acme" not in repr(weekly.digests.get("all", LATER))
    assert "acme" not in repr(message).casefold()


def test_whether_clients_were_erased_is_asked_once_for_a_digest_that_is_sent(service: Service) -> None:
    weekly = Weekly(service)
    weekly.listens(EVERYBODY)
    happen(weekly)
    asked: list[list[str]] = []
    erased_of = Queries.erased

    def counted(self: Queries, client_ids: Sequence[str], since: datetime) -> frozenset[str]:
        asked.append(list(client_ids))
        return erased_of(self, client_ids, since)

    with patch.object(Queries, "erased", counted):
        for quarter in range(10):
            weekly.told_at(LATER + timedelta(minutes=15 * quarter))

    assert asked == [["acme"]]


def test_a_digest_that_cannot_be_read_goes_as_a_whole(service: Service) -> None:
    told(service)
    table = dynamodb_client()
    later = {"about": "digest#all", "entry": "2026-12-14T06:30:00Z", "format": 2, "digest": "acme fell"}
    table.put_item(TableName=TABLE, Item=to_item(later))

    assert erased(service, client_id="acme")["counts"]["digests"] == 2
    assert "acme fell" not in everything(TABLE)


def test_the_journal_keeps_its_places_and_who_follows_it_is_told_of_nobody_who_is_gone(service: Service) -> None:
    told(service)
    before = Journal(dynamodb_client(), TABLE).read(Position(), 100)
    erased(service, client_id="acme")
    service.changes.deliver(service.notify)

    assert Journal(dynamodb_client(), TABLE).read(Position(), 100)[: len(before)] == before
    entries = service.get("/v1/changes").json["entries"]
    assert {entry["client_id"] for entry in entries} == {"beta"}


@pytest.mark.filterwarnings("ignore:No application metrics")
@pytest.mark.parametrize("seed", range(4))
def test_it_may_end_anywhere_and_counts_rightly(seed: int) -> None:
    rng = Random(seed)
    with mock_aws():
        service, clients = in_memory_with_clients()
        told(service)
        erasure_id = begin(service, client_id="acme")
        with injected(clients.erase, CRASHES, rng) as faults:
            receipt = run_to_the_end(service, erasure_id, rng)

        assert sum(faults.fired.values()) > 0
        assert {key: receipt["counts"][key] for key in COUNTS} == COUNTS
        assert abouts("acme") == abouts("acme-old") == []


def test_two_erasures_at_once_take_both_clients_out_of_one_digest() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        weekly = told(service)
        rival = Service(service.tables, service.clock)
        second = begin(service, client_id="beta")
        meanwhile: list[datetime] = []

        def erases(model: Any, params: dict[str, Any], **_: Any) -> None:
            """Between the read of a digest and the write of it."""
            if model.name == "PutItem" and b"digest" in repr(params).encode() and not meanwhile:
                meanwhile.append(service.clock.now)
                run_to_the_end(rival, second, Random(1))

        first = begin(service, client_id="acme")
        clients.erase.meta.events.register("before-call.dynamodb.PutItem", erases)
        run_to_the_end(service, first, Random(0))
        held = weekly.digests.get("all", LATER)

        assert meanwhile
        assert held is not None
        assert not re.search("acme|beta", repr(held.digest).casefold())


def test_nothing_of_a_person_is_kept_of_what_was_told(service: Service) -> None:
    """A detractor who says why is told at once, in words; what is kept of that is where the words stand."""
    weekly = told(service)
    before = len(weekly.receivers.got)
    service.clock.now += timedelta(days=1)
    service.post(response(1, score=0, responded_at=service.clock.now.isoformat(), respondent=ROBIN))
    mute(weekly, "acme", None)
    item = next(
        item for item in dynamodb_client().scan(TableName="FactsTable")["Items"] if "canary-comment" in repr(item)
    )
    record = {"dynamodb": {"NewImage": item, "ApproximateCreationDateTime": service.clock.now.timestamp()}}
    detractors = Detractors(weekly.routing.wants_alerts, weekly.routing.at_once, lambda name: name, ZONE)
    assert detractors.together([record]) == 1
    weekly.tell()
    weekly.deliver()
    weekly.told_at(LATER + WEEK)

    assert {message.kind for _, message, _ in weekly.receivers.got[before:]} >= {"alert", "digest", "score.changed"}
    assert not re.search(f"canary|robin|{HASH}", everything(TABLE), re.IGNORECASE)
    assert canaries() != set()
    erased(service, respondent=ROBIN)
    assert canaries() == set()
