"""What it costs to tell of a change: beside ingest and score, for one destination, and how long 10,000 of them take."""

import heapq
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from ssl import create_default_context
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time, thread_time
from typing import Any
from unittest.mock import patch

from moto import mock_aws

from functions.notify.channels.calling import Caller
from shared.destinations.answer import Answer
from tests.benchmarks.night import BEGIN, CALL, SHARE
from tests.benchmarks.replay import Replay
from tests.benchmarks.report import Figure, Section
from tests.benchmarks.units import history
from tests.support.calls import HandlerClients, in_memory_with_clients
from tests.support.clients import secrets_client
from tests.support.metering import Meter, metered
from tests.support.receivers import certificate, receiver
from tests.support.service import NOW, Service, _queues, _secrets, event
from tests.support.template import document, event_source_mapping

CHANGES = 10_000
LATENCY, SLOW = 0.5, 2.0
"""Seconds that a receiver takes from the first packet to its answer: a usual one, and one that dawdles."""
SIDE_BY_SIDE = 10
"""Messages of one invocation."""

_CRM = {
    "channel": "webhook",
    "address": "https://crm.example.com/opmm",
    "secrets": ["whsec_" + "QUFB" * 10],
    "wants": ["changes"],
}
_READ = "{:g} read"
_TAKEN: Mapping[str, Any] = {"batchItemFailures": []}


@dataclass(frozen=True)
class Told:
    """What one invocation of the notify function costs."""

    calls: Mapping[str, int]
    """Of AWS, by operation."""
    written: int
    read: float
    cpu: float
    """Seconds of processor time."""

    @property
    def count(self) -> int:
        """How many calls."""
        return sum(self.calls.values())

    @property
    def note(self) -> str:
        """Which calls."""
        return ", ".join(f"{number} {operation}" for operation, number in self.calls.items())


def handed(deliver: Callable[[Callable[..., Any]], Any]) -> list[Any]:
    """The events that a mapping would hand to the function, which does not get them."""
    events: list[Any] = []

    def keep(event: Any, _context: Any = None) -> Any:
        events.append(event)
        return _TAKEN

    deliver(keep)
    return events


@contextmanager
def counted_calls(clients: Sequence[Any]) -> Iterator[Counter[str]]:
    """Counts the calls of these clients by operation."""
    found: Counter[str] = Counter()

    def count(model: Any, **_: Any) -> None:
        found[model.name] += 1

    for client in clients:
        client.meta.events.register_first("before-call", count)
    try:
        yield found
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", count)


def told(service: Service, clients: HandlerClients, events: Sequence[Any], rounds: int) -> Told:
    """What it costs the function to be handed events of one kind: the first warms it up, the second is measured.

    Processor time without moto: what AWS says of the second is repeated.
    """
    everyone = [clients.notify, _queues(), _secrets()]
    first, second, *_ = events
    _hand(service, first)
    replay = Replay(*everyone)
    try:
        replay.record("told")
        with counted_calls(everyone) as calls, metered(clients.notify) as meter:
            _hand(service, second)
        samples = []
        for _ in range(rounds):
            replay.play("told")
            begun = process_time()
            _hand(service, second)
            samples.append(process_time() - begun)
    finally:
        replay.leave()
    return Told(dict(calls), meter.write_units, meter.read_units, median(samples))


def _hand(service: Service, event: Any) -> None:
    if service.notify(event, None) != _TAKEN:
        raise RuntimeError("the notify function has not taken what it was handed")


def call_time(rounds: int) -> float:
    """Processor seconds of one POST over TLS, the handshake included: that of the receiver does not count."""
    with TemporaryDirectory() as folder:
        served, trusted = certificate(Path(folder), ["localhost"])
        context = create_default_context(cafile=str(trusted))
        caller, samples = Caller(loopback=True, tls=lambda: context), []
        with receiver(tls=served) as opened:
            for _ in range(rounds):
                begun = thread_time()
                answer = caller.post(opened.address("https", "localhost"), {}, b"{}" * 500, NOW)
                samples.append(thread_time() - begun)
                if not answer.taken:
                    raise RuntimeError(f"the receiver was not reached: {answer}")
    return median(samples)


