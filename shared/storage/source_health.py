"""How each source fares: when it was last heard, what became of its calls in the last day, since when it is watched.

For people who look after sources, and nothing that is scored: a count may be written late, or be lost with a function
that ends.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import or_absent
from shared.storage.dynamodb import Item, to_item
from shared.storage.shapes import of_type, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1
"""How items are laid down. What has another number is left out."""

UNKNOWN, API = "unknown", "api"
"""What calls stand under that no source made: those of strangers, and those with a token for every source."""

LONGEST_WATCH = timedelta(days=365)
"""The longest time without a word that can be told from never."""

_KEPT_FOR = LONGEST_WATCH + timedelta(days=35)
_DAY = timedelta(days=1)
_HOURS = 25
"""Items of one day: it begins and ends within an hour."""

_WATCHED = "watched"

Outcome = Literal["accepted", "duplicate", "superseded", "ignored", "parked", "thin", "rejected", "refused"]
"""What becomes of an event, or of a call that brought none. `thin`: parked, as it only says that something changed."""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
"""In the order in which people read them."""

_OF_NO_SOURCE = "#"
"""Begins what lies here under no source: which of them are silent."""

Sort = Literal["heard", "refused"]
"""Whether it was the source that called, or somebody who could not show that."""


@dataclass(frozen=True, slots=True)
class Health:
    """How one source fares."""

    heard_at: datetime | None = None
    """When it last called, to the minute; None for a year without a call."""
    refused_at: datetime | None = None
    """When a call in its name was last refused."""
    counts: Mapping[str, int] = field(default_factory=dict)
    """What became of its calls in the last day, by outcome; to the hour."""


class SourceHealth:
    """One item for each source and hour in which somebody called: what was heard and what was refused stand apart."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def add(self, source: str, sort: Sort, counts: Mapping[str, int], at: datetime) -> None:
        """Adds calls, of which the last was at this time: one write."""
        names = {f"#{place}": outcome for place, outcome in enumerate(counts)}
        added = {f":{place}": count for place, count in enumerate(counts.values())}
        self._client.update_item(
            TableName=self._table,
            Key=to_item({"source": source, "entry": f"{sort}#{_hour(at)}"}),
            UpdateExpression="SET #format = :format, last_at = :at, expires_at = :expires_at ADD "
            + ", ".join(f"#{place} :{place}" for place in range(len(counts))),
            ExpressionAttributeNames={"#format": "format", **names},
            ExpressionAttributeValues=to_item(
                {":format": FORMAT, ":at": rfc3339(at), ":expires_at": _until(at), **added}
            ),
        )

    def of(self, source: str, now: datetime) -> Health:
        """How a source fares."""
        heard, refused = self._latest(source, "heard"), self._latest(source, "refused")
        counts: Counter[str] = Counter()
        for item in [*heard, *refused]:
            if item.hour >= _hour(now - _DAY):
                counts.update(item.counts)
        return Health(_last(heard), _last(refused), dict(counts))

    def heard_at(self, source: str) -> datetime | None:
        """When a source was last heard: one query."""
        return _last(self._latest(source, "heard"))

    def names(self) -> set[str]:
        """Everything that calls were kept under. Reads the whole table: a megabyte for each source of a year."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table, ProjectionExpression="#source", ExpressionAttributeNames={"#source": "source"}
        )
        found = {item["source"]["S"] for page in pages for item in page["Items"]}
        return {name for name in found if not name.startswith(_OF_NO_SOURCE)}

    def watched_since(self, source: str, now: datetime) -> datetime:
        """Since when somebody looks whether a source falls silent.

        From now on, if nobody did before, or it cannot be read since when.
        """
        since = _since(self._watch(source, now, "if_not_exists(since, :now)"))
        if since is None:
            self._watch(source, now, ":now")
        return since or now

    def _watch(self, source: str, now: datetime, since: str) -> Item:
        held = self._client.update_item(
            TableName=self._table,
            Key=to_item({"source": source, "entry": _WATCHED}),
            UpdateExpression=f"SET #format = :format, since = {since}, expires_at = :expires_at",
            ExpressionAttributeNames={"#format": "format"},
            ExpressionAttributeValues=to_item({":format": FORMAT, ":now": rfc3339(now), ":expires_at": _until(now)}),
            ReturnValues="ALL_NEW",
        )
        return dict(held["Attributes"])

    def _latest(self, source: str, sort: Sort) -> list["_Kept"]:
        """What was kept of the last hours in which somebody called, the latest first."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="#source = :source AND begins_with(entry, :sort)",
            ExpressionAttributeNames={"#source": "source"},
            ExpressionAttributeValues=to_item({":source": source, ":sort": f"{sort}#"}),
            ScanIndexForward=False,
            Limit=_HOURS,
        )
        return [kept for kept in map(_kept, found["Items"]) if kept]


@dataclass(frozen=True, slots=True)
class _Kept:
    """The calls of one source in one hour."""

    hour: str
    last_at: datetime
    counts: Mapping[str, int]


@or_absent(FORMAT)
def _kept(item: Item) -> _Kept:
    counts = {name: whole(value) for name, value in item.items() if name not in _NO_COUNTS}
    return _Kept(item["entry"].rpartition("#")[2], parse_instant(of_type(str, item["last_at"])), counts)


@or_absent(FORMAT)
def _since(item: Item) -> datetime:
    return parse_instant(of_type(str, item["since"]))


_NO_COUNTS = ("source", "entry", "format", "last_at", "expires_at")


def _hour(moment: datetime) -> str:
    return rfc3339(moment)[: len("2026-11-24T12")]


def _until(moment: datetime) -> int:
    return int((moment + _KEPT_FOR).timestamp())


def _last(items: list[_Kept]) -> datetime | None:
    return items[0].last_at if items else None
