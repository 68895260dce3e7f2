"""Finds what was written and is not in the journal: a stream record that was given up or lost takes it along."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.occurrences import Occurrence, is_told
from functions.notify.stream import Telling
from shared.invocations import UnknownJobError
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, sortable, start_of
from shared.storage.dynamodb import Cursor, Item
from shared.storage.journal import Reference
from shared.storage.queue import Queue
from shared.storage.scores import Scores

CATCH_UP = "catch_up"

WAIT = timedelta(hours=13)
"""What is younger may still be on its way: the stream tries again for twelve hours."""

DAYS = 3
"""Days that are looked through, and the one that is. A night that is missed, and the next one, leave nothing out."""

RESERVE = 120.0
"""Seconds that must be left to read one more page: what was found is still to be told."""

MOST = 2000
"""So many are told within a minute or two."""

_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class CatchingUp:
    """Tells what nobody was told of."""

    scores: Scores
    telling: Telling
    zone: tzinfo
    clock: Callable[[], datetime]
    queue: Queue
    """By which a look goes on."""
    left: Callable[[], float]
    """Seconds that the invocation has left."""
    logger: Logger
    metrics: Metrics

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """How much was told, and how much cannot be: `{"job": "catch_up"}`.

        With a `wait` of 0 seconds nothing is taken to be on its way. What is too much for one invocation `goes_on` in
        another. Safe to repeat. Raises UnknownJobError.
        """
        wait = event.get("wait", int(WAIT.total_seconds()))
        if event.get("job") != CATCH_UP or type(wait) is not int or not 0 <= wait <= WAIT.total_seconds():
            raise UnknownJobError(f"expected records, or the job {CATCH_UP} (wait up to {WAIT.total_seconds():.0f} s)")
        now = self.clock()
        since = start_of(now.astimezone(self.zone).date() - timedelta(days=DAYS), self.zone)
        return self._look(since, now - timedelta(seconds=wait), None)

    def go_on(self, message: Mapping[str, Any]) -> None:
        """Looks on from where a look before has left off."""
        self._look(parse_instant(message["since"]), parse_instant(message["until"]), message["after"])

    def _look(self, since: datetime, until: datetime, after: Cursor) -> dict[str, int]:
        """To the end of the table, or of the time that is left: then a message goes on."""
        # A clock that was ahead may have dated an entry later than the journal did.
        known = self.telling.journal.since(since - timedelta(days=1))
        missing: list[Item] = []
        while True:
            found, after = self.scores.entries_between(since, until, after)
            missing += [item for item in found if is_told(item) and _reference(item) not in known]
            if after is None or self.left() < RESERVE or len(missing) >= MOST:
                break
        missing.sort(key=lambda item: item["item"]["S"].partition("#")[2])
        left_out = sum(self._tell(missing[start : start + _AT_ONCE]) for start in range(0, len(missing), _AT_ONCE))
        if after is not None:
            self.queue.send({"job": CATCH_UP, "since": sortable(since), "until": sortable(until), "after": after})
        caught_up = len(missing) - left_out
        if missing:
            self.logger.warning("occurrences were caught up with", occurrences=caught_up)
        self.metrics.add_metric("OccurrencesCaughtUp", MetricUnit.Count, caught_up)
        return {"caught_up": caught_up, "left_out": left_out, "goes_on": int(after is not None)}

    def _tell(self, missing: Sequence[Item]) -> int:
        """Gives how many cannot be told: they are left to the next night. Raises what an outage raises."""
        try:
            self.telling([_occurrence(item) for item in missing])
        except Exception:
            apart, _ = self.telling.one_by_one(missing, _occurrence)
            if apart.left:
                raise
            for item, error in apart.failed:
                self.logger.error("telling failed", client_id=item["client_id"]["S"], error=error)
            self.metrics.add_metric("TellingFailed", MetricUnit.Count, len(apart.failed))
            return len(apart.failed)
        return 0


def _occurrence(item: Item) -> Occurrence:
    return Occurrence.read(_reference(item), item)


def _reference(item: Item) -> Reference:
    return Reference(item["client_id"]["S"], item["item"]["S"])
