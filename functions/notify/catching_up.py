"""Finds what was written and is not in the journal: a stream record that was given up or lost takes it along."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.occurrences import Occurrence, is_told
from functions.notify.stream import Telling
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import start_of
from shared.storage.journal import Reference
from shared.storage.scores import Scores

CATCH_UP = "catch_up"

WAIT = timedelta(hours=13)
"""What is younger may still be on its way: the stream tries again for twelve hours."""

DAYS = 3
"""Days that are looked through, and the one that is. A night that is missed, and the next one, leave nothing out."""

_AT_ONCE = 100


class UnknownJobError(ValueError):
    """The function was called with something that is neither records nor its job."""


@dataclass(frozen=True, slots=True)
class CatchingUp:
    """Tells what nobody was told of."""

    scores: Scores
    telling: Telling
    zone: tzinfo
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def run(self, event: Mapping[str, Any]) -> dict[str, int]:
        """How much was missing: `{"job": "catch_up"}`. With a `wait` of 0 seconds nothing is taken to be on its way.

        Safe to repeat. Raises UnknownJobError.
        """
        wait = event.get("wait", int(WAIT.total_seconds()))
        if event.get("job") != CATCH_UP or type(wait) is not int or not 0 <= wait <= WAIT.total_seconds():
            raise UnknownJobError(f"expected records, or the job {CATCH_UP} (wait up to {WAIT.total_seconds():.0f} s)")
        now = self.clock()
        since = start_of(now.astimezone(self.zone).date() - timedelta(days=DAYS), self.zone)
        # A clock that was ahead may have dated an entry later than the journal did.
        known = self.telling.journal.since(since - timedelta(days=1))
        missing = [
            occurrence
            for occurrence in map(
                _occurrence, filter(is_told, self.scores.entries_between(since, now - timedelta(seconds=wait)))
            )
            if occurrence.reference not in known
        ]
        missing.sort(key=lambda occurrence: occurrence.reference.item.partition("#")[2])
        for start in range(0, len(missing), _AT_ONCE):
            self.telling(missing[start : start + _AT_ONCE])
        if missing:
            self.logger.warning("occurrences were caught up with", occurrences=len(missing))
        self.metrics.add_metric("OccurrencesCaughtUp", MetricUnit.Count, len(missing))
        return {"caught_up": len(missing)}


def _occurrence(item: Mapping[str, Any]) -> Occurrence:
    return Occurrence.read(Reference(item["client_id"]["S"], item["item"]["S"]), item)
