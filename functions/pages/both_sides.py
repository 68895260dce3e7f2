"""What agency and client plan and agree, as both of them may read it: nothing that is internal is among it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from functions.pages.partnership import Partnership
from shared.opmm.agenda import (
    Action,
    ActionStatus,
    Agenda,
    Goal,
    GoalStatus,
    Met,
    Settlement,
    Talk,
    goal_status,
    settle,
)
from shared.opmm.agenda import met_on as met_by
from shared.opmm.kinds import ACTIONS, KINDS, TALKS
from shared.opmm.model import Model
from shared.opmm.scorecard import Snapshot
from shared.opmm.timeline import Stand, answered_over_time
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.agenda_facts import agenda_of
from shared.storage.client_agenda import AgendaReader
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact

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


@dataclass(frozen=True, slots=True)
class BothSidesReader:
    """Reads it: a query of talks, one of actions, one batch of what people wrote beside them.

    Whether facts have settled an action is told by what was read of its question already; where that does not reach far
    enough, a query more for each such question.
    """

    cards: Cards

    def read(self, loaded: Partnership) -> BothSides:
        """What both sides may read today."""
        card, model, zone = loaded.card, self.cards.model, self.cards.zone
        day, facts = card.score.as_of, self.cards.client_facts(card.scored)
        talk_facts, action_facts = facts.all_of(TALKS), facts.all_of(ACTIONS)
        agenda = Disclosure(people=False, zone=zone).agenda(agenda_of((*talk_facts, *action_facts), model, zone))
        following, before = agenda.next_talk(day), agenda.last_talk(day)
        coming, held = _first(agenda, "planned", following, day), _first(agenda, "held", before, day)
        named = _named(loaded, model)
        details = self._details(facts, [*talk_facts, *named], {talk.fact_id for talk in (coming, held) if talk}, named)
        settlements = self._settled(loaded, facts, agenda, day)
        still = [(action, settled) for action, settled in settlements if settled.is_open]
        return BothSides(
            talks=tuple(
                sorted(
                    (talk for talk in agenda.talks if not talk.cancelled and talk.on >= day - _YEAR),
                    key=lambda talk: talk.on,
                )
            ),
            next=_conversation(coming, details) if coming else None,
            last=_conversation(held, details) if held else None,
            missed_on=agenda.missed_talk(day),
            then=card.planned.past.get(held.on) if held else None,
            open=tuple(sorted(still, key=lambda pair: (pair[0].due, pair[0].action_id))),
            settled=_counted(settlements, day),
            aim=_aim(loaded),
            names=_names(details, named),
        )

    def _details(
        self, facts: ClientFacts, known: Sequence[StoredFact], talks: set[str], named: Sequence[StoredFact]
    ) -> dict[str, Mapping[str, Any]]:
        wanted = [fact for fact in known if fact.fact_id in talks or fact in named]
        return {fact_id: told for (_, fact_id), told in facts.details(wanted).items()} if wanted else {}

    def _settled(
        self, loaded: Partnership, facts: ClientFacts, agenda: Agenda, day: date
    ) -> list[tuple[Action, Settlement]]:
        """What became of everything that was due in the last year, or still is."""
        actions = [action for action in agenda.actions if action.due >= day - _YEAR or action.expects is None]
        card, model = loaded.card, self.cards.model
        met: dict[str, Met] = {}
        unknown: dict[Action, date] = {}
        for action in actions:
            if action.expects is None:
                continue
            stands = _stands(loaded, facts, model, action)
            if stands is None:
                unknown[action] = action.agreed_on
            elif found := met_by(action, stands, day):
                met[action.fact_id] = found
        if unknown:
            met |= AgendaReader(facts, model, card.inputs, card.scored.since, day).met(unknown)
        return [(action, settle(action, met.get(action.fact_id), day)) for action in actions]


def _first(agenda: Agenda, status: str, on: date | None, day: date) -> Talk | None:
    return next((talk for talk in agenda.talks if talk.on == on and talk.status(day) == status), None)


def _stands(loaded: Partnership, facts: ClientFacts, model: Model, action: Action) -> list[Stand] | None:
    """What the question of an action said since it was agreed; None where the facts at hand do not reach it."""
    dimension = action.expects and model.find(action.expects.dimension)
    if not dimension or dimension.kind == "nps":
        return None
    behind = loaded.behind[dimension.key]
    answers = [facts.answer(fact, dimension) for fact in reversed(behind.facts) if KINDS[fact.kind].said]
    if not behind.all and (not answers or answers[0].day > action.agreed_on):
        return None
    return answered_over_time(dimension, answers, action.agreed_on)


def _conversation(talk: Talk, details: Mapping[str, Mapping[str, Any]]) -> Conversation:
    told = details.get(talk.fact_id, {})
    people, summary = told.get("with"), told.get("summary")
    return Conversation(
        talk,
        tuple(name for name in people if isinstance(name, str)) if isinstance(people, list) else (),
        summary if isinstance(summary, str) else None,
    )


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


def _named(loaded: Partnership, model: Model) -> list[StoredFact]:
    """The facts that count for questions of a survey which may have been answered with names."""
    counted = {
        answer.fact_id
        for dimension in model.dimensions
        if dimension.kind == "count" and dimension.answers_from == "survey"
        if (answer := loaded.card.inputs.answers.get(dimension.key))
    }
    return [fact for behind in loaded.behind.values() for fact in behind.facts if fact.fact_id in counted]


def _names(details: Mapping[str, Mapping[str, Any]], named: Sequence[StoredFact]) -> tuple[str, ...]:
    for fact in named:
        names = details.get(fact.fact_id, {}).get("names")
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            return tuple(names)
    return ()
