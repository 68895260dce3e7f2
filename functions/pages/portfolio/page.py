"""The page of all partnerships: who needs a talk and why, and a list to find each."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from functions.pages.client_page import list_query
from functions.pages.controls import empty_state, link_button
from functions.pages.layout import HEADERS, PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.portfolio.files import draw_calendar, draw_csv
from functions.pages.portfolio.filters import chips, filters_said, search, showing, whose
from functions.pages.portfolio.listing import PARAMETERS, Group, Listing, Ordered, Viewer, listing_of, ordered_of
from functions.pages.portfolio.strip import Counts, counts_of, strip
from functions.pages.portfolio.table import Rows, table
from functions.pages.sections import title_row
from shared.http.parameters import DEFAULT_ROWS, MOST_ROWS, Parameters
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.model import Model
from shared.reading.access import Access
from shared.reading.all_rows import AllRows
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.storage.records import Summary

LISTED_BY = (*PARAMETERS, "limit", "cursor", "format", "after", "before")
"""What may be said of the rows in the address of the page."""

_SIZES = (DEFAULT_ROWS, 50, MOST_ROWS)
_FORMATS = ("page", "csv", "ics")
_PLANS = "people:write"
_IMPORTS = {"events:write", "people:write"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that the page tells."""

    listing: Listing
    viewer: Viewer
    counts: Counts
    """Of all active clients, or of those of who looks."""
    counted_at: datetime
    rows: Sequence[Summary]
    """Those of this page."""
    fitting: int
    """How many rows the whole list has."""
    groups: Mapping[Group, int]
    """How many of them are in each group."""
    mine: int = 0
    all: int = 0
    """How many active clients there are; the reader's own, and all."""
    limit: int = DEFAULT_ROWS
    first: bool = True
    """Whether these are the first rows."""
    following: str | None = None
    """The cursor of the next page; None at the end."""
    plans: bool = False
    """Whether the reader may plan talks, and make feeds."""
    imports: bool = False
    """Whether they may import files."""


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """All partnerships that somebody may see."""

    access: Access
    cards: Cards
    queries: Queries
    rows: AllRows

    def respond(self, context: PageContext, token: Token) -> Response:
        """`GET /`: a page, or with `format` all rows as a file; `after` and `before` lead to a neighbour.

        A client has no portfolio, and is shown their own page.
        """
        if context.is_client and token.clients:
            return _elsewhere(context.link(f"/clients/{min(token.clients)}"))
        query = context.request.query
        if "after" in query or "before" in query:
            return self._neighbour(context, token)
        parameters = Parameters(query)
        form = parameters.choice("format", _FORMATS)
        listing, limit = listing_of(parameters, self.cards.model), parameters.limit()
        parameters.check()
        if form == "page":
            return draw(self.load(context, token, listing, limit), self.cards.model, self.cards.zone, context)
        viewer, model = self._viewer(context, token), self.cards.model
        rows = self._ordered(token, listing, viewer).rows
        if form == "csv":
            return draw_csv(rows, model, self.cards.zone, viewer, context.words)
        planned = [row for row in rows if row.planned_talks or row.due]
        disclosure = Disclosure.to(token, self.cards.zone)
        agendas = self.queries.agendas([row.client_id for row in planned])
        told = {client_id: disclosure.agenda(agenda) for client_id, agenda in agendas.items()}
        return draw_calendar(planned, told, model, context.words, today=viewer.day, made_at=self.cards.clock())

    def load(self, context: PageContext, token: Token, listing: Listing, limit: int) -> Loaded:
        """One read of the rows of the page: what is remembered of all rows gives the order, and is counted.

        All rows are read at most once a minute in a warm function.
        """
        viewer = self._viewer(context, token)
        purpose = f"page {listing}"
        position = self.access.position(context.request, purpose)
        after = position[0] if position else None
        overall = self._counts(token, viewer, mine=False)
        own = self._counts(token, viewer, mine=True) if viewer.person else None
        ordered = self._ordered(token, listing, viewer)
        begins = ordered.behind(after) if after is not None else 0
        shown = ordered.rows[begins : begins + limit]
        following = ordered.positions[begins + limit - 1] if len(ordered.rows) > begins + limit else None
        return Loaded(
            listing=listing,
            viewer=viewer,
            counts=own if own and listing.mine else overall,
            counted_at=self.rows.of(token, ACTIVE)[1],
            rows=self.rows.afresh(shown, token),
            fitting=len(ordered.rows),
            groups=ordered.groups,
            mine=own.count if own else 0,
            all=overall.count,
            limit=limit,
            first=position is None,
            following=self.access.cursor([following] if following is not None else None, purpose),
            plans=_PLANS in token.scopes,
            imports=token.clients is None and set(token.scopes) >= _IMPORTS,
        )

    def _viewer(self, context: PageContext, token: Token) -> Viewer:
        return Viewer(self.cards.today(), context.person, Disclosure.to(token, self.cards.zone).people)

    def _counts(self, token: Token, viewer: Viewer, *, mine: bool) -> Counts:
        def made(rows: Sequence[Summary]) -> Counts:
            counted = [row for row in rows if viewer.owns(row)] if mine else rows
            return counts_of(counted, viewer, self.cards.model)

        return self.rows.made(token, ACTIVE, ("counts", viewer, mine), made)

    def _ordered(self, token: Token, listing: Listing, viewer: Viewer) -> Ordered:
        """Every row of a list, in its order."""
        return self.rows.made(
            token, listing.status, ("ordered", listing, viewer), lambda rows: ordered_of(rows, listing, viewer)
        )

    def _neighbour(self, context: PageContext, token: Token) -> Response:
        """The client before or after another in the list; the list itself where there is none."""
        query = dict(context.request.query)
        after, before = query.pop("after", None), query.pop("before", None)
        parameters = Parameters(query)
        listing = listing_of(parameters, self.cards.model)
        parameters.check()
        clients = [row.client_id for row in self._ordered(token, listing, self._viewer(context, token)).rows]
        here = after or before
        place = clients.index(here) + (1 if after else -1) if here in clients else -1
        if 0 <= place < len(clients):
            return _elsewhere(context.link(f"/clients/{clients[place]}", list=list_query(listing.asked)))
        return _elsewhere(context.link("/", **listing.asked))


