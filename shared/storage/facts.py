"""The facts table: one conditional write per fact, and reads by business time that cost the same at any history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any, Literal

from shared.opmm.facts import Fact
from shared.opmm.model import DIMENSIONS
from shared.opmm.timestamps import Timestamp, parse_timestamp, sortable
from shared.storage.dynamodb import Item, from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PutOutcome = Literal["accepted", "duplicate", "superseded"]

_KEYS_PER_BATCH_GET = 100
"""https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html"""

_BATCH_GET_TRIES = 5

_LAST = "~"
"""Sorts behind every position: those begin with a letter or, behind their prefix, with a year."""


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact as the indexes hold it: what counts for the score, without comments and names."""

    name: str
    """The client name it is stored under: the client's id, or a name that became an alias later."""
    fact_id: str
    kind: str
    source: str
    revision: str
    answer: Mapping[str, Any]
    observed_at: str | None
    positions: Mapping[str, str]
    """By dimension, its place in the index of that dimension; empty when the fact counts for none."""

    def moment(self, zone: tzinfo) -> Timestamp:
        """Its business time. Raises ValueError for a fact that has none: such facts stand in no index."""
        if self.observed_at is None:
            raise ValueError(f"{self.fact_id} has no business time")
        return parse_timestamp(self.observed_at, zone)


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a dimension's facts is read, from the latest backwards."""

    until: datetime | None = None
    """Facts of this instant and later are left out."""
    at_once: int = 1
    """How many are read when the next is asked for."""
    position: str | None = None
    """Where to begin, this position (without prefix) included; instead of `until`."""


class Facts:
    """The facts of all clients."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def put(self, fact: Fact) -> PutOutcome:
        """Stores this version of a fact unless the same or a later one is there: one write, no read."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(_item(fact)),
                ConditionExpression="attribute_not_exists(fact_id) OR revision < :revision",
                ExpressionAttributeValues={":revision": {"S": fact.revision}},
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            stored: Any = refused.response.get("Item", {})
            held = from_item(stored)
            return "duplicate" if held.get("revision") == fact.revision else "superseded"
        return "accepted"

    def descriptions(self, name: str) -> list[StoredFact]:
        """All that was told about a client itself: a handful for each source."""
        return [
            _stored(item)
            for item in self._query(
                KeyConditionExpression="client_id = :name AND begins_with(fact_id, :kind)",
                ExpressionAttributeValues={":name": {"S": name}, ":kind": {"S": "description#"}},
            )
        ]

    def newest(self, name: str, dimension: str, prefix: str, span: "Span") -> Iterator[StoredFact]:
        """The facts of one dimension, the latest first, a few read when the next is asked for."""
        last = span.position or (sortable(span.until) if span.until else _LAST)
        return (
            _stored(item)
            for item in self._query(
                IndexName=f"by_{dimension}",
                KeyConditionExpression=f"client_id = :name AND {dimension}_at BETWEEN :first AND :last",
                ExpressionAttributeValues={
                    ":name": {"S": name},
                    ":first": {"S": prefix or "0"},
                    ":last": {"S": prefix + last},
                },
                ScanIndexForward=False,
                Limit=span.at_once,
            )
        )

    def responses(self, name: str, since: datetime, until: datetime | None = None) -> Iterator[StoredFact]:
        """The NPS responses that count and were answered from `since` up to, not including, `until`."""
        upper = f"response#{sortable(until)}" if until else f"response#{_LAST}"
        return (
            _stored(item)
            for item in self._query(
                IndexName="by_nps",
                KeyConditionExpression="client_id = :name AND nps_at BETWEEN :since AND :until",
                ExpressionAttributeValues={
                    ":name": {"S": name},
                    ":since": {"S": f"response#{sortable(since)}"},
                    ":until": {"S": upper},
                },
            )
        )

    def get(self, keys: Iterable[tuple[str, str]]) -> list[StoredFact]:
        """The facts that are stored under these names and identities; absent ones are left out."""
        wanted = [to_item({"client_id": name, "fact_id": fact_id}) for name, fact_id in keys]
        found = []
        for start in range(0, len(wanted), _KEYS_PER_BATCH_GET):
            items = self._batch_get(wanted[start : start + _KEYS_PER_BATCH_GET], _PROJECTION, "source")
            found += [_stored(item) for item in items]
        return found

    def comments(self, keys: Iterable[tuple[str, str]]) -> dict[str, str]:
        """By fact, its comment; facts without one are left out."""
        wanted = [to_item({"client_id": name, "fact_id": fact_id}) for name, fact_id in keys]
        found: dict[str, str] = {}
        for start in range(0, len(wanted), _KEYS_PER_BATCH_GET):
            items = self._batch_get(wanted[start : start + _KEYS_PER_BATCH_GET], "fact_id, #comment", "comment")
            found |= {item["fact_id"]: item["comment"] for item in items if item.get("comment")}
        return found

    def names(self) -> set[str]:
        """Every name that facts are stored under: reads the whole table, for rebuilds only."""
        found: set[str] = set()
        arguments: dict[str, Any] = {"TableName": self._table, "ProjectionExpression": "client_id"}
        while True:
            page = self._client.scan(**arguments)
            found |= {item["client_id"]["S"] for item in page["Items"]}
            if "LastEvaluatedKey" not in page:
                return found
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def any(self, name: str) -> bool:
        """Whether anything is stored under this name."""
        return bool(
            self._client.query(
                TableName=self._table,
                KeyConditionExpression="client_id = :name",
                ExpressionAttributeValues={":name": {"S": name}},
                ConsistentRead=True,
                Limit=1,
            )["Items"]
        )

    def _query(self, **arguments: Any) -> Iterator[Item]:
        """Every item of a strongly consistent query, page by page."""
        while True:
            page = self._client.query(TableName=self._table, ConsistentRead=True, **arguments)
            for item in page["Items"]:
                yield from_item(item)
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _batch_get(self, keys: list[Item], projection: str, reserved: str) -> list[Item]:
        """These attributes of these items; `#reserved` stands for a name that is a word of DynamoDB's own."""
        found: list[Item] = []
        for _ in range(_BATCH_GET_TRIES):
            answer = self._client.batch_get_item(
                RequestItems={
                    self._table: {
                        "Keys": keys,
                        "ConsistentRead": True,
                        "ProjectionExpression": projection,
                        "ExpressionAttributeNames": {f"#{reserved}": reserved},
                    }
                }
            )
            found += [from_item(item) for item in answer["Responses"].get(self._table, [])]
            unread = answer["UnprocessedKeys"].get(self._table)
            if not unread:
                return found
            keys = list(unread["Keys"])
        raise UnreadFactsError(f"{len(keys)} facts could not be read")


