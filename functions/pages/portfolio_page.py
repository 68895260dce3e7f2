"""The page of all partnerships: who needs a talk and why, and a list to find each."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import partial

from functions.pages.client_page import list_query
from functions.pages.controls import Choice, badge, button, chip, empty_state, link_button, set_chip
from functions.pages.icons import icon
from functions.pages.layout import HEADERS, PageContext, page
from functions.pages.marks.dots import dots
from functions.pages.marks.profile import Column, profile
from functions.pages.marks.sparkline import sparkline
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import title_row
from shared.http.parameters import DEFAULT_ROWS, MOST_ROWS, Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.model import Model
from shared.reading.access import Access
from shared.reading.overview import Overview, moved, overview
from shared.reading.portfolio import ACTIVE, SORTS, STATUSES, Filters, Listing, Portfolio
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.storage.records import Summary, SummaryDimension
from shared.texts.words import Words

LISTED_BY = (
    *("sort", "status", "q", "due", "complete", "stale", "described", "max_total", "limit"),
    *("cursor", "format", "after", "before"),
)
"""What may be said of the rows in the address of the page."""

_REMEMBERED_FOR = timedelta(minutes=1)
_SIZES = (DEFAULT_ROWS, 50, MOST_ROWS)
_DUE, _MOVED = "due", "moved"
_FORMATS = ("page", "csv")
_LONGEST_SEARCH = 100
_SEVERAL = 2
"""From so many questions on a reason is told of them together."""

Position = Callable[[Summary], str]


@dataclass(slots=True)
class _Remembered:
    """The rows of all active clients and what they say together, as they were read last."""

    at: datetime | None = None
    rows: Sequence[Summary] = ()
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
    due: int | None = None
    """How many rows of the whole list need a talk; None where it is not known."""
    all: int | None = None
    """How many rows the whole list has; None where it is not known."""
    history: Mapping[str, Sequence[int | None]] = field(default_factory=dict)
    """By client the totals of some months, the oldest first, where they are at hand."""


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    """All partnerships that somebody may see."""

    access: Access
    cards: Cards
    queries: Queries
    _remembered: _Remembered = field(default_factory=_Remembered)

    def respond(self, context: PageContext, token: Token) -> Response:
        """`GET /`: a page, or with `format=csv` all rows as a file; `after` and `before` lead to a neighbour.

        A client has no portfolio, and is shown their own page.
        """
        if context.is_client and token.clients:
            return _elsewhere(context.link(f"/clients/{min(token.clients)}"))
        cards, query = self.cards, context.request.query
        if "after" in query or "before" in query:
            return self._neighbour(context, token)
        parameters = Parameters(query)
        if parameters.choice("format", _FORMATS) == "csv":
            listing = listing_of(parameters, cards.model)
            parameters.check()
            return draw_csv(self._all(token, listing), cards.model, cards.zone, context.words)
        return draw(self.load(context.request, token), cards.today(), cards.model, cards.zone, context)

    def load(self, request: Request, token: Token) -> Loaded:
        """One query for the rows, or one read of those that come next in an order of the page's own.

        All rows are read at most once a minute in a warm function, to count them and to put them in order.
        """
        parameters = Parameters(request.query)
        limit = parameters.limit()
        listing = listing_of(parameters, self.cards.model)
        parameters.check()
        purpose = f"page {listing}"
        position = self.access.position(request, purpose)
        after = position[0] if position else None
        counted, counted_at = self._overview(token)
        known: dict[str, int] = {}
        if listing.sort in SORTS:
            found = Portfolio(self.queries).page(token, listing, limit, after)
            rows: Sequence[Summary] = found.rows
            following = found.next
        else:
            ordered = self._all(token, listing)
            known = {"due": sum(bool(row.discussion) for row in ordered), "all": len(ordered)}
            place = partial(position_in, listing.sort)
            left = [row for row in ordered if after is None or place(row) > after]
            shown = left[:limit]
            following = place(shown[-1]) if len(left) > limit else None
            rows = self._afresh(shown, listing, token)
        return Loaded(
            overview=counted,
            counted_at=counted_at,
            rows=rows,
            listing=listing,
            limit=limit,
            first=position is None,
            following=self.access.cursor([following] if following is not None else None, purpose),
            due=known.get("due"),
            all=known.get("all"),
        )

    def _afresh(self, shown: Sequence[Summary], listing: Listing, token: Token) -> Sequence[Summary]:
        """These rows as they are by now: what was remembered gave their order only."""
        if token.clients is not None or listing.status != ACTIVE or not shown:
            return shown
        now = {row.client_id: row for row in self.queries.summaries([row.client_id for row in shown])}
        return [now[row.client_id] for row in shown if row.client_id in now]

    def _all(self, token: Token, listing: Listing) -> list[Summary]:
        """Every row of a list, in its order."""
        if token.clients is None and listing.status == ACTIVE:
            rows: Sequence[Summary] = self._active(token).rows
        else:
            rows = Portfolio(self.queries).all(token, listing.status)
        descending = listing.sort.startswith("-")
        return sorted(
            (row for row in rows if listing.filters.fit(row)),
            key=partial(position_in, listing.sort),
            reverse=descending,
        )

    def _neighbour(self, context: PageContext, token: Token) -> Response:
        """The client before or after another in the list; the list itself where there is none."""
        query = dict(context.request.query)
        after, before = query.pop("after", None), query.pop("before", None)
        parameters = Parameters(query)
        listing = listing_of(parameters, self.cards.model)
        parameters.check()
        clients = [row.client_id for row in self._all(token, listing)]
        here = after or before
        place = clients.index(here) + (1 if after else -1) if here in clients else -1
        kept = _asked(listing)
        if 0 <= place < len(clients):
            return _elsewhere(context.link(f"/clients/{clients[place]}", list=list_query(kept)))
        return _elsewhere(context.link("/", **kept))

    def _overview(self, token: Token) -> tuple[Overview, datetime]:
        now = self.cards.clock()
        if token.clients is not None:
            return overview(Portfolio(self.queries).all_active(token), self.cards.model), now
        held = self._active(token)
        if held.overview is None:
            held.overview = overview(held.rows, self.cards.model)
        return held.overview, held.at or now

    def _active(self, token: Token) -> _Remembered:
        held, now = self._remembered, self.cards.clock()
        if held.at is None or not now - _REMEMBERED_FOR < held.at <= now:
            held.rows, held.at, held.overview = Portfolio(self.queries).all_active(token), now, None
        return held


def listing_of(parameters: Parameters, model: Model) -> Listing:
    """Which rows, in what order: what needs a talk comes first unless another order is asked for."""
    return Listing(
        status=parameters.choice("status", STATUSES),
        sort=parameters.choice("sort", (_DUE, *SORTS, _MOVED, *model.keys)),
        filters=Filters(
            max_total=parameters.whole("max_total", 0, model.max_total),
            complete=parameters.flag("complete"),
            stale=parameters.flag("stale"),
            described=parameters.flag("described"),
            due=parameters.flag("due"),
            q=parameters.text("q", _LONGEST_SEARCH),
        ),
    )


def position_in(sort: str, row: Summary) -> str:
    """Where a row stands in an order; equals stand by their ids."""
    fell = f"{500 + (moved(row) or 0):04d}"
    total, name = f"{row.total:03d}", f"{row.name.casefold()}\t{row.client_id}"
    match sort:
        case "due":
            return f"{0 if row.discussion else 1}{fell}{total}#{row.client_id}"
        case "moved":
            return f"{fell}{total}#{row.client_id}"
        case "name":
            return name
        case "total" | "-total":
            return f"{total}#{row.client_id}"
        case "-changed_at":
            return f"{row.changed_at.isoformat()}#{row.client_id}"
        case _:
            points = next((score.points for score in row.dimensions if score.key == sort), None)
            return f"{99 if points is None else points:02d}{total}#{row.client_id}"


def draw(loaded: Loaded, today: date, model: Model, zone: tzinfo, context: PageContext) -> Response:
    """The page."""
    words = context.words
    asked = _asked(loaded.listing)
    return page(
        context,
        words("portfolio"),
        title_row(
            words("portfolio"),
            [words.counted("clients", loaded.overview.count), ", ", words.weekday(today)],
            acts=link_button(
                words("csv"), context.link("/", **asked, format="csv"), weight="small", icon_name="download"
            ),
        ),
        _glance(loaded.overview, model, context),
        _filters(loaded, model, context),
        _showing(loaded, context),
        _table(loaded, today, model, zone, context)
        if loaded.rows
        else tag.div(
            empty_state(
                words("no_clients_fit") if _set(loaded.listing) else words("no_clients"),
                act=link_button(words("clear"), context.link("/"), weight="small") if _set(loaded.listing) else None,
            ),
            class_="card sunk",
        ),
        _foot(loaded, zone, context),
    )


def _glance(counted: Overview, model: Model, context: PageContext) -> Markup:
    """The strip above the list: what calls for work, and how totals are spread."""
    words = context.words
    spread = ", ".join(
        words("with_total", count=clients, total=total) for total, clients in enumerate(counted.totals) if clients
    )
    cells = [
        (counted.due, "count_due", context.link("/", due="true"), counted.due > 0, "count_due_note"),
        (counted.stale, "count_stale", context.link("/", stale="true"), False, "count_stale_note"),
        (counted.incomplete, "count_incomplete", context.link("/", complete="false"), False, "count_incomplete_note"),
    ]
    return tag.section(
        [
            tag.div(
                tag.span(count, class_="big warn" if warn else "big"),
                tag.h2(tag.a(words.counted(key, count), href=link) if count else words.counted(key, count)),
                tag.p(words(note), class_="hint"),
            )
            for count, key, link, warn, note in cells
        ],
        tag.div(
            tag.h2(words("distribution")),
            tag.p(_middle(counted, model, words), class_="hint"),
            dots(counted.totals, f"{words('distribution')}: {spread}.", low=model.max_total // 2),
        ),
        class_="glance card",
        aria_label=words("at_a_glance"),
    )


def _middle(counted: Overview, model: Model, words: Words) -> str:
    """The total that as many are above as below, and how many moved."""
    totals = [total for total, clients in enumerate(counted.totals) for _ in range(clients)]
    if not totals:
        return words("no_clients")
    return words("middle", total=totals[len(totals) // 2], up=counted.up, down=counted.down, days=model.discussion.days)


def _filters(loaded: Loaded, model: Model, context: PageContext) -> Markup:
    """The search and the order in one form, and chips for what can be filtered."""
    words, listing, counted = context.words, loaded.listing, loaded.overview
    asked = _asked(listing)
    offered = [
        ("due", "true", "chip_due", counted.due),
        ("stale", "true", "chip_stale", counted.stale),
        ("complete", "false", "chip_incomplete", counted.incomplete),
        ("described", "false", "chip_undescribed", counted.undescribed),
        ("status", "ended", "chip_ended", None),
    ]
    chips = [
        tag.li(chip(Choice(words(key), context.link("/", **{**asked, name: value}), count=count)))
        for name, value, key, count in offered
        if asked.get(name) is None and count != 0
    ]
    hidden = {name: value for name, value in asked.items() if name not in ("q", "sort")}
    orders = [
        tag.option(_order_name(sort, model, words), value=sort, selected=sort == listing.sort)
        for sort in (_DUE, *SORTS, _MOVED, *model.keys)
    ]
    return tag.div(
        tag.form(
            [
                tag.input(type="hidden", name=name, value=value)
                for name, value in {**hidden, "lang": context.chosen}.items()
                if value is not None
            ],
            tag.div(
                icon("search"),
                tag.input(
                    type="search",
                    name="q",
                    value=listing.filters.q,
                    placeholder=words("find"),
                    aria_label=words("find"),
                    maxlength=_LONGEST_SEARCH,
                ),
                class_="find",
            ),
            tag.div(tag.label(words("order"), for_="sort"), class_="order-name"),
            tag.select(orders, name="sort", id="sort"),
            button(words("show")),
            method="get",
            action="/",
            role="search",
        ),
        tag.ul(chips) if chips else None,
        class_="filters",
    )


def _order_name(sort: str, model: Model, words: Words) -> str:
    dimension = model.find(sort)
    if dimension:
        return words("by_question", name=dimension.name[words.language])
    return words(f"by_{sort.lstrip('-') if sort != '-total' else 'most'}")


def _showing(loaded: Loaded, context: PageContext) -> Child:
    """What is filtered by; each can be taken away, and all of them at once."""
    words, asked = context.words, _asked(loaded.listing)
    names = _set(loaded.listing)
    if not names:
        return None
    chips = [
        set_chip(text, context.link("/", **{**asked, name: None}), words("remove"))
        for name, text in _said(names, words)
    ]
    told = (
        words("showing_of", count=loaded.all, whole=loaded.overview.count)
        if loaded.all is not None and loaded.listing.status == ACTIVE
        else words("showing")
    )
    clear = tag.a(words("clear"), href=context.link("/", sort=asked["sort"]))
    return tag.div(tag.span(told), chips, clear, class_="showing")


def _said(names: Mapping[str, str], words: Words) -> list[tuple[str, str]]:
    free = {"q": "set_q", "max_total": "set_max_total"}
    return [
        (name, words(free[name], value=value) if name in free else words(f"set_{name}_{value}"))
        for name, value in names.items()
    ]


def _set(listing: Listing) -> dict[str, str]:
    """The filters that are set, by the names of their parameters."""
    return {name: value for name, value in _asked(listing).items() if value is not None and name != "sort"}


def _asked(listing: Listing) -> dict[str, str | None]:
    """A list as parameters; what stands by default is left out."""
    filters = listing.filters

    def said(flag: bool | None) -> str | None:  # noqa: FBT001 - a filter as it is
        return None if flag is None else str(flag).lower()

    return {
        "sort": None if listing.sort == _DUE else listing.sort,
        "status": None if listing.status == ACTIVE else listing.status,
        "q": filters.q,
        "due": said(filters.due),
        "complete": said(filters.complete),
        "stale": said(filters.stale),
        "described": said(filters.described),
        "max_total": None if filters.max_total is None else str(filters.max_total),
    }


def _table(loaded: Loaded, today: date, model: Model, zone: tzinfo, context: PageContext) -> Markup:
    """A page of rows. Their roles are written out, because on a narrow screen each becomes a card."""
    words, listing = context.words, loaded.listing
    with_history = bool(loaded.history)
    headings = [
        _sortable(words("client"), ("name",), "ascending", loaded, context),
        _sortable(words("total"), ("-total", "total"), None, loaded, context),
        _sortable(words("moved", days=model.discussion.days), (_MOVED,), "ascending", loaded, context),
        tag.th(words("months"), scope="col", role="columnheader") if with_history else None,
        tag.th(words("answers"), scope="col", role="columnheader", class_="answers"),
    ]
    columns = sum(heading is not None for heading in headings)
    draw_row = partial(_row, loaded=loaded, today=today, model=model, zone=zone, context=context)
    if listing.sort == _DUE:
        groups = [
            ("group_due", [row for row in loaded.rows if row.discussion], loaded.due),
            (
                "group_rest",
                [row for row in loaded.rows if not row.discussion],
                None if loaded.due is None or loaded.all is None else loaded.all - loaded.due,
            ),
        ]
        bodies = [
            tag.tbody(
                tag.tr(
                    tag.th(
                        words(key),
                        tag.span(count, class_="count") if count is not None else None,
                        colspan=columns,
                        scope="rowgroup",
                        role="rowheader",
                    ),
                    class_="group",
                    role="row",
                ),
                [draw_row(row) for row in rows],
                role="rowgroup",
            )
            for key, rows, count in groups
            if rows
        ]
    else:
        bodies = [tag.tbody([draw_row(row) for row in loaded.rows], role="rowgroup")]
    order = _order_name(listing.sort, model, words)
    return tag.table(
        tag.caption(words("table", sort=order)),
        tag.thead(tag.tr(headings, role="row"), role="rowgroup"),
        bodies,
        class_="clients card",
        role="table",
    )


def _sortable(text: str, sorts: Sequence[str], direction: str | None, loaded: Loaded, context: PageContext) -> Markup:
    """A heading that sorts by its column, the other way round where it has two; the order that stands is told."""
    listing = loaded.listing
    offered = next((sort for sort in sorts if sort != listing.sort), sorts[0])
    chosen = listing.sort in sorts
    way = direction or ("descending" if listing.sort.startswith("-") else "ascending")
    link = tag.a(text, href=context.link("/", **{**_asked(listing), "sort": None if offered == _DUE else offered}))
    return tag.th(link, scope="col", role="columnheader", aria_sort=way if chosen else None)


def _row(row: Summary, *, loaded: Loaded, today: date, model: Model, zone: tzinfo, context: PageContext) -> Markup:
    words = context.words
    kept = list_query(_asked(loaded.listing))
    scores = {score.key: score for score in row.dimensions}
    why = why_text(row, model, words)
    changed = words.near(row.changed_at.astimezone(zone).date(), today)
    history = loaded.history.get(row.client_id)
    return tag.tr(
        tag.th(
            tag.a(row.name, href=context.link(f"/clients/{row.client_id}", list=kept)),
            tag.span(why or words("nothing_due"), class_="why" if why else "why still"),
            scope="row",
            role="rowheader",
        ),
        tag.td(
            tag.div(
                tag.span(tag.strong(row.total), f"/{row.max_total if row.complete else row.attainable}"),
                _profile(scores, model, words),
                class_="score",
            ),
            role="cell",
            class_="total",
        ),
        tag.td(_movement(moved(row), words), role="cell", class_="moved"),
        tag.td(_trail(history, row, words), role="cell", class_="trail") if loaded.history else None,
        tag.td(
            tag.p(_answers(scores, model, words)),
            tag.p(words("changed_on", day=changed), class_="hint"),
            role="cell",
            class_="answers",
        ),
        class_="client",
        role="row",
    )


def _movement(points: int | None, words: Words) -> Markup:
    """By how much a total moved; a first measurement is no movement."""
    return tag.span(words("new"), class_="quiet") if points is None else badge(points)


def _trail(history: Sequence[int | None] | None, row: Summary, words: Words) -> Child:
    if not history:
        return None
    told = ", ".join(str(total) for total in history if total is not None)
    return sparkline(history, row.max_total, words("trail", totals=told), fell=(moved(row) or 0) < -1)


def _profile(scores: Mapping[str, SummaryDimension], model: Model, words: Words) -> Markup:
    """The questions of the model. A row that was written by another model may not have all of them."""
    columns, said = [], []
    for dimension in model.dimensions:
        score = scores.get(dimension.key)
        points = score.points if score else None
        columns.append(Column(points, dimension.max, model.discussion.is_low(points)))
        said.append(f"{dimension.name[words.language]} {words('unanswered') if points is None else points}")
    return profile(columns, "; ".join(said))


def _answers(scores: Mapping[str, SummaryDimension], model: Model, words: Words) -> Markup:
    """Whether there is anything to renew or to ask."""
    stale = sum(score.stale for score in scores.values())
    unasked = sum((score := scores.get(key)) is None or score.points is None for key in model.keys)
    if unasked:
        return tag.span(words("unasked", count=unasked), class_="quiet")
    return tag.span(words("stale_answers", count=stale), class_="low") if stale else tag.span(words("fresh"))


def why_text(row: Summary, model: Model, words: Words) -> str | None:
    """Why a client needs a talk, as far as its row knows; None when it does not."""
    parts = []
    for key in dict.fromkeys(row.discussion):
        match key:
            case "fell":
                fell = words.points(row.earlier_total - row.total)
                parts.append(words("why_fell", points=fell, days=model.discussion.days))
            case "low":
                low = [score for score in row.dimensions if model.discussion.is_low(score.points)]
                parts.append(_together("why_low", low, model, words, points=words.points(model.discussion.low_points)))
            case "stale":
                stale = [score for score in row.dimensions if score.stale]
                parts.append(_together("why_old", stale, model, words))
            case _:
                text = model.discussion.texts.get(key)
                parts.append(text[words.language].rstrip(".") if text else "")
    said = "; ".join(_lower_first(part) if place else part for place, part in enumerate(filter(None, parts)))
    return said[:1].upper() + said[1:] or None


def _lower_first(text: str) -> str:
    """Within a sentence; a name of capitals stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def _together(key: str, scores: Sequence[SummaryDimension], model: Model, words: Words, **values: str) -> str:
    """One question by its name, several by their number."""
    if len(scores) >= _SEVERAL:
        return words(f"{key}_several", number=words.number(len(scores)), **values)
    dimension = model.find(scores[0].key) if scores else None
    if dimension is None:
        return ""
    points = words.points(scores[0].points or 0)
    return words(key, name=dimension.name[words.language], **{**values, "points": points})


