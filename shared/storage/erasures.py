"""The erasures that were asked for: how far each is, and its receipt once it is done."""

from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import UNREADABLE
from shared.storage.dynamodb import Item, from_item, query_all, to_item
from shared.storage.shapes import of_type, one_of, optional, texts, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1
"""How erasures are laid down. What has another number is left out of every list."""

REGISTER = "erasures"
"""The one partition of the table: erasures are few, and listed by their ids, which begin with the time."""

_text = partial(of_type, str)

Status = Literal["running", "done", "failed"]

Target = tuple[str, ...]
"""What a step is about to erase: the keys of an item, and what it counts as."""


class OvertakenError(RuntimeError):
    """Another process has gone on with the erasure since it was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """One erasure: of a respondent over all clients, or of a client with everything."""

    id: str
    asked_at: datetime
    asked_by: str
    """The subject of the token."""
    token_id: str | None
    ratings: bool = False
    """Whether the ratings of a respondent go, too."""
    client_id: str | None = None
    """The client that is erased; None for a respondent."""
    respondent: str | None = None
    """The keyed hash of the respondent; None for a client, and once it is done."""
    status: Status = "running"
    phase: str = ""
    position: Mapping[str, Any] = field(default_factory=dict)
    """Where the phase goes on; empty at its beginning."""
    pending: tuple[Target, ...] = ()
    """What is being erased right now: written down before, so that a crash neither forgets nor counts it twice."""
    names: tuple[str, ...] = ()
    """Every name of the client."""
    called: tuple[str, ...] = ()
    """Keys of what the client is called."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What was erased so far, by kind."""
    not_before: datetime | None = None
    """When its last look begins: until then functions may remember what was."""
    done_at: datetime | None = None
    version: int = 0

    def receipt(self, done_at: datetime) -> "Erasure":
        """What is left of it when it is done: nothing of a person."""
        return replace(
            self,
            status="done",
            done_at=done_at,
            respondent=None,
            phase="",
            position={},
            names=(),
            called=(),
            pending=(),
        )


class Erasures:
    """The table of erasures."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def save(self, erasure: Erasure) -> Erasure:
        """Writes down how far an erasure is, or a new one. Raises OvertakenError when somebody else has meanwhile."""
        saved = replace(erasure, version=erasure.version + 1)
        condition: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(version)"}
        if erasure.version:
            condition = {
                "ConditionExpression": "version = :read",
                "ExpressionAttributeValues": to_item({":read": erasure.version}),
            }
        try:
            self._client.put_item(TableName=self._table, Item=to_item(_item(saved)), **condition)
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            raise OvertakenError(erasure.id) from refused
        return saved

    def get(self, erasure_id: str) -> Erasure | None:
        """The erasure of this id; None when there is none, or one of another format."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(erasure_id)), ConsistentRead=True)
        return _erasure(from_item(found.get("Item", {})))

    def page(self, limit: int, after: str | None) -> tuple[list[Erasure], str | None]:
        """Erasures, the latest first, and the id behind which the next page begins."""
        further: dict[str, Any] = {"ExclusiveStartKey": to_item(_key(after))} if after else {}
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="#register = :register",
            ExpressionAttributeNames={"#register": "register"},
            ExpressionAttributeValues=to_item({":register": REGISTER}),
            ScanIndexForward=False,
            Limit=limit,
            **further,
        )
        last = found.get("LastEvaluatedKey")
        listed = [erasure for item in found["Items"] if (erasure := _listed(item))]
        return listed, last["erasure_id"]["S"] if last else None

    def all(self) -> Iterator[Erasure]:
        """Every erasure, the latest first. Fails at one that cannot be read: nobody knows what it has erased."""
        return filter(None, map(_erasure, map(from_item, self._items())))

    def _items(self) -> Iterator[Item]:
        return query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="#register = :register",
            ExpressionAttributeNames={"#register": "register"},
            ExpressionAttributeValues=to_item({":register": REGISTER}),
            ScanIndexForward=False,
        )

    def running(self) -> tuple[list[Erasure], list[str]]:
        """Those that run, the latest first; and the ids of those that may, but cannot be read."""
        read = [
            (item["erasure_id"]["S"], _listed(item)) for item in self._items() if item.get("status") != {"S": "done"}
        ]
        return (
            [erasure for _, erasure in read if erasure and erasure.status == "running"],
            [erasure_id for erasure_id, erasure in read if erasure is None],
        )


def _key(erasure_id: str) -> dict[str, str]:
    return {"register": REGISTER, "erasure_id": erasure_id}


def _item(erasure: Erasure) -> dict[str, Any]:
    return {
        **_key(erasure.id),
        "format": FORMAT,
        "version": erasure.version,
        "status": erasure.status,
        "asked_at": rfc3339(erasure.asked_at),
        "asked_by": erasure.asked_by,
        "token_id": erasure.token_id,
        "ratings": erasure.ratings,
        "target_client": erasure.client_id,
        "respondent": erasure.respondent,
        "phase": erasure.phase,
        "position": dict(erasure.position),
        "pending": [list(target) for target in erasure.pending],
        "names": list(erasure.names),
        "called": list(erasure.called),
        "counts": dict(erasure.counts),
        "not_before": erasure.not_before and rfc3339(erasure.not_before),
        "done_at": erasure.done_at and rfc3339(erasure.done_at),
    }


def _listed(item: Mapping[str, Any]) -> Erasure | None:
    """An erasure among others, where it can be read; one that is asked for by itself fails for that instead."""
    try:
        return _erasure(from_item(item))
    except UNREADABLE:
        return None


def _erasure(item: Mapping[str, Any]) -> Erasure | None:
    """An erasure as it was laid down; None for another format. Raises what `UNREADABLE` names for damage."""
    if item.get("format") != FORMAT:
        return None
    return Erasure(
        id=item["erasure_id"],
        asked_at=_instant(item["asked_at"]),
        asked_by=_text(item["asked_by"]),
        token_id=optional(_text, item.get("token_id")),
        ratings=of_type(bool, item["ratings"]),
        client_id=optional(_text, item.get("target_client")),
        respondent=optional(_text, item.get("respondent")),
        status=cast("Status", one_of(get_args(Status), item["status"])),
        phase=_text(item["phase"]),
        position=of_type(dict, item["position"]),
        pending=tuple(map(texts, of_type(list, item["pending"]))),
        names=texts(item["names"]),
        called=texts(item["called"]),
        counts={kind: whole(count) for kind, count in of_type(dict, item["counts"]).items()},
        not_before=optional(_instant, item.get("not_before")),
        done_at=optional(_instant, item.get("done_at")),
        version=whole(item["version"]),
    )


def _instant(value: Any) -> datetime:
    return parse_instant(_text(value))
