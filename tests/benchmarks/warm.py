"""Processor time of one warm call, against one bare call of DynamoDB."""

from collections import defaultdict
from collections.abc import Callable
from random import Random
from statistics import median
from time import process_time
from typing import Any

from moto import mock_aws

from shared.storage.dynamodb import connect
from tests.benchmarks.replay import Replay
from tests.benchmarks.report import Figure, Section
from tests.benchmarks.usual import Usual
from tests.support.calls import in_memory_with_clients, look
from tests.support.clients import streams_client
from tests.support.readings import counted
from tests.support.service import Service, event, responses

IN_A_ROUND = 10
BARE = "a bare GetItem"
USUAL = "usual: "

Call = Callable[[], object]


def response_event(number: int) -> dict[str, Any]:
    """A response that nobody has sent yet."""
    data = {
        "response_id": f"new-{number}",
        "score": 9,
        "responded_at": "2026-11-20T09:00:00Z",
        "respondent": f"robin-{number}@example.com",
        "comment": "They think along, and say so when we are wrong.",
    }
    return event("nps.responded", data, id=f"new-{number}")


def records_of(service: Service, act: Call) -> list[Any]:
    """The records that something leaves in the stream."""
    arn, streams = service.tables.stream_arn, streams_client()
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    start = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="LATEST")["ShardIterator"]
    act()
    return [{"dynamodb": record["dynamodb"]} for record in streams.get_records(ShardIterator=start)["Records"]]


def cases(service: Service, usual: Usual, bare: Any) -> dict[str, Call]:
    """By name what is measured, ready to be repeated."""
    stored = records_of(service, lambda: service.post(response_event(0)))
    batch = [response_event(number) for number in range(100, 110)]
    key = {"client_id": {"S": "acme"}, "item": {"S": "scorecard"}}
    return {
        BARE: lambda: bare.get_item(TableName="ScoresTable", Key=key),
        "POST one response": lambda: service.post(response_event(1)),
        "POST the same again": lambda: service.post(response_event(0)),
        "POST a batch of ten": lambda: service.post(batch),
        "score one response": lambda: service.score({"Records": stored}, None),
        "GET a client": lambda: service.get("/v1/clients/acme"),
        "GET the list": lambda: service.get("/v1/clients"),
        "GET the portfolio": lambda: service.get("/v1/portfolio"),
        "the page of a client": lambda: look(service, "/clients/acme"),
        f"{USUAL}POST one response": lambda: usual.ask("POST", "/v1/events", response_event(1)),
        f"{USUAL}POST the same again": lambda: usual.ask("POST", "/v1/events", response_event(0)),
        f"{USUAL}score one response": usual.score,
        f"{USUAL}GET a client": lambda: usual.ask("GET", "/v1/clients/acme"),
    }


@mock_aws
def warm_calls(rounds: int) -> Section:
    """Every case once to take down what DynamoDB says, then in rounds, shuffled anew in each."""
    service, clients = in_memory_with_clients()
    service.post([counted(3), *responses([9, 9, 7])])
    service.settle()
    usual, bare = Usual(), connect()
    usual.ask("POST", "/v1/events", response_event(0))
    usual.score()
    calls = cases(service, usual, bare)
    replay = Replay(bare, clients.ingest, clients.score, clients.query, clients.pages, *usual.clients)
    for name, call in calls.items():
        replay.record(name)
        call()
    seconds: defaultdict[str, list[float]] = defaultdict(list)
    made: dict[str, int] = {}
    rng = Random(0)
    for _ in range(rounds):
        for name in rng.sample(sorted(calls), len(calls)):
            made[name] = replay.play(name)
            started = process_time()
            for _ in range(IN_A_ROUND):
                calls[name]()
            seconds[name].append((process_time() - started) / IN_A_ROUND)
    replay.leave()
    base = median(seconds[BARE])
    usual_times = {name: median(seconds[f"{USUAL}{name}"]) / base for name in calls if f"{USUAL}{name}" in calls}
    return Section(
        "Warm calls",
        f"Processor time of one call of a warm function, as a ratio to a bare GetItem ({1e6 * base:.0f} microseconds). "
        "What DynamoDB responds is repeated before the wire, so that only the code and the SDK are measured.",
        [
            Figure.of(
                name,
                "x",
                [each / base for each in seconds[name]],
                reference=usual_times.get(name),
                note=f"{made[name]} calls of DynamoDB",
            )
            for name in calls
            if not name.startswith(USUAL)
        ],
    )
