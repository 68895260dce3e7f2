"""Nightly refreshes and rebuilds: how far the latest of each kind is.

A run is listed in parts, and each part sends messages of clients. Every message leaves its counts with its part when it
is done, in a set: one that comes twice counts once. Such a set has room for some 20,000 messages; there
are four for each table. What a message is about to mend is taken down before, beside the run, so that it is still known
when the message comes again. A message that was divided says into which pieces; each leaves its counts
as a message does. All of it lies in the scores table, under names that no client has.
"""

import re
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Self

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import BEHIND_EVERY_TIME, or_absent
from shared.storage.codec import FORMAT
from shared.storage.dynamodb import Item, query_all, to_item
from shared.storage.shapes import of_type, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Kind = Literal["night", "rebuild", "client"]
"""A rebuild of one client stands for itself, beside one of all clients."""

_RUN = "run"
"""The sort key of the run itself; its parts stand beside it under their own names."""

_KINDS = {"messages": "N", "done": "SS"}
"""What DynamoDB calls the types of what is told of a part."""

_PIECE = re.compile("[0-9a-f]{8}")

_DRIFT_KEPT = timedelta(days=30)
"""How long it is known what a message was about to mend: longer than any message may come again."""


@dataclass(frozen=True, slots=True)
class MessageCounts:
    """What became of one message of clients."""

    number: int
    """Which message of its part."""
    look: int
    """0 for the first look at its clients; those that differed are looked at again later."""
    clients: int
    again: int
    """How many of them are looked at again."""
    drifted: int
    """How many said something else than their facts and were mended, by whichever try of the message."""
    failed: int
    """How many were given up."""
    piece: str = ""
    """Which piece of that message, if it was divided: its clients are among those of the whole."""
    pieces: tuple[str, ...] = ()
    """Into what this was divided: what became of those clients, the pieces say."""

    @classmethod
    def read(cls, text: str) -> Self:
        """What `text` laid down. Raises ValueError."""
        which, *told = text.split(":")
        number, *piece = which.split(".")
        look, clients, again, drifted, failed = map(int, told[:5])
        pieces = tuple(told[5].split(",")) if told[5:] else ()
        if told[6:] or piece[1:] or not all(map(_PIECE.fullmatch, (*piece, *pieces))):
            raise ValueError("no counts")
        return cls(int(number), look, clients, again, drifted, failed, "".join(piece), pieces)

    @property
    def text(self) -> str:
        """How it lies in the set: shortest for a message that was not divided."""
        told = (self.look, self.clients, self.again, self.drifted, self.failed)
        pieces = (",".join(self.pieces),) if self.pieces else ()
        return ":".join((_which(self.number, self.piece), *map(str, told), *pieces))

    @property
    def key(self) -> tuple[int, str, int]:
        """Which message of its part."""
        return self.number, self.piece, self.look


@dataclass(frozen=True, slots=True)
class MessageKey:
    """Which message of a run: the same for every try of it."""

    part: str
    number: int
    look: int
    piece: str = ""


def piece_of(names: Iterable[str]) -> str:
    """What a piece of a message is known by: a digest of the clients in it, as names of clients are not spread."""
    return f"{zlib.crc32(','.join(names).encode()):08x}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a run."""

    name: str
    messages: int | None = None
    """How many messages it sent; None while it is still being listed."""
    counts: tuple[MessageCounts, ...] = ()

    @property
    def is_done(self) -> bool:
        """Whether it is listed, and every message of it is done, with its pieces and what was to be looked at again."""
        done = {message.key for message in self.counts}
        asked = {(message.number, message.piece, message.look + 1) for message in self.counts if message.again}
        asked |= {(message.number, piece, message.look) for message in self.counts for piece in message.pieces}
        return self.messages is not None and done >= {*((number, "", 0) for number in range(self.messages)), *asked}


