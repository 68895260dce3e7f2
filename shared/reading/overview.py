"""The portfolio at a glance."""

from collections import Counter
from collections.abc import Sequence

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.storage.records import Summary

_MOVERS = 5
"""How many are named in each direction."""


@dataclass(frozen=True, slots=True)
class Overview:
    """What the rows of a portfolio say together."""

    count: int
    totals: tuple[int, ...]
    """How many clients have each total, from 0 up."""
    incomplete: int
    stale: int
    due: int
    """How many need a talk."""
    undescribed: int
    """How many nobody has described."""
    movers: tuple[Summary, ...]
    """Those whose totals moved most since the day they are compared with, the biggest move first."""
    up: int
    """How many rose since; who was measured for the first time has not moved."""
    down: int
    """How many fell."""


def overview(rows: Sequence[Summary], model: Model) -> Overview:
    """Counts the rows; movers are at most `_MOVERS` risers and as many fallers."""
    totals = Counter(row.total for row in rows)
    fallers = sorted((row for row in rows if _move(row) < 0), key=_by_size)[:_MOVERS]
    risers = sorted((row for row in rows if _move(row) > 0), key=_by_size)[:_MOVERS]
    return Overview(
        count=len(rows),
        totals=tuple(totals[total] for total in range(model.max_total + 1)),
        incomplete=sum(not row.complete for row in rows),
        stale=sum(row.stale for row in rows),
        due=sum(bool(row.discussion) for row in rows),
        undescribed=sum(not row.described for row in rows),
        movers=tuple(sorted([*fallers, *risers], key=_by_size)),
        up=sum((row.moved or 0) > 0 for row in rows),
        down=sum((row.moved or 0) < 0 for row in rows),
    )


def _move(row: Summary) -> int:
    return row.total - row.earlier_total


def _by_size(row: Summary) -> tuple[int, str]:
    return -abs(_move(row)), row.client_id
