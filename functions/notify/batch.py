"""A batch of stream records: told together, and one by one where that fails."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.apart import Apart
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import rfc3339
from shared.storage.queue import Queue

Record = Mapping[str, Any]

PATIENCE = timedelta(minutes=10)
"""Where none of a batch can be told it may be nobody's own doing, and the records come again, in their order: for no
longer, as others wait behind them."""

DELAY = 60
"""Seconds until what was set aside is tried again."""


class Tells(Protocol):
    """Tells what records say. It may be told the same twice, and must not mind."""

    def together(self, records: Sequence[Record]) -> int:
        """How many told something new."""
        ...

    def apart(self, records: Sequence[Record]) -> Apart[Record]:
        """What became of each record that has something to tell; of others nothing is said but that they failed."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Tells what a batch of records says, and sets aside those that cannot be told.

    Lambda knows no other way to part with one record than to give up all behind it as well, and it would after as many
    tries in an outage. So records are given up by their age alone, and one that fails by itself is set aside here.
    """

    what: str
    """What the records are of."""
    tells: Tells
    aside: Queue
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def __call__(self, records: Sequence[Record]) -> list[str]:
        """The sequence number from which on records are to come again, or none."""
        try:
            told = self.tells.together(records)
        except Exception as error:  # noqa: BLE001 - whatever it was, each record is tried by itself
            self.logger.warning("telling together failed", of=self.what, error=type(error).__name__)
            return self._one_by_one(records, type(error).__name__)
        self.logger.info("told", of=self.what, records=len(records), told=told)
        return []

    def _one_by_one(self, records: Sequence[Record], together: str) -> list[str]:
        """As above. Takes the type of the error that they met together, which is that of an outage as well."""
        try:
            apart = self.tells.apart(records)
            failed, left = apart.failed, apart.left
            if failed and not apart.done and not left and self._is_young(failed[0][0]):
                failed, left = [], [record for record, _ in failed]
            for record, error in failed:
                self._set_aside(record, error)
        except Exception as error:  # noqa: BLE001 - whatever it was, the records come again
            # The type alone, here and below: a message could quote what is told.
            self.logger.error("telling failed", of=self.what, records=len(records), error=type(error).__name__)
            self.metrics.add_metric("TellingFailed", MetricUnit.Count, len(records))
            return [_number(records[0])]
        self.metrics.add_metric("TellingFailed", MetricUnit.Count, len(left) + len(failed))
        if left:
            self.logger.error("telling failed", of=self.what, records=len(left), told=len(apart.done), error=together)
        return [_number(left[0])] if left else []

    def _set_aside(self, record: Record, error: str) -> None:
        keys = record["dynamodb"]["Keys"]
        self.aside.send({"keys": {**keys}, "at": rfc3339(written_at(record))}, DELAY)
        self.metrics.add_metric("RecordsSetAside", MetricUnit.Count, 1)
        self.logger.error("set aside", of=self.what, client_id=keys["client_id"]["S"], error=error)

    def _is_young(self, record: Record) -> bool:
        return self.clock() - written_at(record) < PATIENCE


def written_at(record: Record) -> datetime:
    """When what a record tells of was written, to the second."""
    at = record["dynamodb"]["ApproximateCreationDateTime"]
    return at if isinstance(at, datetime) else datetime.fromtimestamp(int(at), UTC)


def is_set_aside(message: Mapping[str, Any]) -> bool:
    """Whether a message of a queue stands for what is untold; others are deliveries.

    That is records, set aside here or given up by Lambda, or the rest of a look for what was not told.
    """
    try:
        return not {"keys", "DDBStreamBatchInfo", "job"}.isdisjoint(json.loads(message["body"]))
    except (TypeError, ValueError):  # whoever works on deliveries sets this one apart from the others
        return False


def are_responses(keys: Mapping[str, Any]) -> bool:
    """Whether these are keys of the facts table, whose stream brings responses; others are of the scores table."""
    return "fact_id" in keys


def _number(record: Record) -> str:
    return str(record["dynamodb"]["SequenceNumber"])
