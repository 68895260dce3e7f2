"""Digests as they were made: told again, one says the same. A client that is erased is taken out of them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.opmm.calendar import Entry
from shared.opmm.dataclass import dataclass
from shared.opmm.digest import Agreed, Agreement, Coming, Digest, Moved, Silent, TalkDue
from shared.opmm.discussion import Reason
from shared.opmm.ledger import Move, Reading
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import or_absent
from shared.storage.dynamodb import Item, to_item
from shared.storage.packing import packed, unpacked
from shared.storage.shapes import of_type, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1

KEPT_FOR = timedelta(days=400)

ABOUT = "digest#"
_MARK = "__"
_SHAPES = {
    shape.__name__: shape
    for shape in (Agreed, Agreement, Coming, Digest, Entry, Move, Moved, Reading, Reason, Silent, TalkDue)
}


@dataclass(frozen=True, slots=True)
class HeldDigest:
    """A digest of one destination, and the moment it was made for."""

    destination: str
    moment: datetime
    digest: Digest


class Digests:
    """The digests of all destinations, in the table of notifications."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def add(self, held: HeldDigest) -> bool:
        """Keeps a digest unless one was made for that moment; gives whether it was kept."""
        try:
            self._client.put_item(
                TableName=self._table, Item=_to_item(held), ConditionExpression="attribute_not_exists(about)"
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def get(self, destination: str, moment: datetime) -> HeldDigest | None:
        """The digest of a moment; None where none was made, or this release does not know it."""
        found = self._client.get_item(
            TableName=self._table, Key=to_item(_key(destination, moment)), ConsistentRead=True
        )
        return _held(found["Item"]) if "Item" in found else None

    def latest(self, destination: str) -> HeldDigest | None:
        """The last digest of a destination."""
        page = self._client.query(
            TableName=self._table,
            KeyConditionExpression="about = :about",
            ExpressionAttributeValues=to_item({":about": ABOUT + destination}),
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=1,
        )
        return _held(page["Items"][0]) if page["Items"] else None

    def without(self, destination: str, moment: datetime, client_ids: frozenset[str]) -> None:
        """Takes clients that were erased out of a digest. Safe to repeat.

        One that this release cannot read goes as a whole: nobody knows whom it names, and nobody is told it any more.
        """
        key = to_item(_key(destination, moment))
        while "Item" in (found := self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)):
            item, held = found["Item"], _held(found["Item"])
            try:
                if held is None:
                    self._client.delete_item(TableName=self._table, Key=key)
                else:
                    self._client.put_item(
                        TableName=self._table,
                        Item=_to_item(replace(held, digest=leaving_out(held.digest, client_ids))),
                        ConditionExpression="digest = :read",
                        ExpressionAttributeValues={":read": item["digest"]},
                    )
            except self._client.exceptions.ConditionalCheckFailedException:
                continue  # another erasure was faster
            return


def may_name(item: Mapping[str, Any], client_ids: frozenset[str]) -> bool:
    """Whether the item of a digest names one of these clients, or cannot be read."""
    held = _held(item)
    return held is None or leaving_out(held.digest, client_ids) != held.digest


def named(told: Digest) -> frozenset[str]:
    """The clients that a digest names."""
    return frozenset(each.client_id for lines in _of_clients(told).values() for each in lines)


def leaving_out(told: Digest, client_ids: frozenset[str]) -> Digest:
    """A digest that names these clients no more; its numbers stay as they were told."""
    kept: dict[str, Any] = {
        name: tuple(each for each in lines if each.client_id not in client_ids)
        for name, lines in _of_clients(told).items()
    }
    return replace(told, **kept)


def _of_clients(told: Digest) -> dict[str, tuple[Any, ...]]:
    """The parts of a digest that name clients."""
    return {
        "falls": told.falls,
        "rises": told.rises,
        "answered": told.answered,
        "talks": told.talks,
        "agreements": told.agreements,
        "stale": told.stale,
        "coming": told.coming,
    }


def _key(destination: str, moment: datetime) -> dict[str, str]:
    return {"about": ABOUT + destination, "entry": rfc3339(moment)}


def _to_item(held: HeldDigest) -> dict[str, Any]:
    return to_item(
        {
            **_key(held.destination, held.moment),
            "format": FORMAT,
            # Two thousand clients that moved at once are more than an item has room for, unless it is packed.
            "digest": packed(_laid_down(held.digest)),
            "expires_at": int((held.moment + KEPT_FOR).timestamp()),
        }
    )


@or_absent(FORMAT)
def _held(item: Item) -> HeldDigest:
    """A digest from its item; None for one that this release cannot read."""
    told = of_type(Digest, _read(unpacked(item["digest"])))
    whole(told.without_news)  # the next one counts on from it
    return HeldDigest(item["about"].removeprefix(ABOUT), parse_instant(item["entry"]), told)


def _laid_down(value: Any) -> Any:
    """A value of the core as JSON: an object under the name of its shape, a day under that of its own."""
    if is_dataclass(value):
        told = {each.name: _laid_down(getattr(value, each.name)) for each in fields(value)}
        return {_MARK: type(value).__name__, **told}
    if isinstance(value, date):
        return {_MARK: "date", "on": value.isoformat()}
    if isinstance(value, tuple):
        return [_laid_down(each) for each in value]
    return value


def _read(laid_down: Any) -> Any:
    """The value that `_laid_down` laid down. Raises KeyError, TypeError or ValueError for anything else.

    A field that a later release knows, and this one does not, fails the whole: half a digest would be another one.
    """
    if isinstance(laid_down, list):
        return tuple(map(_read, laid_down))
    if not isinstance(laid_down, dict):
        return laid_down
    told = {key: _read(value) for key, value in laid_down.items() if key != _MARK}
    if laid_down[_MARK] == "date":
        return date.fromisoformat(told["on"])
    return _SHAPES[laid_down[_MARK]](**told)
