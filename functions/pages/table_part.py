"""The table of partnerships. Its roles are written out, because on a narrow screen each row becomes a card."""

from collections.abc import Sequence

from functions.pages.markup import Child, Markup, tag
from functions.pages.overview_part import move_badge
from functions.pages.page_context import PageContext
from shared.opmm.model import Model
from shared.reading.portfolio import Listing
from shared.storage.records import Summary, SummaryDimension
from shared.texts.words import Words, plain

_ROWS = (25, 50, 100)
_SORTED = {"-total": ("total", "descending"), "total": ("total", "ascending"), "name": ("name", "ascending")}
_SORTED["-changed_at"] = ("changed", "descending")


def table(rows: Sequence[Summary], listing: Listing, limit: int, model: Model, visit: PageContext) -> Child:
    """A page of rows."""
    words = visit.words
    if not rows:
        return tag.p(words("no_clients"), class_="card")
    column = _SORTED[listing.sort][0]
    headings = [
        _sortable("name", "name", "client", listing, limit=limit, visit=visit),
        _sortable(
            "total", "total" if listing.sort == "-total" else "-total", "total", listing, limit=limit, visit=visit
        ),
        *(_heading(each.name[words.language], "number") for each in model.dimensions),
        _heading(words("moved", days=model.discussion.days), "number"),
        _heading(words("remarks")),
        _sortable("changed", "-changed_at", "changed", listing, limit=limit, visit=visit),
    ]
    return tag.table(
        tag.caption(words("table", sort=words(f"by_{column}"))),
        tag.thead(tag.tr(headings, role="row"), role="rowgroup"),
        tag.tbody([_row(row, model, visit) for row in rows], role="rowgroup"),
        class_="clients card",
        role="table",
    )


def pager(following: str | None, listing: Listing, limit: int, visit: PageContext, *, first: bool) -> Child:
    """Where to go from here; nothing when all rows stand on one page."""
    words = visit.words
    if first and following is None:
        return None
    beginning = None if first else tag.a(words("first_page"), href=_address(visit, listing, limit, listing.sort))
    forward = (
        tag.a(words("next_page"), href=_address(visit, listing, limit, listing.sort, following), rel="next")
        if following
        else None
    )
    sizes = [
        tag.a(
            size,
            href=_address(visit, listing, size, listing.sort),
            aria_current="true" if size == limit else None,
        )
        for size in _ROWS
    ]
    return tag.nav(
        beginning,
        forward,
        tag.span(words("rows"), ": ", sizes, class_="sizes"),
        class_="pager",
        aria_label=words("next_page"),
    )


def _address(visit: PageContext, listing: Listing, limit: int, sort: str, cursor: str | None = None) -> str:
    filters = listing.filters
    return visit.link(
        "/",
        sort=None if sort == "-total" else sort,
        complete=None if filters.complete is None else str(filters.complete).lower(),
        stale=None if filters.stale is None else str(filters.stale).lower(),
        limit=None if limit == _ROWS[0] else str(limit),
        cursor=cursor,
    )


def _sortable(column: str, sort: str, heading: str, listing: Listing, *, limit: int, visit: PageContext) -> Markup:
    """A heading that sorts; the order that stands is told."""
    sorted_by, direction = _SORTED[listing.sort]
    return tag.th(
        tag.a(visit.words(heading), href=_address(visit, listing, limit, sort)),
        scope="col",
        role="columnheader",
        aria_sort=direction if sorted_by == column else None,
        class_="number" if column == "total" else None,
    )


def _heading(text: str, class_: str | None = None) -> Markup:
    return tag.th(text, scope="col", role="columnheader", class_=class_)


def _row(row: Summary, model: Model, visit: PageContext) -> Markup:
    words = visit.words
    by_key = {each.key: each for each in row.dimensions}
    attainable = "" if row.complete else f" ({row.attainable})"
    return tag.tr(
        tag.th(tag.a(row.name, href=visit.link(f"/clients/{row.client_id}")), scope="row", role="rowheader"),
        tag.td(tag.strong(row.total), f" / {row.max_total}{attainable}", role="cell", class_="number total"),
        [_dimension(by_key[each.key], words) for each in model.dimensions],
        tag.td(move_badge(row), role="cell", class_="number", data_label=words("moved", days=model.discussion.days)),
        tag.td(_remarks(row, words), role="cell", class_="remarks"),
        tag.td(words.short_day(row.changed_at.date()), role="cell", class_="hint changed"),
        role="row",
    )


def _dimension(each: SummaryDimension, words: Words) -> Markup:
    """The points; for the NPS also its value."""
    points = "\N{EN DASH}" if each.points is None else str(each.points)
    value = f" ({plain(each.value)})" if each.key == "nps" and isinstance(each.value, int) else ""
    low = each.points is not None and each.points <= 1
    return tag.td(
        tag.span(points, class_="low" if low else None),
        value,
        tag.abbr("*", title=words("stale")) if each.stale else None,
        role="cell",
        class_="number dimension",
        data_label=words(f"short_{each.key}"),
    )


def _remarks(row: Summary, words: Words) -> Child:
    flags = [("talk", bool(row.discussion)), ("stale", row.stale), ("incomplete", not row.complete)]
    return [
        (tag.span(words(key), class_=f"flag {'' if key == 'talk' else 'quiet'}"), " ") for key, holds in flags if holds
    ]
