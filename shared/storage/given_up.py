"""Clients whose stream records were given up: which, when and where, until their scores were made anew."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.opmm.dataclass import dataclass
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import parse_instant, sortable
from shared.storage.absence import BEHIND_EVERY_TIME, or_absent
from shared.storage.codec import FORMAT
from shared.storage.dynamodb import Item, query_all, to_item
from shared.storage.shapes import of_type

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY = "#given-up"
"""Under which they lie in the scores table; never the id of a client."""

_ILLEGIBLE = "attribute_not_exists(#format) OR #format <> :format OR NOT attribute_type(#at, :text) OR #at >= :behind"
"""Nobody can say since when such a one waits."""

HEALED_KEPT = timedelta(days=90)
"""How long it is still told of a client whose score was made anew: when, why and where its records were given up."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A client of whom stream records were given up."""

    name: str
    at: datetime | None = None
    """None where nobody can read any more when and why; whose they were says the key."""
    condition: str = "unknown"
    """Why, in Lambda's words: `RetryAttemptsExhausted`, say."""
    shard: str = "unknown"


class GivenUpClients:
    """Keeps them in the scores table: the night and a rebuild make their scores anew, and the tools name them."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def keep(self, given_up: Iterable[GivenUp]) -> None:
        """Takes them down: one write each. One who is healed already waits again."""
        for client in given_up:
            told = {"at": client.at and sortable(client.at), "condition": client.condition, "shard": client.shard}
            self._client.put_item(TableName=self._table, Item=to_item({**_key(client.name), "format": FORMAT, **told}))

    def clear(self, names: Iterable[str], at: datetime) -> None:
        """Takes down that their scores were made anew, from `at` on; from then on they are kept for `HEALED_KEPT`.

        Whose records were given up since then waits on, where that can be read. Safe to repeat.
        """
        healed = {
            ":at": sortable(at),
            ":until": int((at + HEALED_KEPT).timestamp()),
            ":behind": BEHIND_EVERY_TIME,
            ":text": "S",
            ":format": FORMAT,
        }
        for name in names:
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=to_item(_key(name)),
                    UpdateExpression="SET healed_at = :at, expires_at = :until",
                    ConditionExpression="attribute_exists(client_id) AND attribute_not_exists(healed_at)"
                    f" AND (#at <= :at OR {_ILLEGIBLE})",
                    ExpressionAttributeNames={"#at": "at", "#format": "format"},
                    ExpressionAttributeValues=to_item(healed),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                continue

    def waiting(self) -> list[GivenUp]:
        """Those whose scores were not made anew yet, readable or not."""
        found = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="client_id = :key",
            FilterExpression="attribute_not_exists(healed_at)",
            ExpressionAttributeValues=to_item({":key": _KEY}),
        )
        return [_given_up(item) or GivenUp(item["item"]["S"]) for item in found if is_slug(item["item"]["S"])]


@or_absent(FORMAT)
def _given_up(item: Item) -> GivenUp:
    condition, shard = of_type(str, item["condition"]), of_type(str, item["shard"])
    return GivenUp(item["item"], parse_instant(of_type(str, item["at"])), condition, shard)


def _key(name: str) -> dict[str, str]:
    return {"client_id": _KEY, "item": name}
