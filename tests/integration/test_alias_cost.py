"""Aliases do not multiply the work: what a client with twenty of them costs, against one without any.

Both clients have the same facts: ten months of responses (`ALIAS_COST_RESPONSES=1500` for the patient), and some head
counts, surveys and reported figures. The one with aliases has some of them under two of its names; the other names hold
nothing.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache, partial
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339, sortable
from tests.support.calls import HandlerClients, in_memory_with_clients, stored
from tests.support.clients import dynamodb_client, streams_client
from tests.support.metering import metered
from tests.support.plain_tables import plain_tables
from tests.support.readings import problem
from tests.support.service import NOW, Service, event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ALIASES = tuple(f"a-{number:02d}" for number in range(20))
HOLDING = ("a-03", "a-11")
RESPONSES = int(os.environ.get("ALIAS_COST_RESPONSES", "300"))
OTHERS = 20
MOST = 2.5
MOST_WITHOUT_FACTS = 1.2
QUESTIONS = ("happy_consultants", "specialisms", "roadmap", "inspiration", "nps")
WRITES = {"PutItem", "UpdateItem", "TransactWriteItems"}


@dataclass(frozen=True)
class Cost:
    """What something took of DynamoDB, writes and reads."""

    calls: int
    keys: int
    read_units: float

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.calls + other.calls, self.keys + other.keys, self.read_units + other.read_units)

    def within(self, most: float, of: "Cost", *, besides: bool = False) -> bool:
        """Whether each is at most so many times the other's; `besides` that one call of one unit."""
        return (
            self.calls <= most * of.calls + besides
            and self.calls + self.keys <= most * (of.calls + of.keys) + besides
            and self.read_units <= most * of.read_units + besides
        )


THEN = NOW - timedelta(days=300)


def templates(name: str) -> list[dict[str, Any]]:
    then = rfc3339(THEN)
    answers = {"specialisms": 2, "roadmap": "no", "inspiration": "no"}
    return [
        event("nps.responded", {"response_id": "it#", "score": 9, "responded_at": then}, subject=name),
        event("nps.reported", {"nps": 40, "measured_at": then}, subject=name),
        event("consultants.counted", {"working": 3, "happy": 3, "as_of": then}, subject=name),
        event("survey.answered", {"survey_id": "it#", "answered_at": then, "answers": answers}, subject=name),
    ]


