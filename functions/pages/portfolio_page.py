"""The page of all partnerships: how they are spread, who moved, and a table to find each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions.pages import overview_part, table_part
from functions.pages.layout import page
from functions.pages.markup import tag
from functions.pages.page_context import PageContext
from shared.http.parameters import Parameters
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.reading.access import Access
from shared.reading.overview import Overview, overview
from shared.reading.portfolio import SORTS, Filters, Listing, Portfolio
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries

_REMEMBERED_FOR = timedelta(minutes=1)


@dataclass(slots=True)
class _Remembered:
    """The overview of everything, as it was counted last."""

    at: datetime | None = None
    overview: Overview | None = None


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """All partnerships that somebody may see."""

    access: Access
    cards: Cards
    views: Queries
    _remembered: _Remembered = field(default_factory=_Remembered)

    def answer(self, visit: PageContext) -> Response:
        """`GET /`: one query for the rows; the overview reads all of them, at most once a minute in a warm function."""
        token = visit.token or self.access.visitor(visit.request)
        parameters = Parameters(visit.request.query)
        limit = parameters.limit()
        listing = Listing(
            sort=parameters.choice("sort", SORTS),
            filters=Filters(complete=parameters.flag("complete"), stale=parameters.flag("stale")),
        )
        parameters.check()
        purpose = f"page {listing}"
        position = self.access.position(visit.request, purpose)
        portfolio = Portfolio(self.views)
        rows = portfolio.page(token, listing, limit, position[0] if position else None)
        following = self.access.cursor([rows.next] if rows.next is not None else None, purpose)
        counted, at = self._overview(token, portfolio)
        words, model = visit.words, self.cards.model
        count = words("one_client") if counted.count == 1 else words("clients", count=counted.count)
        return page(
            visit,
            words("portfolio"),
            tag.header(
                tag.h1(words("portfolio")),
                tag.p(count, ", ", words.day(self.cards.today()), class_="lead"),
                class_="title",
            ),
            overview_part.glance(counted, at.astimezone(self.cards.zone), model, visit),
            table_part.table(rows.rows, listing, limit, model, visit),
            table_part.pager(following, listing, limit, visit, first=position is None),
        )

    def _overview(self, token: Token, portfolio: Portfolio) -> tuple[Overview, datetime]:
        now = self.cards.clock()
        if token.clients is not None:
            return overview(portfolio.all_active(token), self.cards.model), now
        held = self._remembered
        if held.overview is None or held.at is None or not now - _REMEMBERED_FOR < held.at <= now:
            held.overview, held.at = overview(portfolio.all_active(token), self.cards.model), now
        return held.overview, held.at
