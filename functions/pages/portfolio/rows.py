"""The rows of all clients that somebody may see, as they were read within the last minute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.http.tokens import Token
from shared.reading.portfolio import Portfolio
from shared.storage.queries import Queries
from shared.storage.records import Summary

_REMEMBERED_FOR = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class AllRows:
    """Remembers the rows of each status for those who may see all clients; a warm function reads them once a minute."""

    queries: Queries
    clock: Callable[[], datetime]
    _held: dict[str, tuple[datetime, Sequence[Summary]]] = field(default_factory=dict)

    def of(self, token: Token, status: str) -> tuple[Sequence[Summary], datetime]:
        """The rows of a status, and when they were read: those granted are read each time, in one go."""
        now = self.clock()
        if token.clients is not None:
            return Portfolio(self.queries).all(token, status), now
        held = self._held.get(status)
        if held is None or not now - _REMEMBERED_FOR < held[0] <= now:
            held = self._held[status] = (now, Portfolio(self.queries).all(token, status))
        return held[1], held[0]

    def afresh(self, shown: Sequence[Summary], token: Token) -> Sequence[Summary]:
        """These rows as they are by now: what was remembered gave their order only."""
        if token.clients is not None or not shown:
            return shown
        now = {row.client_id: row for row in self.queries.summaries([row.client_id for row in shown])}
        return [now[row.client_id] for row in shown if row.client_id in now]
