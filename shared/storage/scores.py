"""The scores table: what each client name stands for, scorecards under an optimistic lock, and the ledger."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change, readings
from shared.opmm.model import Model
from shared.opmm.scorecard import Scorecard, known_points, scorecard
from shared.opmm.signals import Signal
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import rfc3339, sortable
from shared.storage.absence import UNREADABLE
from shared.storage.codec import (
    CHANGE,
    FORMAT,
    SCORECARD,
    SIGNAL,
    UnreadableError,
    alias,
    alias_item,
    scorecard_item,
    scored,
    summary,
)
from shared.storage.dynamodb import Cursor, Item, Pause, Segment, batch_get, from_item, instant_in, query_all, to_item
from shared.storage.ledger_codec import change, change_item
from shared.storage.made_from import MADE_FROM, unpacked
from shared.storage.records import Alias, MadeWith, Record, Scored, Unreadable, Vacant
from shared.storage.signal_codec import signal_items

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

BY_NAME_KEY = "clients_by_name_key"
"""The index of clients by what they are called, whatever their status."""

MOST_HOPS = 8
"""How far aliases of aliases are followed; the score function flattens them, so one hop is the rule."""


_R = TypeVar("_R")


@dataclass(frozen=True, slots=True)
class Known:
    """What a name leads to."""

    client_id: str
    """The client that it belongs to: itself unless it is an alias."""
    is_known: bool
    """Whether anything is known of the client."""
    erased_at: datetime | None = None
    """When a client that had this very name was erased."""


class VersionConflictError(RuntimeError):
    """Somebody else has written since the read: read again, decide again."""


class Scores:
    """What the names of clients stand for, kept by the score function under an optimistic lock."""

    def __init__(self, client: "DynamoDBClient", table: str, model: Model, zone: ZoneInfo) -> None:
        """Scorecards that were not made with this model and zone are unreadable."""
        self._client = client
        self._table = table
        self._model = model
        self.made_with = MadeWith(model.fingerprint, zone.key)

    def read(self, name: str) -> Record:
        """What this name stands for: one strongly consistent read."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(name)), ConsistentRead=True)
        item: Item = dict(found.get("Item", {}))
        return self._record(item) if item else Vacant()

    def read_many(self, names: Sequence[str], pause: Pause) -> Iterator[tuple[str, Record]]:
        """What these names stand for, as many at once as DynamoDB takes. Eventually consistent; in no order.

        Names that nothing is held of are left out.
        """
        for item in batch_get(self._client, self._table, [to_item(_key(name)) for name in names], {}, pause):
            yield item["client_id"]["S"], self._record(item)

    def _record(self, item: Item) -> Record:
        try:
            if "alias_of" in item:
                return alias(item)
            if MADE_FROM in item or "inputs" in item:  # the release before laid down each part by itself
                record = scored(item)
                if record.made_with == self.made_with:
                    return record if _consistent(record, summary(item).said, self._model) else _unreadable(item)
                other_model = record.made_with.model != self.made_with.model
                return replace(_unreadable(item), other_model=other_model, made_otherwise=True)
        except UnreadableError:
            return _unreadable(item)
        return _vacant(item)

    def client_named(self, name: str) -> tuple[str, bool]:
        """The client that a name belongs to, itself unless it is an alias, and whether anything is known of it.

        One strongly consistent read a hop.
        """
        known = self.look_up(name)
        return known.client_id, known.is_known

    def look_up(self, name: str) -> Known:
        """What a name leads to, and whether a client of this name was erased: one strongly consistent read a hop."""
        erased: list[datetime | None] = []

        def owner(known: str) -> tuple[str | None, bool]:
            alias_of, is_known, erased_at = self._owner(known)
            erased.append(erased_at)
            return alias_of, is_known

        client_id, is_known = _followed(name, owner)
        return Known(client_id, is_known, erased[0])

    def clients_called(self, key: str, count: int = 2) -> list[str]:
        """Clients whose display names have this key, of any status: one query of a few rows.

        The index follows a change of a name within a second or so.
        """
        found = self._client.query(
            TableName=self._table,
            IndexName=BY_NAME_KEY,
            KeyConditionExpression="name_key = :key",
            ExpressionAttributeValues=to_item({":key": key}),
            Limit=count,
        )
        return [item["client_id"]["S"] for item in found["Items"]]

    def read_client(self, name: str) -> tuple[str, Record]:
        """The client that a name belongs to, and what is held of it. One strongly consistent read a hop."""

        def owner(known: str) -> tuple[str | None, Record]:
            record = self.read(known)
            return record.alias_of if isinstance(record, Alias) else None, record

        return _followed(name, owner)

    def _owner(self, name: str) -> tuple[str | None, bool, datetime | None]:
        found = self._client.get_item(
            TableName=self._table,
            Key=to_item(_key(name)),
            ProjectionExpression="alias_of, #status, erased_at",
            ExpressionAttributeNames={"#status": "status"},
            ConsistentRead=True,
        )
        item: Item = dict(found.get("Item", {}))  # what is vacant is no alias and has no status
        owner = item.get("alias_of", {}).get("S")
        known = bool(item.keys() - {"erased_at"})
        return owner if owner and is_slug(owner) else None, known, instant_in(item.get("erased_at"))

    def ledger(self, name: str) -> list[Change]:
        """Every entry of a ledger, the oldest first; for what is made anew only, as it reads all of it."""
        items = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="client_id = :name AND begins_with(#item, :change)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":name": name, ":change": CHANGE}),
        )
        return readable_changes(items)

    def latest_changes(self, name: str, count: int = 20) -> list[Change]:
        """The last entries of a ledger, the newest first: one query."""
        page = self._client.query(
            TableName=self._table,
            KeyConditionExpression="client_id = :name AND begins_with(#item, :change)",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":name": name, ":change": CHANGE}),
            ConsistentRead=True,
            ScanIndexForward=False,
            Limit=count,
        )
        return readable_changes(page["Items"])

    def names(self, segment: Segment) -> tuple[set[str], Cursor]:
        """Names that anything is held of, readable or not, but for aliases; and where the next page begins.

        Reads a page of the whole table, ledgers included: for the night and for rebuilds only.
        """
        page = self._client.scan(
            TableName=self._table,
            FilterExpression="#item = :scorecard AND attribute_not_exists(alias_of)",
            ProjectionExpression="client_id",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":scorecard": SCORECARD}),
            **cast("Any", segment.arguments),
        )
        return {item["client_id"]["S"] for item in page["Items"]}, cast("Cursor", page.get("LastEvaluatedKey"))

    def entries_between(self, since: datetime, until: datetime, after: Cursor = None) -> tuple[list[Item], Cursor]:
        """Changes and signals from `since` up to, not including, `until`; and where the next page begins.

        Reads a page of the whole table.
        """
        page = self._client.scan(
            TableName=self._table,
            FilterExpression=" OR ".join(f"#item BETWEEN :{place}_since AND :{place}_until" for place in range(2)),
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item(
                {
                    f":{place}_{name}": f"{beginning}{sortable(moment)}"
                    for place, beginning in enumerate((CHANGE, SIGNAL))
                    for name, moment in (("since", since), ("until", until))
                }
            ),
            **cast("Any", {"ExclusiveStartKey": after} if after else {}),
        )
        return list(page["Items"]), cast("Cursor", page.get("LastEvaluatedKey"))

    def held(self, names: Sequence[str], pause: Pause) -> set[str]:
        """Those of these names that anything is held of, aliases included. Eventually consistent."""
        keys = [to_item(_key(name)) for name in names]
        found = batch_get(self._client, self._table, keys, {"ProjectionExpression": "client_id"}, pause)
        return {item["client_id"]["S"] for item in found}

    def write(
        self,
        record: Scored,
        card: Scorecard,
        changes: Sequence[Change],
        signals: Sequence[Signal] = (),
        *,
        over: Record,
    ) -> None:
        """Writes a scorecard and, in the same transaction, what moved and what else is news.

        `over` is what was read. Raises VersionConflictError when it is no longer there.
        """
        entries = [change_item(card.client_id, change) for change in changes]
        entries += signal_items(card.client_id, signals)
        self._put_with(self._put(scorecard_item(record, card), over), card.client_id, entries)

    def mark_alias(self, name: str, marker: Alias, changes: Sequence[Change] = (), *, over: Record) -> None:
        """Makes a name an alias, whatever it was, and closes its ledger in the same transaction.

        Raises VersionConflictError.
        """
        entries = [change_item(name, change) for change in changes]
        self._put_with(self._put(alias_item(name, marker), over), name, entries)

    def vacate(self, name: str, vacant: Vacant, *, over: Record) -> None:
        """Forgets what a name stood for. Raises VersionConflictError."""
        values = {
            **_key(name),
            "format": FORMAT,
            "version": vacant.version,
            "changed_at": vacant.changed_at and rfc3339(vacant.changed_at),
            "erased_at": vacant.erased_at and rfc3339(vacant.erased_at),
            "erasing": vacant.erasing or None,
        }
        self._put_with(self._put(values, over), name, ())

    def _put(self, values: dict[str, Any], over: Record) -> "PutTypeDef":
        """A put that holds only while the version that was read is there; version 0 means that none is."""
        put: PutTypeDef = {"TableName": self._table, "Item": to_item(values)}
        lock = over.lock if isinstance(over, Unreadable) else to_item({"version": over.version or None}).get("version")
        if lock is None:
            put["ConditionExpression"] = "attribute_not_exists(version)"
        else:
            put["ConditionExpression"] = "version = :read"
            put["ExpressionAttributeValues"] = {":read": lock}
        return put

    def _put_with(self, put: "PutTypeDef", client_id: str, entries: Sequence[Item]) -> None:
        """A put and entries of this client, all or none."""
        exceptions = self._client.exceptions
        if not entries:
            try:
                self._client.put_item(**put)
            except (exceptions.ConditionalCheckFailedException, exceptions.TransactionConflictException) as refused:
                raise VersionConflictError(client_id) from refused
            return
        beside: list[PutTypeDef] = [{"TableName": self._table, "Item": to_item(entry)} for entry in entries]
        try:
            self._client.transact_write_items(TransactItems=[{"Put": each} for each in [put, *beside]])
        except exceptions.TransactionCanceledException as canceled:
            codes = {reason.get("Code") for reason in canceled.response.get("CancellationReasons", [])}
            if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise VersionConflictError(client_id) from canceled
            raise


