"""Signals are written with the scorecard, in one transaction: each is told once, whatever breaks."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from shared.opmm.signals import Signal
from shared.storage.journal import Reference
from shared.storage.signal_codec import signal
from tests.support.clients import dynamodb_client
from tests.support.damage import item_of, lay_down
from tests.support.erasing import erased
from tests.support.faults import ClientFaults, injected
from tests.support.service import Service, _dynamodb, event, lanes, token
from tests.support.stream import Faults

pytestmark = [pytest.mark.usefixtures("plainly"), pytest.mark.filterwarnings("ignore:No application metrics")]


def signals(client_id: str = "acme") -> list[Signal]:
    """All signals of a client, the oldest first."""
    found = dynamodb_client().query(
        TableName="ScoresTable",
        KeyConditionExpression="client_id = :client AND begins_with(#item, :signal)",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues={":client": {"S": client_id}, ":signal": {"S": "signal#"}},
    )
    return [signal({**item}) for item in found["Items"]]


def everything_of(client_id: str) -> list[Any]:
    return [
        item for item in dynamodb_client().scan(TableName="ScoresTable")["Items"] if item["client_id"]["S"] == client_id
    ]


def kinds(client_id: str = "acme") -> list[str]:
    return [each.standing.kind for each in signals(client_id)]


def agreed(due: str, *, subject: str = "acme", **data: Any) -> dict[str, Any]:
    told = {"action_id": f"a-{due}", "title": "Draw it up", "side": "agency", "due": due, "agreed_on": "2026-11-01"}
    return event("action.agreed", {**told, **data}, id=f"a-{due}", source="crm", subject=subject)


def talk(on: str, **attributes: Any) -> dict[str, Any]:
    return event("talk.recorded", {"talk_id": f"t-{on}", "on": on}, id=f"t-{on}", source="crm", **attributes)


def answered(at: str) -> dict[str, Any]:
    data = {"answered_at": at, "survey_id": f"s-{at}", "answers": {"roadmap": "no"}}
    return event("survey.answered", data, id=f"s-{at}", source="crm")


def nights(service: Service, days: int) -> None:
    """So many days pass, each with its night."""
    for _ in range(days):
        service.clock.now += timedelta(days=1)
        service.night()


@pytest.fixture
def planned(service: Service) -> Service:
    """A client with whom a talk and an agreement stand for the coming days."""
    service.post([talk("2026-11-26"), agreed("2026-11-27")])
    service.settle()
    return service


def test_a_night_tells_what_begins_to_stand_and_no_night_tells_it_again(planned: Service) -> None:
    assert signals() == []
    nights(planned, 2)
    assert signals() == []
    nights(planned, 1)
    assert kinds() == ["talk_missed"]
    nights(planned, 1)
    assert kinds() == ["talk_missed", "action_missed"]
    nights(planned, 5)

    assert kinds() == ["talk_missed", "action_missed"]


def test_nothing_is_written_of_a_client_with_whom_nothing_begins(planned: Service) -> None:
    nights(planned, 4)
    before = everything_of("acme")
    nights(planned, 1)

    assert everything_of("acme") == before


def test_what_happens_tells_what_begins_to_stand_too(planned: Service) -> None:
    planned.post(agreed("2026-11-20"))
    planned.settle()

    assert kinds() == ["action_missed"]
    assert signals()[0].standing.on is not None
    assert signals()[0].at == planned.clock.now


def test_an_answer_that_grows_stale_is_told_once(service: Service) -> None:
    service.post(answered("2025-11-26T09:00:00Z"))
    service.settle()
    stale_before = kinds()
    nights(service, 6)

    assert stale_before == []
    assert Counter(kinds())["answer_stale"] == 1


def test_a_first_scorecard_tells_nothing_and_what_stands_with_it_is_no_news(service: Service) -> None:
    service.post([talk("2026-11-01", time="2026-10-01T12:00:00Z"), agreed("2026-11-10")])
    service.settle()
    nights(service, 2)

    assert signals() == []


@pytest.mark.parametrize("damage", [{"version": {"S": "x"}}, {"format": {"N": "99"}}])
def test_a_scorecard_that_is_made_anew_tells_nothing(planned: Service, damage: Any) -> None:
    planned.clock.now += timedelta(days=7)
    item = dynamodb_client().get_item(
        TableName="ScoresTable", Key={"client_id": {"S": "acme"}, "item": {"S": "scorecard"}}
    )["Item"]
    dynamodb_client().put_item(TableName="ScoresTable", Item={**item, **damage})
    planned.night()
    nights(planned, 1)

    assert signals() == []


def test_an_item_of_the_release_before_tells_nothing_and_knows_from_then_on_what_stands(planned: Service) -> None:
    planned.post(agreed("2026-11-20"))
    planned.settle()
    told = kinds()
    item = item_of("acme")
    del item["standing"]
    lay_down(item)
    nights(planned, 1)
    assert kinds() == told
    nights(planned, 2)

    assert kinds() == [*told, "talk_missed"]


def test_a_name_that_joins_brings_no_news_that_was_told_of_it(service: Service) -> None:
    service.post([talk("2026-11-25"), {**talk("2026-11-26"), "subject": "beta"}])
    service.settle()
    nights(service, 3)
    assert (kinds(), kinds("beta")) == (["talk_missed"], ["talk_missed"])
    service.post(event("client.described", {"name": "Acme", "aliases": ["beta"]}, id="d", time="2026-11-27T11:00:00Z"))
    service.settle()
    nights(service, 2)

    assert kinds() == ["talk_missed"]


FAULTS = ClientFaults(crash_before=0.1, crash_after=0.1, timeout=0.1, lost=0.1, repeat=0.1, conflict=0.1, throttle=0.05)


@pytest.mark.parametrize("seed", range(4))
def test_each_signal_is_written_once_whatever_breaks(service: Service, seed: int) -> None:
    service.post(talk("2026-11-30"))
    service.settle()
    for day in range(10, 20):
        service.post(agreed(f"2026-11-{day}"))
    stream = lanes(
        service, 4, seed, faults=Faults(redelivery=0.3, crash_after=0.2), batch_size=2, maximum_retry_attempts=-1
    )
    with injected(_dynamodb(), FAULTS, Random(seed)):
        stream.deliver(service.score)
    service.night()

    assert sorted(each.standing.about for each in signals()) == [f"action#crm#a-2026-11-{day}" for day in range(10, 20)]


# Those who are told.


def test_signals_reach_the_journal_and_the_call_that_lists_it(planned: Service) -> None:
    planned.post(agreed("2026-11-20", internal=True))
    planned.settle()
    nights(planned, 3)
    planned.tell()
    entries = [entry for entry in planned.get("/v1/changes").json["entries"] if entry["kind"] == "signal"]
    outside = planned.get("/v1/changes", bearer=token(scopes=["scores:read"])).json["entries"]

    assert [entry["signal"]["kind"] for entry in entries] == ["action_missed", "talk_missed"]
    assert entries[1] | {"id": ""} == {
        "id": "",
        "client_id": "acme",
        "kind": "signal",
        "at": "2026-11-27T12:00:00Z",
        "change": None,
        "signal": {"kind": "talk_missed", "dimension": None, "fact_id": "talk#crm#t-2026-11-26", "on": "2026-11-26"},
    }
    assert [entry["signal"]["kind"] for entry in outside if entry["signal"]] == ["talk_missed"]


def test_a_signal_that_was_lost_on_its_way_is_caught_up_with(planned: Service) -> None:
    nights(planned, 3)
    planned.changes.lose()
    planned.clock.now += timedelta(days=1)
    planned.notify({"job": "catch_up"}, None)

    assert "signal" in {entry["kind"] for entry in planned.get("/v1/changes").json["entries"]}


def test_a_history_has_changes_only(planned: Service) -> None:
    planned.post(answered("2026-11-20T09:00:00Z"))
    planned.settle()
    nights(planned, 4)

    assert len(signals()) == 2
    assert len(planned.get("/v1/clients/acme/history").json["changes"]) == 1


def test_who_erases_a_client_erases_its_signals(planned: Service) -> None:
    nights(planned, 4)
    planned.tell()
    assert len(signals()) == 2
    erased(planned, client_id="acme")

    assert signals() == []
    assert planned.get("/v1/changes").json["entries"] == []


def test_the_key_of_a_signal_leads_to_its_id(planned: Service) -> None:
    nights(planned, 4)
    items = dynamodb_client().scan(TableName="ScoresTable")["Items"]
    keys = [item["item"]["S"] for item in items if item["item"]["S"].startswith("signal#")]
    references = [Reference("acme", key) for key in keys]

    assert len({reference.id for reference in references}) == len(keys) == 2
    assert [reference.at for reference in references] == [each.at for each in signals()]


def test_a_name_that_joins_hides_no_news_that_time_makes_of_the_clients_own_facts(service: Service) -> None:
    service.post([agreed("2026-11-24"), talk("2026-11-24")])
    service.post(agreed("2026-11-20", subject="acme-old"))
    service.settle()
    service.clock.now = datetime(2026, 11, 24, 23, 5, tzinfo=UTC)
    service.post(event("client.described", {"aliases": ["acme-old"]}, id="joins", time="2026-11-24T20:00:00Z"))
    service.settle()
    nights(service, 2)

    assert Counter((each.standing.kind, each.standing.about) for each in signals()) == {
        ("action_missed", "action#crm#a-2026-11-24"): 1,
        ("talk_missed", "talk#crm#t-2026-11-24"): 1,
    }
