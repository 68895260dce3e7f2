"""What agency and client plan and agree, as both of them may read it: nothing that is internal is among it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta

from functions.pages.agenda import Meetings
from functions.pages.partnership import Partnership
from shared.opmm.agenda import Action, ActionStatus, Goal, GoalStatus, Settlement, Talk, goal_status
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.scorecard import Snapshot
from shared.reading.disclosure import Disclosure

_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A talk, with what both may read of it."""

    talk: Talk
    people: tuple[str, ...] = ()
    summary: str | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """A goal, and how far it is."""

    goal: Goal
    status: GoalStatus
    now: int


@dataclass(frozen=True, slots=True)
class BothSides:
    """What is shared on a day."""

    talks: tuple[Talk, ...] = ()
    """Of the last year and later, the oldest first; without those that were cancelled."""
    next: Conversation | None = None
    last: Conversation | None = None
    missed_on: date | None = None
    """When a talk was planned that nobody held, where none has been held since."""
    then: Snapshot | None = None
    """What stood when the last one was held."""
    open: tuple[tuple[Action, Settlement], ...] = ()
    """What is to be done, the soonest first."""
    settled: Mapping[ActionStatus, int] | None = None
    """How many of those that were due in the last year became what."""
    aim: Aim | None = None
    names: tuple[str, ...] = ()
    """What was counted by name, where that is known: of the answer of the one question that takes names."""


def both_sides(loaded: Partnership, model: Model) -> BothSides:
    """What both sides may read of a day; nothing is read for it."""
    card, told = loaded.card, loaded.meetings
    day = card.score.as_of
    agenda = Disclosure(people=False, zone=UTC).agenda(told.agenda)
    shared = replace(told, agenda=agenda)
    coming, held = shared.next_talk(day), shared.last_talk(day)
    settlements = [(action, agenda.settled(action, day)) for action in agenda.actions]
    return BothSides(
        talks=tuple(
            sorted(
                (talk for talk in agenda.talks if not talk.cancelled and talk.on >= day - _YEAR),
                key=lambda talk: talk.on,
            )
        ),
        next=_conversation(coming, shared) if coming else None,
        last=_conversation(held, shared) if held else None,
        missed_on=agenda.missed_talk(day),
        then=told.past.get(held.on) if held else None,
        open=tuple(shared.open_actions(day)),
        settled=_counted(settlements, day),
        aim=_aim(loaded),
        names=_names(loaded, model),
    )


def _conversation(talk: Talk, told: Meetings) -> Conversation:
    return Conversation(talk, tuple(told.with_whom(talk)), told.text(talk, "summary"))


def _counted(settlements: Sequence[tuple[Action, Settlement]], day: date) -> dict[ActionStatus, int]:
    counts: dict[ActionStatus, int] = {}
    for action, settlement in settlements:
        if not settlement.is_open and action.due >= day - _YEAR:
            counts[settlement.status] = counts.get(settlement.status, 0) + 1
    return counts


def _aim(loaded: Partnership) -> Aim | None:
    """The goal that both look at."""
    goal, score = loaded.card.planned.agenda.goal(), loaded.card.score
    if goal is None:
        return None
    then = loaded.card.planned.past.get(goal.set_on)
    return Aim(goal, goal_status(goal, then or score.snapshot(), score), goal.reached_points(score))


def _names(loaded: Partnership, model: Model) -> tuple[str, ...]:
    """What was counted by name, where the answer that counts was told so."""
    for dimension in model.dimensions:
        answer = loaded.card.inputs.answers.get(dimension.key)
        if dimension.kind == "count" and dimension.answers_from == "survey" and answer:
            remark = loaded.remarks.get(answer.fact_id)
            if remark and remark.names:
                return remark.names
    return ()
