"""Clients whose stream records were given up: which, when and where, until their scores were made anew."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.codec import FORMAT
from shared.storage.dynamodb import from_item, query_all, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = "#given-up"
"""Under which they lie in the scores table; never the id of a client."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A client of whom stream records were given up."""

    name: str
    at: datetime
    condition: str
    """Why, in Lambda's words: `RetryAttemptsExhausted`, say."""
    shard: str


class GivenUpClients:
    """Keeps them in the scores table: the night and a rebuild make their scores anew, and the tools name them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, given_up: Iterable[GivenUp]) -> None:
        """Takes them down: one write each."""
        for client in given_up:
            self._put(client.name, at=rfc3339(client.at), condition=client.condition, shard=client.shard)

    def clear(self, names: Iterable[str], at: datetime) -> None:
        """Takes down that their scores were made anew. Safe to repeat."""
        for name in names:
            self._put(name, healed_at=rfc3339(at))

    def waiting(self) -> list[GivenUp]:
        """Those whose scores were not made anew yet."""
        found = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="client_id = :key",
            FilterExpression="attribute_not_exists(healed_at)",
            ExpressionAttributeValues=to_item({":key": _KEY}),
        )
        return [
            GivenUp(item["item"], parse_instant(item["at"]), item["condition"], item["shard"])
            for item in map(from_item, found)
        ]

    def _put(self, name: str, **told: str) -> None:
        self._client.put_item(
            TableName=self._table, Item=to_item({"client_id": _KEY, "item": name, "format": FORMAT, **told})
        )