@dataclass(frozen=True, slots=True)
class Run:
    """A refresh or a rebuild of all clients."""

    kind: Kind
    id: str
    """Sorts by the time at which it was begun."""
    begun_at: datetime
    parts: tuple[Part, ...]
    finished_at: datetime | None = None

    @property
    def is_done(self) -> bool:
        """Whether every message is."""
        return all(part.is_done for part in self.parts)

    @property
    def counts(self) -> tuple[MessageCounts, ...]:
        """What became of each message."""
        return tuple(message for part in self.parts for message in part.counts)

    @property
    def messages(self) -> int:
        """How many messages were sent by the parts that are listed."""
        return sum(part.messages or 0 for part in self.parts)

    @property
    def clients(self) -> int:
        """How many clients were looked at."""
        undivided = (told for told in self._told.values() if not told[0].look and not told[0].piece)
        return sum(max(message.clients for message in told) for told in undivided)

    @property
    def waiting(self) -> int:
        """How many of them differed, and are still to be looked at again."""
        told = self._told
        return sum(
            max(message.again for message in counts)
            for (part, number, piece, look), counts in told.items()
            if (part, number, piece, look + 1) not in told
        )

    @property
    def drifted(self) -> int:
        """How many were mended."""
        return sum(max(message.drifted for message in told) for told in self._told.values())

    @property
    def failed(self) -> int:
        """How many were given up, and have not been made anew since."""
        return sum(min(message.failed for message in told) for told in self._told.values())

    @property
    def _told(self) -> dict[tuple[str, int, str, int], list[MessageCounts]]:
        """By part, message, piece and look. A message that came twice may have left counts that differ."""
        told: dict[tuple[str, int, str, int], list[MessageCounts]] = {}
        for part in self.parts:
            for message in part.counts:
                told.setdefault((part.name, *message.key), []).append(message)
        return told


