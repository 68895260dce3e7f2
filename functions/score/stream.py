"""A batch of stream records: reduced to clients, each recomputed once, whatever happens to the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.invalidation import invalidated_by
from functions.score.recompute import Recompute
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class StreamBatch:
    """Recomputes the clients that a batch of records tells of."""

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
            name = record["dynamodb"]["Keys"]["client_id"]["S"]
            if is_slug(name):  # a locator stands under the identity of its fact, and says nothing of a client
                by_name[name].append(record)
        failed: list[str] = []
        recomputed = 0
        for name, told in by_name.items():
            try:
                self.recompute(name, invalidated_by(told, self.zone))
            except Exception as error:  # noqa: BLE001 - one client's trouble must not hold up the others
                # The type alone: a message could quote what a fact holds. The record itself goes to the queue.
                self.logger.error("recompute failed", client_id=name, records=len(told), error=type(error).__name__)
                failed += [record["dynamodb"]["SequenceNumber"] for record in told]
            else:
                recomputed += 1
                self.logger.info("recomputed", client_id=name, records=len(told))
        self.metrics.add_metric("ClientsRecomputed", MetricUnit.Count, recomputed)
        self.metrics.add_metric("RecordsFailed", MetricUnit.Count, len(failed))
        return failed