def draw(loaded: Loaded, model: Model, zone: tzinfo, context: PageContext) -> Response:
    """The page."""
    words, listing = context.words, loaded.listing
    take_along = [
        link_button(words(key), context.link("/", **listing.asked, format=form), weight="small", icon_name=icon_name)
        for key, form, icon_name in (("calendar_of_list", "ics", "calendar"), ("csv", "csv", "download"))
    ]
    if loaded.plans:
        take_along.append(link_button(words("feeds"), context.link("/feeds"), weight="small"))
    if loaded.imports:
        take_along.append(link_button(words("import_title"), context.link("/import"), weight="small"))
    rows = Rows(listing, loaded.rows, loaded.groups, loaded.viewer, loaded.plans)
    return page(
        context,
        words("portfolio"),
        title_row(
            words("portfolio"),
            [words.counted("clients", loaded.all), ", ", words.weekday(loaded.viewer.day)],
            acts=take_along,
        ),
        strip(loaded.counts, listing, loaded.viewer, model, context),
        tag.div(
            whose(listing, loaded.mine, loaded.all, context),
            search(listing, model, context),
            chips(listing, loaded.counts, context),
            class_="filters",
        ),
        showing(listing, loaded.fitting, loaded.counts, context),
        table(rows, model, context) if loaded.rows else _nothing(listing, context),
        _foot(loaded, zone, context),
    )


def _nothing(listing: Listing, context: PageContext) -> Markup:
    words = context.words
    if not listing.set_filters:
        return tag.div(empty_state(words("none_of_yours" if listing.mine else "no_clients")), class_="card sunk")
    everything = link_button(words("clear"), context.link("/", mine=listing.asked["mine"]), weight="small")
    said = words("no_clients_fit", filters=filters_said(listing, words))
    return tag.div(empty_state(said, act=everything), class_="card sunk")


def _foot(loaded: Loaded, zone: tzinfo, context: PageContext) -> Markup:
    """When it was counted, what the marks mean, and where to go from here."""
    words, asked = context.words, loaded.listing.asked
    limit = None if loaded.limit == DEFAULT_ROWS else str(loaded.limit)
    paged = not loaded.first or loaded.following is not None
    time = loaded.counted_at.astimezone(zone).strftime("%H:%M")
    links: list[Child] = [
        None if loaded.first else tag.a(words("first_page"), href=context.link("/", **asked, limit=limit)),
        tag.a(words("next_page"), href=context.link("/", **asked, limit=limit, cursor=loaded.following), rel="next")
        if loaded.following
        else None,
        tag.a(words("show_ended"), href=context.link("/", **{**asked, "status": "ended"}))
        if loaded.listing.status == ACTIVE
        else None,
    ]
    sizes = [
        tag.a(
            size,
            href=context.link("/", **asked, limit=None if size == DEFAULT_ROWS else str(size)),
            aria_current="true" if size == loaded.limit else None,
        )
        for size in _SIZES
    ]
    return tag.nav(
        tag.span(words("overview_at", time=time), " ", words("marks_note"), class_="note"),
        tag.span(links, tag.span(words("rows"), ": ", sizes, class_="sizes") if paged else None, class_="ways"),
        class_="pager",
        aria_label=words("pages"),
    )


def _elsewhere(place: str) -> Response:
    return Response(303, None, {**HEADERS, "Location": place})
