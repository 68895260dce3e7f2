"""Stream records that Lambda gave up on: whose they were, so that somebody hears of it and their scores are made anew.

A message of them holds shard and sequence numbers only, and the records live for a day. They are read again for the
names of their clients; what has gone by then, the night finds.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.score.messages import AT_ONCE, Parcel, portions
from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.storage.given_up import GivenUp, GivenUpClients
from shared.storage.queue import Queue
from shared.storage.streams import Batch, RecordsGoneError

DELAY = 60
"""Seconds until their scores are made anew: whatever made the records fail may be over by then."""


@dataclass(frozen=True, slots=True)
class GivenUpRecords:
    """Reads them again."""

    names_in: Callable[[Batch], set[str]]
    clients: GivenUpClients
    queue: Queue
    clock: Callable[[], datetime]
    logger: Logger
    metrics: Metrics

    def __call__(self, message: Mapping[str, Any]) -> None:
        """Names the clients, writes them down and has them recomputed. Safe to repeat."""
        told, now = message["DDBStreamBatchInfo"], self.clock()
        batch = Batch.of(told)
        condition = message.get("requestContext", {}).get("condition", "unknown")
        where = {**batch.where, "condition": condition}
        self.metrics.add_metric("RecordsGivenUp", MetricUnit.Count, batch.records)
        try:
            names = sorted(filter(is_slug, self.names_in(batch)))
        except RecordsGoneError:
            self.logger.error("records were given up and are gone: the night finds whose they were", **where)
            return
        self.logger.error("records were given up", clients=names, **where)
        self.clients.keep(GivenUp(name, now, condition, batch.shard) for name in names)
        anew = Parcel("rebuild", "", 0)
        for number, portion in enumerate(portions(names, AT_ONCE)):
            self.queue.send(anew.of("", number, portion, given_up=True), DELAY)
