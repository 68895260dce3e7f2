"""The scores table: what each client name stands for, scorecards under an optimistic lock, and the ledger."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.opmm.ledger import Change
from shared.opmm.scorecard import Scorecard
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.codec import SCORECARD, change_item, scorecard_item, scored
from shared.storage.dynamodb import Item, from_item, to_item
from shared.storage.records import Alias, Entry, Scored, Vacant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import PutTypeDef

MOST_HOPS = 8
"""How far aliases of aliases are followed; the score function flattens them, so one hop is the rule."""


class VersionConflictError(RuntimeError):
    """Somebody else has written since the read: read again, decide again."""


class Scores:
    """What the names of clients stand for, kept by the score function under an optimistic lock."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self, name: str) -> Entry:
        """What this name stands for: one strongly consistent read."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(name)), ConsistentRead=True)
        item = from_item(found.get("Item", {}))
        if "alias_of" in item:
            return Alias(item["version"], item["alias_of"], tuple(item["claimants"]), _changed_at(item))
        if "standing" in item:
            return scored(item)
        return Vacant(item.get("version", 0), _changed_at(item))

    def client_named(self, name: str) -> str:
        """The client that a name belongs to: itself unless it is an alias. One strongly consistent read a hop."""
        for _ in range(MOST_HOPS):
            found = self._client.get_item(
                TableName=self._table,
                Key=to_item(_key(name)),
                ProjectionExpression="alias_of",
                ConsistentRead=True,
            ).get("Item")
            if not found:
                return name
            name = found["alias_of"]["S"]
        return name

    def write(self, entry: Scored, card: Scorecard, changes: Sequence[Change], *, over: int) -> None:
        """Writes a scorecard and, in the same transaction, what moved.

        `over` is the version that was read. Raises VersionConflictError when it is no longer there.
        """
        self._put_with(self._put(scorecard_item(entry, card), over), card.client_id, changes)

    def mark_alias(self, name: str, alias: Alias, changes: Sequence[Change] = ()) -> None:
        """Makes a name an alias, whatever it was, and closes its ledger in the same transaction.

        `alias.version` is the new version. Raises VersionConflictError.
        """
        marker = {"alias_of": alias.alias_of, "claimants": list(alias.claimants)}
        self._put_with(self._put(_nobody(name, alias) | marker, alias.version - 1), name, changes)

    def vacate(self, name: str, vacant: Vacant) -> None:
        """Forgets what a name stood for. `vacant.version` is the new version. Raises VersionConflictError."""
        self._put_with(self._put(_nobody(name, vacant), vacant.version - 1), name, ())

    def _put(self, values: dict[str, Any], version: int) -> "PutTypeDef":
        """A put that holds only while this version is there; version 0 means that nothing is."""
        put: PutTypeDef = {"TableName": self._table, "Item": to_item(values)}
        if version:
            put["ConditionExpression"] = "version = :read"
            put["ExpressionAttributeValues"] = {":read": {"N": str(version)}}
        else:
            put["ConditionExpression"] = "attribute_not_exists(client_id)"
        return put

    def _put_with(self, put: "PutTypeDef", client_id: str, changes: Sequence[Change]) -> None:
        """A put and entries of this client's ledger, all or none."""
        exceptions = self._client.exceptions
        if not changes:
            try:
                self._client.put_item(**put)
            except (exceptions.ConditionalCheckFailedException, exceptions.TransactionConflictException) as refused:
                raise VersionConflictError(client_id) from refused
            return
        ledger: list[PutTypeDef] = [
            {"TableName": self._table, "Item": to_item(change_item(client_id, change))} for change in changes
        ]
        try:
            self._client.transact_write_items(TransactItems=[{"Put": each} for each in [put, *ledger]])
        except exceptions.TransactionCanceledException as canceled:
            codes = {reason.get("Code") for reason in canceled.response.get("CancellationReasons", [])}
            if codes & {"ConditionalCheckFailed", "TransactionConflict"}:
                raise VersionConflictError(client_id) from canceled
            raise


def _key(name: str) -> Item:
    return {"client_id": name, "item": SCORECARD}


def _nobody(name: str, entry: Alias | Vacant) -> Item:
    """What is held of any name that has no scorecard."""
    values = _key(name) | {"version": entry.version}
    return values | {"changed_at": rfc3339(entry.changed_at)} if entry.changed_at else values


def _changed_at(item: Item) -> datetime | None:
    return parse_instant(item["changed_at"]) if "changed_at" in item else None
