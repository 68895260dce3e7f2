"""How each destination fares: when something arrived there, since when nothing does, and whether it wants any more."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import UNREADABLE
from shared.storage.dynamodb import from_item, query_all, to_item
from shared.storage.shapes import of_type, optional

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TOLD_AFTER = timedelta(days=3)
"""For how long a destination fails until the digests of the others tell it."""

_NOTED_EVERY = timedelta(minutes=1)
"""How often it is taken down, at most, that a message arrived: many of them do not cost a write each."""

_ABOUT = "destinations"


@dataclass(frozen=True, slots=True, kw_only=True)
class DestinationState:
    """How a destination fares."""

    failing_since: datetime | None = None
    """The first try that failed since one arrived."""
    ended_at: datetime | None = None
    """When it answered that it is gone."""
    ended_version: str | None = None
    """The version of its description that was so: another one may be there again."""
    delivered_at: datetime | None = None
    """When a message arrived last, a minute at most before the very last one."""

    def is_ended(self, version: str | None) -> bool:
        """Whether the destination as it is described now has asked for nothing more."""
        return self.ended_at is not None and self.ended_version == version

    def is_told(self, now: datetime) -> bool:
        """Whether it has failed for so long that others hear of it."""
        return self.failing_since is not None and now - self.failing_since >= TOLD_AFTER


class DestinationStates:
    """The states of all destinations, in the table of notifications."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of(self, name: str) -> DestinationState:
        """How a destination fares. Strongly consistent."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(name)), ConsistentRead=True)
        return _from_item(found.get("Item", {}))

    def all(self) -> Mapping[str, DestinationState]:
        """By destination, how those fare that anything is known of."""
        items = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="about = :about",
            ExpressionAttributeValues=to_item({":about": _ABOUT}),
        )
        return {item["entry"]["S"]: _from_item(item) for item in items}

    def failed(self, name: str, now: datetime) -> None:
        """Takes down that a try has failed; the first one since one arrived counts."""
        self._update(name, "SET failing_since = if_not_exists(failing_since, :now)", {":now": rfc3339(now)})

    def mended(self, name: str, held: DestinationState) -> None:
        """Takes down that a destination can be reached, where anything else was known."""
        if held.failing_since or held.ended_at:
            self._update(name, _MENDED, {})

    def arrived(self, name: str, held: DestinationState, now: datetime) -> None:
        """Takes down that a message arrived: at once where anything else was known, else once in a while."""
        noted = held.delivered_at
        if held.failing_since or held.ended_at or noted is None or now - noted >= _NOTED_EVERY:
            self._update(name, f"SET delivered_at = :now {_MENDED}", {":now": rfc3339(now)})

    def ended(self, name: str, version: str | None, now: datetime) -> None:
        """Takes down that a destination wants nothing more, as it is described now."""
        self._update(
            name,
            "SET ended_at = :now, ended_version = :version, failing_since = if_not_exists(failing_since, :now)",
            {":now": rfc3339(now), ":version": version or ""},
        )

    def _update(self, name: str, expression: str, values: Mapping[str, Any]) -> None:
        told: Any = {"ExpressionAttributeValues": to_item(values)} if values else {}
        self._client.update_item(TableName=self._table, Key=to_item(_key(name)), UpdateExpression=expression, **told)


_MENDED = "REMOVE failing_since, ended_at, ended_version"


def _key(name: str) -> dict[str, str]:
    return {"about": _ABOUT, "entry": name}


def _from_item(laid_down: Mapping[str, Any]) -> DestinationState:
    """How a destination fares; nothing is known of it where that cannot be read: the next try says it anew."""
    try:
        item = from_item(laid_down)
        return DestinationState(
            failing_since=optional(_instant, item.get("failing_since")),
            ended_at=optional(_instant, item.get("ended_at")),
            ended_version=optional(partial(of_type, str), item.get("ended_version")),
            delivered_at=optional(_instant, item.get("delivered_at")),
        )
    except UNREADABLE:
        return DestinationState()


def _instant(value: Any) -> datetime:
    return parse_instant(of_type(str, value))
