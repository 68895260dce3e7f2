"""The portfolio at a glance, kept for every function that tells it: to read all rows anew costs as much as they are.

It is a copy that may be lost at any time. It lies in the scores table, under a name that no client has.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, sortable
from shared.storage.codec import FORMAT, UnreadableError, item_reader
from shared.storage.dynamodb import Item, to_item
from shared.storage.shapes import of_type, whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_dynamodb import DynamoDBClient

KEY: Item = {"client_id": "#portfolio", "item": "overview"}

_CLAIMED_FOR = timedelta(seconds=20)
"""So long others wait for who counts anew: longer than a request may last."""


@dataclass(frozen=True, slots=True)
class Mover:
    """A client whose total moved."""

    client_id: str
    name: str
    earlier_total: int
    total: int


@dataclass(frozen=True, slots=True)
class Overview:
    """What the rows of a portfolio say together."""

    count: int
    totals: tuple[int, ...]
    """How many clients have each total, from 0 up."""
    incomplete: int
    stale: int
    due: int
    """How many need a talk."""
    undescribed: int
    """How many nobody has described."""
    movers: tuple[Mover, ...]
    """Those whose totals moved most since the day they are compared with, the biggest move first."""
    up: int
    """How many rose since; who was measured for the first time has not moved."""
    down: int
    """How many fell."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An overview that was kept."""

    overview: Overview
    model: str
    """The fingerprint of the model that it was made with."""
    read_at: datetime
    """When its rows were begun to be read."""


class Overviews:
    """Keeps the overview of all active clients."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self) -> Kept | None:
        """What was kept last; None where nothing is, or nothing that this release knows. Half a read unit."""
        found = self._client.get_item(TableName=self._table, Key=to_item(KEY))
        try:
            return _kept(found.get("Item", {}))
        except UnreadableError:
            return None

    def claim(self, now: datetime) -> bool:
        """Takes it upon oneself to count anew; False where somebody else has done so a moment ago."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item(KEY),
                UpdateExpression="SET claimed_at = :now",
                ConditionExpression="attribute_not_exists(claimed_at) OR NOT claimed_at BETWEEN :over AND :now",
                ExpressionAttributeValues=to_item({":now": sortable(now), ":over": sortable(now - _CLAIMED_FOR)}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def keep(self, kept: Kept) -> None:
        """Keeps an overview, unless one of rows that were read later lies there: who is slow changes nothing."""
        overview = kept.overview
        item = {
            **KEY,
            "format": FORMAT,
            "read_at": sortable(kept.read_at),
            "model": kept.model,
            "totals": list(overview.totals),
            **{name: getattr(overview, name) for name in _COUNTS},
            "movers": [[each.client_id, each.name, each.earlier_total, each.total] for each in overview.movers],
        }
        self._put(item, kept.read_at)

    def forget(self, until: datetime) -> None:
        """Lets go of what is kept, and takes nothing that was read before this time: a client was erased."""
        self._put({**KEY, "format": FORMAT, "read_at": sortable(until)}, until)

    def _put(self, item: Item, read_at: datetime) -> None:
        with suppress(self._client.exceptions.ConditionalCheckFailedException):
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(read_at) OR read_at < :read_at",
                ExpressionAttributeValues=to_item({":read_at": sortable(read_at)}),
            )


_COUNTS = ("count", "incomplete", "stale", "due", "undescribed", "up", "down")


@item_reader
def _kept(item: "Mapping[str, Any]") -> Kept:
    overview = Overview(
        totals=tuple(map(whole, of_type(list, item["totals"]))),
        movers=tuple(_mover(*of_type(list, mover)) for mover in of_type(list, item["movers"])),
        **{name: whole(item[name]) for name in _COUNTS},
    )
    return Kept(overview, of_type(str, item["model"]), parse_instant(item["read_at"]))


def _mover(client_id: Any, name: Any, earlier_total: Any, total: Any) -> Mover:
    return Mover(of_type(str, client_id), of_type(str, name), whole(earlier_total), whole(total))
