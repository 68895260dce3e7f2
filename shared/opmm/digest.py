"""What some days say of all partnerships together: the falls first, then what is to be done, then what time will do.

A digest is made once, of what was known at its moment, and kept as it is: told again it says the same.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from shared.opmm.alerts import is_old, is_told_by_facts
from shared.opmm.calendar import Entry
from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import Reason
from shared.opmm.ledger import Cause, Change, Move, points_moved, together

STALE_WITHIN = timedelta(days=30)
"""How far ahead it looks for answers that grow stale, and for what time alone will do."""

DUE_WITHIN = timedelta(days=7)
"""How far ahead it looks for agreements that are due."""

QUIET_DIGESTS = 3
"""After so many without news in a row no more is sent until there is some."""

MOST_NAMED = 20
"""Clients that are named under one heading; those beyond are counted."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreement that is to be kept."""

    title: str
    due: date
    side: str
    """Whose it is: `agency` or `client`."""


@dataclass(frozen=True, slots=True)
class ClientsDays:
    """What is known of a client at the end of the days that a digest is of."""

    client_id: str
    name: str
    total: int
    changes: tuple[tuple[Change, date], ...] = ()
    """What moved in these days, the oldest first, each with its day in the tenant's calendar."""
    signals: int = 0
    """How much else happened that is news."""
    reasons: tuple[Reason, ...] = ()
    """Why to talk, the weightiest first."""
    next_talk: date | None = None
    agreed: tuple[Agreed, ...] = ()
    """What is to be done, the soonest first."""
    coming: tuple[Entry, ...] = ()
    """What the calendar says of the coming days, the soonest first."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A client that moved by what happened in these days."""

    client_id: str
    name: str
    total: int
    """Where it stands."""
    moves: tuple[Move, ...]
    """By question, from the first to the last of these days; only those whose points differ."""
    causes: tuple[Cause, ...]
    """What moved it, each once, in the order in which it first did."""

    @property
    def points(self) -> int:
        """By how much it moved."""
        return points_moved(self.moves)

    @property
    def answered(self) -> tuple[Move, ...]:
        """The questions that were answered for the first time."""
        return tuple(move for move in self.moves if move.before.points is None)


@dataclass(frozen=True, slots=True)
class TalkDue:
    """A client to talk with."""

    client_id: str
    name: str
    reason: Reason
    """The weightiest."""
    next_talk: date | None
    """When a talk is planned; None where none is."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement that is late, or due soon."""

    client_id: str
    name: str
    agreed: Agreed
    late: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What time alone will do."""

    client_id: str
    name: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Silent:
    """A source that fell silent."""

    source: str
    days: int | None
    """For how long; None for one that was never heard."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What is told of some days. Each list is complete; whoever draws it names `MOST_NAMED` and counts the rest."""

    since: date
    """The first day."""
    until: date
    """The day it is told on."""
    clients: int
    points: int
    """The totals of all clients together: divided by `clients`, the one number of the portfolio."""
    points_before: int
    """The same without what moved in these days: a question that was first answered since stands in both."""
    falls: tuple[Moved, ...] = ()
    """The deepest first."""
    rises: tuple[Moved, ...] = ()
    """The highest first."""
    answered: tuple[Moved, ...] = ()
    """Clients of which nothing moved, and a question was answered for the first time."""
    told_late: int = 0
    """Changes by what happened long before: an import is one line, however much it brings."""
    remade: int = 0
    """Changes by another model, a repair or an erasure."""
    talks: tuple[TalkDue, ...] = ()
    """Those without a planned talk first."""
    agreements: tuple[Agreement, ...] = ()
    """Late ones first, each the soonest first."""
    stale: tuple[Coming, ...] = ()
    coming: tuple[Coming, ...] = ()
    silent: tuple[Silent, ...] = ()
    undelivered: tuple[str, ...] = ()
    """Other destinations that have failed for days."""
    signals: int = 0
    pauses: bool = False
    """Whether it is the last one until there is news."""
    without_news: int = 0
    """How many in a row had no news, this one included."""

    @property
    def has_news(self) -> bool:
        """Whether anything has happened, or will happen before the next one. Reasons to talk alone are no news."""
        soon = self.until + DUE_WITHIN
        due = any(agreement.late is False for agreement in self.agreements)
        time = any(coming.entry.day <= soon for coming in (*self.coming, *self.stale))
        moved = self.falls or self.rises or self.answered or self.told_late or self.remade
        return bool(moved or self.signals or due or time or self.silent or self.undelivered)


def digest(
    clients: Sequence[ClientsDays],
    since: date,
    until: date,
    *,
    silent: Iterable[Silent] = (),
    undelivered: Iterable[str] = (),
) -> Digest:
    """What the days from `since` up to `until` say of these clients, told on `until`. Without clients it is empty."""
    moved = [each for client in clients if (each := _moved(client))]
    changes = [told for client in clients for told in client.changes]
    agreements = [
        Agreement(client.client_id, client.name, agreed, late=agreed.due < until)
        for client in clients
        for agreed in client.agreed
        if agreed.due <= until + DUE_WITHIN
    ]
    coming = [
        Coming(client.client_id, client.name, entry)
        for client in clients
        for entry in client.coming
        if entry.kind in ("window", "stale", "quiet") and until <= entry.day <= until + STALE_WITHIN
    ]
    talks = [
        TalkDue(client.client_id, client.name, client.reasons[0], client.next_talk)
        for client in clients
        if client.reasons
    ]
    points = sum(client.total for client in clients)
    return Digest(
        since=since,
        until=until,
        clients=len(clients),
        points=points,
        points_before=points - sum(each.points for each in moved),
        falls=tuple(sorted((each for each in moved if each.points < 0), key=_by_size)),
        rises=tuple(sorted((each for each in moved if each.points > 0), key=_by_size)),
        answered=tuple(
            sorted((each for each in moved if not each.points and each.answered), key=lambda each: each.client_id)
        ),
        told_late=sum(is_told_by_facts(change) and is_old(change, on) for change, on in changes),
        remade=sum(change.cause in ("model", "rebuild", "erasure") for change, _ in changes),
        talks=tuple(sorted(talks, key=lambda talk: (talk.next_talk is not None, talk.next_talk or until))),
        agreements=tuple(sorted(agreements, key=lambda each: (each.agreed.due, each.client_id))),
        stale=tuple(sorted((each for each in coming if each.entry.kind == "stale"), key=_by_day)),
        coming=tuple(sorted((each for each in coming if each.entry.kind != "stale"), key=_by_day)),
        silent=tuple(silent),
        undelivered=tuple(undelivered),
        signals=sum(client.signals for client in clients),
    )


def _moved(client: ClientsDays) -> Moved | None:
    """How a client moved by what is news, and by time; None where no question has other points than before."""
    news = [
        change
        for change, on in client.changes
        if change.cause == "window" or (is_told_by_facts(change) and not is_old(change, on))
    ]
    if not news:
        return None
    moves = tuple(move for move in together(news).moves if move.before.points != move.after.points)
    causes = tuple(dict.fromkeys(change.cause for change in news))
    return Moved(client.client_id, client.name, client.total, moves, causes) if moves else None


def _by_size(moved: Moved) -> tuple[int, str]:
    return -abs(moved.points), moved.client_id


def _by_day(coming: Coming) -> tuple[date, str]:
    return coming.entry.day, coming.client_id
