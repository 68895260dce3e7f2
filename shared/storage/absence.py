"""What an item says that this release cannot read: nothing. One that is damaged stops nobody who reads the others."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from shared.storage.dynamodb import Item, from_item

_R = TypeVar("_R")

UNREADABLE = (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError)
"""What a reader raises for a field that is missing, or of another type or form than it should be."""

BEHIND_EVERY_TIME = "3"
"""Sorts behind every time that is laid down as text, and behind what begins with one: years have four digits."""


def or_absent(number: int) -> Callable[[Callable[[Item], _R]], Callable[[Mapping[str, Any]], _R | None]]:
    """Makes a reader of DynamoDB items from one of plain values: None for another format than `number`, or damage."""

    def reader_of(read: Callable[[Item], _R]) -> Callable[[Mapping[str, Any]], _R | None]:
        @wraps(read)
        def reader(item: Mapping[str, Any]) -> _R | None:
            try:
                return read(from_item(item)) if item.get("format") == {"N": str(number)} else None
            except UNREADABLE:
                return None

        return reader

    return reader_of
