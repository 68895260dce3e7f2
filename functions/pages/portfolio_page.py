"""The page of all partnerships: how they are spread, who moved, and a table to find each."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo

from functions.pages.layout import DASH, PageContext, badge, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.svg import histogram
from shared.http.parameters import DEFAULT_ROWS, MOST_ROWS, Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.model import Dimension, Model
from shared.reading.access import Access
from shared.reading.overview import Overview, overview
from shared.reading.portfolio import SORTS, Filters, Listing, Portfolio
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.storage.records import Summary, SummaryDimension
from shared.texts.words import Words, plain

LISTED_BY = ("limit", "sort", "complete", "stale", "described", "cursor")
"""What may be said of the rows in the address of the page."""

_REMEMBERED_FOR = timedelta(minutes=1)
_ROOM = 5
"""Questions whose whole names fit above their columns; more of them go by their short names."""
_SIZES = (DEFAULT_ROWS, 50, MOST_ROWS)
_SORTED = {
    "-total": ("total", "descending"),
    "total": ("total", "ascending"),
    "name": ("name", "ascending"),
    "-changed_at": ("changed", "descending"),
}
"""By sort, the column that it goes by, and in which direction."""


@dataclass(slots=True)
class _Remembered:
    """The overview of everything, as it was counted last."""

    at: datetime | None = None
    overview: Overview | None = None


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that the page tells."""

    overview: Overview
    counted_at: datetime
    rows: Sequence[Summary]
    listing: Listing
    limit: int
    first: bool
    """Whether these are the first rows."""
    following: str | None
    """The cursor of the next page; None at the end."""


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """All partnerships that somebody may see."""

    access: Access
    cards: Cards
    queries: Queries
    _remembered: _Remembered = field(default_factory=_Remembered)

    def respond(self, context: PageContext, token: Token) -> Response:
        """`GET /`."""
        cards = self.cards
        return draw(self.load(context.request, token), cards.today(), cards.model, cards.zone, context)

    def load(self, request: Request, token: Token) -> Loaded:
        """One query for the rows; the overview reads all of them, at most once a minute in a warm function."""
        parameters = Parameters(request.query)
        limit = parameters.limit()
        listing = Listing(
            sort=parameters.choice("sort", SORTS),
            filters=Filters(
                complete=parameters.flag("complete"),
                stale=parameters.flag("stale"),
                described=parameters.flag("described"),
            ),
        )
        parameters.check()
        purpose = f"page {listing}"
        position = self.access.position(request, purpose)
        portfolio = Portfolio(self.queries)
        found = portfolio.page(token, listing, limit, position[0] if position else None)
        counted, counted_at = self._overview(token, portfolio)
        return Loaded(
            overview=counted,
            counted_at=counted_at,
            rows=found.rows,
            listing=listing,
            limit=limit,
            first=position is None,
            following=self.access.cursor([found.next] if found.next is not None else None, purpose),
        )

    def _overview(self, token: Token, portfolio: Portfolio) -> tuple[Overview, datetime]:
        now = self.cards.clock()
        if token.clients is not None:
            return overview(portfolio.all_active(token), self.cards.model), now
        held = self._remembered
        if held.overview is None or held.at is None or not now - _REMEMBERED_FOR < held.at <= now:
            held.overview, held.at = overview(portfolio.all_active(token), self.cards.model), now
        return held.overview, held.at


def draw(loaded: Loaded, today: date, model: Model, zone: tzinfo, context: PageContext) -> Response:
    """The page."""
    words = context.words
    return page(
        context,
        words("portfolio"),
        tag.header(
            tag.h1(words("portfolio")),
            tag.p(words.counted("clients", loaded.overview.count), ", ", words.day(today), class_="lead"),
            class_="title",
        ),
        _glance(loaded.overview, loaded.counted_at.astimezone(zone), model, context),
        _table(loaded, model, zone, context) if loaded.rows else tag.p(words("no_clients"), class_="card"),
        _pager(loaded, context),
    )


def _glance(counted: Overview, counted_at: datetime, model: Model, context: PageContext) -> Markup:
    """Three cards above the table: how totals are spread, what is missing, who moved most."""
    words = context.words
    spread = ", ".join(
        words("with_total", count=clients, total=total) for total, clients in enumerate(counted.totals) if clients
    )
    figures = [
        (counted.incomplete, "count_incomplete", context.link("/", complete="false")),
        (counted.stale, "count_stale", context.link("/", stale="true")),
        (counted.due, "count_due", None),
        (counted.undescribed, "count_undescribed", context.link("/", described="false")),
    ]
    return tag.section(
        tag.div(
            tag.h2(words("distribution")),
            histogram(counted.totals, f"{words('distribution')}: {spread}."),
            class_="card",
        ),
        tag.div(
            tag.ul((_figure(count, words(key), link) for count, key, link in figures), class_="figures"),
            tag.p(words("overview_at", time=counted_at.strftime("%H:%M")), class_="hint"),
            class_="card",
        ),
        tag.div(
            tag.h2(words("movers", days=model.discussion.days)),
            tag.ul((_mover(row, context) for row in counted.movers), class_="movers")
            if counted.movers
            else tag.p(words("no_movers"), class_="hint"),
            class_="card",
        ),
        class_="glance",
    )


def _figure(count: int, text: str, link: str | None) -> Markup:
    figure = (tag.span(count, class_="figure"), " ", tag.span(text))
    return tag.li(tag.a(*figure, href=link) if link and count else figure)