class UnreadFactsError(RuntimeError):
    """DynamoDB left keys unread several times in a row: it is overloaded, and the caller had better come back."""


_PROJECTION = ", ".join(
    ["client_id", "fact_id", "kind", "#source", "revision", "answer", "observed_at"]
    + [f"{dimension}_at" for dimension in DIMENSIONS]
)


def positions(attributes: Mapping[str, Any]) -> dict[str, str]:
    """By dimension, where an item stands in the index of that dimension."""
    return {dimension: attributes[f"{dimension}_at"] for dimension in DIMENSIONS if f"{dimension}_at" in attributes}


def _positions(fact: Fact) -> dict[str, str]:
    """Business time, then revision: the last position of a dimension is the answer that counts.

    Responses and reported figures share the index of the NPS, each behind a prefix of its own.
    """
    if fact.moment is None or not fact.counts:
        return {}
    position = f"{sortable(fact.moment.instant)}#{fact.revision}"
    if fact.kind in ("response", "reported"):
        return {"nps": f"{fact.kind}#{position}"}
    if fact.kind == "count":
        return {"happy_consultants": position}
    return {dimension: position for dimension in fact.answer if dimension in DIMENSIONS}


def _item(fact: Fact) -> dict[str, Any]:
    return {
        "client_id": fact.client_id,
        "fact_id": fact.fact_id,
        "kind": fact.kind,
        "source": fact.source,
        "revision": fact.revision,
        "observed_at": fact.moment and fact.moment.told,
        "answer": dict(fact.answer),
        **fact.particulars,
        **{f"{dimension}_at": position for dimension, position in _positions(fact).items()},
    }


def _stored(item: Item) -> StoredFact:
    return StoredFact(
        name=item["client_id"],
        fact_id=item["fact_id"],
        kind=item["kind"],
        source=item["source"],
        revision=item["revision"],
        answer=item["answer"],
        observed_at=item.get("observed_at"),
        positions=positions(item),
    )
