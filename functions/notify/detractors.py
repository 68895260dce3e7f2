"""Records of the facts table: a detractor who says why is told at once, whether or not the score moves."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.routing import News
from shared.opmm.alerts import alerts_of_response
from shared.opmm.dataclass import dataclass
from shared.opmm.message_ids import response_id
from shared.opmm.slugs import PROOF_CLIENT
from shared.storage.responses import said_in

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Detractors:
    """Finds them among records, and has them told."""

    wanted: Callable[[], bool]
    """Whether anybody wants to hear at once of anything; without anybody nothing is read."""
    at_once: Callable[[Sequence[News]], None]
    named: Callable[[str], str]
    """The client that a name belongs to."""
    zone: tzinfo

    def __call__(self, records: Sequence[Record]) -> int:
        """Gives how many there are. Safe to repeat: what is told has an id that follows from the record."""
        if not self.wanted():
            return 0
        found = [news for record in records if (news := self._news(record))]
        if found:
            self.at_once(found)
        return len(found)

    def _news(self, record: Record) -> News | None:
        change, at = record["dynamodb"], _at(record)
        said, before = (
            said_in(dict(change[image]), self.zone) if change.get(image) else None for image in ("NewImage", "OldImage")
        )
        if not said or not said.detracts or (before and before.detracts) or said.name == PROOF_CLIENT:
            return None
        day, on = (each.astimezone(self.zone).date() for each in (said.timestamp.instant, at))
        if not alerts_of_response(said.score, comment=True, day=day, on=on):
            return None
        return News(self.named(said.name), response_id(at, said.reference), at, "detractor", said.reference)


@dataclass(frozen=True, slots=True)
class DetractorBatch:
    """A batch of records of the facts table."""

    detractors: Detractors
    logger: Logger
    metrics: Metrics

    def __call__(self, records: Sequence[Record]) -> list[str]:
        """Sequence numbers of the records that are to come again: all of them, or none."""
        try:
            found = self.detractors(records)
        except Exception as error:  # noqa: BLE001 - whatever it was, the records come again
            # The type alone: a message could quote a comment.
            self.logger.error("telling of responses failed", records=len(records), error=type(error).__name__)
            self.metrics.add_metric("TellingFailed", MetricUnit.Count, len(records))
            return [records[0]["dynamodb"]["SequenceNumber"]]
        self.logger.info("responses looked at", records=len(records), told=found)
        return []


def _at(record: Record) -> datetime:
    """When the fact was written, to the second."""
    at = record["dynamodb"]["ApproximateCreationDateTime"]
    return at if isinstance(at, datetime) else datetime.fromtimestamp(int(at), UTC)
