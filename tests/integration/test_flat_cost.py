"""The work per event and per read does not grow with a client's history.

A client of 100 facts and one of 8,000, each with the same mix: nine responses a day, and a head count, a survey and a
reported NPS every now and then. The long history goes back more than two years, so the window is full and most of it
lies behind; the short one is ten days. `FLAT_COST_FACTS` sets another length: `make campaign` takes 20,000.

What is compared is honest as long as the touched day holds equally many responses (nine) in both, and as long as each
event moves the same in both: one more 9 among 9s moves no NPS; in the long history one in 205 is a 7, which leaves the
NPS at 100 by so little that one rating that is corrected to a 0 takes it down, as it does in the short one; and the
newest head count and survey move the score of both.

The facts are put into the table as the ingest function lays them down, in batches: a fact of each kind goes through it,
and the others are copies under keys of their own. What an event leaves behind (a survey a fact for each question) is
delivered at once.
"""

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from moto import mock_aws

from shared.opmm.timestamps import rfc3339, sortable
from tests.support.calls import HandlerClients, in_memory_with_clients
from tests.support.clients import dynamodb_client, streams_client
from tests.support.metering import Meter, metered
from tests.support.plain_tables import plain_tables
from tests.support.service import NOW, Service, event

MANY = int(os.environ.get("FLAT_COST_FACTS", "8000"))
A_DAY = 9
MOST_IN_A_BATCH = 25
THEN = NOW - timedelta(days=1)

TEMPLATES = [
    event("nps.responded", {"response_id": "r-#", "score": 9, "responded_at": rfc3339(THEN)}),
    event("nps.reported", {"nps": 40, "measured_at": rfc3339(THEN)}),
    event("consultants.counted", {"working": 3, "happy": 3, "as_of": rfc3339(THEN)}),
    event("survey.answered", {"survey_id": "s-#", "answered_at": rfc3339(THEN), "answers": {"roadmap": "no"}}),
]

A_PASSIVE = 205
"""Of so many responses one is a 7: an NPS of at least 99.5, and less when one more is no promoter."""

LATER = rfc3339(THEN + timedelta(hours=1))
NEW: dict[str, tuple[str, dict[str, Any]]] = {
    "a response": ("nps.responded", {"response_id": "new", "score": 9, "responded_at": LATER}),
    "a retraction": ("nps.retracted", {"response_id": "copy-5"}),
    "a rating that is corrected": ("nps.responded", {"response_id": "copy-6", "score": 0, "responded_at": LATER}),
    "a reported NPS": ("nps.reported", {"nps": -40, "measured_at": LATER}),
    "a head count": ("consultants.counted", {"working": 20, "happy": 11, "as_of": LATER}),
    "a survey": (
        "survey.answered",
        {"answered_at": LATER, "answers": {"specialisms": 3, "roadmap": "yes", "inspiration": "no"}},
    ),
    "a description": ("client.described", {"name": "Acme B.V.", "status": "ended"}),
}
MOVING = ("a rating that is corrected", "a head count", "a survey")


def copies(count: int) -> Iterator[dict[str, Any]]:
    """Facts as they are stored, going back nine responses and one other fact a day."""
    stored = dynamodb_client().scan(TableName="FactsTable")["Items"]
    kinds: dict[str, Any] = {item["kind"]["S"]: json.dumps(item) for item in stored if "lane_time" in item}
    others = [kind for kind in sorted(kinds) if kind != "response"]
    for number in range(count):
        day, place = divmod(number, A_DAY + 1)
        kind = "response" if place < A_DAY else others[day % len(others)]
        then = THEN - timedelta(days=day, minutes=place)
        responses = day * A_DAY + place + 1
        text = (
            kinds[kind] if responses % A_PASSIVE else kinds[kind].replace('"score": {"N": "9"}', '"score": {"N": "7"}')
        )
        text = text.replace(rfc3339(THEN), rfc3339(then)).replace(f"{sortable(THEN)}#", f"{sortable(then)}#")
        yield json.loads(text.replace("r-%23", f"copy-{number}").replace("s-%23", f"copy-{number}"))


def seed(count: int) -> None:
    """Puts this many facts into the table."""
    waiting = list(copies(count))
    client = dynamodb_client()
    for start in range(0, count, MOST_IN_A_BATCH):
        puts: list[Any] = [{"PutRequest": {"Item": item}} for item in waiting[start : start + MOST_IN_A_BATCH]]
        client.batch_write_item(RequestItems={"FactsTable": puts})


def cost(meter: Meter) -> tuple[dict[str, int], float, int]:
    return meter.calls, meter.read_units, meter.write_units


def measured(facts: int) -> dict[str, tuple[dict[str, int], float, int]]:
    """What one new event of each kind, and a look at the client, cost at this many facts."""
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        service.post(TEMPLATES)
        service.settle()
        seed(facts - len(TEMPLATES))
        service.rebuild()
        responses = service.get("/v1/clients/acme").json["dimensions"][4]["responses"]["count"]
        assert responses > 0.85 * min(facts, 365 * (A_DAY + 1)), "the rebuild saw what was put there"
        return {what: _of_event(service, clients, *new) for what, new in NEW.items()} | {
            "read": _of_read(service, clients)
        }


def _of_event(
    service: Service, clients: HandlerClients, type_: str, data: dict[str, Any]
) -> tuple[dict[str, int], float, int]:
    arn = service.tables.stream_arn
    streams = streams_client()
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    now = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    answer = service.post(event(type_, data, id="new", time=rfc3339(NOW)))
    assert answer.status == 202, answer.text
    records = [{"dynamodb": record["dynamodb"]} for record in streams.get_records(ShardIterator=now)["Records"]]
    assert records
    with metered(clients.score) as meter:
        answered = service.score({"Records": records}, None)
    assert answered == {"batchItemFailures": []}
    return cost(meter)


def _of_read(service: Service, clients: HandlerClients) -> tuple[dict[str, int], float, int]:
    with metered(clients.query) as meter:
        assert service.get("/v1/clients/acme").status == 200
    return cost(meter)


def test_an_event_and_a_read_cost_the_same_at_100_facts_and_at_thousands() -> None:
    few, many = measured(100), measured(MANY)

    assert few == many
    assert few["read"] == ({"GetItem": 1}, few["read"][1], 0)
    # Every event was worked on: nothing here is equal because nothing was done.
    assert all(reads > 0 for _, reads, _ in few.values())
    assert [what for what, (calls, _, _) in few.items() if "TransactWriteItems" in calls] == list(MOVING)
