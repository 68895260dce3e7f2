"""The portfolio at a glance."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.model import Model
from shared.reading.portfolio import Portfolio
from shared.storage.outages import is_outage
from shared.storage.overviews import Kept, Mover, Overview, Overviews
from shared.storage.queries import Queries
from shared.storage.records import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOVERS = 5
"""How many are named in each direction."""

FEW = 100
"""Clients that are read each time: that is one query, and what was written a moment ago is among them."""

_AT_LEAST, _AT_MOST = timedelta(seconds=30), timedelta(minutes=10)
_FOR_EACH = timedelta(milliseconds=30)
"""For so long an overview is told, for each client that it is of: however many there are, up to 20,000, and however
often it is asked for, reading them costs at most 3 read units a second. Twenty clients, read each second, cost 2."""


def told_for(count: int) -> timedelta:
    """How old an overview of so many clients may be."""
    return min(max(count * _FOR_EACH, _AT_LEAST), _AT_MOST)


@dataclass(slots=True)
class _Remembered:
    kept: Kept | None = None
    few: bool = False


@dataclass(frozen=True, slots=True)
class Glance:
    """Tells the overview: of few clients or those granted anew each time, of many the one that all functions share."""

    queries: Queries
    overviews: Overviews
    model: Model
    clock: Callable[[], datetime]
    _remembered: _Remembered = field(default_factory=_Remembered)

    def of(self, token: Token) -> tuple[Overview, datetime]:
        """What the clients that the token may see say together, and when they were read."""
        now = self.clock()
        if token.clients is not None:
            return overview(Portfolio(self.queries).all(token, ACTIVE), self.model), now
        remembered = self._remembered
        if not remembered.few and not self._is_fresh(remembered.kept, now):
            remembered.kept = self.overviews.read()
        kept = remembered.kept
        if not remembered.few and kept and (self._is_fresh(kept, now) or self._is_counted_elsewhere(kept, now)):
            return kept.overview, kept.read_at
        return self._anew(token, now), now

    def _is_fresh(self, kept: Kept | None, now: datetime) -> bool:
        """Whether it can be told; one that is of a time to come was kept by a clock that is wrong."""
        if kept is None or kept.model != self.model.fingerprint:
            return False
        return now - told_for(kept.overview.count) < kept.read_at <= now

    def _is_counted_elsewhere(self, kept: Kept, now: datetime) -> bool:
        """Whether somebody else is about to keep a newer one: meanwhile one that is not much too old is told."""
        if kept.model != self.model.fingerprint or not now - 2 * told_for(kept.overview.count) < kept.read_at <= now:
            return False
        claimed = True
        with _done_without():
            claimed = self.overviews.claim(now)
        return not claimed

    def _anew(self, token: Token, now: datetime) -> Overview:
        found = overview(Portfolio(self.queries).all(token, ACTIVE), self.model)
        self._remembered.few = found.count <= FEW
        if not self._remembered.few:
            self._remembered.kept = Kept(found, self.model.fingerprint, now)
            with _done_without():
                self.overviews.keep(self._remembered.kept)
        return found


@contextmanager
def _done_without() -> "Iterator[None]":
    """What is kept spares work, and nobody waits for it: where it cannot be kept now, it is not."""
    try:
        yield
    except Exception as error:
        if not is_outage(error):
            raise


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
        movers=tuple(
            Mover(row.client_id, row.name, row.earlier_total, row.total)
            for row in sorted([*fallers, *risers], key=_by_size)
        ),
        up=sum((row.moved or 0) > 0 for row in rows),
        down=sum((row.moved or 0) < 0 for row in rows),
    )


def _move(row: Summary) -> int:
    return row.total - row.earlier_total


def _by_size(row: Summary) -> tuple[int, str]:
    return -abs(_move(row)), row.client_id
