from collections.abc import Callable, Iterator
from contextlib import suppress
from random import Random
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from tests.support.calls import HandlerClients, in_memory_with_clients, stored
from tests.support.clients import dynamodb_client, streams_client
from tests.support.faults import ClientFaults, Crash, injected
from tests.support.ledgers import adds_up, ledger
from tests.support.metering import metered
from tests.support.records import StreamReader
from tests.support.service import NOW, Service, event, lanes, responses

Wired = tuple[Service, HandlerClients]

CLIENTS = ("acme", "beta", "core")
WRITES = {"PutItem", "TransactWriteItems"}


@pytest.fixture
def wired() -> Iterator[Wired]:
    with mock_aws():
        yield in_memory_with_clients()


def post_some(service: Service) -> None:
    """Two facts of each of three clients, interleaved."""
    for score in (9, 3):
        service.post([each for name in CLIENTS for each in responses([score], subject=name, source=f"s-{score}")])


def records(service: Service) -> list[dict[str, Any]]:
    """All that is in the stream, as Lambda sends it."""
    return [record.copy() for record in StreamReader(streams_client(), service.tables.stream_arn, lambda: NOW).read()]


def numbers(records: list[dict[str, Any]], name: str) -> list[str]:
    return [
        record["dynamodb"]["SequenceNumber"]
        for record in records
        if record["dynamodb"]["Keys"]["client_id"]["S"] == name
    ]


def failing(name: str) -> Callable[..., None]:
    """No connection for any write about this client."""

    def refuse(params: dict[str, Any], **_: Any) -> None:
        items = [each["Put"] for each in params["TransactItems"]] if "TransactItems" in params else [params]
        if any(item.get("Item", {}).get("client_id") == {"S": name} for item in items):
            raise EndpointConnectionError(endpoint_url="https://dynamodb")

    return refuse


def totals(service: Service) -> dict[str, int]:
    return {row["client_id"]: row["total"] for row in service.get("/v1/clients").json["clients"]}


def test_only_the_records_of_the_client_that_failed_are_reported_and_then_made_good(wired: Wired) -> None:
    service, clients = wired
    post_some(service)
    batch = records(service)
    refuse = failing("beta")

    clients.score.meta.events.register("before-parameter-build.dynamodb", refuse)
    answer = service.score({"Records": batch}, None)
    clients.score.meta.events.unregister("before-parameter-build.dynamodb", refuse)

    assert answer == {"batchItemFailures": [{"itemIdentifier": number} for number in numbers(batch, "beta")]}
    assert totals(service) == {"acme": 2, "core": 2}
    again = [record for record in batch if record["dynamodb"]["SequenceNumber"] in numbers(batch, "beta")]
    assert service.score({"Records": again}, None) == {"batchItemFailures": []}
    assert totals(service) == dict.fromkeys(CLIENTS, 2)


def put_damaged(name: str) -> None:
    """A fact that no event leaves behind: it lacks what a fact is made of."""
    dynamodb_client().put_item(TableName="FactsTable", Item={"client_id": {"S": name}, "fact_id": {"S": "damaged"}})


@pytest.mark.parametrize("count", [1, 4])
def test_a_poison_record_is_set_aside_and_the_rest_is_right(wired: Wired, count: int) -> None:
    service, clients = wired
    stream = lanes(service, count, seed=count, batch_size=4)
    post_some(service)
    service.post(responses([9], subject="poison"))
    post_some(service)
    service.post(responses([9], subject="dune"))

    clients.score.meta.events.register("before-parameter-build.dynamodb", failing("poison"))
    stream.deliver(service.score)

    [poison] = numbers(records(service), "poison")
    assert poison in {number for given_up in stream.unscored for number in given_up.sequence_numbers}
    assert totals(service) == {"acme": 2, "beta": 2, "core": 2, "dune": 4}


def test_a_fact_that_is_damaged_counts_for_nothing_and_holds_up_nobody(service: Service) -> None:
    post_some(service)
    put_damaged("acme")

    service.settle()

    assert not service.stream.unscored
    assert totals(service) == dict.fromkeys(CLIENTS, 2)


def test_a_function_that_dies_over_a_record_leaves_only_that_one_behind(service: Service) -> None:
    stream = lanes(service, 1, seed=0)
    post_some(service)
    put_damaged("poison")
    service.post(responses([9], subject="dune"))
    [poison] = numbers(records(service), "poison")

    def dies(batch: dict[str, Any], context: object) -> dict[str, Any]:
        if numbers(batch["Records"], "poison"):
            raise Crash
        return service.score(batch, context)

    stream.deliver(dies)

    assert [given_up.sequence_numbers for given_up in stream.unscored] == [(poison,)]
    assert stream.unscored[0].cause == "RetryAttemptsExhausted"
    assert totals(service) == {"acme": 2, "beta": 2, "core": 2, "dune": 4}


