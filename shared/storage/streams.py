"""Reads records of a stream once more, by their sequence numbers: they live for a day."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, cast

from shared.opmm.dataclass import dataclass
from shared.storage.dynamodb import CONFIG, session

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient


EMPTY_PAGES = 20
"""Pages without a record after which no more are expected. One is no end: a page may be empty between others."""


class RecordsGoneError(LookupError):
    """The records are older than a day, or their stream is another one by now."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records of a shard, the first and the last included."""

    stream_arn: str
    shard: str
    first: str
    last: str
    records: int = 1
    """How many they were, as far as Lambda says."""

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Self:
        """What Lambda says of a batch that it gave up: its `DDBStreamBatchInfo`.

        https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
        """
        between = told["startSequenceNumber"], told["endSequenceNumber"]
        return cls(told["streamArn"], told["shardId"], *between, int(told.get("batchSize", 1)))

    @property
    def where(self) -> dict[str, Any]:
        """Where the records stand, for a line of a log."""
        return {"shard": self.shard, "first": self.first, "last": self.last}


def names_in(client: "DynamoDBStreamsClient", batch: Batch) -> set[str]:
    """The partitions of the facts table that these records tell of. Raises RecordsGoneError."""
    return {record["dynamodb"]["Keys"]["client_id"]["S"] for record in records_in(client, batch)}


def records_in(client: "DynamoDBStreamsClient", batch: Batch) -> list[dict[str, Any]]:
    """All records of a batch, also those that a filter left out. Raises RecordsGoneError."""
    gone = (
        client.exceptions.TrimmedDataAccessException,
        client.exceptions.ResourceNotFoundException,
        client.exceptions.ExpiredIteratorException,
    )
    found: list[dict[str, Any]] = []
    empty = 0
    try:
        iterator: str | None = client.get_shard_iterator(
            StreamArn=batch.stream_arn,
            ShardId=batch.shard,
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            SequenceNumber=batch.first,
        )["ShardIterator"]
        while iterator and empty < EMPTY_PAGES:
            page = client.get_records(ShardIterator=iterator)
            for record in page["Records"]:
                if int(record["dynamodb"]["SequenceNumber"]) > int(batch.last):
                    return found
                found.append(cast("dict[str, Any]", record))
                if record["dynamodb"]["SequenceNumber"] == batch.last:
                    return found
            empty = 0 if page["Records"] else empty + 1
            iterator = page.get("NextShardIterator")
    except gone as error:
        raise RecordsGoneError(f"{batch.shard}: {batch.first} to {batch.last}") from error
    return found


def connect_streams() -> "DynamoDBStreamsClient":
    """One client per process; made where records are read again only, which is rare."""
    return cast("DynamoDBStreamsClient", session().create_client("dynamodbstreams", config=CONFIG))
