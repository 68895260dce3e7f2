"""The clients in rows: why to talk, how they do, what is planned and agreed, and how old their answers are.

Their roles are written out, because on a narrow screen each row becomes a card.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from functions.pages.client_page import list_query
from functions.pages.controls import badge, person
from functions.pages.layout import PageContext
from functions.pages.marks.profile import Column, profile
from functions.pages.marks.sparkline import sparkline
from functions.pages.markup import Child, Markup, tag
from functions.pages.portfolio.filters import order_name
from functions.pages.portfolio.listing import DUE, GROUPS, SOON, Group, Listing, Viewer, group_of
from functions.pages.portfolio.reasons import rest_text, why_text
from functions.pages.portfolio.strip import in_days
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.reading.portfolio import MOVED
from shared.storage.records import Summary, SummaryDimension
from shared.texts.words import Words

_FELL = -2
"""From so large a fall on a trend is drawn as a warning."""

_MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Rows:
    """What is drawn."""

    listing: Listing
    rows: Sequence[Summary]
    groups: Mapping[Group, int]
    """How many rows of the whole list are in each group."""
    viewer: Viewer
    plans: bool = False
    """Whether the reader may plan talks."""


def table(found: Rows, model: Model, context: PageContext) -> Markup:
    """A page of rows, in groups when what needs a talk comes first."""
    words, listing = context.words, found.listing
    plain = partial(tag.th, scope="col", role="columnheader")
    headings = [
        _sortable(words("client"), ("name",), "ascending", listing, context),
        plain(words("owner"), class_="owner"),
        _sortable(words("total"), ("-total", "total"), None, listing, context),
        _sortable(words("moved", days=model.discussion.days), (MOVED,), "ascending", listing, context),
        plain(words("months"), class_="trail"),
        plain(words("next_talk")),
        plain(words("agreements"), class_="agreed"),
        plain(words("oldest_answer"), class_="answers"),
    ]
    draw_row = partial(_row, found=found, model=model, context=context)
    if listing.sort == DUE:
        by_group = {group: [row for row in found.rows if group_of(row, found.viewer.day) == group] for group in GROUPS}
        bodies = [
            tag.tbody(
                _group_row(group, found.groups.get(group, len(rows)), len(headings), words),
                [draw_row(row) for row in rows],
                role="rowgroup",
            )
            for group, rows in by_group.items()
            if rows
        ]
    else:
        bodies = [tag.tbody([draw_row(row) for row in found.rows], role="rowgroup")]
    return tag.table(
        tag.caption(words("table", sort=order_name(listing.sort, model, words))),
        tag.thead(tag.tr(headings, role="row"), role="rowgroup"),
        bodies,
        class_="clients card",
        role="table",
    )


def _group_row(group: Group, count: int, columns: int, words: Words) -> Markup:
    return tag.tr(
        tag.th(
            tag.div(
                tag.span(words(f"group_{group}"), tag.span(count, class_="count")),
                tag.span(words(f"group_{group}_order"), class_="hint"),
            ),
            colspan=columns,
            scope="rowgroup",
            role="rowheader",
        ),
        class_="group",
        role="row",
    )


def _sortable(text: str, sorts: Sequence[str], direction: str | None, listing: Listing, context: PageContext) -> Markup:
    """A heading that sorts by its column, the other way round where it has two; the order that stands is told."""
    offered = next((sort for sort in sorts if sort != listing.sort), sorts[0])
    way = direction or ("descending" if listing.sort.startswith("-") else "ascending")
    link = tag.a(text, href=context.link("/", **{**listing.asked, "sort": offered}))
    return tag.th(link, scope="col", role="columnheader", aria_sort=way if listing.sort in sorts else None)


def _row(row: Summary, *, found: Rows, model: Model, context: PageContext) -> Markup:
    words, day = context.words, found.viewer.day
    kept = list_query(found.listing.asked)
    scores = {score.key: score for score in row.dimensions}
    why = why_text(row, model, words, day)
    soon = group_of(row, day) == "planned"
    still = words("nothing_due") if soon else rest_text(row, model, words, day)
    return tag.tr(
        tag.th(
            tag.a(row.name, href=context.link(f"/clients/{row.client_id}", list=kept), class_="whole"),
            tag.span(why or still, class_="why" if why else "why still"),
            scope="row",
            role="rowheader",
        ),
        tag.td(person(row.owner) if row.owner else None, role="cell", class_="owner"),
        tag.td(
            tag.div(
                tag.span(tag.strong(row.total), f"/{row.max_total if row.complete else row.attainable}"),
                _profile(scores, model, words),
                class_="score",
            ),
            role="cell",
            class_="total",
        ),
        tag.td(_movement(row, words), role="cell", class_="moved"),
        tag.td(_trail(row, words), role="cell", class_="trail"),
        tag.td(_talk(row, found, context), role="cell", class_="talk"),
        tag.td(_agreed(row, found.viewer, words), role="cell", class_="agreed"),
        tag.td(_answers(row, scores, model, found.viewer, words), role="cell", class_="answers"),
        class_="client",
        role="row",
    )


def _movement(row: Summary, words: Words) -> Markup:
    """By how much a total moved; a first measurement is no movement."""
    return tag.span(words("new"), class_="quiet") if row.moved is None else badge(row.moved)


def _trail(row: Summary, words: Words) -> Child:
    """A year of totals. A month in which other questions were answered cannot be compared with today."""
    now = [score.points for score in row.dimensions]
    totals = [_comparable(then, now) for then in row.months] + [row.total if any(_known(now)) else None]
    if not any(_known(totals)):
        return None
    first = row.as_of.year * _MONTHS_A_YEAR + row.as_of.month - len(totals) + 1
    ticks = sorted({place for on in row.talked if (place := on.year * _MONTHS_A_YEAR + on.month - first) >= 0})
    label = words("trail", totals=", ".join(str(total) for total in totals if total is not None))
    told = f"{label}; {words.counted('trail_talks', len(row.talked))}" if row.talked else label
    return sparkline(totals, row.max_total, told, fell=(row.moved or 0) <= _FELL, ticks=ticks)


def _comparable(then: Sequence[int | None], now: Sequence[int | None]) -> int | None:
    """The total of a month, where the same questions were answered."""
    return sum(points or 0 for points in then) if _known(then) == _known(now) else None


def _known(points: Sequence[int | None]) -> list[bool]:
    return [each is not None for each in points]


def _profile(scores: Mapping[str, SummaryDimension], model: Model, words: Words) -> Markup:
    """The questions of the model. A row that was written by another model may not have all of them."""
    columns, said = [], []
    for dimension in model.dimensions:
        score = scores.get(dimension.key)
        points = score.points if score else None
        columns.append(Column(points, dimension.max, model.discussion.is_low(points)))
        said.append(f"{dimension.name[words.language]} {words('unanswered') if points is None else points}")
    return profile(columns, "; ".join(said))


def _talk(row: Summary, found: Rows, context: PageContext) -> Child:
    """When the next talk is, and the way to plan or to prepare one; a talk that was not held stands out."""
    words, day = context.words, found.viewer.day
    on, missed = row.next_talk(day), row.missed_talk(day)
    if on is None:
        told = tag.p(words("not_held_on", day=words.near(missed, day)), class_="low") if missed else None
        plan = tag.a(words("plan_talk"), _of(row, words), href=context.link(f"/clients/{row.client_id}/plan"))
        return [told or tag.p(words("not_planned"), class_="quiet"), plan if found.plans else None]
    prepare = tag.a(words("prepare"), _of(row, words), href=context.link(f"/clients/{row.client_id}/prepare"))
    return [
        tag.p(words.weekday_short(on), " ", words.near(on, day)),
        prepare if row.discussion or on <= day + SOON else tag.p(in_days(on, day, words), class_="hint"),
    ]


def _of(row: Summary, words: Words) -> Markup:
    """Whose it is, for those who hear the links one after the other."""
    return tag.span(words("of_client", name=row.name), class_="heard")


def _agreed(row: Summary, viewer: Viewer, words: Words) -> Child:
    to_do = row.open_actions(viewer.day, internal=viewer.internal)
    overdue = row.overdue(viewer.day, internal=viewer.internal)
    if not to_do:
        return tag.p(words("none_agreed"), class_="quiet")
    return [
        tag.p(words("open_count", count=to_do)),
        tag.p(words("overdue_count", count=overdue), class_="low small") if overdue else None,
    ]


def _answers(row: Summary, scores: Mapping[str, SummaryDimension], model: Model, viewer: Viewer, words: Words) -> Child:
    """Whether there is anything to renew or to ask, and how old the oldest answer is."""
    stale = sum(score.stale for score in scores.values())
    unasked = sum((score := scores.get(key)) is None or score.points is None for key in model.keys)
    answered = [score.answered_on for score in row.dimensions if score.answered_on]
    age = (viewer.day - min(answered)) // timedelta(days=1) if answered else None
    if unasked:
        return [
            tag.p(words("unasked", count=unasked), class_="low"),
            tag.p(words.counted("stale_count", stale) if stale else words("never_told"), class_="hint"),
        ]
    return [
        tag.p(words.counted("stale_count", stale), class_="low") if stale else tag.p(words("fresh"), class_="quiet"),
        tag.p(words.counted("days_old", age), class_="hint") if age is not None else None,
    ]
