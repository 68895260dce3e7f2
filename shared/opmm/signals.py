"""Signals: news of a client that is no change of points. What stands is worked out; what stands anew is a signal."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from shared.opmm.agenda import ActionStatus, Agenda
from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import Reason
from shared.opmm.scorecard import Scorecard

SignalKind = Literal["talk_due", "talk_missed", "action_missed", "answer_stale"]
"""The last talk is long ago; a planned talk was not held; an agreement is late, or facts did not settle it in time; an
answer is out of date."""

MOST_AT_ONCE = 50
"""Signals that are told in one go; what is left stands over until the scorecard is written next."""

_MISSED: tuple[ActionStatus, ...] = ("overdue", "missed", "no_effect")


@dataclass(frozen=True, slots=True)
class Standing:
    """Something that stands, and is news when it begins to."""

    kind: SignalKind
    about: str = ""
    """The fact of the talk or the action, the key of the question; empty for a talk that is due."""
    on: date | None = None
    """The day that the talk was planned on, or the action was due: another day is another standing."""
    internal: bool = False
    """Whether the client must not hear of it."""


@dataclass(frozen=True, slots=True)
class Signal:
    """What began to stand, and when that was found."""

    version: int
    """That of the scorecard with which it was written."""
    at: datetime
    standing: Standing
    names: tuple[str, ...] = ()
    """Other names of the client whose facts count, sorted: it may rest on them."""


def standing(card: Scorecard, reasons: Iterable[Reason], agenda: Agenda) -> frozenset[Standing]:
    """What stands by the end of the scorecard's day, by the reasons to talk of that day and what was agreed."""
    day = card.as_of
    last = agenda.last_talk(day)
    return frozenset(
        [
            *(Standing("talk_due") for reason in reasons if reason.key == "quiet"),
            *(
                Standing("talk_missed", talk.fact_id, talk.on)
                for talk in agenda.talks
                if talk.status(day) == "missed" and (last is None or talk.on > last)
            ),
            *(
                Standing("action_missed", action.fact_id, action.due, action.internal)
                for action in agenda.actions
                if agenda.settled(action, day).status in _MISSED
            ),
            *(Standing("answer_stale", dimension.key) for dimension in card.dimensions if dimension.stale),
        ]
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """What begins to stand, and what is held of that."""

    told: tuple[Standing, ...]
    held: frozenset[Standing]
    """All that stands and is told by now, or needs no telling."""


def begun(held: frozenset[Standing] | None, now: frozenset[Standing]) -> Begun:
    """What stands now and did not before, `MOST_AT_ONCE` of it; nothing where nobody knows what stood."""
    if held is None:
        return Begun((), now)
    told = tuple(sorted(now - held, key=_order)[:MOST_AT_ONCE])
    return Begun(told, (now & held) | {*told})


def _order(standing: Standing) -> tuple[str, str, str, bool]:
    return standing.kind, standing.on.isoformat() if standing.on else "", standing.about, standing.internal
