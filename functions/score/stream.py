"""A batch of stream records: reduced to clients, each recomputed once, whatever happens to the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.invalidation import invalidated_by
from functions.score.recompute import Recompute

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """Recomputes the clients that a batch of records rings for."""

    recompute: Recompute
    zone: tzinfo
    logger: Logger
    metrics: Metrics

    def __call__(self, records: Sequence[Record]) -> list[str]:
        """Sequence numbers of the records that failed; the rest of the batch is done.

        Lambda delivers everything from the lowest of them again, which is safe: a recompute may be repeated.
        https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
        """
        by_name: defaultdict[str, list[Record]] = defaultdict(list)
        for record in records:
            by_name[record["dynamodb"]["Keys"]["client_id"]["S"]].append(record)
        failed: list[str] = []
        for name, rung in by_name.items():
            try:
                self.recompute(name, invalidated_by(rung, self.zone))
            except Exception as error:  # noqa: BLE001 - one client's trouble must not hold up the others
                # The type alone: a message could quote what a fact holds. The record itself goes to the queue.
                self.logger.error("recompute failed", client_id=name, records=len(rung), error=type(error).__name__)
                failed += [record["dynamodb"]["SequenceNumber"] for record in rung]
            else:
                self.logger.info("recomputed", client_id=name, records=len(rung))
        self.metrics.add_metric("ClientsRecomputed", MetricUnit.Count, len(by_name))
        self.metrics.add_metric("RecordsFailed", MetricUnit.Count, len(failed))
        return failed
