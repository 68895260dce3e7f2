"""Clients whose stream records were given up: which, when and where, until their scores were made anew."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, sortable
from shared.storage.codec import FORMAT
from shared.storage.dynamodb import from_item, query_all, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = "#given-up"
"""Under which they lie in the scores table; never the id of a client."""

HEALED_KEPT = timedelta(days=90)
"""How long it is still told of a client whose score was made anew: when, why and where its records were given up."""


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
        """Takes them down: one write each. One who is healed already waits again."""
        for client in given_up:
            told = {"at": sortable(client.at), "condition": client.condition, "shard": client.shard}
            self._client.put_item(TableName=self._table, Item=to_item({**_key(client.name), "format": FORMAT, **told}))

    def clear(self, names: Iterable[str], at: datetime) -> None:
        """Takes down that their scores were made anew, from `at` on; from then on they are kept for `HEALED_KEPT`.

        Whose records were given up since then waits on. Safe to repeat.
        """
        healed = {":at": sortable(at), ":until": int((at + HEALED_KEPT).timestamp())}
        for name in names:
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=to_item(_key(name)),
                    UpdateExpression="SET healed_at = :at, expires_at = :until",
                    ConditionExpression="#at <= :at AND attribute_not_exists(healed_at)",
                    ExpressionAttributeNames={"#at": "at"},
                    ExpressionAttributeValues=to_item(healed),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                continue

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


def _key(name: str) -> dict[str, str]:
    return {"client_id": _KEY, "item": name}
