"""Several erasures of one client, and one that goes on late: none undoes another, or takes what began anew since."""

import json
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest

from functions.erase.work import OF_CLIENT
from shared.opmm.timestamps import rfc3339
from shared.storage.dynamodb import from_item
from shared.storage.erasable import Erasable
from shared.storage.erasures import Erasure, Erasures
from shared.storage.parked import Parked
from tests.support.browser_forms import opened
from tests.support.browser_forms import send as press
from tests.support.clients import dynamodb_client
from tests.support.erasing import (
    COMMENT,
    TABLES,
    afresh,
    begin,
    erased,
    everything,
    full,
    names,
    post,
    response,
    work,
)
from tests.support.faults import Crash
from tests.support.ledgers import ledger
from tests.support.readings import counted, said
from tests.support.service import Service, event

pytestmark = pytest.mark.usefixtures("plainly")


def go_on(service: Service, erasure_id: str, phase: str, fact_id: str = "") -> None:
    """Goes on with an erasure until it has written down what it erases in this phase, or comes to a fact, and ends."""
    save, take_away, reached = Erasures.save, Erasable.take_away, list[str]()

    def saves(erasures: Erasures, erasure: Erasure) -> Erasure:
        saved = save(erasures, erasure)
        if saved.pending and saved.phase == phase and not fact_id:
            reached.append(phase)
            raise Crash
        return saved

    def takes_away(erasable: Erasable, name: str, at: str, until: datetime) -> None:
        if at == fact_id:
            reached.append(at)
            raise Crash
        take_away(erasable, name, at, until)

    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id}), "attributes": {}}
    with patch.object(Erasures, "save", saves), patch.object(Erasable, "take_away", takes_away):
        for _ in range(10):
            with suppress(Crash):
                service.erase({"Records": [record]}, None)
            if reached:
                return
            service.clock.now += timedelta(seconds=30)


def begun_anew(service: Service) -> Service:
    """The agency works with the client again: facts, a ledger, a draft, and a call that cannot be mapped."""
    told = (
        event("client.described", {"name": "Acme B.V.", "aliases": ["acme-old"]}),
        counted(3),
        counted(6),
        counted(9),
    )
    service = afresh(service)
    for number, sent in enumerate(told):
        service.clock.now += timedelta(hours=1)
        post(service, sent | {"time": rfc3339(service.clock.now), "id": f"anew-{number}"})
    form = opened(service, "/clients/acme/talk", "talk", name="Ada")
    assert press(service, "/clients/acme/talk", form, claims={"name": "Ada"}, keep="later").status == 303
    park(service, "since")
    service.tell()
    return service


def park(service: Service, what: str) -> None:
    parked = Parked(dynamodb_client(), "ParkedTable", timedelta(days=30))
    body = json.dumps({"company": "Acme B.V.", "what": f"parked-{what}"}).encode()
    parked.park("tests", "no such field", "", body, "application/json", now=service.clock.now)


def kept_of_clients() -> list[Any]:
    """All that lies in the tables, but receipts of erasures and what was sent before them."""
    pages = (dynamodb_client().scan(TableName=table, ConsistentRead=True)["Items"] for table in TABLES)
    items = [from_item(item) for page in pages for item in page]
    told = (item for item in items if "erasure_id" not in item and item.get("erased") is not True)
    return sorted((item for item in told if "parked-before" not in repr(item)), key=repr)


@pytest.mark.parametrize("phase", ["", *OF_CLIENT])
def test_an_older_erasure_that_goes_on_after_a_newer_one_leaves_the_client_that_began_anew_alone(
    service: Service, phase: str
) -> None:
    full(service)
    form = opened(service, "/clients/acme/talk", "talk", name="Ada")
    assert press(service, "/clients/acme/talk", form, claims={"name": "Ada"}, keep="later").status == 303
    park(service, "before")
    service.tell()
    older = begin(service, client_id="acme")
    if phase:
        go_on(service, older, phase)
    service = afresh(service)
    service.clock.now += timedelta(hours=2)
    between = counted(1) | {"time": rfc3339(service.clock.now), "id": "between"}
    assert post(service, between) == ["accepted"]
    newer = begin(service, client_id="acme")
    work(service, newer)
    service = begun_anew(service)
    before = kept_of_clients()

    assert work(afresh(service), older)["status"] == "done"

    assert kept_of_clients() == before
    assert "parked-before" not in everything()
    for again in (response(1), response(2, "acme-old"), between):
        assert post(afresh(service), again) == ["superseded"]


def test_an_erasure_leaves_alone_the_client_of_which_its_own_has_become_an_alias_meanwhile(service: Service) -> None:
    full(service)
    asked = begin(service, client_id="acme")
    service = afresh(service)
    service.clock.now += timedelta(hours=2)
    joins = event("client.described", {"aliases": ["acme"]}, subject="beta", time=rfc3339(service.clock.now))
    post(service, joins)
    assert service.get("/v1/clients/acme").json["client_id"] == "beta"

    receipt = work(afresh(service), asked)

    assert receipt["counts"]["names"] == 2
    assert [comment in everything() for comment in (f"{COMMENT}-1", f"{COMMENT}-2", f"{COMMENT}-3")] == [
        False,
        False,
        True,
    ]
    assert "Acme B.V." not in everything()
    card = service.get("/v1/clients/beta").json
    assert (card["aliases"], [dimension["value"] for dimension in card["dimensions"][::4]]) == (["acme"], [3, 100])
    assert post(afresh(service), response(1), response(2, "acme-old")) == ["superseded"] * 2


def test_an_older_erasure_still_takes_away_what_a_newer_one_did_not_know_of(service: Service) -> None:
    """The descriptions have gone already: neither the other name nor what the client was called is known any more."""
    full(service)
    park(service, "before")
    older = begin(service, client_id="acme")
    go_on(service, older, "facts", fact_id="response#tests#r1")
    service = afresh(service)
    service.clock.now += timedelta(hours=2)
    assert "Acme B.V." not in everything("FactsTable")
    assert erased(service, client_id="acme")["counts"]["names"] == 1
    assert (f"{COMMENT}-2" in everything(), "parked-before" in everything()) == (True, True)
    service.clock.now += timedelta(hours=1)
    post(afresh(service), counted(9, time=rfc3339(service.clock.now)))
    park(service, "since")
    card, told = said(service, "acme"), ledger(service, "acme")

    assert work(service, older)["status"] == "done"

    assert (f"{COMMENT}-2" in everything(), "parked-before" in everything()) == (False, False)
    assert "parked-since" in everything()
    assert (said(service, "acme"), ledger(service, "acme")) == (card, told)
    assert post(afresh(service), response(1), response(2, "acme-old")) == ["superseded"] * 2


def test_two_erasures_of_a_client_at_once_come_to_their_ends_and_the_later_word_stays(service: Service) -> None:
    full(service)
    older = begin(service, client_id="acme")
    service.clock.now += timedelta(seconds=1)
    newer = begin(service, client_id="acme")
    for phase in OF_CLIENT:
        go_on(service, newer, phase)
        go_on(service, older, phase)

    assert [work(service, each)["status"] for each in (older, newer)] == ["done"] * 2

    assert (names(service), f"{COMMENT}-1" in everything()) == (["beta"], False)
    assert everything().count("2026-11-24T12:00:01Z") > everything().count("'erased_at': '2026-11-24T12:00:00Z'") == 0
