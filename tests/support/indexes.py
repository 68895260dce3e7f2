"""What of an item stands in an index, and what a write of the item costs there."""

from collections.abc import Mapping
from typing import Any

from tests.support.item_size import item_size

KB = 1024

Item = Mapping[str, Any]


def started(size: int, step: int) -> int:
    """How many steps a size has begun; nothing at all counts as one."""
    return max(1, -(-size // step))


def keys_of(description: Any) -> list[str]:
    """The names of the key attributes of a table or an index."""
    return [key["AttributeName"] for key in description["KeySchema"]]


def indexes_of(table: Any) -> list[Any]:
    """Every index of a described table, local and global."""
    return [*table.get("LocalSecondaryIndexes", []), *table.get("GlobalSecondaryIndexes", [])]


def projected(table: Any, index: Any, item: Item | None) -> Item | None:
    """The entry of an item in an index; None when it lacks one of the index's keys (a sparse index)."""
    if item is None or any(key not in item for key in keys_of(index)):
        return None
    kept = kept_in(table, index)
    return item if kept is None else {name: value for name, value in item.items() if name in kept}


def kept_in(table: Any, index: Any) -> frozenset[str] | None:
    """The attributes that an index has of its items; None for all of them."""
    projection = index["Projection"]
    if projection["ProjectionType"] == "ALL":
        return None
    return frozenset([*keys_of(table), *keys_of(index), *projection.get("NonKeyAttributes", [])])


def index_units(table: Any, old: Item | None, new: Item | None) -> int:
    """Write units of all indexes when an item becomes another (None: there is none).

    An entry that stays as it is costs nothing, one that is added, removed or changed once its started KB, and one whose
    index key changes both the removal and the addition ("Provisioned throughput considerations" for secondary indexes).
    """
    units = 0
    for index in indexes_of(table):
        before, after = projected(table, index, old), projected(table, index, new)
        if before == after:
            continue
        entries = [entry for entry in (before, after) if entry is not None]
        sizes = [item_size(entry) for entry in entries]
        moved = before is None or after is None or any(before[key] != after[key] for key in keys_of(index))
        units += sum(started(size, KB) for size in sizes) if moved else started(max(sizes), KB)
    return units
