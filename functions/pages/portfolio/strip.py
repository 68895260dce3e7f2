"""The strip above the list: the next talk, what calls for work, and how totals are spread.

It follows whose clients are shown, and not the filters.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from functions.pages.controls import link_button
from functions.pages.layout import PageContext
from functions.pages.marks.dots import dots
from functions.pages.markup import Child, Markup, tag
from functions.pages.portfolio.listing import Listing, Viewer
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.persons import person_key
from shared.reading.portfolio import owners_of
from shared.storage.records import Summary
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class Tallied:
    """What is told of several rows together, and of those among them that are the reader's."""

    count: int
    mine: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What the rows of active clients say together."""

    totals: tuple[int, ...]
    """How many clients have each total, from 0 up."""
    due: Tallied
    unplanned: int
    """How many of those that need a talk have none planned."""
    agreements: Tallied
    overdue: Tallied
    stale: int
    """Answers to renew."""
    stale_clients: int
    unasked: int
    """Questions that were never answered."""
    overdue_clients: int
    incomplete: int
    undescribed: int
    up: int
    """How many rose; who was measured for the first time has not moved."""
    down: int
    owners: tuple[tuple[str, int], ...]
    """Whose clients they are, those with most first."""
    next: "NextTalk | None" = None

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(self.totals)


@dataclass(frozen=True, slots=True)
class NextTalk:
    """The talk that comes first: that of the reader's own clients, where there is one."""

    on: date
    row: Summary
    own: bool


def counts_of(rows: Sequence[Summary], viewer: Viewer, model: Model) -> Counts:
    """Counts the rows."""
    day, internal = viewer.day, viewer.internal
    totals = Counter(row.total for row in rows)
    due = [row for row in rows if row.discussion]
    stale = [sum(score.stale for score in row.dimensions) for row in rows]
    moves = [row.moved or 0 for row in rows]
    to_do = {row.client_id: row.open_actions(day, internal=internal) for row in rows}
    overdue = {row.client_id: row.overdue(day, internal=internal) for row in rows}
    own = [row for row in rows if viewer.owns(row)]
    names = owners_of(rows)
    owners = Counter(filter(None, (names.get(person_key(row.owner)) for row in rows)))
    return Counts(
        totals=tuple(totals[total] for total in range(model.max_total + 1)),
        due=Tallied(len(due), sum(bool(row.discussion) for row in own)),
        unplanned=sum(row.next_talk(day) is None for row in due),
        agreements=Tallied(sum(to_do.values()), sum(to_do[row.client_id] for row in own)),
        overdue=Tallied(sum(overdue.values()), sum(overdue[row.client_id] for row in own)),
        stale=sum(stale),
        stale_clients=sum(map(bool, stale)),
        unasked=sum(score.points is None for row in rows for score in row.dimensions),
        overdue_clients=sum(map(bool, overdue.values())),
        incomplete=sum(not row.complete for row in rows),
        undescribed=sum(not row.described for row in rows),
        up=sum(move > 0 for move in moves),
        down=sum(move < 0 for move in moves),
        owners=tuple(owners.most_common()),
        next=_next_of(own, day, own=True) or _next_of(rows, day, own=False),
    )


def _next_of(rows: Sequence[Summary], day: date, *, own: bool) -> NextTalk | None:
    planned = [(on, row.name, row.client_id, row) for row in rows if (on := row.next_talk(day))]
    on, _, _, row = min(planned, default=(None, None, None, None))
    return NextTalk(on, row, own) if on and row else None


def strip(counts: Counts, listing: Listing, viewer: Viewer, model: Model, context: PageContext) -> Markup:
    """All of it."""
    words = context.words
    whose = {"mine": "true" if listing.mine else None}
    cells = [
        (
            counts.due.count,
            words.counted("count_due", counts.due.count),
            context.link("/", **whose, due="true"),
            counts.due.count > 0,
            _parts(
                (words("not_planned_of", count=counts.unplanned) if counts.unplanned else None),
                _yours(counts.due, listing, viewer, words),
            ),
        ),
        (
            counts.agreements.count,
            words.counted("count_agreements", counts.agreements.count),
            context.link("/agreements"),
            False,
            _parts(
                tag.span(words("overdue_of", count=counts.overdue.count), class_="low")
                if counts.overdue.count
                else None,
                _yours(counts.overdue if counts.overdue.count else counts.agreements, listing, viewer, words),
            ),
        ),
        (
            counts.stale,
            words.counted("count_renew", counts.stale),
            context.link("/", **whose, stale="true"),
            False,
            _parts(
                words.counted("at_clients", counts.stale_clients) if counts.stale_clients else None,
                words.counted("never_asked_more", counts.unasked) if counts.unasked else None,
                by="; ",
            ),
        ),
    ]
    return tag.section(
        _next_talk(counts.next, viewer.day, context),
        [
            tag.div(
                tag.span(count, class_="big warn" if warn else "big"),
                tag.h2(tag.a(text, href=link) if count else text),
                tag.p(note, class_="hint") if note else None,
            )
            for count, text, link, warn, note in cells
        ],
        tag.div(
            tag.h2(words("distribution")),
            tag.p(_middle(counts, model, words), class_="hint"),
            dots(counts.totals, f"{words('distribution')}: {_spread(counts, words)}.", low=model.max_total // 2),
        ),
        class_="glance card",
        aria_label=words("at_a_glance"),
    )


def in_days(day: date, today: date, words: Words) -> str:
    """How far a coming day is: today, tomorrow, in 8 days, in 15 weeks."""
    days = (day - today).days
    if days <= 1:
        return words("tomorrow" if days else "today")
    weeks = days // 7
    return words("in_days", days=days) if days < _WEEKS_FROM else words("in_weeks", weeks=weeks)


_WEEKS_FROM = 29


def _next_talk(found: NextTalk | None, day: date, context: PageContext) -> Markup:
    """With the one filled button of the page."""
    words = context.words
    if found is None:
        return tag.div(tag.h2(words("no_talk_planned")), tag.p(words("no_talk_planned_todo"), class_="hint"))
    when = in_days(found.on, day, words)
    return tag.div(
        tag.p(words("your_next_talk" if found.own else "the_next_talk", when=when), class_="hint"),
        tag.h2(found.row.name, class_="whom"),
        tag.p(words.weekday(found.on, day), class_="hint"),
        link_button(words("prepare_talk"), context.link(f"/clients/{found.row.client_id}/prepare"), weight="filled"),
        class_="next",
    )


def _yours(tallied: Tallied, listing: Listing, viewer: Viewer, words: Words) -> str | None:
    """How many of them are the reader's own, where others are shown too."""
    if listing.mine or viewer.person is None or not tallied.mine:
        return None
    return words.counted("yours_of", tallied.mine)


def _parts(*parts: Child, by: str = ", ") -> Child:
    told = [part for part in parts if part]
    return [[by if place else None, part] for place, part in enumerate(told)] or None


def _middle(counts: Counts, model: Model, words: Words) -> str:
    """The total that as many are above as below, and how many moved."""
    totals = [total for total, clients in enumerate(counts.totals) for _ in range(clients)]
    if not totals:
        return words("no_clients")
    return words("middle", total=totals[len(totals) // 2], up=counts.up, down=counts.down, days=model.discussion.days)


def _spread(counts: Counts, words: Words) -> str:
    return ", ".join(
        words("with_total", count=clients, total=total) for total, clients in enumerate(counts.totals) if clients
    )
