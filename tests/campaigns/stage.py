"""Lets one history happen, and judges what it leaves behind."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from unittest.mock import patch

from moto import mock_aws

from functions.score.refresh import Looked
from tests.campaigns.columns import Column
from tests.campaigns.history import CLIENTS, drawn, joining
from tests.campaigns.older import age, left_by_the_release_before
from tests.campaigns.result import Verdict
from tests.campaigns.turns import Turns, taking_turns
from tests.campaigns.verdict import Watch, versions_told, wrong_ledgers, wrong_scores
from tests.support.calls import HandlerClients, in_memory_with_clients, insist
from tests.support.faults import ClientFaults, Crash, injected
from tests.support.plain_tables import plain_tables
from tests.support.plain_tables.calls import PlainTables
from tests.support.service import NOW, Clock, Service, lanes
from tests.support.stream import Faults, StreamDriver

EVENTS = 40
JOININGS = 30
MOST_AT_ONCE = 6

# In each of the two functions, per write.
WRITES = ClientFaults(crash_before=0.05, crash_after=0.05, timeout=0.04, conflict=0.04, throttle=0.01)
INVOCATIONS = Faults(redelivery=0.15, crash_before=0.03, crash_after=0.04, short_batch=0.3)

MIDNIGHT = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)
"""Where the tenant is, the 25th begins."""


@dataclass
class Stage:
    """The service, and those who work on it at once."""

    column: Column
    events: int
    rng: Random
    tables: PlainTables
    service: Service
    clients: HandlerClients
    turns: Turns
    stream: StreamDriver
    workers: list[Service]
    """One for each lane, with a clock of its own where clocks disagree."""
    sent: list[dict[str, Any]] = field(default_factory=list)
    sending: int = 0
    """Workers that still send events."""

    def works(self) -> list[Callable[[], None]]:
        """What goes on at once."""
        beside: dict[str, Callable[[], None]] = {
            "refresh": lambda: self._beside("night"),
            "rebuild": lambda: self._beside("rebuild"),
            "aliases": self._join,
        }
        senders = [self._send, *(beside[each] for each in self.column.beside if each == "aliases")]
        senders = [lambda work=work: self._until_sent(work) for work in senders]  # type: ignore[misc]
        self.sending = len(senders)
        others = [beside[each] for each in self.column.beside if each != "aliases"]
        return [*senders, *(lambda worker=worker: self._listen(worker) for worker in self.workers), *others]

    def _until_sent(self, work: Callable[[], None]) -> None:
        """The others go on as long as somebody sends, be it in vain."""
        try:
            work()
        finally:
            self.sending -= 1

    def _send(self) -> None:
        """Sends the events, each batch until it is heard that it is in."""
        now = self.service.clock.now
        left = drawn(self.rng, self.events, start=1000, now=now)
        while left:
            size = self.rng.randint(1, MOST_AT_ONCE)
            self._post(left[:size])
            del left[:size]
            if self.rng.random() < self.column.lost:
                self.stream.lose()
            if self.column.older and self.rng.random() < 0.5:
                self._age()
            for _ in range(self.rng.randint(0, 3)):
                self.turns.rest()

    def _join(self) -> None:
        """Says again and again that one client has the name of another, or none any more.

        The last words are said when all else was: each takes the last name from whoever has it, and no event that
        comes later has the one who lost it looked at.
        """
        now = self.service.clock.now
        for place in range(JOININGS):
            self._post([joining(self.rng, place, now)])
            self.turns.rest()
        while self.sending > 1:
            self.turns.rest()
        for place, thief in enumerate(CLIENTS[:-1], start=JOININGS):
            while not self.stream.drained():
                self.turns.rest()
            self._post([joining(self.rng, place, now, thief, [CLIENTS[-1]])])

    def _post(self, events: list[dict[str, Any]]) -> None:
        self.sent += events
        answer = insist(lambda: self.service.post(events))
        if answer.status not in (200, 202):
            raise AssertionError(answer.text)

    def _listen(self, worker: Service) -> None:
        """One lane: invokes the function for what waits, until nothing comes any more."""
        while self.stream.step(worker.score) or self.sending:
            self.turns.rest()

    def _beside(self, kind: str) -> None:
        """Refreshes or rebuilds some clients again and again, as a message of a run asks for."""
        worker = self.apart(self.service)
        while self.sending:
            message = {
                "kind": kind,
                "run": "2026-11-24",
                "wait": self.rng.choice([0, 900]),
                "part": "",
                "number": 0,
                "names": self.rng.sample(CLIENTS, 2),
            }
            record = {"messageId": "m", "eventSource": "aws:sqs", "body": json.dumps(message)}
            with suppress(Crash):  # it comes again by itself
                worker.score({"Records": [record]}, None)
            self.turns.rest()

    def apart(self, service: Service) -> Service:
        """Another worker of the same function, whose clock may be another."""
        if not self.column.apart:
            return service
        return replace(service, clock=Clock(service.clock.now + timedelta(seconds=self.rng.randint(-300, 300))))

    def _age(self) -> None:
        """Some scorecard is as an older release left it, or damaged."""
        table = self.tables.table("ScoresTable")
        watch, table.watched = table.watched, None  # it is not the service that writes here
        age(self.rng, self.rng.choice(CLIENTS))
        table.watched = watch


def play(column: Column, seed: int, events: int = EVENTS) -> Verdict:
    """Lets the history of a seed happen, to its end and through the night, and judges it."""
    began = time.process_time()
    rng = Random(f"{column.name} {seed}")
    with _stage(column, events, rng) as (stage, watch):
        with (
            injected(stage.clients.ingest, WRITES, rng),
            injected(stage.clients.score, replace(WRITES, throttle=column.throttled), rng),
            taking_turns(stage.turns, stage.clients.ingest, stage.clients.score),
        ):
            stage.turns.run(stage.works())
        # What landed late may have changed the facts once more.
        stage.stream.deliver(stage.workers[0].score)
        scores, ledgers = [], []
        calm = not column.remakes and not any("aliases" in event["data"] for event in stage.sent)
        if not column.loses:
            scores += wrong_scores(stage.service, stage.sent)
        # Not before that: what comes once more could mend what was missed.
        stage.stream.redeliver(0.2)
        stage.stream.deliver(stage.workers[0].score)
        if not column.loses:
            scores += wrong_scores(stage.service, stage.sent)
            ledgers += wrong_ledgers(stage.service, stage.tables, watch, stage.sent, calm=calm)
        drift, faults = _night(stage, watch)
        ledgers += faults
        scores += wrong_scores(stage.service, stage.sent, (stage.service.clock.now + timedelta(hours=1)).date())
        ledgers += wrong_ledgers(stage.service, stage.tables, watch, stage.sent, calm=calm)
    return Verdict(seed, tuple(scores), tuple(ledgers), drift, time.process_time() - began)


def _night(stage: Stage, watch: Watch) -> tuple[int, list[str]]:
    """The night after: how many scorecards it found to say something else than their facts, and what is wrong with it.

    Where nothing was lost it finds none; and whoever looks again after it has nothing to write.
    """
    drifted: list[str] = []
    stage.service.clock.now = MIDNIGHT + timedelta(days=stage.column.apart, minutes=5)
    with patch.object(Looked, "mended", lambda _, drift: drifted.append(f"{drift.client_id} {drift.parts}")):
        stage.service.night()
    writes = len(watch.scorecards)
    stage.service.rebuild()
    again = [name for name, _, _ in watch.scorecards[writes:]]
    faults = [f"{name}: is written where nothing is said differently" for name in again]
    if not (stage.column.loses or stage.column.older):
        faults += [f"{drift}: has drifted, where nothing was lost" for drift in drifted]
    return len(drifted), faults


@contextmanager
def _stage(column: Column, events: int, rng: Random) -> Iterator[tuple[Stage, Watch]]:
    with ExitStack() as stack:
        stack.enter_context(mock_aws())
        tables = stack.enter_context(plain_tables())
        service, clients = in_memory_with_clients()
        service.clock.now = MIDNIGHT - timedelta(seconds=rng.randint(-200, 200)) if column.apart else NOW
        stream = lanes(
            service, column.lanes, rng.randrange(2**32), faults=INVOCATIONS, batch_size=8,
            maximum_retry_attempts=column.tries,
        )  # fmt: skip
        stage = Stage(column, events, rng, tables, service, clients, Turns(rng), stream, [])
        if column.older:
            stage.sent += left_by_the_release_before(rng)
            stream.lose()  # it has heard of these
        stage.workers = [stage.apart(service) for _ in range(column.lanes)]
        watch = Watch(versions_told(tables))
        tables.table("ScoresTable").watched = watch
        yield stage, watch
