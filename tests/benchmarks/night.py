"""What the night costs for one client, and how long it takes for 100,000 of them: measured, then simulated."""

import heapq
import json
from collections import Counter
from contextlib import contextmanager
from datetime import timedelta
from time import process_time
from typing import TYPE_CHECKING, Any

from moto import mock_aws

from functions.score.jobs import SEGMENTS
from functions.score.messages import AT_ONCE
from shared.storage.dynamodb import connect
from tests.benchmarks.replay import Replay
from tests.benchmarks.report import Figure, Section
from tests.support.calls import in_memory_with_clients
from tests.support.metering import metered
from tests.support.readings import counted
from tests.support.service import Service, event
from tests.support.template import document

if TYPE_CHECKING:
    from collections.abc import Iterator

CLIENTS = 100_000
CALL = 0.005
"""Seconds of one call of DynamoDB; AWS speaks of single-digit milliseconds."""
SHARE = 1024 / 1769
"""Of a processor that a function of this memory has: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html"""
PAGE, CLIENTS_A_PAGE = 0.15, 50
"""Seconds of a page of 1 MB while listing, and how many clients with a hundred responses each it tells of."""
BEGIN = 0.05
"""Seconds of an invocation besides its work."""


def a_year(name: str) -> list[dict[str, Any]]:
    """A hundred responses, a head count a month, and a survey a quarter."""
    days = [f"2026-{1 + number % 11:02}-{1 + number % 20:02}" for number in range(100)]
    answers = {"specialisms": 3, "roadmap": "yes", "inspiration": "no"}
    return [
        *(
            event(
                "nps.responded",
                {"response_id": f"{name}-{number}", "score": number % 11, "responded_at": f"{day}T09:00:00Z"},
                subject=name,
                id=f"{name}-{number}",
            )
            for number, day in enumerate(days)
        ),
        *(
            event("consultants.counted", {"working": 9, "happy": month, "as_of": f"2026-{month:02}-01"}, subject=name)
            for month in range(1, 12)
        ),
        *(
            event("survey.answered", {"survey_id": at, "answered_at": at, "answers": answers}, subject=name)
            for at in ("2026-02-01T09:00:00Z", "2026-05-01T09:00:00Z", "2026-08-01T09:00:00Z", "2026-11-01T09:00:00Z")
        ),
        counted(3, name),
    ]


@contextmanager
def writes_of_clients(client: Any) -> "Iterator[Counter[str]]":
    """Counts the writes under names of clients; those of a run's own record stand under names that none has."""
    found: Counter[str] = Counter()

    def count(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name in ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"):
            key = (params.get("Item") or params.get("Key") or {}).get("client_id", {}).get("S", "")
            found[model.name] += not key.startswith("#")

    client.meta.events.register_first("provide-client-params.dynamodb", count)
    try:
        yield found
    finally:
        client.meta.events.unregister("provide-client-params.dynamodb", count)


def minutes(seconds_a_client: float, workers: int, clients: int = CLIENTS) -> float:
    """How long a night takes: messages come as the tables are listed, and so many are worked on at once."""
    a_message = BEGIN + AT_ONCE * seconds_a_client
    listed_every = PAGE * AT_ONCE / CLIENTS_A_PAGE / SEGMENTS
    free = [0.0] * workers
    end = 0.0
    for number in range(-(-clients // AT_ONCE)):
        begun = max(heapq.heappop(free), number * listed_every)
        end = begun + a_message
        heapq.heappush(free, end)
    return max(end, *free) / 60


def _cpu_of_a_client(service: Service, clients: Any, rounds: int) -> tuple[float, int]:
    """Seconds of processor time of one refresh, without moto; and its calls."""
    replay = Replay(clients.score, connect())
    message = next(message for message in service.refreshes.delivered if "names" in message)
    alone = {**message, "part": "", "names": ["acme"], "kind": "night"}
    record = {"eventSource": "aws:sqs", "messageId": "m", "body": json.dumps(alone)}
    try:
        replay.record("refresh")
        service.score({"Records": [record]}, None)
        calls = replay.play("refresh")
        samples = []
        for _ in range(rounds):
            replay.play("refresh")
            begun = process_time()
            service.score({"Records": [record]}, None)
            samples.append(process_time() - begun)
    finally:
        replay.leave()
    return sorted(samples)[len(samples) // 2], calls


MORE = 5
"""Clients that are added to see what one adds: a night lists the tables and keeps a word of each slice, however few."""


def _added_by_a_client() -> float:
    """Read units of a night with some clients more than one, by each of them."""
    one, many = (_read_by_night(clients) for clients in (1, 1 + MORE))
    return (many - one) / MORE


@mock_aws
def _read_by_night(number: int) -> float:
    service, clients = in_memory_with_clients()
    for each in range(number):
        told = a_year(f"client-{each}")
        service.post(told[:100])
        service.post(told[100:])
    service.settle()
    service.night()
    service.clock.now += timedelta(days=1)
    with metered(clients.score) as meter:
        service.night()
    return meter.read_units


def nights(rounds: int) -> Section:
    """A night of a client with a year of history, of whom nothing is said differently."""
    return _night(rounds, _added_by_a_client())


@mock_aws
def _night(rounds: int, added: float) -> Section:
    service, clients = in_memory_with_clients()
    service.post(a_year("acme")[:100])
    service.post(a_year("acme")[100:])
    service.settle()
    service.night()
    service.clock.now += timedelta(days=1)
    service.score({"job": "nightly_refresh"}, None)
    with writes_of_clients(clients.score) as writes:
        service.refreshes.deliver(service.score)
    cpu, calls = _cpu_of_a_client(service, clients, rounds)
    workers = int(document()["Parameters"]["NightConcurrency"]["Default"])
    seconds = calls * CALL + cpu / SHARE
    return Section(
        "The night",
        "A client with a hundred responses, a head count a month and a survey a quarter, of whom nothing is said "
        f"differently. {CLIENTS:,} clients are simulated with {workers} messages at once, {CALL * 1000:.0f} ms a call "
        f"and the processor time below at {SHARE:.2f} of a processor.",
        [
            Figure("writes of clients", "calls", sum(writes.values()), bar=0),
            Figure("calls a client", "calls", calls),
            Figure("read units that a client adds", "units", added),
            Figure("processor time a client", "ms", cpu * 1000),
            Figure(f"{CLIENTS:,} clients", "minutes", minutes(seconds, workers), bar=10),
            Figure(f"{CLIENTS:,} clients, 40 messages at once", "minutes", minutes(seconds, 40)),
        ],
    )
