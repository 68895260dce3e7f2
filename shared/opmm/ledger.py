"""The ledger: what moved on a scorecard, from what to what, and which facts caused it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from shared.opmm.model import DIMENSIONS
from shared.opmm.scorecard import Scorecard

Cause = Literal["new", "correction", "retraction", "window", "model", "rebuild", "erasure"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a scorecard says of one question; None and None when it is unanswered."""

    points: int | None = None
    value: int | str | None = None


Readings = Mapping[str, Reading]
"""By dimension; all five."""

UNANSWERED: Readings = {key: Reading() for key in DIMENSIONS}


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


def readings(card: Scorecard) -> Readings:
    """What a scorecard says of each question."""
    return {dimension.key: Reading(dimension.points, dimension.value) for dimension in card.dimensions}


def total(said: Readings) -> int:
    """The sum of the points that are known."""
    return sum(reading.points or 0 for reading in said.values())


def moves(before: Readings, after: Readings) -> tuple[Move, ...]:
    """The questions whose points or value differ, in the order of the model."""
    return tuple(Move(key, before[key], after[key]) for key in DIMENSIONS if before[key] != after[key])


def closing(version: int, at: datetime, said: Readings) -> Change | None:
    """The last entry of the ledger of a client that is none any more: back to nothing; None where nothing is said."""
    moved = moves(said, UNANSWERED)
    return Change(version, at, "rebuild", total(said), 0, moved, ()) if moved else None