def _foot(loaded: Loaded, zone: tzinfo, context: PageContext) -> Markup:
    """When it was counted, and where to go from here."""
    words, asked = context.words, _asked(loaded.listing)
    limit = None if loaded.limit == DEFAULT_ROWS else str(loaded.limit)
    paged = not loaded.first or loaded.following is not None
    sizes = [
        tag.a(
            size,
            href=context.link("/", **asked, limit=None if size == DEFAULT_ROWS else str(size)),
            aria_current="true" if size == loaded.limit else None,
        )
        for size in _SIZES
    ]
    return tag.nav(
        tag.span(
            None if loaded.first else tag.a(words("first_page"), href=context.link("/", **asked, limit=limit)),
            tag.a(
                words("next_page"),
                href=context.link("/", **asked, limit=limit, cursor=loaded.following),
                rel="next",
            )
            if loaded.following
            else None,
            tag.span(words("overview_at", time=loaded.counted_at.astimezone(zone).strftime("%H:%M"))),
        ),
        tag.span(words("rows"), ": ", sizes, class_="sizes") if paged else None,
        class_="pager",
        aria_label=words("pages"),
    )


def draw_csv(rows: Sequence[Summary], model: Model, zone: tzinfo, words: Words) -> Response:
    """The list as a file: a row for each client, a column for each question; what nobody has answered is empty."""
    file = io.StringIO()
    writer = csv.writer(file)
    names = [dimension.name[words.language] for dimension in model.dimensions]
    writer.writerow(
        [
            "client_id",
            *(words(key) for key in ("client", "total")),
            words("attainable_short"),
            words("moved", days=model.discussion.days),
            *names,
            words("why"),
            words("stale"),
            words("changed"),
        ]
    )
    for row in rows:
        points = {score.key: score.points for score in row.dimensions}
        difference = moved(row)
        writer.writerow(
            [
                row.client_id,
                _cell(row.name),
                row.total,
                row.attainable,
                words("new") if difference is None else difference,
                *("" if points.get(key) is None else points[key] for key in model.keys),
                _cell(why_text(row, model, words) or ""),
                sum(score.stale for score in row.dimensions),
                row.changed_at.astimezone(zone).date().isoformat(),  # the time would be that of somebody's response
            ]
        )
    headers = {
        **HEADERS,
        "Content-Type": "text/csv; charset=utf-8",
        "Content-Disposition": 'attachment; filename="portfolio.csv"',
    }
    return Response(200, headers=headers, body="\N{ZERO WIDTH NO-BREAK SPACE}" + file.getvalue())


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _elsewhere(place: str) -> Response:
    return Response(303, None, {**HEADERS, "Location": place})
