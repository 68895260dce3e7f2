"""Records of the scores table: what was written of clients is told, and entered in the journal."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.apart import Apart, one_by_one
from functions.notify.batch import Record
from functions.notify.occurrences import Occurrence, is_told
from shared.opmm.dataclass import dataclass
from shared.storage.journal import Journal, Reference

_T = TypeVar("_T")

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
        return self.enter(occurrences)

    def enter(self, occurrences: Sequence[Occurrence]) -> int:
        """Enters what was decided upon; gives how many were new."""
        return self.journal.append([occurrence.reference for occurrence in occurrences], self.clock())

    def one_by_one(self, told: Sequence[_T], read: Callable[[_T], Occurrence]) -> tuple[Apart[_T], int]:
        """The same of each by itself: what became of each, and how many were new. What fails is not in the journal."""
        decided: list[Occurrence] = []

        def decide(one: _T) -> None:
            occurrence = read(one)
            self.decides([occurrence])
            decided.append(occurrence)

        apart = one_by_one(told, decide)
        return apart, self.enter(decided)


@dataclass(frozen=True, slots=True)
class Changes:
    """Tells of the entries of ledgers, and of signals."""

    telling: Telling
    metrics: Metrics

    def together(self, records: Sequence[Record]) -> int:
        """How many were new to the journal."""
        occurrences = [_occurrence(record) for record in records if _is_told(record)]
        if not occurrences:
            return 0
        return self._entered(self.telling(occurrences))

    def apart(self, records: Sequence[Record]) -> Apart[Record]:
        """Those that can be told are in the journal in their order."""
        apart, entered = self.telling.one_by_one(list(filter(_is_told, records)), _occurrence)
        self._entered(entered)
        return apart

    def _entered(self, entered: int) -> int:
        self.metrics.add_metric("OccurrencesTold", MetricUnit.Count, entered)
        return entered


def _is_told(record: Record) -> bool:
    # The mapping brings no others; what is not filtered, on some emulator, does no harm.
    return record["eventName"] == "INSERT" and is_told(record["dynamodb"]["Keys"])


def _occurrence(record: Record) -> Occurrence:
    change = record["dynamodb"]
    reference = Reference(change["Keys"]["client_id"]["S"], change["Keys"]["item"]["S"])
    return Occurrence.read(reference, change["NewImage"])
