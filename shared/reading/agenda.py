"""The talks, actions, goals and notes of a client as readers see them: with who said it, and what became of it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, tzinfo
from typing import Any, Generic, TypeVar

from shared.opmm.agenda import Action, Goal, GoalStatus, Settlement, Talk, goal_status
from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import ACTIONS, NOTES, TALKS
from shared.opmm.ledger import UNKNOWN, Reading, Readings
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import Scorecard
from shared.opmm.supposition import path
from shared.opmm.timestamps import parse_instant
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Card, Cards
from shared.storage.agenda_facts import action_of, talk_of
from shared.storage.client_agenda import AgendaReader
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact
from shared.storage.queries import Queries
from shared.storage.records import Scored

_T = TypeVar("_T")

_MOST_CHANGES = 500
"""Entries of a ledger that are read at most to find out what was told on the days of some talks."""

_AT_ONCE = 100

Details = Mapping[str, Any]
"""What is kept beside a fact: its author, and what people wrote."""

Position = tuple[str, str]
"""A place in a list: that of a fact in its lane, and its identity."""


@dataclass(frozen=True, slots=True)
class TalkThen:
    """A talk, and what the scorecard of its day said: as it was told then, and as the facts known today give it."""

    talk: Talk
    details: Details
    told: Readings | None
    """None for a talk that was not held, where nothing was told yet, and where it rests on what the reader may not see.
    """
    today: Readings | None
    """None for a talk that was not held."""
    actions: tuple[str, ...] = ()
    """The ids of what was agreed in it."""


@dataclass(frozen=True, slots=True)
class ActionNow:
    """An action, and what became of it."""

    action: Action
    details: Details
    settlement: Settlement


@dataclass(frozen=True, slots=True)
class GoalNow:
    """A goal, how far it is, and the cheapest way there."""

    goal: Goal
    details: Details
    status: GoalStatus
    then: int
    """The points of what it is about on the day on which it was set."""
    now: int
    path: tuple[Step, ...]
    arrives: Scorecard
    """The scorecard at the end of the path, which may end before the goal."""


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down."""

    note_id: str
    fact_id: str
    source: str
    written_on: date
    written_at: str
    dimension: str | None
    internal: bool
    details: Details


def note_of(fact: StoredFact, details: Details, zone: tzinfo) -> Note | None:
    """What somebody wrote down, with what is kept beside the fact; None for what is no note."""
    if "note_id" not in fact.answer or "recorded_at" not in fact.answer:
        return None
    return Note(
        note_id=str(fact.answer["note_id"]),
        fact_id=fact.fact_id,
        source=fact.source,
        written_on=parse_instant(str(fact.answer["recorded_at"])).astimezone(zone).date(),
        written_at=str(fact.answer["recorded_at"]),
        dimension=str(fact.answer["dimension"]) if "dimension" in fact.answer else None,
        internal=bool(fact.answer.get("internal")),
        details=details,
    )


@dataclass(frozen=True, slots=True)
class Listed(Generic[_T]):
    """Some of a list, and where the next of it begins; None at the end."""

    rows: tuple[_T, ...]
    next: Position | None = None