class Runs:
    """The latest run of each kind."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def begin(self, kind: Kind, run_id: str, parts: Iterable[str], at: datetime) -> None:
        """Takes down that a run has begun. One that was begun already stays as it is, and so does a later one."""
        item = {**_key(kind, _RUN), "format": FORMAT, "run": run_id, "begun_at": rfc3339(at), "parts": frozenset(parts)}
        self._overwrite(item, run_id)

    def latest(self, kind: Kind) -> Run | None:
        """How far the latest run is; None when there was none, or it cannot be read. One strongly consistent query."""
        found = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="client_id = :kind",
            ExpressionAttributeValues=to_item({":kind": f"#{kind}"}),
        )
        items = {item["item"]["S"]: item for item in found}
        begun = _begun(items.get(_RUN, {}))
        if begun is None:
            return None
        parts = tuple(_part(name, items.get(name, {}), begun.id) for name in sorted(begun.parts))
        return Run(kind=kind, id=begun.id, begun_at=begun.at, parts=parts, finished_at=begun.finished_at)

    def is_current(self, kind: Kind, run_id: str) -> bool:
        """Whether no later run of this kind was begun."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(kind, _RUN)), ConsistentRead=True)
        begun = _begun(found.get("Item", {}))
        return begun is None or begun.id == run_id

    def listed(self, kind: Kind, run_id: str, part: str, messages: int) -> Part | None:
        """Takes down that a part is listed, and how many messages it sent; None when a later run was begun."""
        return self._update(kind, run_id, part, expression="SET #value = :value", name="messages", value=messages)

    def done(self, kind: Kind, run_id: str, part: str, counts: MessageCounts) -> Part | None:
        """Takes down what became of a message; None when a later run was begun. One write, safe to repeat."""
        return self._update(
            kind, run_id, part, expression="ADD #value :value", name="done", value=frozenset([counts.text])
        )

    def mending(self, kind: Kind, run_id: str, message: MessageKey, client_id: str, at: datetime) -> None:
        """Takes down that a client is about to be mended for a message. One write, safe to repeat.

        It is known by a digest of its id: there are few of them, and names of clients are not spread.
        """
        digest = piece_of([client_id])
        self._client.update_item(
            TableName=self._table,
            Key=to_item(_drift_key(kind, run_id, message)),
            UpdateExpression="SET #format = :format, expires_at = :until ADD clients :client",
            ExpressionAttributeNames={"#format": "format"},
            ExpressionAttributeValues=to_item(
                {":format": FORMAT, ":until": int((at + _DRIFT_KEPT).timestamp()), ":client": frozenset([digest])}
            ),
        )

    def mended(self, kind: Kind, run_id: str, message: MessageKey) -> int:
        """How many clients were mended for a message, by whichever of its tries. One strongly consistent read."""
        key = to_item(_drift_key(kind, run_id, message))
        found = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return len(found.get("Item", {}).get("clients", {}).get("SS", ()))

    def finish(self, kind: Kind, run_id: str, at: datetime) -> bool:
        """Takes down that all of it is done; False when that stands already."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item(_key(kind, _RUN)),
                UpdateExpression="SET finished_at = :at",
                ConditionExpression="#run = :run AND attribute_not_exists(finished_at)",
                ExpressionAttributeNames={"#run": "run"},
                ExpressionAttributeValues=to_item({":at": rfc3339(at), ":run": run_id}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True

    def _update(self, kind: Kind, run_id: str, part: str, *, expression: str, name: str, value: Any) -> Part | None:
        """Changes a part of this run; that of an earlier one is begun anew."""
        for _ in range(2):
            try:
                found = self._client.update_item(
                    TableName=self._table,
                    Key=to_item(_key(kind, part)),
                    UpdateExpression=expression,
                    # A number that is set may lie over anything; nothing can be added to what is no set.
                    ConditionExpression="#run = :run AND #format = :format"
                    " AND (attribute_not_exists(#value) OR attribute_type(#value, :kind))",
                    ExpressionAttributeNames={"#run": "run", "#format": "format", "#value": name},
                    ExpressionAttributeValues=to_item(
                        {":run": run_id, ":format": FORMAT, ":value": value, ":kind": _KINDS[name]}
                    ),
                    ReturnValues="ALL_NEW",
                )
            except self._client.exceptions.ConditionalCheckFailedException:
                self._overwrite({**_key(kind, part), "format": FORMAT, "run": run_id}, run_id)
            else:
                return _part(part, found["Attributes"], run_id)
        return None

    def _overwrite(self, item: Item, run_id: str) -> None:
        """Puts what belongs to a run in the place of what belongs to an earlier one, or says nothing."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="attribute_not_exists(#run) OR #run < :run OR #run >= :behind"
                " OR NOT attribute_type(#run, :text) OR attribute_not_exists(#format) OR #format <> :format",
                ExpressionAttributeNames={"#run": "run", "#format": "format"},
                ExpressionAttributeValues=to_item(
                    {":run": run_id, ":behind": BEHIND_EVERY_TIME, ":text": "S", ":format": FORMAT}
                ),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return


def _which(number: int, piece: str) -> str:
    return f"{number}.{piece}" if piece else str(number)


def _key(kind: Kind, name: str) -> Item:
    return {"client_id": f"#{kind}", "item": name}


def _drift_key(kind: Kind, run_id: str, message: MessageKey) -> Item:
    """Apart from the run, which is read as a whole."""
    return {
        "client_id": f"#{kind}-drift",
        "item": "#".join((run_id, message.part, _which(message.number, message.piece), str(message.look))),
    }


@dataclass(frozen=True, slots=True)
class _Begun:
    """What is taken down of a run itself."""

    id: str
    at: datetime
    parts: tuple[str, ...]
    finished_at: datetime | None


@or_absent(FORMAT)
def _begun(item: Item) -> _Begun:
    finished_at = item.get("finished_at")
    run_id = of_type(str, item["run"])
    if run_id >= BEHIND_EVERY_TIME:
        raise ValueError("no id begins like this")
    return _Begun(
        run_id,
        parse_instant(of_type(str, item["begun_at"])),
        tuple(of_type(frozenset, item["parts"])),
        parse_instant(of_type(str, finished_at)) if finished_at is not None else None,
    )


def _part(name: str, item: Mapping[str, Any], run_id: str) -> Part:
    """A part of a run; one of which nothing is done where its item is left of an earlier run, or cannot be read."""
    if item.get("run") != {"S": run_id}:
        return Part(name)
    return _told(item) or Part(name)


@or_absent(FORMAT)
def _told(item: Item) -> Part:
    messages = item.get("messages")
    if messages is not None:
        whole(messages)
    counts = (_counts(text) for text in sorted(of_type(frozenset, item.get("done", frozenset()))))
    return Part(item["item"], messages, tuple(told for told in counts if told))


def _counts(text: str) -> MessageCounts | None:
    """What became of a message; None where another release laid it down otherwise."""
    try:
        return MessageCounts.read(text)
    except ValueError:
        return None
