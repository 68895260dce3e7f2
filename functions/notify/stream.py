"""A batch of stream records: what was written of clients is told, and entered in the journal."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.occurrences import Occurrence, is_told
from shared.opmm.dataclass import dataclass
from shared.storage.journal import Journal, Reference

Record = Mapping[str, Any]

Decides = Callable[[Sequence[Occurrence]], None]
"""Decides who is told of what was written, and hands that on. It may be asked about the same twice, and must not mind:
what follows from an occurrence is known by an id that follows from it as well."""


@dataclass(frozen=True, slots=True)
class Telling:
    """Has it decided who is told of occurrences, then enters them in the journal.

    In this order: what stands in the journal was decided upon, so whoever finds something that is missing there may
    have both done again.
    """

    journal: Journal
    decides: Decides
    clock: Callable[[], datetime]

    def __call__(self, occurrences: Sequence[Occurrence]) -> int:
        """Gives how many were new to the journal. Safe to repeat."""
        self.decides(occurrences)
        return self.journal.append([occurrence.reference for occurrence in occurrences], self.clock())


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """Tells what a batch of records says."""

    telling: Telling
    logger: Logger
    metrics: Metrics

    def __call__(self, records: Sequence[Record]) -> list[str]:
        """Sequence numbers of the records that are to come again: all of them, or none."""
        occurrences = [
            Occurrence.read(Reference(keys["client_id"]["S"], keys["item"]["S"]), record["dynamodb"]["NewImage"])
            for record in records
            # The mapping brings no others; what is not filtered, on some emulator, does no harm.
            if record["eventName"] == "INSERT" and is_told(keys := record["dynamodb"]["Keys"])
        ]
        if not occurrences:
            return []
        try:
            entered = self.telling(occurrences)
        except Exception as error:  # noqa: BLE001 - whatever it was, the records come again
            # The type alone: a message could quote what an entry holds.
            self.logger.error("telling failed", occurrences=len(occurrences), error=type(error).__name__)
            self.metrics.add_metric("TellingFailed", MetricUnit.Count, len(occurrences))
            return [records[0]["dynamodb"]["SequenceNumber"]]
        self.metrics.add_metric("OccurrencesTold", MetricUnit.Count, entered)
        self.logger.info("told", occurrences=len(occurrences), entered=entered)
        return []
