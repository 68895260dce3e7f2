"""Finds what is to be erased, page by page, and takes it out of the tables. Every step is safe to repeat."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.facts import recorded_version
from shared.opmm.kinds import KINDS
from shared.opmm.timestamps import parse_instant
from shared.storage.dynamodb import Item, from_item, instant_in, to_item
from shared.storage.entries import BEGINNINGS
from shared.storage.fact_items import SAID
from shared.storage.locators import Locators

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Position = Mapping[str, str]
"""Where a scan goes on, by the attributes of the key; empty at its beginning."""


@dataclass(frozen=True, slots=True)
class Told:
    """A response that may tell of a person."""

    name: str
    fact_id: str
    respondent: str | None
    """The keyed hash of who gave it."""
    comment: str | None


@dataclass(frozen=True, slots=True)
class Lying:
    """An item that is stored under a name."""

    fact_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Body:
    """What a tool has sent and could not be mapped."""

    source: str
    digest: str
    body: bytes
    media_type: str
    received_at: datetime | None
    """When it came first; None where that cannot be read."""


class Erasable:
    """The tables of facts, of scores and of parked items, as an erasure goes through them."""

    def __init__(self, client: "DynamoDBClient", tables: "Tables", locators: Locators) -> None:
        self._client = client
        self._tables = tables
        self._locators = locators

    def responses(self, respondent: str, position: Position) -> tuple[list[Told], Position]:
        """Responses of this person, and those whose comments may hold an address, of one page of a scan of all facts.

        `respondent` is the keyed hash.
        """
        found = self._client.scan(
            TableName=self._tables.facts,
            FilterExpression="respondent = :respondent OR contains(#comment, :at)",
            ProjectionExpression="client_id, fact_id, respondent, #comment",
            ExpressionAttributeNames={"#comment": "comment"},
            ExpressionAttributeValues=to_item({":respondent": respondent, ":at": "@"}),
            ConsistentRead=True,
            **_from(position),
        )
        told = [
            Told(item["client_id"], item["fact_id"], item.get("respondent"), item.get("comment"))
            for item in map(from_item, found["Items"])
        ]
        return told, _next(found)

    def lying(self, name: str, until: datetime, position: Position, limit: int) -> tuple[list[Lying], Position]:
        """Items under this name of which anything was recorded by `until`: a page of a query."""
        found = self._client.query(
            TableName=self._tables.facts,
            KeyConditionExpression="client_id = :name",
            ExpressionAttributeValues=to_item({":name": name}),
            ConsistentRead=True,
            Limit=limit,
            **_from(position),
        )
        lying = [
            Lying(item["fact_id"]["S"], item.get("kind", {}).get("S", ""))
            for item in found["Items"]
            if earlier_parts(item, until) or not is_later(item, until)
        ]
        return lying, _next(found)

    def take_away(self, name: str, fact_id: str, until: datetime) -> None:
        """Deletes what was recorded of a fact by `until`, and where it counts; a version that came later stays."""
        key = to_item({"client_id": name, "fact_id": fact_id})
        item: Any = self._client.get_item(TableName=self._tables.facts, Key=key, ConsistentRead=True).get("Item")
        while item is not None:
            parts = earlier_parts(item, until)
            later = is_later(item, until)
            if later and not parts:
                return
            try:
                self._drop(key, item, parts if later else ())
                break
            except self._client.exceptions.ConditionalCheckFailedException as refused:
                item = refused.response.get("Item")
        kind = KINDS.get(fact_id.partition("#")[0])
        if kind and kind.unique:
            self._locators.forget(name, fact_id)

    def _drop(self, key: Item, item: Item, parts: tuple[str, ...]) -> None:
        """Deletes an item as it was read, or these parts of it."""
        told = {f"#part{place}": part for place, part in enumerate(sorted(_parts(item)))}
        values = {f":part{place}": item[part] for place, part in enumerate(told.values())}
        same = [f"{name} = :part{place}" for place, name in enumerate(told)]
        if "revision" in item:
            same.append("revision = :revision")
            values[":revision"] = item["revision"]
        arguments: dict[str, Any] = {
            "TableName": self._tables.facts,
            "Key": key,
            "ConditionExpression": " AND ".join(same) or "attribute_exists(client_id)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
        arguments |= {"ExpressionAttributeNames": told} if told else {}
        arguments |= {"ExpressionAttributeValues": values} if values else {}
        if parts:
            dropped = ", ".join(name for name, part in told.items() if part in parts)
            self._client.update_item(UpdateExpression=f"REMOVE {dropped}", **arguments)
        else:
            self._client.delete_item(**arguments)

    def wake(self, name: str, erasure_id: str) -> None:
        """Touches what lies under a name, if anything does: the score function hears of it, and makes it anew."""
        found = self._client.query(
            TableName=self._tables.facts,
            KeyConditionExpression="client_id = :name",
            ExpressionAttributeValues=to_item({":name": name}),
            ProjectionExpression="client_id, fact_id",
            ConsistentRead=True,
            Limit=1,
        )
        for item in found["Items"]:
            try:
                self._client.update_item(
                    TableName=self._tables.facts,
                    Key=item,
                    UpdateExpression="SET woken_by = :erasure",
                    ConditionExpression="attribute_exists(client_id)",
                    ExpressionAttributeValues=to_item({":erasure": erasure_id}),
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                continue  # it was replaced or taken away, which wakes as well

    def changes(self, name: str, position: Position, limit: int) -> tuple[list[str], Position]:
        """The keys of changes and signals: a page of a query, which the scorecard stands between."""
        found = self._client.query(
            TableName=self._tables.scores,
            KeyConditionExpression="client_id = :name",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":name": name}),
            ProjectionExpression="client_id, #item",
            ConsistentRead=True,
            Limit=limit,
            **_from(position),
        )
        keys = (item["item"]["S"] for item in found["Items"])
        return [key for key in keys if key.startswith(BEGINNINGS)], _next(found)

    def forget_change(self, name: str, item: str) -> None:
        """Deletes a change or a signal."""
        self._client.delete_item(TableName=self._tables.scores, Key=to_item({"client_id": name, "item": item}))

    def bodies(self, position: Position, limit: int) -> tuple[list[Body], Position]:
        """Parked items with what was sent: a page of a scan."""
        found = self._client.scan(
            TableName=self._tables.parked,
            FilterExpression="attribute_exists(body)",
            ProjectionExpression="#source, digest, body, media_type, received_at",
            ExpressionAttributeNames={"#source": "source"},
            ConsistentRead=True,
            Limit=limit,
            **_from(position),
        )
        bodies = [
            Body(
                item["source"]["S"],
                item["digest"]["S"],
                from_item(item)["body"],
                item.get("media_type", {}).get("S", ""),
                instant_in(item.get("received_at")),
            )
            for item in found["Items"]
        ]
        return bodies, _next(found)


@dataclass(frozen=True, slots=True)
class Tables:
    """The names of the tables."""

    facts: str
    scores: str
    parked: str


def _from(position: Position) -> dict[str, Any]:
    return {"ExclusiveStartKey": to_item(position)} if position else {}


def _next(found: Mapping[str, Any]) -> Position:
    return from_item(found.get("LastEvaluatedKey", {}))


def _parts(item: Item) -> Iterator[str]:
    """The attributes of a description that hold what a source has said."""
    return (attribute for attribute in item if attribute.startswith(SAID))


def earlier_parts(item: Item, until: datetime) -> tuple[str, ...]:
    """What a description has said by then, or at a time that cannot be read."""
    return tuple(part for part in _parts(item) if not _part_is_later(item[part], until))


def _part_is_later(part: Any, until: datetime) -> bool:
    try:
        return parse_instant(part["M"]["recorded_at"]["S"]) > until
    except (AttributeError, KeyError, TypeError, ValueError):
        return False


def is_later(item: Item, until: datetime) -> bool:
    """Whether an item was surely recorded later; one whose versions are counted tells no time."""
    parts = tuple(_parts(item))
    if parts:
        return len(earlier_parts(item, until)) < len(parts)
    try:
        recorded = recorded_version(item["revision"]["S"])
        return isinstance(recorded, str) and parse_instant(recorded) > until
    except (KeyError, TypeError, ValueError):
        return False
