"""Which sources are silent by now: written by whoever looks every day, read by whoever tells people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import or_absent
from shared.storage.dynamodb import Item, query_all, to_item
from shared.storage.shapes import of_type

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1

_ABOUT = "#silent"
"""Under which they lie in the table of how sources fare; never the name of a source."""

_KEPT_FOR = timedelta(days=3)
"""Whoever looks every day writes them anew: what is older was looked at by nobody."""


class Silences:
    """The silent sources, and since when."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def replace(self, silent: Mapping[str, datetime | None], now: datetime) -> None:
        """These are silent now, since when each was last heard (None: never), and no others."""
        for name in {item["entry"]["S"] for item in self._items()} - silent.keys():
            self._client.delete_item(TableName=self._table, Key=to_item(_key(name)))
        for name, heard_at in silent.items():
            item = {
                **_key(name),
                "format": FORMAT,
                "heard_at": heard_at and rfc3339(heard_at),
                "expires_at": int((now + _KEPT_FOR).timestamp()),
            }
            self._client.put_item(TableName=self._table, Item=to_item(item))

    def all(self) -> dict[str, datetime | None]:
        """By source, when it was last heard; None for one that never was. What cannot be read is left out."""
        return dict(filter(None, map(_silent, self._items())))

    def _items(self) -> list[Item]:
        items = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="#source = :about",
            ExpressionAttributeNames={"#source": "source"},
            ExpressionAttributeValues=to_item({":about": _ABOUT}),
        )
        return list(items)


@or_absent(FORMAT)
def _silent(item: Item) -> tuple[str, datetime | None]:
    return item["entry"], parse_instant(of_type(str, item["heard_at"])) if "heard_at" in item else None


def _key(name: str) -> dict[str, str]:
    return {"source": _ABOUT, "entry": name}
