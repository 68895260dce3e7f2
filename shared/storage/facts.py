"""The facts table: one conditional write per fact, and reads by business time that cost the same at any history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from shared.opmm.dataclass import dataclass
from shared.opmm.facts import Fact, bare, bare_revision, sort_of
from shared.opmm.kinds import RESPONSES
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import rfc3339, sortable
from shared.storage.dynamodb import Cursor, Item, Pause, Segment, batch_get, from_item, instant_in, query_all, to_item
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

_FEW = 20
"""Items of a name that are read at once, where the first of them mostly tells all."""

_BEGINNING = "0"
"""Sorts before every business time."""

_END = "~"
"""Sorts behind every business time."""

Erased = Literal["person", "response"]
"""What was erased of a response: who gave it and the comment, or the rating, too. It stays said, under its identity."""

ERASED_CLIENT = "erased#"
"""Begins the partition of the word that a client was erased, and is its sort key; never the id of a client."""


def client_names(partitions: Iterable[str]) -> set[str]:
    """The names of clients that partitions of the table tell of, those that were erased included."""
    return {name for partition in partitions if is_slug(name := partition.removeprefix(ERASED_CLIENT))}


DETAILS = ("author", "names", "summary", "internal", "text", "with", "comment")
"""What is kept beside an answer and may be told to people; read apart, as the index does not hold it."""


class OvertakenError(RuntimeError):
    """The same or a later version of a fact was stored, or is being stored, by somebody else: nothing was written."""


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
class Remark:
    """What is told of a fact beside its answer, to those who may see responses."""

    comment: str | None = None
    erased: bool = False
    """Whether the person who gave it, and the comment, were erased."""
    author: str | None = None
    """Who said it, by the token that it came with."""
    names: tuple[str, ...] = ()
    """What was counted, where it was told by name."""


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
        held, refused = self._put(fact, f"attribute_not_exists(erased) AND ({_OLDER})")
        # A later version does not bring back what was erased; the refusal tells so, and other facts cost nothing more.
        while refused and "erased" in refused:
            level = refused["erased"]["S"]
            if level == "response":
                return Written("superseded", refused.get("revision", {}).get("S", ""))
            fact = bare(fact)
            held, refused = self._put(fact, f"erased = :erased AND ({_OLDER})", erased=level)
            if refused and refused.get("erased", {}).get("S") == level:
                break
        if refused is not None:
            return _not_written(fact, refused.get("revision", {}).get("S", ""))
        return Written("accepted", fact.revision, first=not held or "moved" in held)

    def put_all(self, facts: Sequence[Fact]) -> None:
        """Stores these versions of different facts, all or none: one transaction of at most 100 writes, no read.

        Not for descriptions, nor for facts that count at one of several clients, which take further writes. Raises
        OvertakenError when the same or a later version of any of them is there.
        """
        puts = [
            {
                "Put": {
                    "TableName": self._table,
                    "Item": to_item(fact_item(fact)),
                    "ConditionExpression": f"attribute_not_exists(erased) AND ({_OLDER.format('revision')})",
                    "ExpressionAttributeValues": to_item(_ordered(fact.revision)),
                }
            }
            for fact in facts
        ]
        try:
            self._client.transact_write_items(TransactItems=cast("Any", puts))
        except self._client.exceptions.TransactionCanceledException as canceled:
            reasons = canceled.response.get("CancellationReasons", [])
            overtaken = [
                fact.fact_id
                for fact, reason in zip(facts, reasons, strict=False)
                if reason.get("Code") in ("ConditionalCheckFailed", "TransactionConflict")
            ]
            if overtaken:
                raise OvertakenError(", ".join(overtaken)) from canceled
            raise

    def _put(self, fact: Fact, condition: str, erased: str | None = None) -> tuple[Item, Item | None]:
        """Writes a version on a condition: what lay there before; or what lies there, where it was refused."""
        values = {**_ordered(fact.revision), ":erased": erased}
        try:
            held = self._client.put_item(
                TableName=self._table,
                Item=to_item(fact_item(fact) | {"erased": erased}),
                ConditionExpression=condition.format("revision"),
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                ReturnValues="ALL_OLD",
            ).get("Attributes", {})
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            found: Any = refused.response.get("Item", {})
            return {}, dict(found)
        return dict(held), None

    def withdraw(self, name: str, fact_id: str, revision: str, *, instead_of: str | None = None) -> str | None:
        """Says of a fact that its latest version names another client; gives a later revision that stands here.

        `revision` is that version's, of which this name is told nothing but its place. With `instead_of` only that very
        revision is replaced.
        """
        revision = bare_revision(revision)
        kind, source = fact_id.split("#")[:2]
        values: dict[str, Any] = {
            ":format": FORMAT,
            ":kind": kind,
            ":source": source.replace("%23", "#").replace("%25", "%"),
            ":revision": revision,
            ":answer": {},
            ":moved": True,
            ":instead": instead_of,
        }
        condition = "revision = :instead" if instead_of else "attribute_not_exists(revision) OR revision < :revision"
        try:
            # An update, as it leaves the word alone that the response was erased.
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"client_id": name, "fact_id": fact_id}),
                UpdateExpression="SET #format = :format, kind = :kind, #source = :source, revision = :revision, "
                f"answer = :answer, moved = :moved REMOVE {_COUNTING}, {_PERSONAL}",
                ConditionExpression=condition,
                ExpressionAttributeNames={"#format": "format", "#source": "source", "#comment": "comment"},
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            stored: Any = refused.response.get("Item", {})
            held: str = stored.get("revision", {}).get("S", "")
            return held if held > revision else None
        return None

    def erase(self, name: str, fact_id: str, level: Erased) -> str | None:
        """Takes the person out of a response, or all that it says, and leaves the word that it was; gives its revision.

        None where nothing lies there. Safe to repeat: what was erased wholly stays so.
        """
        key = to_item({"client_id": name, "fact_id": fact_id})
        held: Any = self._client.get_item(
            TableName=self._table, Key=key, ProjectionExpression="revision, erased, lane_time", ConsistentRead=True
        ).get("Item")
        while held is not None:
            revision, place = held.get("revision", {}).get("S", ""), held.get("lane_time", {}).get("S")
            wholly = level == "response" or held.get("erased", {}).get("S") == "response"
            values: dict[str, Any] = {":revision": bare_revision(revision), ":erased": "response" if wholly else level}
            said = "erased = :erased, revision = :revision"
            if wholly:
                said, values[":answer"] = f"{said}, answer = :answer", {}
            elif place:  # in its lane it stands by time and revision
                said, values[":place"] = (
                    f"{said}, lane_time = :place",
                    place.removesuffix(revision) + values[":revision"],
                )
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key=key,
                    UpdateExpression=f"SET {said} REMOVE {_PERSONAL}" + (f", {_COUNTING}" if wholly else ""),
                    ConditionExpression="revision = :held" if revision else "NOT attribute_type(revision, :held)",
                    ExpressionAttributeNames={"#comment": "comment"},
                    ExpressionAttributeValues=to_item(values | {":held": revision or "S"}),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
            except self._client.exceptions.ConditionalCheckFailedException as refused:
                held = refused.response.get("Item")
            else:
                return str(values[":revision"])
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
        if not next(self._query(**_of(name), IndexName=INDEX, Limit=1), None):
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

    def remarks(self, keys: Iterable[tuple[str, str]]) -> dict[str, Remark]:
        """By fact, what is told of it beside its answer; facts of which nothing is are left out."""
        placeholders = {"#comment": "comment", "#names": "names"}
        items = self._batch_get(keys, "fact_id, #comment, erased, author, #names", placeholders)
        found = {item["fact_id"]["S"]: _remark(item) for item in items}
        return {fact_id: remark for fact_id, remark in found.items() if remark != Remark()}

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

    def names(self, segment: Segment) -> tuple[set[str], Cursor]:
        """Partitions of the table, those of clients and of `Locators`; and where the next page begins.

        Reads a page of the whole table: for the night and for rebuilds only.
        """
        page = self._client.scan(
            TableName=self._table, ProjectionExpression="client_id", **cast("Any", segment.arguments)
        )
        return {item["client_id"]["S"] for item in page["Items"]}, cast("Cursor", page.get("LastEvaluatedKey"))

    def mark_erased(self, name: str, erased_at: datetime) -> None:
        """Leaves the word that the client of this name was erased, for when the view is made anew. Safe to repeat.

        The word of a later erasure stays.
        """
        key = f"{ERASED_CLIENT}{name}"
        item = {"client_id": key, "fact_id": ERASED_CLIENT, "format": FORMAT, "erased_at": rfc3339(erased_at)}
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(erased_at)"}
        while True:
            try:
                self._client.put_item(
                    TableName=self._table,
                    Item=to_item(item),
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                    **condition,
                )
            except self._client.exceptions.ConditionalCheckFailedException as refused:
                stored: Any = refused.response.get("Item", {})
                held = stored.get("erased_at")
                later = instant_in(held)
                if later is not None and later >= erased_at:
                    return
                if held is not None:
                    condition = {
                        "ConditionExpression": "erased_at = :held",
                        "ExpressionAttributeValues": {":held": held},
                    }
            else:
                return

    def erased_at(self, name: str) -> datetime | None:
        """When the client of this name was last erased; None when it never was. One query."""
        items = self._query(
            KeyConditionExpression="client_id = :name AND fact_id = :erased",
            ExpressionAttributeValues=to_item({":name": f"{ERASED_CLIENT}{name}", ":erased": ERASED_CLIENT}),
        )
        return next((instant_in(item.get("erased_at")) for item in items), None)

    def any(self, name: str) -> bool:
        """Whether anything is stored under this name."""
        return bool(next(self._query(**_of(name), Limit=1), None))

    def has_facts(self, name: str) -> bool:
        """Whether more is stored under this name than that responses, which it was told of, count elsewhere."""
        items = self._query(**_of(name), ProjectionExpression="moved", Limit=_FEW)
        return any("moved" not in item for item in items)

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
        return query_all(self._client, TableName=self._table, **arguments)

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

_COUNTING = "lane_time, observed_at"
"""What a fact that counts has, and one that counts for nothing has not."""

_PERSONAL = "respondent, #comment"
"""What is told of the person who gave a response."""

_OLDER = "attribute_not_exists({0}) OR NOT attribute_type({0}, :text) OR ({0} >= :sort AND {0} < :revision)"
"""Whether the stored version is older, and of the same sort: revisions of one sort begin alike. One that has no
revision, as it is damaged, is older than all."""

_PROJECTION = "client_id, fact_id, #format, kind, question, #source, revision, answer, observed_at, lane_time"


def _of(name: str) -> dict[str, Any]:
    """What asks for all that is stored under a name."""
    return {"KeyConditionExpression": "client_id = :name", "ExpressionAttributeValues": {":name": {"S": name}}}


def _remark(item: Item) -> Remark:
    names = item.get("names", {}).get("L", [])
    return Remark(
        comment=item.get("comment", {}).get("S"),
        erased="erased" in item,
        author=item.get("author", {}).get("S"),
        names=tuple(name["S"] for name in names if "S" in name),
    )


def _ordered(revision: str) -> dict[str, Any]:
    """The values that `_OLDER` compares with."""
    return {":revision": revision, ":sort": sort_of(revision), ":text": "S"}


def _not_written(fact: Fact, held: str) -> Written:
    if sort_of(held) != sort_of(fact.revision):
        raise OtherVersionSortError(fact.fact_id)
    return Written("duplicate" if held == fact.revision else "superseded", held)