def _mover(row: Summary, context: PageContext) -> Markup:
    return tag.li(
        _moved(row),
        " ",
        _name(row, context),
        " ",
        tag.span(f"{row.earlier_total} \N{RIGHTWARDS ARROW} {row.total}", class_="totals"),
    )


def _moved(row: Summary) -> Markup:
    return badge(row.total - row.earlier_total)


def _name(row: Summary, context: PageContext) -> Markup:
    return tag.a(row.name, href=context.link(f"/clients/{row.client_id}"))


def _table(loaded: Loaded, model: Model, zone: tzinfo, context: PageContext) -> Markup:
    """A page of rows. Their roles are written out, because on a narrow screen each becomes a card."""
    words = context.words
    sorted_by, _ = _SORTED[loaded.listing.sort]
    headings = [
        _sortable("name", "client", loaded, context),
        _sortable("total", "total", loaded, context, class_="number"),
        *(_question(dimension, words, short=len(model.dimensions) > _ROOM) for dimension in model.dimensions),
        _heading(words("moved", days=model.discussion.days), "number"),
        _heading(words("remarks")),
        _sortable("changed", "changed", loaded, context),
    ]
    return tag.table(
        tag.caption(words("table", sort=words(f"by_{sorted_by}"))),
        tag.thead(tag.tr(headings, role="row"), role="rowgroup"),
        tag.tbody((_row(row, model, zone, context) for row in loaded.rows), role="rowgroup"),
        class_="clients card",
        role="table",
    )


def _heading(text: Child, class_: str | None = None, direction: str | None = None) -> Markup:
    return tag.th(text, scope="col", role="columnheader", aria_sort=direction, class_=class_)


def _question(dimension: Dimension, words: Words, *, short: bool) -> Markup:
    name = dimension.name[words.language]
    return _heading(tag.span(dimension.short[words.language], title=name) if short else name, "number")


def _sortable(column: str, text: str, loaded: Loaded, context: PageContext, class_: str | None = None) -> Markup:
    """A heading that sorts by its column, the other way round where it has two; the order that stands is told."""
    offered = [sort for sort, (by, _) in _SORTED.items() if by == column and sort != loaded.listing.sort]
    sorted_by, direction = _SORTED[loaded.listing.sort]
    sort = offered[0] if offered else loaded.listing.sort
    link = tag.a(context.words(text), href=_address(loaded, context, sort=sort))
    return _heading(link, class_, direction if sorted_by == column else None)


def _row(row: Summary, model: Model, zone: tzinfo, context: PageContext) -> Markup:
    words = context.words
    found = {score.key: score for score in row.dimensions}
    attainable = "" if row.complete else f" ({row.attainable})"
    return tag.tr(
        tag.th(_name(row, context), scope="row", role="rowheader"),
        tag.td(tag.strong(row.total), f" / {row.max_total}{attainable}", role="cell", class_="number total"),
        [_score(dimension, found.get(dimension.key), model, words) for dimension in model.dimensions],
        tag.td(_moved(row), role="cell", class_="number moved", data_label=words("moved", days=model.discussion.days)),
        tag.td(_remarks(row, words), role="cell", class_="remarks"),
        tag.td(words.short_day(row.changed_at.astimezone(zone).date()), role="cell", class_="hint changed"),
        role="row",
    )


def _score(dimension: Dimension, score: SummaryDimension | None, model: Model, words: Words) -> Markup:
    """The points; for the NPS also its value. A row that was written by another model may not have the question."""
    points = score.points if score else None
    value = score.value if score and dimension.kind == "nps" else None
    return tag.td(
        tag.span(DASH if points is None else points, class_="low" if model.discussion.is_low(points) else None),
        f" ({plain(value)})" if isinstance(value, int) else None,
        tag.abbr("*", title=words("stale")) if score and score.stale else None,
        role="cell",
        class_=f"number {dimension.kind}",
        data_label=dimension.short[words.language],
    )


def _remarks(row: Summary, words: Words) -> Child:
    flags = [
        ("talk", bool(row.discussion)),
        ("stale", row.stale),
        ("incomplete", not row.complete),
        ("undescribed", not row.described),
    ]
    return [
        (tag.span(words(key), class_=f"flag {'' if key == 'talk' else 'quiet'}"), " ") for key, holds in flags if holds
    ]


def _pager(loaded: Loaded, context: PageContext) -> Child:
    """Where to go from here; nothing when all rows stand on one page."""
    words = context.words
    if loaded.first and loaded.following is None:
        return None
    sizes = [
        tag.a(
            size,
            href=_address(loaded, context, limit=size),
            aria_current="true" if size == loaded.limit else None,
        )
        for size in _SIZES
    ]
    return tag.nav(
        None if loaded.first else tag.a(words("first_page"), href=_address(loaded, context)),
        tag.a(words("next_page"), href=_address(loaded, context, cursor=loaded.following), rel="next")
        if loaded.following
        else None,
        tag.span(words("rows"), ": ", sizes, class_="sizes"),
        class_="pager",
        aria_label=words("next_page"),
    )


def _address(
    loaded: Loaded,
    context: PageContext,
    *,
    sort: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
) -> str:
    """This list in another order, in other pages, or further on; what stands by default is left out."""
    filters = loaded.listing.filters
    sort, limit = sort or loaded.listing.sort, limit or loaded.limit
    return context.link(
        "/",
        sort=None if sort == SORTS[0] else sort,
        complete=None if filters.complete is None else str(filters.complete).lower(),
        stale=None if filters.stale is None else str(filters.stale).lower(),
        described=None if filters.described is None else str(filters.described).lower(),
        limit=None if limit == DEFAULT_ROWS else str(limit),
        cursor=cursor,
    )
