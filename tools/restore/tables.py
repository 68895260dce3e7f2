"""The table of facts as it was, beside the one that is: read together page by page, and written on condition."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from time import sleep
from typing import TYPE_CHECKING, Any

from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import parse_instant
from shared.storage.dynamodb import Item, batch_get, to_item
from shared.storage.facts import ERASED_CLIENT
from shared.storage.locators import LOCATOR
from tools.restore.compare import Key, Pair, Step, same

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_AT_ONCE = 10
"""Writes under way: as many as a client has connections."""

_KEY = ("client_id", "fact_id")

_ALWAYS_AS_READ = {"revision", "erased"}
"""What may not have changed since an item was read, whatever of it is written."""


@dataclass(frozen=True, slots=True)
class BothTables:
    """Two tables of facts."""

    client: "DynamoDBClient"
    then: str
    now: str

    def pairs(self, names: Sequence[str]) -> Iterator[list[Pair]]:
        """Every fact of then beside what it is now, then every one that there was not; in pages.

        Of these names only, or of all where there are none. Locators stand beside their responses.
        """
        for page in self._pages(self.then, names):
            yield self._located(_pair_up(page, self._read(self.now, page)))
        for page in self._pages(self.now, names):
            known = self._read(self.then, page)
            yield self._located([Pair(key, None, item) for key, item in page.items() if key not in known])

    def erased(self, pairs: Iterable[Pair]) -> dict[str, datetime]:
        """By name, up to when the client of it was erased, as the table says now."""
        keys = {(f"{ERASED_CLIENT}{pair.key[0]}", ERASED_CLIENT): None for pair in pairs}
        marks = self._read(self.now, keys)
        return {
            name.removeprefix(ERASED_CLIENT): parse_instant(mark["erased_at"]["S"]) for (name, _), mark in marks.items()
        }

    def aliases(self, names: Iterable[str]) -> set[str]:
        """These names, and all that descriptions of then declare to be other names of them."""
        found: set[str] = set()
        waiting = set(names)
        while waiting:
            name = waiting.pop()
            found.add(name)
            for page in self._pages(self.then, [name]):
                waiting |= {alias for item in page.values() for alias in _declared(item)} - found
        return found

    def write(self, steps: Sequence[tuple[Pair, Step]]) -> int:
        """Writes what is to change of a page; gives how many could not be, as somebody else wrote meanwhile.

        Facts before locators, which several may share: one without the other is found again by the next restore.
        """
        facts = {pair.key: (pair.now, step.target) for pair, step in steps}
        located = [(pair, step) for pair, step in steps if pair.is_unique]
        locators = {(pair.key[1], LOCATOR): (pair.located_now, step.locator) for pair, step in located}
        missed = 0
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for writes in (facts, locators):
                written = list(pool.map(lambda write: self._put(write[0], *write[1]), writes.items()))
                missed += written.count(False)
        return missed

    def _put(self, key: Key, held: Item | None, target: Item | None) -> bool:
        if same(held, target):
            return True
        try:
            if held is None:
                self.client.put_item(
                    TableName=self.now, Item=target or {}, ConditionExpression="attribute_not_exists(client_id)"
                )
            elif target is None:
                self.client.delete_item(
                    TableName=self.now, Key=_key(key), **_condition(held, _ALWAYS_AS_READ | held.keys())
                )
            else:
                self._change(key, held, target)
        except self.client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _change(self, key: Key, held: Item, target: Item) -> None:
        """Only what differs is written, so that nothing is lost of what came beside it meanwhile."""
        put = {name for name in target if name not in _KEY and target[name] != held.get(name)}
        dropped = held.keys() - target.keys()
        condition = _condition(held, _ALWAYS_AS_READ | put | dropped)
        names = condition["ExpressionAttributeNames"]
        placeholder = {name: short for short, name in names.items()}
        sets = ", ".join(f"{placeholder[name]} = :new{place}" for place, name in enumerate(sorted(put)))
        removes = ", ".join(placeholder[name] for name in sorted(dropped))
        values = {f":new{place}": target[name] for place, name in enumerate(sorted(put))}
        condition["ExpressionAttributeValues"] = condition.get("ExpressionAttributeValues", {}) | values
        if not condition["ExpressionAttributeValues"]:
            del condition["ExpressionAttributeValues"]
        expression = " ".join(part for part in (sets and f"SET {sets}", removes and f"REMOVE {removes}") if part)
        self.client.update_item(TableName=self.now, Key=_key(key), UpdateExpression=expression, **condition)

    def _located(self, pairs: list[Pair]) -> list[Pair]:
        """The pairs with the locators of responses."""
        wanted = {(pair.key[1], LOCATOR): None for pair in pairs if pair.is_unique}
        then, now = self._read(self.then, wanted), self._read(self.now, wanted)
        return [
            Pair(pair.key, pair.then, pair.now, then.get((pair.key[1], LOCATOR)), now.get((pair.key[1], LOCATOR)))
            if pair.is_unique
            else pair
            for pair in pairs
        ]

    def _pages(self, table: str, names: Sequence[str]) -> Iterator[dict[Key, Item]]:
        """The facts of a table, and the words that clients were erased, in the pages in which they are read."""
        if not names:
            yield from map(_facts, self.client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True))
        for name in names:
            pages = self.client.get_paginator("query").paginate(
                TableName=table,
                ConsistentRead=True,
                KeyConditionExpression="client_id = :name",
                ExpressionAttributeValues={":name": {"S": name}},
            )
            yield from map(_facts, pages)

    def _read(self, table: str, keys: Iterable[Key]) -> dict[Key, Item]:
        wanted = [_key(key) for key in keys]
        items = batch_get(self.client, table, wanted, {"ConsistentRead": True}, sleep)
        return {_key_of(item): item for item in items}


def _pair_up(then: dict[Key, Item], now: dict[Key, Item]) -> list[Pair]:
    return [Pair(key, item, now.get(key)) for key, item in then.items()]


def _facts(page: Any) -> dict[Key, Item]:
    items = (item for item in page["Items"] if is_slug(item["client_id"]["S"].removeprefix(ERASED_CLIENT)))
    return {_key_of(item): item for item in items}


def _declared(item: Item) -> Iterator[str]:
    """The aliases that a description declares, in whatever version."""
    for part in item.values():
        aliases = part.get("M", {}).get("answer", {}).get("M", {}).get("aliases", {}).get("L", [])
        yield from (alias["S"] for alias in aliases if is_slug(alias.get("S", "")))


def _condition(held: Item, names: Iterable[str]) -> dict[str, Any]:
    """That these attributes of an item are as they were read."""
    names = sorted(set(names) - {*_KEY})
    placeholders = {f"#a{place}": name for place, name in enumerate(names)}
    told = [
        f"{short} = :a{short[2:]}" if name in held else f"attribute_not_exists({short})"
        for short, name in placeholders.items()
    ]
    values = {f":a{short[2:]}": held[name] for short, name in placeholders.items() if name in held}
    return {
        "ConditionExpression": " AND ".join(["attribute_exists(client_id)", *told]),
        "ExpressionAttributeNames": placeholders,
        **({"ExpressionAttributeValues": values} if values else {}),
    }


def _key(key: Key) -> Item:
    return to_item({"client_id": key[0], "fact_id": key[1]})


def _key_of(item: Item) -> Key:
    return item["client_id"]["S"], item["fact_id"]["S"]