def minutes(stream: Told, changes_a_batch: int, message: float, workers: int) -> float:
    """How long it takes until the last of `CHANGES` is delivered, from the moment at which all stand in the stream.

    One lane of the stream, as it stands in the template; a batch of it sends for its messages at its end. `message` is
    the seconds of an invocation with `SIDE_BY_SIDE` messages.
    """
    a_batch = BEGIN + stream.count * CALL + stream.cpu / SHARE
    free = [0.0] * workers
    end = 0.0
    for number in range(CHANGES // SIDE_BY_SIDE):
        sent_for = (number * SIDE_BY_SIDE // changes_a_batch + 1) * a_batch
        begun = max(heapq.heappop(free), sent_for)
        end = max(end, begun + message)
        heapq.heappush(free, begun + message)
    return end / 60


def changes_of(service: Service, count: int) -> list[Any]:
    """The records that the first change of so many clients leaves in the stream."""
    for number in range(count):
        data = {"response_id": f"r-{number}", "score": 9, "responded_at": "2026-11-20T09:00:00Z"}
        service.post(event("nps.responded", data, subject=f"client-{number}", id=f"r-{number}"))
    service.settle()
    return [record for each in handed(service.changes.deliver) for record in each["Records"]]


@mock_aws
def beside_scoring() -> list[Figure]:
    """What is written where a score moves, and where a signal begins to stand: with what is told, as without it."""
    service, clients = in_memory_with_clients()
    history(service)
    figures = [
        Figure(
            "a response that moves a score: write units in ingest and score",
            "units",
            _until_the_score_moves(service, clients),
            bar=14,
            note="14 before there was a stream, which costs none",
        )
    ]
    soon, late = (_agreed(service, clients, due) for due in ("2026-12-20", "2026-11-20"))
    figures.append(
        Figure(
            "a signal: write units in score",
            "units",
            late - soon,
            note="an agreement that is late already, against one that is not: its own 2, and what the scorecard costs "
            "once more, as both are written in one transaction",
        )
    )
    return figures


def _until_the_score_moves(service: Service, clients: HandlerClients) -> int:
    before = total = service.get("/v1/clients/acme/score").json["total"]
    number = written = 0
    while total == before:
        number += 1
        service.clock.now += timedelta(seconds=1)
        data = {"response_id": f"low-{number}", "score": 0, "responded_at": "2026-11-20T09:00:00Z"}
        written = _written(service, clients, event("nps.responded", data, id=f"low-{number}"))
        total = service.get("/v1/clients/acme/score").json["total"]
    return written


def _agreed(service: Service, clients: HandlerClients, due: str) -> int:
    service.clock.now += timedelta(seconds=1)
    data = {"action_id": f"a-{due}", "title": "Plan a session", "side": "agency", "due": due}
    return _written(service, clients, event("action.agreed", data, id=f"a-{due}"))


def _written(service: Service, clients: HandlerClients, sent: Any) -> int:
    with ExitStack() as stack:
        meters: list[Meter] = [stack.enter_context(metered(client)) for client in (clients.ingest, clients.score)]
        service.post(sent)
        service.settle()
    return sum(meter.write_units for meter in meters)


def invocations(rounds: int, changes_a_batch: int) -> tuple[Told, Told, Told]:
    """One change of the stream, a full batch of it, and one message of the queue."""
    service, clients = in_memory_with_clients()
    secrets_client().put_secret_value(SecretId="opmm/destinations", SecretString=json.dumps({"crm": _CRM}))
    records = changes_of(service, 2 + 2 * changes_a_batch)
    with patch.object(Caller, "post", return_value=Answer(status=204)):  # what a call costs is measured beside this
        one, batch = (
            told(service, clients, [{"Records": part[:count]}, {"Records": part[count:]}], rounds)
            for part, count in ((records[:2], 1), (records[2:], changes_a_batch))
        )
        return one, batch, told(service, clients, handed(service.outgoing.deliver), rounds)


def telling(rounds: int) -> Section:
    """One destination that wants to hear of every change."""
    beside = beside_scoring()
    with mock_aws():
        changes_a_batch = event_source_mapping("NotifyFunction").batch_size
        one, batch, sent = invocations(rounds, changes_a_batch)
    called = call_time(rounds)
    workers = int(document()["Parameters"]["DeliveryConcurrency"]["Default"])

    def all_of_them(latency: float) -> float:
        waiting = sent.count * CALL + latency
        message = BEGIN + waiting + SIDE_BY_SIDE * (sent.cpu + called) / SHARE
        return minutes(batch, changes_a_batch, message, workers)

    return Section(
        "Telling",
        "One webhook that wants to hear of every change. "
        f"{CHANGES:,} changes that stand in the stream at once are simulated: {changes_a_batch} a batch in one lane, "
        f"then {workers} invocations at once of {SIDE_BY_SIDE} messages side by side, {CALL * 1000:.0f} ms a call of "
        f"AWS, the processor time below at {SHARE:.2f} of a processor, and a receiver that takes {LATENCY:g} s from "
        f"the first packet to its answer, or {SLOW:g} s.",
        [
            *beside,
            Figure("one change, from the stream: calls", "calls", one.count, note=one.note),
            Figure("one change, from the stream: write units", "units", one.written, note=_READ.format(one.read)),
            Figure("its message: calls, besides the one to the receiver", "calls", sent.count, note=sent.note),
            Figure("its message: write units", "units", sent.written, note=_READ.format(sent.read)),
            Figure("one change alone: processor time until it is sent for", "ms", one.cpu * 1000),
            Figure(
                f"one change of a batch of {changes_a_batch}: processor time until it is sent for",
                "ms",
                batch.cpu * 1000 / changes_a_batch,
                note=f"{batch.count} calls, {batch.written} units written, {batch.read:g} read for all of them",
            ),
            Figure("its message: processor time, besides the call to the receiver", "ms", sent.cpu * 1000),
            Figure("the call to the receiver: processor time, TLS included", "ms", called * 1000),
            Figure(f"{CHANGES:,} changes", "minutes", all_of_them(LATENCY), bar=10),
            Figure(f"{CHANGES:,} changes, a receiver that dawdles", "minutes", all_of_them(SLOW), bar=10),
        ],
    )
