"""The clients of AWS, and DynamoDB items as plain values.

botocore instead of boto3, and a serialiser of our own: boto3 imports the transfer manager of S3, which adds a third to
a cold start, and its serialiser cannot be had without that.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import botocore.session
from botocore.config import Config

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant
from shared.storage.deadline import refuse_when_late

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Connection: TypeAlias = "DynamoDBClient"
"""A client of DynamoDB, for those who hand one on and do nothing with it."""

Item = dict[str, Any]

Pause = Callable[[float], object]
"""Waits for some seconds; given from the edge, where time is."""

_KEYS_PER_BATCH_GET = 100
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""

_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds before each further try to read what DynamoDB left unread, as it asks for: too much was read at once."""

CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 3})
"""One call gives up after 9 s at most, well before a function's own timeout, so that the caller learns why."""


@cache
def session() -> botocore.session.Session:
    """One session per process: its clients share what is costly to load, and keep to the time that a request has."""
    made = botocore.session.get_session()
    made.register("request-created", refuse_when_late)
    return made


def connect() -> "DynamoDBClient":
    """One client per process: making it costs more than a hundred calls."""
    return cast("DynamoDBClient", session().create_client("dynamodb", config=CONFIG))


Cursor = dict[str, Any] | None
"""Where the next page of a table begins; None at its end."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One of several parts of a table that are read side by side, and where to go on in it."""

    number: int = 0
    of: int = 1
    after: Cursor = None

    @property
    def arguments(self) -> Item:
        """What a scan is told."""
        start = {"ExclusiveStartKey": self.after} if self.after else {}
        return {"Segment": self.number, "TotalSegments": self.of, **start}


def query_all(client: "DynamoDBClient", **arguments: Any) -> Iterator[Item]:
    """Every item of a strongly consistent query, a page read when its first item is asked for."""
    start: Any = {}
    while True:
        page = client.query(ConsistentRead=True, **arguments, **start)
        yield from page["Items"]
        if "LastEvaluatedKey" not in page:
            return
        start = {"ExclusiveStartKey": page["LastEvaluatedKey"]}


def item_at(client: "DynamoDBClient", table: str, key: Item) -> Item | None:
    """The item of this key, strongly consistent; None when there is none."""
    found = client.get_item(TableName=table, Key=key, ConsistentRead=True)
    return dict(found["Item"]) if "Item" in found else None


class UnprocessedKeysError(RuntimeError):
    """DynamoDB left keys of a batch unread, every time they were asked for: it is too busy now."""


def batch_get(
    client: "DynamoDBClient", table: str, keys: Sequence[Item], request: Mapping[str, Any], pause: Pause
) -> list[Item]:
    """The items of these keys, as many at once as DynamoDB takes. Raises UnprocessedKeysError."""
    found: list[Item] = []
    for start in range(0, len(keys), _KEYS_PER_BATCH_GET):
        unread = list(keys[start : start + _KEYS_PER_BATCH_GET])
        for seconds in (0.0, *_PAUSES):
            if seconds:
                pause(seconds)
            wanted: Any = {table: {**request, "Keys": unread}}
            response: Any = client.batch_get_item(RequestItems=wanted)
            found += response["Responses"].get(table, [])
            unread = response["UnprocessedKeys"].get(table, {}).get("Keys", [])
            if not unread:
                break
        if unread:
            raise UnprocessedKeysError(f"{len(unread)} keys of {table} were left unread")
    return found


def instant_in(attribute: Any) -> datetime | None:
    """An instant as it was laid down; None for anything else."""
    try:
        return parse_instant(attribute["S"])
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


class NoAttributeError(TypeError):
    """A value that DynamoDB has no attribute for, or that this service stores none of: a float, say."""


def to_item(values: Mapping[str, Any]) -> Item:
    """Plain values as DynamoDB attributes; None is left out, so that an index without it stays sparse."""
    return {key: _to_attribute(value) for key, value in values.items() if value is not None}


def from_item(item: Mapping[str, Any]) -> Item:
    """DynamoDB attributes as plain values; numbers are whole."""
    return {key: _from_attribute(attribute) for key, attribute in item.items()}


_KINDS = {str: "S", bool: "BOOL", bytes: "B"}
"""Types whose values DynamoDB takes as they are."""


def _to_attribute(value: Any) -> Item:
    if value is None:
        return {"NULL": True}
    if isinstance(value, dict):
        return {"M": {key: _to_attribute(member) for key, member in value.items()}}
    if isinstance(value, list | tuple):
        return {"L": [_to_attribute(member) for member in value]}
    if isinstance(value, frozenset):
        return {"SS": sorted(value)}
    if kind := _KINDS.get(type(value)):
        return {kind: value}
    if isinstance(value, int):
        return {"N": str(value)}
    raise NoAttributeError(f"no attribute for {type(value).__name__}")


def _from_attribute(attribute: Mapping[str, Any]) -> Any:
    [(kind, value)] = attribute.items()
    if kind == "N":
        return int(value)  # ValueError for a fraction: this service stores none
    if kind == "M":
        return from_item(value)
    if kind == "L":
        return [_from_attribute(member) for member in value]
    if kind == "NULL":
        return None
    if kind == "SS":
        return frozenset(value)
    if kind in _KINDS.values():
        return value
    raise NoAttributeError(f"no value for {kind}")
