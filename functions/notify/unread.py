"""Records that could not be told: those that were set aside as they fail, and those that Lambda gave up by their age.

What was set aside is a place in a table, and is read there again, as it stands by now. Of what Lambda gave up there are
sequence numbers only; the records are read again while they live, which is a day.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit

from functions.notify.batch import Batch, Record, are_responses
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant
from shared.storage import streams
from shared.storage.dynamodb import Item


class StillUntoldError(RuntimeError):
    """Records that were given up cannot be told yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """Tells what they say after all. One that comes twice does no harm."""

    changes: Batch
    responses: Batch
    entry_at: Callable[[Item], Item | None]
    """The item of the scores table that has this key."""
    response_at: Callable[[Item], Item | None]
    """That of the facts table."""
    records_in: Callable[[streams.Batch], Sequence[Record]]
    looks_on: Callable[[Mapping[str, Any]], None]
    """Goes on with a look for what was not told at all."""
    logger: Logger
    metrics: Metrics

    def __call__(self, messages: Sequence[Mapping[str, Any]]) -> list[str]:
        """Ids of the messages that failed and are to come again."""
        failed = []
        for record in messages:
            try:
                self._tell(json.loads(record["body"]))
            except Exception as error:  # noqa: BLE001 - one message's trouble must not hold up another
                # The type alone: a message could quote what is told.
                tries = record.get("attributes", {}).get("ApproximateReceiveCount")
                self.logger.error("still not told", tries=tries, error=type(error).__name__)
                self.metrics.add_metric("TellingFailed", MetricUnit.Count, 1)
                failed.append(record["messageId"])
        return failed

    def _tell(self, message: Mapping[str, Any]) -> None:
        if "DDBStreamBatchInfo" in message:
            self._given_up(message["DDBStreamBatchInfo"])
            return
        if "job" in message:
            self.looks_on(message)
            return
        keys = message["keys"]
        batch, item_at = (self.responses, self.response_at) if are_responses(keys) else (self.changes, self.entry_at)
        item = item_at(keys)
        if item is None:  # erased, or made anew: there is nothing to tell any more
            return
        told = {"Keys": keys, "NewImage": item, "ApproximateCreationDateTime": parse_instant(message["at"])}
        batch.tells.together([{"eventName": "INSERT", "dynamodb": told}])
        self.logger.info("told after all", of=batch.what, client_id=keys["client_id"]["S"])

    def _given_up(self, told: Mapping[str, Any]) -> None:
        given_up = streams.Batch.of(told)
        where = given_up.where
        self.metrics.add_metric("RecordsSetAside", MetricUnit.Count, given_up.records)
        try:
            records = self.records_in(given_up)
        except streams.RecordsGoneError:
            self.logger.error("records were given up and are gone: the night finds what they told of clients", **where)
            return
        self.logger.error("records were given up", records=len(records), **where)
        if not records:
            return
        batch = self.responses if are_responses(records[0]["dynamodb"]["Keys"]) else self.changes
        if batch(records):
            raise StillUntoldError(f"{len(records)} records")
