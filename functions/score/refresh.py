"""Makes the clients of a message anew from their facts, whatever is held of them, and deals with drift.

A record that is still on its way looks like one that was lost. So what differs is looked at again later; what says
the same as before by then, and still something else than its facts, has drifted.
"""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.invalidation import Invalidation
from functions.score.messages import Parcel
from functions.score.progress import Progress
from functions.score.recompute import Drift, Recompute
from shared.opmm.dataclass import dataclass
from shared.storage.given_up import GivenUpClients
from shared.storage.queue import Queue
from shared.storage.runs import MessageCounts, MessageKey

LAST_LOOK = 3
"""A client that is written all the time, and differs every time, is mended at last."""

DELAY = 30
"""Seconds until clients that failed are tried again, at least."""

UNKNOWN = -1
"""In place of the version of a client that failed: nobody knows whether it differs."""


class RefreshFailedError(RuntimeError):
    """Some clients could not be recomputed; the others are done."""


@dataclass(slots=True)
class Looked:
    """What was seen of the clients of one message."""

    wait: int
    look: int
    seen: Mapping[str, int]
    """By client, the version that differed at the look before; UNKNOWN where it failed."""
    found: Callable[[Drift], object]
    """Is told of drift before it is mended."""
    again: dict[str, int] = field(default_factory=dict)
    """By client, the version that is to be looked at again."""
    drifted: list[Drift] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def mends(self, drift: Drift) -> bool:
        """Whether it is certain that no record on its way would mend it."""
        certain = drift.damaged or not self.wait or self.look >= LAST_LOOK
        if certain or self.seen.get(drift.client_id) == drift.version:
            self.found(drift)
            return True
        self.again[drift.client_id] = drift.version
        return False

    def mended(self, drift: Drift) -> None:
        """Counts it."""
        self.drifted.append(drift)


@dataclass(frozen=True, slots=True)
class Refresh:
    """Refreshes the clients of a message."""

    recompute: Recompute
    progress: Progress
    given_up: GivenUpClients
    queue: Queue
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def __call__(self, message: Mapping[str, Any], *, last_try: bool) -> None:
        """Clients that failed are looked at again by themselves; at the last look they are left to the queue.

        Then RefreshFailedError is raised.
        """
        run = Parcel.read(message)
        if message["part"] and self.progress.is_overtaken(run.kind, run.run):
            return
        key = MessageKey(message["part"], message["number"], message.get("look", 0))
        looked = Looked(run.wait, key.look, message.get("seen", {}), lambda drift: self._found(run, key, drift))
        begun = self.clock()
        for name in message["names"]:
            self._look(name, looked)
        # Whatever an earlier try of this message has mended counts, too: it may have ended before it could say so.
        drifted = self.progress.runs.mended(run.kind, run.run, key) if key.part else len(looked.drifted)
        self.metrics.add_metric("ScoresDrifted", MetricUnit.Count, drifted)
        delay = run.wait
        if looked.failed and looked.look < LAST_LOOK:
            # What became of the others is settled: the queue would try all of them again, and forget what had drifted.
            looked.again |= dict.fromkeys(looked.failed, UNKNOWN)
            looked.failed.clear()
            delay = max(delay, DELAY)
        if looked.again:
            following = {**message, "look": looked.look + 1, "seen": looked.again, "names": sorted(looked.again)}
            self.queue.send(following, delay)
        if message.get("given_up"):
            healed = {*message["names"]} - {*looked.failed, *looked.again}
            self.given_up.clear(sorted(healed), begun)
        self._settle(run, message, looked, drifted)
        if looked.failed:
            if last_try:
                self.metrics.add_metric("RefreshFailed", MetricUnit.Count, len(looked.failed))
                self.logger.error("refresh gave up", clients=looked.failed, kind=run.kind, run=run.run)
            raise RefreshFailedError(f"{len(looked.failed)} of {len(message['names'])}")

    def _found(self, run: Parcel, key: MessageKey, drift: Drift) -> None:
        """Says so before it is mended: afterwards nothing would tell, should this end in between."""
        self.logger.warning("score drifted", client_id=drift.client_id, parts=drift.parts, kind=run.kind, run=run.run)
        if key.part:
            self.progress.runs.mending(run.kind, run.run, key, drift.client_id, self.clock())

    def _look(self, name: str, looked: Looked) -> None:
        recompute = replace(self.recompute, judge=looked)
        try:
            recompute(name, Invalidation(everything=True, refresh=True))
        except Exception as error:  # noqa: BLE001 - one client's trouble must not hold up the others
            # The type alone: a message could quote what a fact holds.
            self.logger.error("recompute failed", client_id=name, error=type(error).__name__)
            looked.failed.append(name)

    def _settle(self, run: Parcel, message: Mapping[str, Any], looked: Looked, drifted: int) -> None:
        """Takes down what became of the message."""
        if not looked.look and run.kind == "night":
            self.metrics.add_metric("NightClients", MetricUnit.Count, len(message["names"]))
        counts = MessageCounts(
            number=message["number"],
            look=looked.look,
            clients=len(message["names"]),
            again=len(looked.again),
            drifted=drifted,
            failed=len(looked.failed),
        )
        if message["part"]:
            self.progress.done(run.kind, run.run, message["part"], counts)
