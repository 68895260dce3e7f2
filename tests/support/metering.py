"""Counts the DynamoDB calls of a client and the units the real service would meter for them, which moto does not.

The rules: a write is 1 unit for each started KB of the larger of the old and the new item, twice that in a transaction,
and what the indexes cost once (see `indexes`); a failed condition is charged without them. A read is 1 unit for each
started 4 KB, half when eventually consistent, of the item (GetItem, BatchGetItem) or of the sum of what a Query or Scan
reads: filters and projections save nothing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore import xform_name

from tests.support.clients import unhooked
from tests.support.copies import copied
from tests.support.indexes import KB, Item, index_units, indexes_of, keys_of, projected, started
from tests.support.item_size import item_size

if TYPE_CHECKING:
    from botocore.client import BaseClient
    from botocore.model import OperationModel

READS = frozenset({"GetItem", "BatchGetItem", "TransactGetItems", "Query", "Scan"})
WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"})


@dataclass(frozen=True)
class Write:
    """One item to be written: what the call says (`Put`, `Update`, `Delete`, `ConditionCheck`) and what was there."""

    kind: str
    request: dict[str, Any]
    old: Item | None


class Meter:
    """The calls and units so far."""

    def __init__(self, client: "BaseClient") -> None:
        self._unhooked = unhooked(client)
        self._tables: dict[str, Any] = {}
        self._calls: Counter[str] = Counter()
        self.read_units: float = 0
        self.write_units: int = 0
        self.keys = 0
        """Keys asked for in batches."""

    @property
    def calls(self) -> dict[str, int]:
        """Calls by operation, failed ones included."""
        return dict(self._calls)

    def remember(self, params: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        """Keeps the parameters of a call, which later events only have in their wire format."""
        context["metering.params"] = copied(params)

    def before(self, model: "OperationModel", context: dict[str, Any], **_: Any) -> None:
        """Counts the call and, for a write, looks at what stands there."""
        self._calls[model.name] += 1
        if model.name == "BatchGetItem":
            self.keys += sum(len(table["Keys"]) for table in context["metering.params"]["RequestItems"].values())
        if model.name in WRITES:
            context["metering.writes"] = [
                Write(kind, request, self._stored(request))
                for kind, request in _actions(model.name, context["metering.params"])
            ]

    def after(self, model: "OperationModel", parsed: dict[str, Any], context: dict[str, Any], **_: Any) -> None:
        """Charges a call that was carried out, or whose condition failed."""
        error = parsed.get("Error", {}).get("Code")
        reasons = {reason["Code"] for reason in parsed.get("CancellationReasons", [])}
        failed = error == "ConditionalCheckFailedException" or "ConditionalCheckFailed" in reasons
        if error is not None and not failed:
            return
        if model.name in WRITES:
            factor = 2 if model.name == "TransactWriteItems" else 1
            for write in context["metering.writes"]:
                self.write_units += self._written(write, factor, failed=failed)
        elif model.name in READS:
            self.read_units += self._read(model.name, context["metering.params"])

    def _written(self, write: Write, factor: int, *, failed: bool) -> int:
        new = self._new(write, failed=failed)
        base = started(max(item_size(item) if item else 0 for item in (write.old, new)), KB) * factor
        if failed or write.kind == "ConditionCheck":
            return base
        return base + index_units(self._table(write.request["TableName"]), write.old, new)

    def _new(self, write: Write, *, failed: bool) -> Item | None:
        match write.kind:
            case "Put":
                item: Item = write.request["Item"]
                return item
            case "Update" if not failed:
                return self._stored(write.request)
            case "Delete" if not failed:
                return None
        return write.old

    def _read(self, name: str, params: dict[str, Any]) -> float:
        match name:
            case "GetItem":
                return _read_units(self._size(params), consistent=params.get("ConsistentRead", False))
            case "BatchGetItem":
                return sum(
                    _read_units(
                        self._size({"TableName": table, "Key": key}), consistent=keys.get("ConsistentRead", False)
                    )
                    for table, keys in params["RequestItems"].items()
                    for key in keys["Keys"]
                )
            case "TransactGetItems":
                return sum(2 * _read_units(self._size(get["Get"]), consistent=True) for get in params["TransactItems"])
        return _read_units(self._sum_read(name, params), consistent=params.get("ConsistentRead", False))

    def _sum_read(self, name: str, params: dict[str, Any]) -> int:
        """Bytes a Query or Scan goes through: the same one again, without what filters or projects."""
        bare = {
            name: params[name] for name in params if name not in {"FilterExpression", "ProjectionExpression", "Select"}
        }
        for placeholders in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            used = re.findall(r"[#:]\w+", params.get("KeyConditionExpression", ""))
            kept = {name: value for name, value in bare.pop(placeholders, {}).items() if name in used}
            bare |= {placeholders: kept} if kept else {}
        items = getattr(self._unhooked, xform_name(name))(**bare)["Items"]
        if "IndexName" not in params:
            return sum(item_size(item) for item in items)
        table = self._table(params["TableName"])
        [index] = [index for index in indexes_of(table) if index["IndexName"] == params["IndexName"]]
        _refuse_fetches(table, index, params)
        return sum(item_size(projected(table, index, item) or {}) for item in items)

    def _size(self, request: dict[str, Any]) -> int:
        return item_size(self._stored(request) or {})

    def _stored(self, request: dict[str, Any]) -> Item | None:
        table = request["TableName"]
        source = request["Key"] if "Key" in request else request["Item"]
        key = {name: source[name] for name in keys_of(self._table(table))}
        return self._unhooked.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item")

    def _table(self, name: str) -> Any:
        if name not in self._tables:
            self._tables[name] = self._unhooked.describe_table(TableName=name)["Table"]
        return self._tables[name]


@contextmanager
def metered(client: "BaseClient") -> Iterator[Meter]:
    """Meters every call of the client inside the block."""
    meter = Meter(client)
    events = client.meta.events
    hooks: dict[str, Callable[..., None]] = {
        "before-parameter-build": meter.remember,
        "before-call": meter.before,
        "after-call": meter.after,
    }
    for event, hook in hooks.items():
        # Parameters are final when every other hook has seen them; calls count before one may refuse them.
        register = events.register_last if event == "before-parameter-build" else events.register_first
        register(f"{event}.dynamodb", hook)
    try:
        yield meter
    finally:
        for event, hook in hooks.items():
            events.unregister(f"{event}.dynamodb", hook)


def _read_units(size: int, *, consistent: bool) -> float:
    return started(size, 4 * KB) * (1 if consistent else 0.5)


def _actions(name: str, params: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    if name == "TransactWriteItems":
        return [action for entry in params["TransactItems"] for action in entry.items()]
    if name == "BatchWriteItem":
        return [
            (kind.removesuffix("Request"), {"TableName": table, **request})
            for table, entries in params["RequestItems"].items()
            for entry in entries
            for kind, request in entry.items()
        ]
    return [(name.removesuffix("Item"), params)]


def _refuse_fetches(table: Any, index: Any, params: dict[str, Any]) -> None:
    """A query that asks a local index for more than it holds reads each item from the table too: better not."""
    names = params.get("ExpressionAttributeNames", {})
    wanted = [re.split(r"[.\[]", path.strip())[0] for path in params.get("ProjectionExpression", "").split(",")]
    wanted = [names.get(name, name) for name in wanted if name]
    held = {*keys_of(table), *keys_of(index), *index["Projection"].get("NonKeyAttributes", [])}
    everything = index["Projection"]["ProjectionType"] == "ALL"
    if not everything and (params.get("Select") == "ALL_ATTRIBUTES" or not held.issuperset(wanted)):
        raise AssertionError(f"{index['IndexName']} does not hold {sorted(set(wanted) - held) or 'every attribute'}")
