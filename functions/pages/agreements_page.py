"""What was agreed with all clients: the reader's own first, then those of colleagues; the soonest and worst first.

The rows of the portfolio tell how much there is and when it is due; only the clients of a page are asked for the words.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import groupby

from functions.pages.controls import Choice, chip, empty_state, link_button, segments, set_chip
from functions.pages.icons import icon
from functions.pages.layout import HEADERS, PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.portfolio.listing import Viewer
from functions.pages.portfolio.strip import in_days
from functions.pages.sections import title_row
from shared.http.parameters import Parameters
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.agenda import SETTLED_FOR, Action, ActionStatus, Agenda, Settlement
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ACTIVE
from shared.opmm.model import Model
from shared.reading.access import Access
from shared.reading.all_rows import AllRows
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.storage.records import Due, Summary
from shared.texts.words import Words

AGREED_BY = ("status", "side", "overdue", "cursor")
"""What may be said of the list in its address."""

ROWS = 25
"""Of a page: hardly more than a few clients fill, so that what it costs to draw does not grow with them."""

_OPEN, _SETTLED = "open", "settled"
_SIDES = ("both", "agency", "client")

_ICONS: Mapping[ActionStatus, tuple[str, str]] = {
    "open": ("ring", ""),
    "overdue": ("alert", "low"),
    "done": ("kept", "good"),
    "kept": ("kept", "good"),
    "late": ("clock", "good"),
    "missed": ("cross", "low"),
    "no_effect": ("cross", "low"),
    "dropped": ("close", ""),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which agreements are asked for."""

    settled: bool = False
    side: str | None = None
    overdue: bool = False

    @property
    def parameters(self) -> dict[str, str | None]:
        """The same in an address; None for what stands by default."""
        return {
            "status": _SETTLED if self.settled else None,
            "side": self.side,
            "overdue": "true" if self.overdue else None,
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where one agreement stands in the list, as the row of its client knows."""

    row: Summary
    due: Due
    own: bool
    nth: int
    """Which of those with the same client and day."""

    def position(self, *, settled: bool) -> str:
        """Sorts the reader's own first; what is open by its day, what is settled by the latest."""
        by_day = 9_999_999 - self.due.on.toordinal() if settled else self.due.on.toordinal()
        return f"{0 if self.own else 1}{by_day:07d}#{self.row.client_id}#{self.nth:03d}"


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement with what became of it."""

    row: Summary
    action: Action
    settlement: Settlement
    own: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are, by what they can be filtered by."""

    open: int
    settled: int
    overdue: int
    clients: int
    """With something open."""
    sides: Mapping[str, int]
    """Of those that are asked for, by whose they are."""
    own: int
    others: int


@dataclass(frozen=True, slots=True)
class Listed:
    """What a page shows."""

    asked: Asked
    agreed: tuple[Agreed, ...]
    counted: Counted
    following: str | None = None
    """The cursor of the next page; None at the end."""


@dataclass(frozen=True, slots=True)
class AgreementsPage:
    """The agreements of every client that somebody may see."""

    access: Access
    cards: Cards
    queries: Queries
    rows: AllRows

    def respond(self, context: PageContext, token: Token) -> Response:
        """`GET /agreements`: a page of them. A client has their own on their own page."""
        if context.is_client and token.clients:
            place = context.link(f"/clients/{min(token.clients)}")
            return Response(303, None, {**HEADERS, "Location": place})
        parameters = Parameters(context.request.query)
        side = parameters.choice("side", _SIDES)
        asked = Asked(
            settled=parameters.choice("status", (_OPEN, _SETTLED)) == _SETTLED,
            side=None if side == "both" else side,
            overdue=bool(parameters.flag("overdue")),
        )
        parameters.check()
        disclosure = Disclosure.to(token, self.cards.zone)
        viewer = Viewer(self.cards.today(), context.person, disclosure.people)
        places, counted = self.rows.made(
            token, ACTIVE, ("agreements", asked, viewer), lambda rows: _placed(rows, asked, viewer)
        )
        purpose = f"agreements {asked}"
        position = self.access.position(context.request, purpose)
        left = [place for place in places if not position or place.position(settled=asked.settled) > position[0]]
        shown = left[:ROWS]
        following = [shown[-1].position(settled=asked.settled)] if len(left) > ROWS else None
        listed = Listed(
            asked=asked,
            agreed=tuple(self._read(shown, viewer, disclosure, settled=asked.settled)),
            counted=counted,
            following=self.access.cursor(following, purpose),
        )
        return draw(listed, viewer, self.cards.model, context)

    def _read(
        self, shown: Sequence[Place], viewer: Viewer, disclosure: Disclosure, *, settled: bool
    ) -> Iterable[Agreed]:
        """What these places say by now, in their order: the clients that they are of are read in one go.

        What a row knew and the client does not any more is left out.
        """
        clients = sorted({place.row.client_id for place in shown})
        agendas = self.queries.agendas(clients) if clients else {}
        known: dict[tuple[str, date, int], tuple[Action, Settlement]] = {}
        for client_id, agenda in agendas.items():
            actions = _actions(disclosure.agenda(agenda), viewer.day, settled=settled)
            for on, together in groupby(actions, key=lambda told: _day(told, settled=settled)):
                known |= {(client_id, on, nth): told for nth, told in enumerate(together)}
        for place in shown:
            told = known.get((place.row.client_id, place.due.on, place.nth))
            if told:
                yield Agreed(place.row, *told, place.own)


def draw(listed: Listed, viewer: Viewer, model: Model, context: PageContext) -> Response:
    """The page."""
    words, asked, counted, following = context.words, listed.asked, listed.counted, listed.following
    lead = [
        words.counted("agreements_open", counted.open),
        " ",
        words.counted("agreements_clients", counted.clients),
        ", ",
        words("overdue_count", count=counted.overdue),
        ". ",
        words("agreements_settle"),
    ]
    in_calendar = link_button(
        words("in_my_calendar"),
        context.link("/", format="ics", mine="true" if viewer.person else None),
        weight="small",
        icon_name="calendar",
    )
    groups = [
        ("yours" if viewer.person else "all_agreements", True, counted.own),
        ("colleagues" if viewer.person else "all_agreements", False, counted.others),
    ]
    sections = [
        tag.section(
            tag.h2(words(key), " ", tag.span(count, class_="count")),
            tag.ul(
                (tag.li(_row(each, viewer.day, model, context), class_="agreement") for each in of_group),
                class_="agreements card",
            ),
            class_="group",
        )
        for key, own, count in groups
        if (of_group := [each for each in listed.agreed if each.own == own])
    ]
    return page(
        context,
        words("agreements"),
        title_row(words("agreements"), lead if counted.open else words("agreements_lead"), acts=in_calendar),
        _filters(counted, asked, context),
        sections or tag.div(_nothing(asked, context), class_="card sunk"),
        tag.nav(
            tag.a(
                words("more_agreements", count=ROWS),
                href=context.link("/agreements", **asked.parameters, cursor=following),
                rel="next",
            ),
            class_="pager",
            aria_label=words("pages"),
        )
        if following
        else None,
        tag.p(words("settled_note", days=SETTLED_FOR.days), class_="hint made") if asked.settled else None,
    )


def _filters(counted: Counted, asked: Asked, context: PageContext) -> Markup:
    words, parameters = context.words, asked.parameters
    either = [
        Choice(words("open"), _to(context, parameters, status=None), not asked.settled, counted.open),
        Choice(
            words("settled"), _to(context, parameters, status=_SETTLED, overdue=None), asked.settled, counted.settled
        ),
    ]
    drawn = []
    if asked.overdue:
        drawn.append(set_chip(words("overdue"), _to(context, parameters, overdue=None), words("remove")))
    elif counted.overdue and not asked.settled:
        drawn.append(chip(Choice(words("overdue"), _to(context, parameters, overdue="true"), count=counted.overdue)))
    for side in _SIDES[1:]:
        named = words(f"side_{side}").capitalize()
        if asked.side == side:
            drawn.append(set_chip(named, _to(context, parameters, side=None), words("remove")))
        elif asked.side is None and counted.sides.get(side):
            link = _to(context, parameters, side=side)
            drawn.append(chip(Choice(named, link, count=counted.sides[side])))
    chips = tag.ul(map(tag.li, drawn), class_="chips") if drawn else None
    return tag.div(segments(either, words("which_agreements")), chips, class_="filters")


def _row(agreed: Agreed, day: date, model: Model, context: PageContext) -> Child:
    words, action, row = context.words, agreed.action, agreed.row
    name, tone = _ICONS[agreed.settlement.status]
    return [
        icon(name, tone),
        tag.div(
            tag.h3(
                tag.a(action.title, href=context.link(f"/clients/{row.client_id}") + "#agreements", class_="whole"),
                tag.span(icon("lock"), words("internal"), class_="hint lock") if action.internal else None,
            ),
            tag.p(_moves(action, row, model, words), class_="hint"),
        ),
        tag.p(row.name, class_="whom"),
        tag.p(action.who or words("nobody_named"), tag.span(words(f"side_{action.side}"), class_="hint"), class_="who"),
        tag.p(_when(agreed, day, words), class_="when"),
    ]


def _moves(action: Action, row: Summary, model: Model, words: Words) -> str:
    """Which question it should move, from what to what."""
    dimension = model.find(action.expects.dimension) if action.expects else None
    if action.expects is None or dimension is None:
        return words("no_question")
    name, aimed = dimension.name[words.language], action.expects.points
    now = next((score.points for score in row.dimensions if score.key == dimension.key), None)
    if now is not None and now >= aimed:
        return words("keep_points", name=name, points=aimed)
    if now is None:
        return words("to_first_points", name=name, points=aimed)
    return words("to_points", name=name, points=aimed, now=now)


def _when(agreed: Agreed, day: date, words: Words) -> Child:
    due, settlement = agreed.action.due, agreed.settlement
    by = words("by_day", day=words.near(due, day))
    if settlement.status == "overdue":
        return [by, tag.span(words.counted("days_overdue", (day - due).days), class_="low")]
    if settlement.is_open:
        return [by, tag.span(in_days(due, day, words), class_="hint")]
    said = words(f"settled_{settlement.status}")
    on = words("settled_on", said=said, day=words.near(settlement.on or due, day))
    return [by, tag.span(on, class_="low" if _ICONS[settlement.status][1] == "low" else "hint")]


def _nothing(asked: Asked, context: PageContext) -> Markup:
    words = context.words
    if asked.overdue or asked.side:
        act = link_button(words("clear"), _to(context, asked.parameters, side=None, overdue=None), weight="small")
        return empty_state(words("no_agreement_fits"), act=act)
    if asked.settled:
        return empty_state(words("none_settled", days=SETTLED_FOR.days))
    return empty_state(words("no_agreements"), words("no_agreements_todo"))


def _to(context: PageContext, parameters: Mapping[str, str | None], **others: str | None) -> str:
    return context.link("/agreements", **{**parameters, **others})


def _placed(rows: Sequence[Summary], asked: Asked, viewer: Viewer) -> tuple[list[Place], Counted]:
    """The agreements that are asked for in their order, and how many there are of others."""
    found = (place for place in _places(rows, viewer, settled=asked.settled) if _fits(place, asked, viewer.day))
    places = sorted(found, key=lambda place: place.position(settled=asked.settled))
    return places, _counted(rows, places, asked, viewer)


def _places(rows: Iterable[Summary], viewer: Viewer, *, settled: bool) -> Iterable[Place]:
    """Every agreement that the reader may know of, as the rows know them."""
    for row in rows:
        own = viewer.owns(row)
        for _, together in groupby(_known(row, viewer, settled=settled), key=lambda due: due.on):
            yield from (Place(row, due, own, nth) for nth, due in enumerate(together))


def _known(row: Summary, viewer: Viewer, *, settled: bool) -> list[Due]:
    if settled:
        return [due for due in row.settled if viewer.internal or not due.internal]
    return row.to_do(viewer.day, internal=viewer.internal)


def _actions(agenda: Agenda, day: date, *, settled: bool) -> list[tuple[Action, Settlement]]:
    """What an agenda knows, in the order in which the row of its client has it."""
    if settled:
        return agenda.settled_actions(day)
    return [(action, agenda.settled(action, day)) for action in agenda.open_actions(day)]


def _day(told: tuple[Action, Settlement], *, settled: bool) -> date:
    action, settlement = told
    return (settlement.on or action.due) if settled else action.due


def _fits(place: Place, asked: Asked, day: date) -> bool:
    overdue = not place.due.by_facts and place.due.on < day
    return (asked.side is None or place.due.side == asked.side) and (not asked.overdue or overdue)


def _counted(active: Sequence[Summary], places: Sequence[Place], asked: Asked, viewer: Viewer) -> Counted:
    day, internal = viewer.day, viewer.internal
    to_do = [row.to_do(day, internal=internal) for row in active]
    settled = [_known(row, viewer, settled=True) for row in active]
    told = settled if asked.settled else to_do
    sides: list[str] = [due.side for dues in told for due in dues]
    return Counted(
        open=sum(map(len, to_do)),
        settled=sum(map(len, settled)),
        overdue=sum(row.overdue(day, internal=internal) for row in active),
        clients=sum(map(bool, to_do)),
        sides={side: sides.count(side) for side in _SIDES[1:]},
        own=sum(place.own for place in places),
        others=sum(not place.own for place in places),
    )
