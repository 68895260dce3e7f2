"""Makes the clients of a message anew from their facts, whatever is held of them, and deals with drift.

A record that is still on its way looks like one that was lost. So what differs is looked at again later; what says
the same as before by then, and still something else than its facts, has drifted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.invalidation import Invalidation
from functions.score.messages import Left, Parcel, portions
from functions.score.progress import Progress
from functions.score.recompute import Drift, Recompute
from shared.opmm.dataclass import dataclass
from shared.storage.given_up import GivenUpClients
from shared.storage.queue import LAST_TRY, Queue
from shared.storage.runs import MessageCounts, MessageKey, piece_of

LAST_LOOK = 3
"""A client that is written all the time, and differs every time, is mended at last."""

DELAY = 30
"""Seconds until clients that failed are tried again, at least."""

RESERVE = 150.0
"""Seconds that must be left to look at one more client: half of what an invocation has, so that who takes longer than
that is the first of a message at last, and has all of it."""

DIVIDED = 5
"""Clients of each piece of a message that comes again; of one that has no more, each by itself. The record of a run has
no room for each client."""

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
    pieces: list[Sequence[str]] = field(default_factory=list)
    """Clients that other messages look at, together so many as stand together here."""

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

    def __call__(self, message: Mapping[str, Any], tries: int, left: Left) -> None:
        """Clients that failed are looked at again by themselves; at the last look they are left to the queue.

        Then RefreshFailedError is raised. A message whose time runs short is divided, and so is one that comes again:
        one of its clients may have ended the invocation, and would end it before the others' turn every time.
        """
        run = Parcel.read(message)
        if message["part"] and self.progress.is_overtaken(run.kind, run.run):
            return
        names, begun = message["names"], self.clock()
        key = MessageKey(message["part"], message["number"], message.get("look", 0), message.get("piece", ""))
        looked = Looked(run.wait, key.look, message.get("seen", {}), lambda drift: self._found(run, key, drift))
        if tries > 1 and len(names) > 1:
            looked.pieces = [*portions(names, DIVIDED if len(names) > DIVIDED else 1)]
        elif tries >= LAST_TRY:
            self._last_time(run, key, names)
        for place, name in enumerate([] if looked.pieces else names):
            if place and left() < RESERVE:
                looked.pieces = [names[place:]]
                break
            self._look(name, looked)
        self._send_on(run, message, looked)
        if message.get("given_up"):
            later = {name for piece in looked.pieces for name in piece}
            self.given_up.clear(sorted({*names} - {*looked.failed, *looked.again, *later}), begun)
        self._settle(run, key, names, looked)
        if looked.failed:
            if tries >= LAST_TRY:
                self.metrics.add_metric("RefreshFailed", MetricUnit.Count, len(looked.failed))
                self.logger.error("refresh gave up", clients=looked.failed, kind=run.kind, run=run.run)
            raise RefreshFailedError(f"{len(looked.failed)} of {len(names)}")

    def _send_on(self, run: Parcel, message: Mapping[str, Any], looked: Looked) -> None:
        """Sends who is to be looked at again, later; and who was not looked at by this message, at once."""
        delay = run.wait
        if looked.failed and looked.look < LAST_LOOK:
            # What became of the others is settled: the queue would try all of them again, and forget what had drifted.
            looked.again |= dict.fromkeys(looked.failed, UNKNOWN)
            looked.failed.clear()
            delay = max(delay, DELAY)
        if looked.again:
            following = {**message, "look": looked.look + 1, "seen": looked.again, "names": sorted(looked.again)}
            self.queue.send(following, delay)
        self.queue.send_all({**message, "piece": piece_of(piece), "names": [*piece]} for piece in looked.pieces)

    def _last_time(self, run: Parcel, key: MessageKey, names: Sequence[str]) -> None:
        """Says so beforehand: whatever ended every try so far leaves nobody who could say it afterwards.

        It counts as failed from now on, and no more once it is made anew.
        """
        self.logger.error("refresh is tried for the last time", clients=[*names], kind=run.kind, run=run.run)
        if key.part:
            self.progress.done(run.kind, run.run, key.part, _counts(key, names, failed=len(names)))

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

    def _settle(self, run: Parcel, key: MessageKey, names: Sequence[str], looked: Looked) -> None:
        """Takes down what became of the message."""
        # Whatever an earlier try of this message has mended counts, too: it may have ended before it could say so.
        drifted = self.progress.runs.mended(run.kind, run.run, key) if key.part else len(looked.drifted)
        self.metrics.add_metric("ScoresDrifted", MetricUnit.Count, drifted)
        if not looked.look and not key.piece and run.kind == "night":
            self.metrics.add_metric("NightClients", MetricUnit.Count, len(names))
        if key.part:
            told = _counts(key, names, again=len(looked.again), drifted=drifted, failed=len(looked.failed))
            pieces = tuple(map(piece_of, looked.pieces))
            self.progress.done(run.kind, run.run, key.part, replace(told, pieces=pieces))


def _counts(
    key: MessageKey, names: Sequence[str], *, again: int = 0, drifted: int = 0, failed: int = 0
) -> MessageCounts:
    return MessageCounts(key.number, key.look, len(names), again, drifted, failed, key.piece)
