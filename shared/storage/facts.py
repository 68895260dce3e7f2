"""The facts table: one conditional write per fact, and reads by business time that cost the same at any history."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from shared.opmm.facts import Fact, sort_of
from shared.opmm.kinds import RESPONSES
from shared.opmm.timestamps import rfc3339, sortable
from shared.storage.dynamodb import Item, Pause, batch_get, from_item, to_item
from shared.storage.fact_items import (
    FORMAT,
    SAID,
    StoredDescription,
    StoredFact,
    descriptions_in,
    fact_item,
    read_fact,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PutOutcome = Literal["accepted", "duplicate", "superseded"]

_BEGINNING = "0"
"""Sorts before every business time."""

_END = "~"
"""Sorts behind every business time."""


DETAILS = ("author", "comment", "names", "summary", "internal", "text", "with")
"""What is kept beside an answer and may be told to people; read apart, as the index does not hold it."""


class OtherVersionSortError(ValueError):
    """A counted version came to a fact whose versions are timed, or the other way round: they do not compare."""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a put."""

    outcome: PutOutcome
    revision: str
    """The revision that is stored now."""
    first: bool = False
    """Whether nothing was known of the fact here before, or only that it counts at another client."""


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of a lane is read, from the latest backwards."""

    until: datetime | None = None
    """Facts of this instant and later are left out."""
    at_once: int = 1
    """How many are read when the next is asked for."""
    position: str | None = None
    """Where to begin, this position included; instead of `until`."""


class Facts:
    """The facts of all clients."""

    def __init__(self, client: "DynamoDBClient", table: str, pause: Pause) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def put(self, fact: Fact) -> Written:
        """Stores this version of a fact unless the same or a later one is there: one write, no read.

        Raises OtherVersionSortError.
        """
        if fact.part is not None:
            return self._describe(fact)
        try:
            held = self._client.put_item(
                TableName=self._table,
                Item=to_item(fact_item(fact)),
                ConditionExpression=_OLDER.format("revision"),
                ExpressionAttributeValues=to_item(_ordered(fact.revision)),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                ReturnValues="ALL_OLD",
            ).get("Attributes")
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            stored: Any = refused.response.get("Item", {})
            return _not_written(fact, stored.get("revision", {}).get("S", ""))
        return Written("accepted", fact.revision, first=not held or "moved" in held)

    def withdraw(self, name: str, fact_id: str, revision: str, *, instead_of: str | None = None) -> str | None:
        """Says of a fact that its latest version names another client; gives a later revision that stands here.

        `revision` is that version's. With `instead_of` only that very revision is replaced.
        """
        kind, source = fact_id.split("#")[:2]
        tombstone = {
            "client_id": name,
            "fact_id": fact_id,
            "format": FORMAT,
            "kind": kind,
            "source": source.replace("%23", "#").replace("%25", "%"),
            "revision": revision,
            "answer": {},
            "moved": True,
        }
        condition = "revision = :revision" if instead_of else "attribute_not_exists(revision) OR revision < :revision"
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(tombstone),
                ConditionExpression=condition,
                ExpressionAttributeValues=to_item({":revision": instead_of or revision}),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            stored: Any = refused.response.get("Item", {})
            held: str = stored.get("revision", {}).get("S", "")
            return held if held > revision else None
        return None

    def _describe(self, fact: Fact) -> Written:
        """Stores one part of a description: one write. All parts that a source tells are one item."""
        part = f"{SAID}{fact.part}"
        said = {
            "revision": fact.revision,
            "recorded_at": rfc3339(fact.recorded_at),
            "answer": dict(fact.answer),
        }
        values = {
            ":format": FORMAT,
            ":kind": fact.kind,
            ":source": fact.source,
            ":said": said,
            **_ordered(fact.revision),
        }
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"client_id": fact.client_id, "fact_id": fact.fact_id}),
                UpdateExpression="SET #format = :format, kind = :kind, #source = :source, sort = :sort, #part = :said",
                ConditionExpression=(
                    f"(attribute_not_exists(sort) OR sort = :sort) AND ({_OLDER.format('#part.revision')})"
                ),
                ExpressionAttributeNames={"#format": "format", "#source": "source", "#part": part},
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            stored: Any = refused.response.get("Item", {})
            held = stored.get(part, {}).get("M", {}).get("revision", {}).get("S", "")
            return _not_written(fact, held or stored.get("sort", {}).get("S", ""))
        return Written("accepted", fact.revision)

    def descriptions(self, name: str) -> list[StoredDescription]:
        """All that was told about a client itself: a handful for each source. One query."""
        items = self._query(
            KeyConditionExpression="client_id = :name AND begins_with(fact_id, :kind)",
            ExpressionAttributeValues={":name": {"S": name}, ":kind": {"S": "description#"}},
        )
        return [description for item in items for description in descriptions_in(item)]

    def newest(self, name: str, lane: str, span: Span) -> Iterator[StoredFact]:
        """The facts of one lane, the latest first, a few read when the next is asked for."""
        last = span.position or (sortable(span.until) if span.until else _END)
        return self._lane(name, lane, _BEGINNING, last, ScanIndexForward=False, Limit=span.at_once)

    def responses(self, name: str, since: datetime, until: datetime | None = None) -> Iterator[StoredFact]:
        """The NPS responses that count and were given from `since` up to, not including, `until`."""
        return self._lane(name, RESPONSES, sortable(since), sortable(until) if until else _END)

    def lanes(self, name: str, lanes: Iterable[str]) -> set[str]:
        """Those of these lanes in which anything stands under this name; one query when nothing does."""
        if not self._any(name, index=True):
            return set()
        return {lane for lane in lanes if next(self.newest(name, lane, Span()), None)}

    def versions(self, name: str, beginning: str) -> list[StoredFact]:
        """The facts of this name whose identities begin so, those that count for nothing included. One query."""
        items = self._query(
            KeyConditionExpression="client_id = :name AND begins_with(fact_id, :beginning)",
            ExpressionAttributeValues={":name": {"S": name}, ":beginning": {"S": beginning}},
            ProjectionExpression=_PROJECTION,
            ExpressionAttributeNames={"#source": "source", "#format": "format"},
        )
        return [fact for item in items if (fact := read_fact(item))]

    def details(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Mapping[str, Any]]:
        """By name and identity of a fact, what is kept beside its answer: who said it, and what people wrote."""
        attributes = dict.fromkeys(DETAILS)
        placeholders = {f"#{attribute}": attribute for attribute in attributes}
        items = self._batch_get(keys, ", ".join(["client_id", "fact_id", *placeholders]), placeholders)
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        for item in items:
            values = from_item(item)
            found[values["client_id"], values["fact_id"]] = {key: values[key] for key in DETAILS if key in values}
        return found

    def names(self) -> set[str]:
        """Every partition of the table, those of clients and of `Locators`: reads all of it, for rebuilds only."""
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
        return self._any(name, index=False)

    def _any(self, name: str, *, index: bool) -> bool:
        where: dict[str, Any] = {"IndexName": INDEX} if index else {}
        page = self._client.query(
            TableName=self._table,
            KeyConditionExpression="client_id = :name",
            ExpressionAttributeValues={":name": {"S": name}},
            ConsistentRead=True,
            Limit=1,
            **where,
        )
        return bool(page["Items"])

    def _lane(self, name: str, lane: str, first: str, last: str, **arguments: Any) -> Iterator[StoredFact]:
        """The facts of a lane between two places of it, both included."""
        items = self._query(
            IndexName=INDEX,
            KeyConditionExpression="client_id = :name AND lane_time BETWEEN :first AND :last",
            ExpressionAttributeValues={
                ":name": {"S": name},
                ":first": {"S": f"{lane}#{first}"},
                ":last": {"S": f"{lane}#{last}"},
            },
            **arguments,
        )
        return (fact for item in items if (fact := read_fact(item)))

    def _query(self, **arguments: Any) -> Iterator[Item]:
        """Every item of a strongly consistent query, page by page."""
        while True:
            page = self._client.query(TableName=self._table, ConsistentRead=True, **arguments)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            arguments["ExclusiveStartKey"] = page["LastEvaluatedKey"]

    def _batch_get(self, keys: Iterable[tuple[str, str]], projection: str, names: Mapping[str, str]) -> list[Item]:
        """These attributes of these items. `names` are the attributes whose names are words of DynamoDB's own."""
        wanted = [to_item({"client_id": name, "fact_id": fact_id}) for name, fact_id in keys]
        request: dict[str, Any] = {
            "ConsistentRead": True,
            "ProjectionExpression": projection,
            "ExpressionAttributeNames": dict(names),
        }
        return batch_get(self._client, self._table, wanted, request, self._pause)


INDEX = "by_lane"

_OLDER = "attribute_not_exists({0}) OR NOT attribute_type({0}, :text) OR ({0} >= :sort AND {0} < :revision)"
"""Whether the stored version is older, and of the same sort: revisions of one sort begin alike. One that has no
revision, as it is damaged, is older than all."""

_PROJECTION = "client_id, fact_id, #format, kind, question, #source, revision, answer, observed_at, lane_time"


def _ordered(revision: str) -> dict[str, Any]:
    """The values that `_OLDER` compares with."""
    return {":revision": revision, ":sort": sort_of(revision), ":text": "S"}


def _not_written(fact: Fact, held: str) -> Written:
    if sort_of(held) != sort_of(fact.revision):
        raise OtherVersionSortError(fact.fact_id)
    return Written("duplicate" if held == fact.revision else "superseded", held)