def readable_changes(items: Iterable[Any]) -> list[Change]:
    """The changes in these items; entries that this release does not know are left out."""
    changes: list[Change] = []
    for item in items:
        try:
            changes.append(change(item))
        except UnreadableError:
            continue
    return changes


def _followed(name: str, read: Callable[[str], tuple[str | None, _R]]) -> tuple[str, _R]:
    """The name at the end of a chain of aliases, and what was read of it."""
    owner, record = read(name)
    for _ in range(MOST_HOPS):
        if owner is None:
            break
        name = owner
        owner, record = read(name)
    return name, record


def _key(name: str) -> Item:
    return {"client_id": name, "item": SCORECARD}


_OF_VACANT = ("format", "version", "changed_at", "erased_at", "erasing")


def _vacant(item: Item) -> Vacant | Unreadable:
    """A name that nothing is known of by now, but was once; anything else that lies there is unreadable."""
    unreadable = _unreadable(item)
    known = item.get("format") == {"N": str(FORMAT)} and item.keys() <= {*_key(""), *_OF_VACANT}
    for told, instant in (("changed_at", unreadable.changed_at), ("erased_at", unreadable.erased_at)):
        known = known and (instant is not None or told not in item)
    if not (known and unreadable.version):
        return unreadable
    return Vacant(unreadable.version, unreadable.changed_at, unreadable.erased_at, erasing="erasing" in item)