@dataclass(frozen=True, slots=True)
class AgendaReading:
    """Reads the lanes of what people plan, agree and write down. Internal ones are left out for those who may not."""

    cards: Cards
    queries: Queries

    def talks(
        self, scored: Scored, disclosure: Disclosure, limit: int, after: Position | None, names: Collection[str] | None
    ) -> Listed[TalkThen]:
        """Talks, the latest first. With `names` the reader sees only changes that rest on these.

        A query of talks, one of actions, one of details, a query for each question, and some of the ledger.
        """
        facts = self.cards.client_facts(scored)
        page, following = _page(facts.all_of(TALKS), limit, after)
        day, zone = self.cards.today(), self.cards.zone
        talks = _readable(page, lambda fact: talk_of(fact, zone))
        held = [talk.on for _, talk in talks if talk.status(day) == "held"]
        told, today = self._told(scored, held, names), self._today(scored, held)
        agreed = self._agreed(facts, disclosure)
        details = facts.details(page)
        return Listed(
            tuple(
                TalkThen(
                    talk=talk,
                    details=details.get((fact.name, fact.fact_id), {}),
                    told=told.get(talk.on),
                    today=today.get(talk.on) if talk.status(day) == "held" else None,
                    actions=tuple(agreed.get(talk.talk_id, ())),
                )
                for fact, talk in talks
            ),
            following,
        )

    def actions(self, scored: Scored, disclosure: Disclosure, limit: int, after: Position | None) -> Listed[ActionNow]:
        """Actions, those agreed last first: a query of them, one of details, and a query for each question."""
        facts = self.cards.client_facts(scored)
        page, following = _page(facts.all_of(ACTIONS), limit, after)
        found = _readable(page, lambda fact: action_of(fact, self.cards.zone))
        shown = [(fact, action) for fact, action in found if disclosure.people or not action.internal]
        day = self.cards.today()
        met = self._reader(scored, facts, day).met(
            {
                action: action.agreed_on
                for _, action in shown
                if action.expects and self.cards.model.find(action.expects.dimension)
            }
        )
        agenda = replace(scored.planned.agenda, actions=tuple(action for _, action in shown), met=met)
        details = facts.details([fact for fact, _ in shown])
        return Listed(
            tuple(
                ActionNow(action, details.get((fact.name, fact.fact_id), {}), agenda.settled(action, day))
                for fact, action in shown
            ),
            following,
        )

    def goals(self, card: Card) -> list[GoalNow]:
        """The goals that stand, those for the total and those set last first: a query for their authors, if any."""
        agenda, model = card.planned.agenda, self.cards.model
        facts = self.cards.client_facts(card.scored)
        details = facts.details_of([goal.fact_id for goal in agenda.goals]) if agenda.goals else {}
        found = []
        for goal in agenda.goals:
            then = card.planned.past.get(goal.set_on) or card.score.snapshot()
            steps, arrives = path(card.inputs, model, card.score.as_of, goal.points, goal.dimension)
            found.append(
                GoalNow(
                    goal=goal,
                    details=details.get(goal.fact_id, {}),
                    status=goal_status(goal, then, card.score),
                    then=goal.reached_points(then),
                    now=goal.reached_points(card.score),
                    path=steps,
                    arrives=arrives,
                )
            )
        return found

    def notes(self, scored: Scored, disclosure: Disclosure, limit: int, after: Position | None) -> Listed[Note]:
        """Notes, the latest first: a query of them, and one of what they say."""
        facts, zone = self.cards.client_facts(scored), self.cards.zone
        page, following = _page(facts.all_of(NOTES), limit, after)
        shown = [
            fact
            for fact in page
            if not fact.answer.get("withdrawn") and (disclosure.people or not fact.answer.get("internal"))
        ]
        details = facts.details(shown)
        return Listed(
            tuple(note for fact in shown if (note := note_of(fact, details.get((fact.name, fact.fact_id), {}), zone))),
            following,
        )

    def _agreed(self, facts: ClientFacts, disclosure: Disclosure) -> dict[str, list[str]]:
        """By talk, the ids of the actions that were agreed in it."""
        found: dict[str, list[str]] = {}
        for action in facts.agenda().actions:
            if action.talk_id and (disclosure.people or not action.internal):
                found.setdefault(action.talk_id, []).append(action.action_id)
        return found

    def _reader(self, scored: Scored, facts: ClientFacts, day: date) -> AgendaReader:
        return AgendaReader(facts, self.cards.model, scored.inputs, scored.since, day)

    def _today(self, scored: Scored, days: Sequence[date]) -> dict[date, Readings]:
        """What the questions said on some days, as the facts known today give it."""
        if not days:
            return {}
        facts, model = self.cards.client_facts(scored), self.cards.model
        found: dict[date, dict[str, Reading]] = {day: {} for day in days}
        for dimension in model.dimensions:
            stands = facts.stands(dimension, (min(days), max(days)), scored.inputs, scored.since)
            for day in days:
                stand = [stand for stand in stands if stand.since <= day][-1]
                if stand.points is not None:
                    found[day][dimension.key] = Reading(stand.points, stand.value)
        return dict(found)

    def _told(self, scored: Scored, days: Sequence[date], names: Collection[str] | None) -> dict[date, Readings]:
        """What was told on some days, by the ledger.

        Days of which it says nothing that the reader may see are left out.
        """
        if not days:
            return {}
        zone, client_id = self.cards.zone, scored.inputs.client_id
        missing = {day: set(self.cards.model.keys) for day in days}
        found: dict[date, dict[str, Reading]] = {}
        hidden: set[date] = set()
        before: str | None = None
        for _ in range(_MOST_CHANGES // _AT_ONCE):
            page = self.queries.ledger(client_id, None, None, _AT_ONCE, before)
            for change in page.rows:
                told_on = change.at.astimezone(zone).date()
                for day, keys in missing.items():
                    if told_on > day or not keys:
                        continue
                    if names is not None and not change.rests_on(names):
                        hidden.add(day)
                    for move in change.moves:
                        if move.key in keys:
                            keys.discard(move.key)
                            found.setdefault(day, {})[move.key] = move.after
            before = page.next
            if before is None or not any(missing.values()):
                break
        return {
            day: {key: reading for key, reading in said.items() if reading != UNKNOWN}
            for day, said in found.items()
            if day not in hidden
        }


def _page(facts: Sequence[StoredFact], limit: int, after: Position | None) -> tuple[list[StoredFact], Position | None]:
    """Some of these facts, which stand from the newest to the oldest, and where the next of them begins."""
    left = [fact for fact in facts if after is None or (fact.position, fact.fact_id) < after]
    shown = left[:limit]
    return shown, (shown[-1].position, shown[-1].fact_id) if len(left) > limit else None


def _readable(facts: Iterable[StoredFact], read: Any) -> list[tuple[StoredFact, Any]]:
    """The facts that say what they should, with what they say; one that is damaged is left out."""
    found = []
    for fact in facts:
        try:
            found.append((fact, read(fact)))
        except (KeyError, TypeError, ValueError):
            continue
    return found
