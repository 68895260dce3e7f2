"""Damage to items of the scores table, done behind the service's back."""

import copy
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from shared.storage.dynamodb import from_item, to_item
from shared.storage.made_from import MADE_FROM, unpacked
from tests.support.clients import dynamodb_client

Path = tuple[str | int, ...]
"""Where something lies in an item: names of fields, and places in lists."""

REMOVED: dict[str, Any] = {}
"""Stands for no attribute at all."""

KINDS: dict[str, Any] = {
    "text": {"S": "x"},
    "empty": {"S": ""},
    "number": {"N": "7"},
    "negative": {"N": "-1"},
    "fraction": {"N": "0.5"},
    "truth": {"BOOL": True},
    "nothing": {"NULL": True},
    "bytes": {"B": b"\x80"},
    "list": {"L": []},
    "map": {"M": {}},
    "set": {"SS": ["a"]},
}
"""An attribute of each kind that DynamoDB takes."""


def item_of(name: str, item: str = "scorecard") -> dict[str, Any]:
    """An item of the scores table; what a scorecard was made from is opened, and is read as well when it lies so."""
    found = dynamodb_client().get_item(TableName="ScoresTable", Key=_key(name, item), ConsistentRead=True)
    return opened(found["Item"])


def opened(item: Mapping[str, Any]) -> dict[str, Any]:
    """A scorecard with every part of what it was made from beside the others, as the release before laid it down."""
    parts = unpacked(from_item(item))
    return to_item({name: part for name, part in parts.items() if name != MADE_FROM})


def entries_of(name: str) -> list[str]:
    """The sort keys of a ledger, the oldest first."""
    page = dynamodb_client().query(
        TableName="ScoresTable",
        KeyConditionExpression="client_id = :name AND begins_with(#item, :change)",
        ExpressionAttributeNames={"#item": "item"},
        ExpressionAttributeValues={":name": {"S": name}, ":change": {"S": "change#"}},
    )
    return [str(item["item"]["S"]) for item in page["Items"]]


def lay_down(item: dict[str, Any]) -> None:
    """Puts an item, whatever lies there."""
    dynamodb_client().put_item(TableName="ScoresTable", Item=item)


def remove(name: str, item: str = "scorecard") -> None:
    """Takes an item away."""
    dynamodb_client().delete_item(TableName="ScoresTable", Key=_key(name, item))


def damaged(item: dict[str, Any], path: Path, attribute: Mapping[str, Any]) -> dict[str, Any]:
    """The item with another attribute at this place, or none."""
    item = copy.deepcopy(item)
    holder: Any = item
    for step in path[:-1]:
        [holder] = holder[step].values()
    if attribute == REMOVED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = attribute
    return item


def places(item: dict[str, Any], keys: Collection[str] = ("client_id", "item")) -> Iterator[Path]:
    """Every place in an item, besides those of its keys."""
    for name, attribute in item.items():
        if name not in keys:
            yield from _places(attribute, (name,))


def at(item: dict[str, Any], path: Path) -> dict[str, Any]:
    """The attribute at this place."""
    attribute: Any = {"M": item}
    for step in path:
        [holder] = attribute.values()
        attribute = holder[step]
    return dict(attribute)


def _places(attribute: dict[str, Any], path: Path) -> Iterator[Path]:
    yield path
    [(kind, value)] = attribute.items()
    steps = value if kind == "M" else range(len(value)) if kind == "L" else ()
    for step in steps:
        yield from _places(value[step], (*path, step))


def _key(name: str, item: str) -> Any:
    return {"client_id": {"S": name}, "item": {"S": item}}