def copies(names: list[str]) -> Iterator[dict[str, Any]]:
    """The facts of the templates again and again, in turns under these names: as they are stored."""
    facts = [item for item in dynamodb_client().scan(TableName="FactsTable")["Items"] if "lane_time" in item]
    for item in facts:
        count = RESPONSES if item["kind"]["S"] == "response" else OTHERS
        text = json.dumps(item)
        for number in range(1, count):
            then = THEN + timedelta(hours=number * 290 * 24 // count)
            fact = text.replace(rfc3339(THEN), rfc3339(then)).replace(f"{sortable(THEN)}#", f"{sortable(then)}#")
            fact = fact.replace("it%23", f"it-{number}")
            yield json.loads(fact) | {"client_id": {"S": names[number % len(names)]}}


Costs = Mapping[str, Cost]

LATER = rfc3339(NOW - timedelta(hours=2))
NEW: dict[str, tuple[str, dict[str, Any]]] = {
    "a response": ("nps.responded", {"response_id": "new", "score": 9, "responded_at": LATER}),
    "a head count": ("consultants.counted", {"working": 20, "happy": 11, "as_of": LATER}),
    "a survey": (
        "survey.answered",
        {"answered_at": LATER, "answers": {"specialisms": 3, "roadmap": "yes", "inspiration": "regularly"}},
    ),
}
DAY = NOW.date() - timedelta(days=10)
READS = {
    **{f"evidence of {key}": f"/v1/clients/acme/evidence?dimension={key}&limit=20" for key in QUESTIONS},
    "a day gone by": f"/v1/clients/acme/score?as_of={DAY}",
    "the client": "/v1/clients/acme",
    "the NPS by month": "/v1/clients/acme/nps?interval=month",
}


@cache
def costs(aliases: tuple[str, ...], holding: tuple[str, ...]) -> Costs:
    """What everything takes for a client with these aliases, of which some hold facts."""
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        service.post(templates("acme"))
        waiting = list(copies(["acme", *holding]))
        for start in range(0, len(waiting), 25):
            puts: list[Any] = [{"PutRequest": {"Item": item}} for item in waiting[start : start + 25]]
            dynamodb_client().batch_write_item(RequestItems={"FactsTable": puts})
        if aliases:
            service.post(event("client.described", {"aliases": list(aliases)}))
        service.rebuild()
        [nps] = service.get("/v1/clients/acme").json["dimensions"][4:]
        assert nps["responses"]["count"] == RESPONSES
        found = {what: _of(clients.query, partial(_read, service, path)) for what, path in READS.items()}
        # Under the client's own id, under an alias that holds facts, and under one that holds none yet.
        for under in ("acme", *holding[:1], *aliases[:1]):
            for what, (type_, data) in NEW.items():
                found[f"{what} under {_kind(under, holding)}"] = _of_event(
                    service, clients, event(type_, _own(data, under), subject=under, time=rfc3339(NOW), id=under)
                )
        return found


def _kind(name: str, holding: tuple[str, ...]) -> str:
    return "its id" if name == "acme" else "an alias" if name in holding else "an alias that holds nothing"


def _own(data: Mapping[str, Any], under: str) -> dict[str, Any]:
    """Each response is one of its own, or it would move from name to name."""
    return dict(data) | ({"response_id": f"new-{under}"} if "response_id" in data else {})


def _read(service: Service, path: str) -> None:
    assert service.get(path).status == 200


def _of(client: "DynamoDBClient", work: Callable[[], object]) -> Cost:
    with metered(client) as meter:
        work()
    return Cost(sum(meter.calls.values()), meter.keys, meter.read_units)


def _of_event(service: Service, clients: HandlerClients, sent: dict[str, Any]) -> Cost:
    """In both functions, the stream's records at once."""
    arn, streams = service.tables.stream_arn, streams_client()
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    now = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    taken = _of(clients.ingest, lambda: _posted(service, sent))
    records = [{"dynamodb": record["dynamodb"]} for record in streams.get_records(ShardIterator=now)["Records"]]
    assert records
    return taken + _of(clients.score, lambda: service.score({"Records": records}, None))


def _posted(service: Service, sent: dict[str, Any]) -> None:
    assert service.post(sent).json["status"] == "accepted"


def alone() -> Costs:
    return costs((), ())


def ratios(found: Costs) -> str:
    return "; ".join(f"{what}: {cost} against {alone().get(_asked(what))}" for what, cost in found.items())


def _asked(what: str) -> str:
    """The same for a client without aliases, which has no name but its id."""
    return what.replace("an alias that holds nothing", "its id").replace("an alias", "its id")


def test_a_client_with_facts_under_two_of_twenty_aliases_costs_a_few_times_one_without() -> None:
    found = costs(ALIASES, HOLDING)

    sys.stdout.write(ratios(found))
    over = {
        what: cost
        for what, cost in found.items()
        # Whose name an alias is takes a look-up of its own.
        if not cost.within(MOST, alone()[_asked(what)], besides="under an alias" in what)
    }
    assert over == {}, ratios(over)


def test_aliases_without_facts_cost_next_to_nothing() -> None:
    found = {what: cost for what, cost in costs(ALIASES, ()).items() if "under an alias" not in what}

    sys.stdout.write(ratios(found))
    over = {what: cost for what, cost in found.items() if not cost.within(MOST_WITHOUT_FACTS, alone()[_asked(what)])}
    assert over == {}, ratios(over)


def _named(prefix: str, count: int) -> list[str]:
    return [f"{prefix}-{number:02d}" for number in range(count)]


def _claim(
    service: Service, aliases: list[str], *, subject: str = "acme", source: str = "tests", minute: int = 0
) -> Any:
    sent = event("client.described", {"aliases": aliases}, subject=subject, source=source)
    return service.post(sent | {"time": f"2026-11-23T12:{minute:02d}:00Z"})


@pytest.mark.parametrize("settled", [False, True])
def test_a_client_has_at_most_fifty_names_besides_its_id_over_all_sources(service: Service, *, settled: bool) -> None:
    for source, count in (("a", 20), ("b", 20), ("c", 10)):
        assert _claim(service, _named(source, count), source=source).status == 202
        if settled:
            service.settle()
    held = stored()

    refused = _claim(service, ["one-more"], source="d")

    assert problem(refused, 422, "Unprocessable Entity")["errors"] == [
        {
            "pointer": "/data/aliases",
            "detail": "would give the client 51 names besides its id, over all sources; at most 50 are kept",
        }
    ]
    assert stored() == held
    # Names that two sources know are counted once, and a list that is replaced is not counted any more.
    assert _claim(service, ["a-00", "b-00"], source="d").status == 202
    assert _claim(service, _named("other", 10), source="c", minute=1).status == 202
    service.settle()
    assert len(service.get("/v1/clients/acme").json["aliases"]) == 50


@pytest.mark.parametrize("settled", [False, True])
def test_names_that_an_alias_brings_along_are_counted(service: Service, *, settled: bool) -> None:
    for subject, source, count in (("acme", "a", 20), ("acme", "b", 15), ("beta", "c", 15)):
        assert _claim(service, _named(source, count), subject=subject, source=source).status == 202
        if settled:
            service.settle()

    [fault] = problem(_claim(service, ["beta"], source="d"), 422, "Unprocessable Entity")["errors"]
    assert fault["detail"].startswith("would give the client 51 names")
    # Without one of them it may join; then what its alias is called counts for it, too.
    assert _claim(service, _named("c", 14), subject="beta", source="c", minute=1).status == 202
    assert _claim(service, ["beta"], source="d").status == 202
    if settled:
        service.settle()
    [fault] = problem(
        _claim(service, _named("c", 15), subject="beta", source="c", minute=2), 422, "Unprocessable Entity"
    )["errors"]
    assert fault["detail"].startswith("would give the client 51 names")
    service.settle()
    assert len(service.get("/v1/clients/acme").json["aliases"]) == 50
