"""One table: its items, in the order of its keys and of those of its indexes, and its stream."""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.support.indexes import indexes_of, kept_in, keys_of
from tests.support.item_size import item_size
from tests.support.plain_tables.expressions import Item

Place = tuple[str, ...]
"""The value of a sort key, and the keys of the item in its table."""

_FIRST_RECORD = 95
"""Sequence numbers soon have a digit more: they are numbers, and as texts in another order."""


@dataclass
class Order:
    """The items of a table or an index: by the value of its hash key, the places of its sort key in order."""

    hash_key: str
    sort_key: str | None
    kept: frozenset[str] | None
    """The attributes that stand here; None for all."""
    partitions: defaultdict[str, list[Place]] = field(default_factory=lambda: defaultdict(list))

    def between(self, partition: str, first: str | None, last: str | None) -> Sequence[Place]:
        """The places from the first to the last, both included."""
        places = self.partitions.get(partition, [])
        start = bisect_left(places, (first,)) if first is not None else 0
        end = bisect_right(places, last, key=lambda place: place[0]) if last is not None else len(places)
        return places[start:end]

    def place(self, item: Item, keys: Place) -> tuple[str, Place] | None:
        """Where an item stands; None where it lacks a key."""
        wanted = [self.hash_key, *([self.sort_key] if self.sort_key else [])]
        if any("S" not in item.get(key, {}) for key in wanted):
            return None
        return item[self.hash_key]["S"], (item[self.sort_key]["S"] if self.sort_key else "", *keys)


class Table:
    """A table as it was created. All keys are texts."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.name: str = request["TableName"]
        self.arn = f"arn:aws:dynamodb:eu-west-1:123456789012:table/{self.name}"
        kinds = {each["AttributeType"] for each in request["AttributeDefinitions"]}
        if kinds != {"S"}:
            raise NotImplementedError(f"{self.name} has keys of {kinds}")
        self.description = {
            **{name: request[name] for name in ("KeySchema", "AttributeDefinitions")},
            **{name: request[name] for name in request if name.endswith("SecondaryIndexes")},
            "TableName": self.name,
            "TableArn": self.arn,
            "TableStatus": "ACTIVE",
        }
        self.view = request.get("StreamSpecification", {}).get("StreamViewType")
        if self.view:
            self.description["LatestStreamArn"] = f"{self.arn}/stream/2026-11-24T00:00:00.000"
        self.keys = keys_of(self.description)
        self.records: list[dict[str, Any]] = []
        self.watched: Callable[[Item | None, Item | None], object] | None = None
        """Is told of every change, what lay there before it and what after."""
        self._numbers = count(_FIRST_RECORD)
        self._items: dict[Place, Item] = {}
        self._sizes: dict[int, int] = {}
        self._orders: dict[str, Order] = {"": self._order(self.keys, None)} | {
            index["IndexName"]: self._order(keys_of(index), kept_in(self.description, index))
            for index in indexes_of(self.description)
        }

    @staticmethod
    def _order(keys: list[str], kept: frozenset[str] | None) -> Order:
        return Order(keys[0], keys[1] if len(keys) > 1 else None, kept)

    def key_of(self, item: Item) -> Place:
        """The keys of an item, or of what names one."""
        return tuple(item[key]["S"] for key in self.keys)

    def get(self, key: Place) -> Item | None:
        """The item as it is held: not to be changed."""
        return self._items.get(key)

    def order(self, index: str) -> Order:
        """The order of an index; of the table itself without a name."""
        return self._orders[index]

    def held_in(self, index: str, place: Place) -> Item:
        """What an index has of an item: not to be changed."""
        item = self._items[place[1:]]
        kept = self._orders[index].kept
        return item if kept is None else {name: value for name, value in item.items() if name in kept}

    def size_of(self, item: Item) -> int:
        """The bytes of an item, or of what an index has of it."""
        size = self._sizes.get(id(item))
        return item_size(item) if size is None else size

    def scanned(self) -> Iterator[Item]:
        """Every item, in the order of the keys."""
        for key in sorted(self._items):
            yield self._items[key]

    def put(self, key: Place, item: Item | None) -> None:
        """Lays an item down, or takes away what lies there; the stream tells of what is another afterwards."""
        before = self._items.get(key)
        if before == item:
            return
        for order in self._orders.values():
            old = order.place(before, key) if before else None
            new = order.place(item, key) if item else None
            if old == new:
                continue
            if old:
                places = order.partitions[old[0]]
                del places[bisect_left(places, old[1])]
            if new:
                insort(order.partitions[new[0]], new[1])
        if before is not None:
            del self._sizes[id(before)]
        if item is None:
            del self._items[key]
        else:
            self._items[key] = item
            self._sizes[id(item)] = item_size(item)
        if self.watched:
            self.watched(before, item)
        if self.view:
            self.records.append(self._record(before, item))

    def _record(self, before: Item | None, item: Item | None) -> dict[str, Any]:
        images = {
            name: image
            for name, view, image in (("OldImage", "OLD_IMAGE", before), ("NewImage", "NEW_IMAGE", item))
            if image is not None and self.view in ("NEW_AND_OLD_IMAGES", view)
        }
        number = str(next(self._numbers))
        told: Any = item or before
        return {
            "eventID": number,
            "eventName": "INSERT" if before is None else "REMOVE" if item is None else "MODIFY",
            "eventVersion": "1.1",
            "eventSource": "aws:dynamodb",
            "awsRegion": "eu-west-1",
            "dynamodb": {
                "Keys": {key: told[key] for key in self.keys},
                **images,
                "SequenceNumber": number,
                "SizeBytes": sum(item_size(image) for image in images.values()),
                "StreamViewType": self.view,
            },
        }
