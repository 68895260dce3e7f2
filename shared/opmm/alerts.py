"""What cannot wait for the digest: which changes and responses are told at once, and which never are."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import DESCRIPTION
from shared.opmm.ledger import UNKNOWN, Cause, Change, points_moved
from shared.opmm.nps import LOWEST_PASSIVE

AlertKind = Literal["fell", "low", "detractor"]

FELL_BY = 2
"""Points of the total that are lost by one change."""

LOW_POINTS = 1
"""Points of a question, and fewer."""

OLD_AFTER = timedelta(days=7)
"""What happened so long ago is no news, whenever it is told: an import tells of years."""

TOGETHER = timedelta(minutes=1)
"""Changes of one client within this time are told as one: a survey of three answers may move it in several steps."""

AT_MOST_ONE_IN = timedelta(hours=24)
"""For one client and destination; whatever else happens stands in the digest."""

HIGHEST_OF_DETRACTORS = LOWEST_PASSIVE - 1

_BY_FACTS: tuple[Cause, ...] = ("new", "correction", "retraction")
"""What somebody told. Time that passed, another model, a rebuild and an erasure alarm nobody."""


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing that is told at once."""

    kind: AlertKind
    points: int | None = None
    """By how many points the total fell, or how many a question has."""
    dimension: str | None = None
    """The question that came so low."""
    score: int | None = None
    """What a detractor gave; None where whoever reads along is not to know it."""


def is_told_by_facts(change: Change) -> bool:
    """Whether somebody told what moved the score, rather than time, a model or a repair."""
    return change.cause in _BY_FACTS


def is_old(change: Change, on: date) -> bool:
    """Whether what is behind a change happened too long before this day, that of the change, to be news."""
    return change.latest is not None and on - change.latest > OLD_AFTER


def is_first(change: Change) -> bool:
    """Whether nothing was known before of what moved, nor of the client: that is no fall, however low it begins."""
    return change.total_before == 0 and all(move.before == UNKNOWN for move in change.moves)


def is_of_names(change: Change) -> bool:
    """Whether what moved is what was told under a name that joined or left, as a description of the client said."""
    return any(fact_id.startswith(DESCRIPTION) for fact_id in change.facts)


def alerts_of(change: Change, on: date) -> tuple[Alert, ...]:
    """What a change gives to tell at once, the weightiest first; `on` is the day it was written on.

    A question counts that came to `LOW_POINTS` or fewer from more, or from no answer; not one that was so low before.
    """
    if not is_told_by_facts(change) or is_old(change, on) or is_first(change) or is_of_names(change):
        return ()
    fell = -points_moved(change.moves)
    found = [Alert("fell", points=fell)] if fell >= FELL_BY else []
    for move in change.moves:
        before, after = move.before.points, move.after.points
        if after is not None and after <= LOW_POINTS and (before is None or before > LOW_POINTS):
            found.append(Alert("low", points=after, dimension=move.key))
    return tuple(found)


def detracts(score: int, *, comment: bool) -> bool:
    """Whether it is a detractor who says why."""
    return comment and score <= HIGHEST_OF_DETRACTORS


def alerts_of_response(score: int, *, comment: bool, day: date, on: date) -> tuple[Alert, ...]:
    """What a response of this day gives to tell at once on another: a detractor who says why."""
    return (Alert("detractor", score=score),) if detracts(score, comment=comment) and on - day <= OLD_AFTER else ()


def weightiest(alerts: Iterable[Alert]) -> Alert | None:
    """The one that names a message; None without any."""
    order: tuple[AlertKind, ...] = ("fell", "low", "detractor")
    return min(alerts, key=lambda alert: order.index(alert.kind), default=None)