def test_a_lost_race_is_run_again(wired: Wired) -> None:
    service, clients = wired
    rival = Service(service.tables)
    service.post(responses([9]))
    service.settle()
    service.post(event("consultants.counted", {"working": 11, "as_of": "2026-11-01"}))
    service.post(event("survey.answered", {"answered_at": "2026-11-14T09:00:00Z", "answers": {"roadmap": "yes"}}))
    [counted] = [record for record in records(service) if "count#" in record["dynamodb"]["Keys"]["fact_id"]["S"]]
    [answered] = [record for record in records(service) if "#roadmap" in record["dynamodb"]["Keys"]["fact_id"]["S"]]
    races = iter([{"Records": [answered]}])

    def meanwhile() -> None:
        for batch in races:
            rival.score(batch, None)

    with injected(clients.score, ClientFaults(overlap=1), Random(0), meanwhile) as faults:
        assert service.score({"Records": [counted]}, None) == {"batchItemFailures": []}

    assert faults.fired["overlap"] == 2
    card = service.get("/v1/clients/acme").json
    assert (card["total"], card["version"]) == (11, 3)


def test_a_client_that_others_keep_writing_is_given_back_to_the_stream(wired: Wired) -> None:
    service, clients = wired
    service.post(responses([9]))
    batch = records(service)

    with injected(clients.score, ClientFaults(conflict=1), Random(0)):
        answer = service.score({"Records": batch}, None)

    assert answer == {"batchItemFailures": [{"itemIdentifier": number} for number in numbers(batch, "acme")]}
    service.settle()
    assert totals(service) == {"acme": 4}


def busy(service: Service) -> None:
    """A history with corrections, a retraction, an alias and an end."""
    post_some(service)
    service.settle()
    service.post(responses([10, 10, 0], time="2026-11-23T13:00:00Z"))
    service.post(event("nps.retracted", {"response_id": "r-2"}, time="2026-11-23T14:00:00Z"))
    service.post(event("client.described", {"aliases": ["core"], "name": "Acme B.V."}))
    service.post(event("client.described", {"status": "ended"}, subject="beta"))
    service.post(event("consultants.counted", {"working": 7, "happy": 4, "as_of": "2026-11-01"}, subject="core"))
    service.settle()


def test_the_whole_stream_again_changes_nothing_and_writes_nothing(wired: Wired) -> None:
    service, clients = wired
    busy(service)
    held = stored()

    with metered(clients.score) as meter:
        service.stream.redeliver()
        service.settle()

    assert stored() == held
    assert not WRITES & meter.calls.keys()
    assert meter.write_units == 0
    assert meter.calls["GetItem"] > 0


def test_scores_that_were_thrown_away_come_back_from_the_stream(wired: Wired) -> None:
    service, _ = wired
    busy(service)
    before = {row["client_id"]: row["digest"] for row in service.get("/v1/clients?status=all").json["clients"]}
    for item in stored("ScoresTable"):
        key = {"client_id": {"S": item["client_id"]}, "item": {"S": item["item"]}}
        dynamodb_client().delete_item(TableName="ScoresTable", Key=key)
    assert stored("ScoresTable") == []

    service.stream.redeliver()
    service.settle()

    rows = service.get("/v1/clients?status=all").json["clients"]
    assert {row["client_id"]: row["digest"] for row in rows} == before
    assert sorted(before) == ["acme", "beta"]
    assert adds_up(ledger(service, "acme"), service.get("/v1/clients/acme").json["total"])


@pytest.mark.parametrize(
    ("faults", "items"),
    [(ClientFaults(crash_before=1), 1), (ClientFaults(lost=1), 1), (ClientFaults(crash_after=1), 2)],
)
def test_a_crash_leaves_scorecard_and_ledger_both_or_neither(wired: Wired, faults: ClientFaults, items: int) -> None:
    service, clients = wired
    service.post(responses([9]))
    service.settle()
    service.post(event("consultants.counted", {"working": 11, "as_of": "2026-11-01"}))
    [*_, batch] = records(service)

    with injected(clients.score, faults, Random(0)):
        with suppress(Crash):
            service.score({"Records": [batch]}, None)
        card = [item for item in stored("ScoresTable") if item["item"] == "scorecard"]
        changes = [item for item in stored("ScoresTable") if item["item"].startswith("change#")]

    assert ([item["version"] for item in card], len(changes)) == ([items], items)
    service.stream.deliver(service.score)
    assert totals(service) == {"acme": 8}
    assert [change["version"] for change in ledger(service, "acme")] == [1, 2]


def test_the_changes_of_a_client_add_up_from_nothing_to_its_total(service: Service) -> None:
    busy(service)

    for name in ("acme", "beta"):
        changes = ledger(service, name)
        assert changes[0]["total_before"] == 0
        assert adds_up(changes, service.get(f"/v1/clients/{name}").json["total"])


def test_an_item_that_is_erased_leaves_the_score_and_says_so(service: Service) -> None:
    service.post(responses([9, 0]))
    service.settle()
    key = {"client_id": {"S": "acme"}, "fact_id": {"S": "response#tests#r-1"}}
    dynamodb_client().delete_item(TableName="FactsTable", Key=key)
    service.settle()

    [latest, _] = service.get("/v1/clients/acme/history").json["changes"]
    assert (latest["cause"], latest["facts"]) == ("erasure", ["response#tests#r-1"])
    assert (latest["total_before"], latest["total_after"]) == (2, 4)


def test_a_record_without_images_rings_too(service: Service) -> None:
    service.post(responses([9]))
    batch = records(service)
    del batch[0]["dynamodb"]["NewImage"]

    assert service.score({"Records": batch}, None) == {"batchItemFailures": []}
    assert totals(service) == {"acme": 4}
