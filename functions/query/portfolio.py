"""The rows of the portfolio that a token may see, in order of their totals."""

from dataclasses import dataclass

from shared.http.tokens import Token
from shared.storage.entries import Summary, by_total
from shared.storage.views import Page, Views

ACTIVE, ENDED, ALL = "active", "ended", "all"
STATUSES = (ACTIVE, ENDED, ALL)


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pages of the portfolio."""

    views: Views

    def page(self, token: Token, status: str, limit: int, after: str | None, *, descending: bool) -> Page[Summary]:
        """A page: one query, or one for each status when all are asked for, or a read for each client granted."""
        if token.clients is not None:
            rows = self._granted(token.clients, status, after, descending=descending)
            return _cut(rows, limit, more=False)
        if status != ALL:
            return self.views.portfolio(status, limit, after, descending=descending)
        pages = [self.views.portfolio(each, limit, after, descending=descending) for each in (ACTIVE, ENDED)]
        rows = sorted((row for page in pages for row in page.rows), key=position, reverse=descending)
        return _cut(rows, limit, more=any(page.next for page in pages))

    def _granted(self, clients: frozenset[str], status: str, after: str | None, *, descending: bool) -> list[Summary]:
        rows = (row for row in self.views.summaries(sorted(clients)) if status in (ALL, row.status))
        ordered = sorted(rows, key=position, reverse=descending)
        if after is None:
            return ordered
        return [row for row in ordered if (position(row) < after if descending else position(row) > after)]


def position(row: Summary) -> str:
    """Where a row stands in the portfolio: as in the index, by total and then by id."""
    return by_total(row.total, row.client_id)


def _cut(rows: list[Summary], limit: int, *, more: bool) -> Page[Summary]:
    page = tuple(rows[:limit])
    return Page(page, position(page[-1]) if page and (more or len(rows) > limit) else None)
