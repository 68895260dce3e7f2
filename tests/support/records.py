"""Reads the records of moto's stream and gives them the shape in which Lambda sends them."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tests.support.item_size import item_size

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient


@dataclass(frozen=True)
class StreamRecord:
    """One record as a Lambda event has it, and when the driver first saw it."""

    event: dict[str, Any]
    arrived_at: datetime

    @property
    def sequence_number(self) -> str:
        """A string of digits; compare as int."""
        return str(self.event["dynamodb"]["SequenceNumber"])

    def copy(self) -> dict[str, Any]:
        """What one invocation gets: its own copy, from JSON, so that nothing a handler changes stays."""
        copied: dict[str, Any] = json.loads(json.dumps(self.event))
        return copied


class StreamReader:
    """Reads a stream from its beginning, every record once."""

    def __init__(self, streams: "DynamoDBStreamsClient", stream_arn: str, clock: Callable[[], datetime]) -> None:
        self._streams = streams
        self._clock = clock
        self._last: str | None = None
        self.stream_arn = stream_arn
        [shard] = streams.describe_stream(StreamArn=stream_arn)["StreamDescription"]["Shards"]
        self.shard_id = shard["ShardId"]

    def read(self) -> Iterator[StreamRecord]:
        """The records since the last call, but for those of puts that changed nothing: the service emits none.

        Each read starts an iterator of its own: moto's keep to a table that a failed transaction has replaced.
        """
        while records := self._streams.get_records(ShardIterator=self._iterator(), Limit=1000)["Records"]:
            for record in records:
                number = record["dynamodb"]["SequenceNumber"]
                if self._last is not None and int(number) <= int(self._last):
                    raise RuntimeError(f"the stream does not go on: {number} came after {self._last}")
                self._last = number
                images = record["dynamodb"]
                if record["eventName"] == "MODIFY" and images.get("NewImage") == images.get("OldImage"):
                    continue
                yield StreamRecord(self._as_event(record), self._clock())

    def _iterator(self) -> str:
        where: dict[str, Any] = {"ShardIteratorType": "TRIM_HORIZON"}
        if self._last is not None:
            where = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last}
        return self._streams.get_shard_iterator(StreamArn=self.stream_arn, ShardId=self.shard_id, **where)[
            "ShardIterator"
        ]

    def _as_event(self, record: Any) -> dict[str, Any]:
        images = {
            name: record["dynamodb"][name] for name in ("Keys", "NewImage", "OldImage") if name in record["dynamodb"]
        }
        event = {
            "eventID": record["eventID"],
            "eventName": record["eventName"],
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": self.stream_arn.split(":")[3],
            "dynamodb": {
                "ApproximateCreationDateTime": int(self._clock().timestamp()),
                **images,
                "SequenceNumber": record["dynamodb"]["SequenceNumber"],
                "SizeBytes": sum(item_size(image) for image in images.values()),
                "StreamViewType": record["dynamodb"]["StreamViewType"],
            },
            "eventSourceARN": self.stream_arn,
        }
        shaped: dict[str, Any] = json.loads(json.dumps(event, default=lambda raw: base64.b64encode(raw).decode()))
        return shaped
