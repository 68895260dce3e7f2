"""The rows of all clients that somebody may see, as they were read a short while ago."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from typing import Any, TypeVar, cast

from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.reading.portfolio import Portfolio
from shared.storage.queries import Queries
from shared.storage.records import Summary

_REMEMBERED_FOR = timedelta(minutes=1)
_MOST_REMEMBERED = 64
"""Lists and counts of one status that are remembered: many people look at the same few."""

_T = TypeVar("_T")


@dataclass(slots=True)
class _Held:
    at: datetime
    rows: Sequence[Summary]
    made: dict[Hashable, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AllRows:
    """Remembers the rows of each status for those who may see all clients; a warm function reads them once in a while.

    What is made of all rows then costs as much for two thousand clients as for twenty.
    """

    queries: Queries
    clock: Callable[[], datetime]
    _held: dict[str, _Held] = field(default_factory=dict)

    def of(self, token: Token, status: str) -> tuple[Sequence[Summary], datetime]:
        """The rows of a status, and when they were read: those granted are read each time, in one go."""
        held = self._read(token, status)
        return held.rows, held.at

    def made(self, token: Token, status: str, key: Hashable, make: Callable[[Sequence[Summary]], _T]) -> _T:
        """What `make` makes of the rows of a status: once for each key, as long as the rows are remembered.

        The key must say all that `make` depends on besides the rows.
        """
        held = self._read(token, status)
        if key not in held.made:
            if len(held.made) >= _MOST_REMEMBERED:
                held.made.clear()
            held.made[key] = make(held.rows)
        made: _T = cast("Any", held.made[key])
        return made

    def _read(self, token: Token, status: str) -> _Held:
        now = self.clock()
        if token.clients is not None:
            return _Held(now, Portfolio(self.queries).all(token, status))
        held = self._held.get(status)
        if held is None or not now - _REMEMBERED_FOR < held.at <= now:
            held = self._held[status] = _Held(now, Portfolio(self.queries).all(token, status))
        return held

    def afresh(self, shown: Sequence[Summary], token: Token) -> Sequence[Summary]:
        """These rows as they are by now: what was remembered gave their order only."""
        if token.clients is not None or not shown:
            return shown
        now = {row.client_id: row for row in self.queries.summaries([row.client_id for row in shown])}
        return [now[row.client_id] for row in shown if row.client_id in now]