def _consistent(record: Scored, said: str | None, model: Model) -> bool:
    """Whether a scorecard says what it was made from, and all that it was made from are values that questions know.

    An earlier release did not write down what it `said`, but the points and values.
    """
    asked, compared_on = model.answered_from("nps"), record.as_of - timedelta(days=model.discussion.days)
    figures = [inputs.reported for inputs in (record.inputs, record.earlier) if inputs.reported]
    if figures and not (asked and all(asked.holds(figure.value) for figure in figures)):
        return False  # the scorecard does not speak of it as long as there are responses
    try:
        card = scorecard(record.inputs, model, record.as_of)
        earlier = scorecard(record.earlier, model, compared_on)
    except (TypeError, ValueError):
        return False
    return (said and card.said(), readings(card), earlier.total, known_points(earlier)) == (
        said,
        record.readings,
        record.earlier_total,
        record.earlier_points,
    )


def _aliases(item: Item) -> list[str]:
    """The other names of a scorecard, as far as they can be read."""
    told = {part: item[part] for part in (MADE_FROM, "aliases") if part in item}
    try:
        return [name for name in unpacked(from_item(told)).get("aliases", ()) if isinstance(name, str)]
    except UNREADABLE:
        return []


def _unreadable(item: Item) -> Unreadable:
    """What of an item can be trusted whatever it is: the version to replace, the time of its last change, and names."""
    lock, row = item.get("version"), item.get("summary", {}).get("M", {})
    numbers = [version.get("N", "") for version in (item.get("version", {}), row.get("version", {}))]
    told = item.get("changed_at") or row.get("changed_at") or {}
    changed_at = instant_in(told)
    names = [item.get("alias_of", {}), *item.get("claimants", {}).get("L", [])]
    tied = tuple(name for name in (*(name.get("S", "") for name in names), *_aliases(item)) if is_slug(name))
    version = max((int(number) for number in numbers if number.isdecimal()), default=0)
    return Unreadable(version, lock, changed_at, tied=tied, erased_at=instant_in(item.get("erased_at")))
