"""The journal: what was written of all clients, in the order in which it was written.

It holds references alone, so that what is erased or made anew is so here, too: one whose entry is gone says nothing.
They stand in segments, which are numbered: whoever comes second with a number takes the next one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.message_ids import occurrence_id
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import or_absent
from shared.storage.codec import SIGNAL
from shared.storage.dynamodb import Item, query_all, to_item
from shared.storage.shapes import of_type, texts

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1
"""How segments are laid down. What another release laid down otherwise is passed over."""

KEPT_FOR = timedelta(days=400)
"""For how long a segment is kept."""

MOST = 500
"""References of one segment: some 60 KB."""

ABOUT = "journal"
_WIDTH = 12
_LATEST = 10
"""Segments that are looked through for what is to be written: who comes again after a crash comes soon."""

_TRIES = 100
"""Each time somebody else has written a segment, so there is no waiting for anybody."""


class JournalBusyError(RuntimeError):
    """Others were faster, time after time."""


@dataclass(frozen=True, slots=True)
class Reference:
    """Where an entry of a client stands in the scores table."""

    client_id: str
    item: str
    """Its sort key: `CHANGE` or `SIGNAL`, the time, and the version."""

    @property
    def is_signal(self) -> bool:
        """Whether it is a signal rather than a change."""
        return self.item.startswith(SIGNAL)

    @property
    def at(self) -> datetime:
        """When it was written down, as its client's ledger says. Raises ValueError."""
        return parse_instant(self.item.split("#")[1])

    @property
    def id(self) -> str:
        """By what it is known wherever it is told. Raises ValueError."""
        kind, _, version = self.item.split("#", maxsplit=2)
        return occurrence_id(self.at, self.client_id, kind, version)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the journal was read."""

    segment: int = 0
    read: int = 0
    """How many references of this segment."""


@dataclass(frozen=True, slots=True)
class ListedReference:
    """One reference, and the position behind it."""

    reference: Reference
    behind: Position


class Journal:
    """The journal, in the table of notifications."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def append(self, references: Iterable[Reference], now: datetime) -> int:
        """Writes down those that the latest segments do not have; gives how many.

        Safe to repeat, and for several at once. Raises JournalBusyError.
        """
        wanted = list(dict.fromkeys(references))
        written = 0
        for start in range(0, len(wanted), MOST):
            written += self._append(wanted[start : start + MOST], now)
        return written

    def read(self, after: Position, limit: int) -> list[ListedReference]:
        """So many references behind a position, those written first first. Strongly consistent."""
        found: list[ListedReference] = []
        for number, references in self._segments(after.segment):
            read = after.read if number == after.segment else 0
            found += [
                ListedReference(reference, Position(number, place))
                for place, reference in enumerate(references[read:], start=read + 1)
            ]
            if len(found) >= limit:
                return found[:limit]
        return found

    def since(self, moment: datetime) -> set[Reference]:
        """All that was written in since then, and can be read."""
        found: set[Reference] = set()
        for segment in map(_segment, query_all(self._client, **self._query(), ScanIndexForward=False)):
            if segment is None:
                continue
            if segment.written_at < moment:
                break
            found |= set(segment.references)
        return found

    def _append(self, wanted: Sequence[Reference], now: datetime) -> int:
        for _ in range(_TRIES):
            last, known = self._latest()
            new = [reference for reference in wanted if reference not in known]
            if not new:
                return 0
            # A journal that is begun, or begun anew after a year of silence, goes on behind every position there was.
            number = int(now.timestamp()) if last is None else last + 1
            if self._put(number, new, now):
                return len(new)
        raise JournalBusyError(f"{_TRIES} segments were written by others meanwhile")

    def _put(self, number: int, references: Sequence[Reference], now: datetime) -> bool:
        item = {
            **_key(number),
            "format": FORMAT,
            "written_at": rfc3339(now),
            "expires_at": int((now + KEPT_FOR).timestamp()),
            "references": [[reference.client_id, reference.item] for reference in references],
        }
        try:
            self._client.put_item(
                TableName=self._table, Item=to_item(item), ConditionExpression="attribute_not_exists(about)"
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _latest(self) -> tuple[int | None, set[Reference]]:
        """The number of the last segment, and what the last ones hold."""
        page = self._client.query(**self._query(), ConsistentRead=True, ScanIndexForward=False, Limit=_LATEST)
        known = {reference for item in page["Items"] for reference in _references(item)}
        return (int(page["Items"][0]["entry"]["S"]) if page["Items"] else None), known

    def _segments(self, first: int) -> Iterator[tuple[int, list[Reference]]]:
        """The segments from this number on, some read at a time."""
        query = self._query(" AND entry >= :first", {":first": _key(first)["entry"]})
        for item in query_all(self._client, **query, Limit=_LATEST):
            yield int(item["entry"]["S"]), _references(item)

    def _query(self, condition: str = "", values: Item | None = None) -> dict[str, Any]:
        return {
            "TableName": self._table,
            "KeyConditionExpression": f"about = :journal{condition}",
            "ExpressionAttributeValues": to_item({":journal": ABOUT, **(values or {})}),
        }


def _key(number: int) -> Item:
    return {"about": ABOUT, "entry": f"{number:0{_WIDTH}d}"}


@dataclass(frozen=True, slots=True)
class _Segment:
    written_at: datetime
    references: list[Reference]


@or_absent(FORMAT)
def _segment(item: Item) -> _Segment:
    references = [Reference(*texts([client_id, entry])) for client_id, entry in of_type(list, item["references"])]
    return _Segment(parse_instant(of_type(str, item["written_at"])), references)


def _references(item: Mapping[str, Any]) -> list[Reference]:
    segment = _segment(item)
    return segment.references if segment else []
