"""The rows of the portfolio that a token may see, in any of its orders."""

from collections.abc import Callable, Iterable

from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE, ENDED
from shared.opmm.persons import person_key
from shared.opmm.slugs import is_slug
from shared.storage.queries import Page, Queries
from shared.storage.records import ORDERS, Summary

ALL = "all"
STATUSES = (ACTIVE, ENDED, ALL)

MOVED = "moved"
"""The order in which the biggest fall comes first. No index has it: all rows are read for it."""

_SORTS = {
    "-total": ("total", True),
    "total": ("total", False),
    "name": ("name", False),
    "-changed_at": ("change", True),
}
SORTS = (*_SORTS, MOVED)

_STILL = 10_000
"""Stands for no movement, so that falls sort before it."""

_PAGE = 1000
"""Rows that are read at once when all of them are wanted, or few of them fit the filters."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a row must be; None for whatever it is."""

    max_total: int | None = None
    complete: bool | None = None
    stale: bool | None = None
    described: bool | None = None
    due: bool | None = None
    """Whether it needs a talk."""
    owner: str | None = None
    """However the name is written."""
    q: str | None = None
    """A part of the name or the id, whatever the case."""

    def fit(self, row: Summary) -> bool:
        """Whether the row is wanted."""
        return (
            (self.max_total is None or row.total <= self.max_total)
            and (self.complete is None or row.complete == self.complete)
            and (self.stale is None or row.stale == self.stale)
            and (self.described is None or row.described == self.described)
            and (self.due is None or bool(row.discussion) == self.due)
            and (self.owner is None or person_key(row.owner) == person_key(self.owner))
            and (self.q is None or self.q.strip().casefold() in f"{row.name}\n{row.client_id}".casefold())
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """Which rows are asked for, and in what order."""

    status: str = ACTIVE
    sort: str = "-total"
    filters: Filters = Filters()


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Pages of the portfolio."""

    queries: Queries

    def page(self, token: Token, listing: Listing, limit: int, after: str | None) -> Page[Summary]:
        """A page: one query, or one for each status when all are asked for, or a read for each client granted.

        With filters as many queries as it takes to fill it; by movement as many as all rows take.
        """
        filters = listing.filters
        if listing.sort == MOVED:
            moving = sorted(filter(filters.fit, self.all(token, listing.status)), key=by_movement)
            left = [row for row in moving if after is None or by_movement(row) > after]
            return _cut(left, limit, by_movement, more=False)
        order, descending = _SORTS[listing.sort]
        position = ORDERS[order]
        if token.clients is not None:
            rows = [row for row in self._granted(token.clients, listing.status) if filters.fit(row)]
            ordered = sorted(rows, key=position, reverse=descending)
            left = [row for row in ordered if after is None or _behind(position(row), after, descending=descending)]
            return _cut(left, limit, position, more=False)
        statuses = (ACTIVE, ENDED) if listing.status == ALL else (listing.status,)
        pages = [self._page(status, order, filters, limit, after, descending=descending) for status in statuses]
        rows = sorted((row for page in pages for row in page.rows), key=position, reverse=descending)
        return _cut(rows, limit, position, more=any(page.next for page in pages))

    def all(self, token: Token, status: str) -> list[Summary]:
        """Every client of a status, or of all, that the token may see."""
        if token.clients is not None:
            return self._granted(token.clients, status)
        statuses = (ACTIVE, ENDED) if status == ALL else (status,)
        return [row for status in statuses for row in self.queries.all_of(status, _PAGE)]

    def _page(
        self, status: str, order: str, filters: Filters, limit: int, after: str | None, *, descending: bool
    ) -> Page[Summary]:
        if filters == Filters():
            return self.queries.portfolio(status, order, limit, after, descending=descending)
        found: list[Summary] = []
        following = after
        while True:
            page = self.queries.portfolio(status, order, _PAGE, following, descending=descending)
            found += [row for row in page.rows if filters.fit(row)]
            following = page.next
            if following is None or len(found) > limit:
                return _cut(found, limit, ORDERS[order], more=following is not None)

    def _granted(self, clients: frozenset[str], status: str) -> list[Summary]:
        return [row for row in self.queries.summaries(sorted(filter(is_slug, clients))) if status in (ALL, row.status)]


def by_movement(row: Summary) -> str:
    """Where a row stands when the biggest fall comes first; what was first measured since has not moved."""
    return f"{_STILL + (row.moved or 0):05d}#{row.client_id}"


def _behind(position: str, after: str, *, descending: bool) -> bool:
    return position < after if descending else position > after


def _cut(rows: list[Summary], limit: int, position: Callable[[Summary], str], *, more: bool) -> Page[Summary]:
    page = tuple(rows[:limit])
    return Page(page, position(page[-1]) if page and (more or len(rows) > limit) else None)


def owners_of(rows: Iterable[Summary]) -> dict[str, str]:
    """By whom clients are owned: each by the key of the person, as one of their clients has it written, in order."""
    written = sorted({row.owner.strip() for row in rows if row.owner and row.owner.strip()}, reverse=True)
    named = {person_key(owner): owner for owner in written}
    return {key: named[key] for key in sorted(named)}
