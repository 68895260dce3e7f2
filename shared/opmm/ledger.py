"""The ledger: what moved on a scorecard, from what to what, and which facts caused it."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.scorecard import Scorecard

Cause = Literal["new", "correction", "retraction", "window", "model", "rebuild", "erasure"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scorecard says of one question; None and None when it is unanswered."""

    points: int | None = None
    value: int | str | None = None


Readings = Mapping[str, Reading]
"""By question; one that is absent is unanswered."""

UNANSWERED: Readings = {}
"""What is said of a client that nobody has told anything of."""

UNKNOWN = Reading()
"""What is said of a question that nobody has answered."""


@dataclass(frozen=True, slots=True)
class Move:
    """One question that reads differently than before."""

    key: str
    before: Reading
    after: Reading


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a client's ledger. The points of its moves add up to the difference of the totals."""

    version: int
    at: datetime
    cause: Cause
    total_before: int
    total_after: int
    moves: tuple[Move, ...]
    facts: tuple[str, ...]
    names: tuple[str, ...] = ()
    """Other names of the client whose facts counted before the change or after it, sorted: its totals rest on them."""
    latest: date | None = None
    """The latest business day of the facts behind it, in the tenant's calendar: an import tells of days long past.
    None where no fact is behind it, or none whose day is known."""

    def rests_on(self, names: Collection[str]) -> bool:
        """Whether the change tells of the facts of these names only, besides the client's own."""
        return set(self.names) <= set(names)


def readings(card: Scorecard) -> Readings:
    """What a scorecard says of each question that is answered."""
    return {
        dimension.key: Reading(dimension.points, dimension.value)
        for dimension in card.dimensions
        if dimension.points is not None
    }


def digest(client_id: str, said: Readings, order: Iterable[str]) -> str:
    """`sha256:` and the hash of what is said of the questions, in this order: points and values alone."""
    known = {key: said.get(key, UNKNOWN) for key in order}
    canonical = [client_id, [[key, reading.points, reading.value] for key, reading in known.items()]]
    return "sha256:" + hashlib.sha256(json.dumps(canonical, separators=(",", ":")).encode()).hexdigest()


def total(said: Readings) -> int:
    """The sum of the points that are known."""
    return sum(reading.points or 0 for reading in said.values())


def moves(before: Readings, after: Readings, order: Iterable[str] = ()) -> tuple[Move, ...]:
    """The questions whose points or value differ, in this order; those that a model has dropped come last."""
    keys = dict.fromkeys((*order, *before, *after))
    pairs = ((key, before.get(key, UNKNOWN), after.get(key, UNKNOWN)) for key in keys)
    return tuple(Move(key, old, new) for key, old, new in pairs if old != new)


def told(changes: Iterable[Change]) -> Readings:
    """What a ledger says by now: the sum of its entries, given from the oldest to the newest."""
    said: dict[str, Reading] = {}
    for change in changes:
        said |= {move.key: move.after for move in change.moves}
    return {key: reading for key, reading in said.items() if reading != UNKNOWN}


def points_moved(moves: Iterable[Move]) -> int:
    """By how much the total moved: a question that was answered for the first time has not moved it."""
    known = (move for move in moves if move.before.points is not None)
    return sum((move.after.points or 0) - (move.before.points or 0) for move in known)


def together(changes: Sequence[Change]) -> Change:
    """Changes as one, given from the oldest to the newest, at least one. It has the number and time of the last.

    What went there and back again is no move of it. Its total before is without what these changes moved.
    """
    first, last = changes[0], changes[-1]
    before: dict[str, Reading] = {}
    after: dict[str, Reading] = {}
    for change in changes:
        for move in change.moves:
            before.setdefault(move.key, move.before)
            after[move.key] = move.after
    return replace(
        last,
        cause=first.cause,
        total_before=last.total_after - sum(change.total_after - change.total_before for change in changes),
        moves=tuple(Move(key, before[key], after[key]) for key in before if before[key] != after[key]),
        facts=tuple(dict.fromkeys(fact for change in changes for fact in change.facts)),
        names=tuple(sorted({name for change in changes for name in change.names})),
        latest=max((change.latest for change in changes if change.latest), default=None),
    )


def closing(version: int, at: datetime, said: Readings, names: tuple[str, ...] = ()) -> Change | None:
    """The last entry of the ledger of a client that is none any more: back to nothing; None where nothing is said."""
    moved = moves(said, UNANSWERED)
    return Change(version, at, "rebuild", total(said), 0, moved, (), names) if moved else None
