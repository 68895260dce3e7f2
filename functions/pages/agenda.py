"""What people plan, agree and write down with a client as pages tell it, from a few facts that are read at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from typing import Any

from functions.pages.year import Year
from shared.opmm.agenda import Action, Agenda, Met, Settlement, Talk, met_on
from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import ACTIONS, NOTES, TALKS
from shared.opmm.scorecard import Snapshot
from shared.reading.agenda import Note, note_of
from shared.reading.disclosure import Disclosure
from shared.storage.agenda_facts import agenda_of
from shared.storage.client_agenda import Planned
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact

_YEAR = timedelta(days=365)
_WRITTEN = 20
"""Talks and notes of which is read what people wrote: those before stand on a page of their own."""


@dataclass(frozen=True, slots=True)
class AgendaFacts:
    """The facts themselves, the newest first; what people wrote is not among them."""

    talks: Sequence[StoredFact] = ()
    actions: Sequence[StoredFact] = ()
    notes: Sequence[StoredFact] = ()

    @classmethod
    def read(cls, facts: ClientFacts) -> "AgendaFacts":
        """A query for each of the three."""
        return cls(facts.all_of(TALKS), facts.all_of(ACTIONS), facts.all_of(NOTES))

    @property
    def written(self) -> list[StoredFact]:
        """Those of which is told what people wrote."""
        return [*self.talks[:_WRITTEN], *self.notes[:_WRITTEN]]


@dataclass(frozen=True, slots=True)
class Meetings:
    """Talks, what was agreed and what was written down, by a day."""

    agenda: Agenda = field(default_factory=Agenda)
    """Every talk; of the actions all that are to be done, and those of the last year; the goals that stand."""
    past: Mapping[date, Snapshot] = field(default_factory=dict)
    """What stood on the day of the last talk, and on the days on which the goals were set."""
    notes: tuple[Note, ...] = ()
    written: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By fact, what people wrote."""

    def next_talk(self, day: date) -> Talk | None:
        """The talk that is planned next."""
        planned = [talk for talk in self.agenda.talks if talk.status(day) == "planned"]
        return min(planned, key=lambda talk: (talk.on, talk.talk_id), default=None)

    def last_talk(self, day: date) -> Talk | None:
        """The talk that was held last."""
        held = [talk for talk in self.agenda.talks if talk.status(day) == "held" and talk.on <= day]
        return max(held, key=lambda talk: (talk.on, talk.talk_id), default=None)

    def with_whom(self, talk: Talk) -> list[str]:
        """Who was there, or will be."""
        names = self.written.get(talk.fact_id, {}).get("with")
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def text(self, talk: Talk, name: str) -> str | None:
        """The summary of a talk, or what stays inside."""
        text = self.written.get(talk.fact_id, {}).get(name)
        return text if isinstance(text, str) and text else None

    def open_actions(self, day: date) -> list[tuple[Action, Settlement]]:
        """What is to be done, the soonest first."""
        return [(action, self.agenda.settled(action, day)) for action in self.agenda.open_actions(day)]

    def settled_actions(self, day: date) -> list[tuple[Action, Settlement]]:
        """What came of the others: what was not kept first, then the latest."""
        found = [(action, self.agenda.settled(action, day)) for action in self.agenda.actions]
        settled = [(action, settlement) for action, settlement in found if not settlement.is_open]
        settled.sort(key=lambda pair: (pair[1].on or date.min, pair[0].action_id), reverse=True)
        return sorted(settled, key=lambda pair: pair[1].status not in BROKEN)


BROKEN = ("missed", "no_effect")
"""What became of an action that did not bring what it should."""


def meetings(
    facts: AgendaFacts,
    planned: Planned,
    written: Mapping[tuple[str, str], Mapping[str, Any]],
    year: Year,
    disclosure: Disclosure,
) -> Meetings:
    """All of it by the day of a year's card; internal things only for those who may know."""
    day, model, zone = year.card.score.as_of, year.cards.model, year.cards.zone
    read = agenda_of([*facts.talks, *facts.actions], model, zone).until(day) if year.last else None
    agenda = read or agenda_of([*facts.talks, *facts.actions], model, zone)
    actions = tuple(action for action in agenda.actions if _is_told(action, day - _YEAR))
    agenda = replace(agenda, actions=actions, goals=planned.agenda.goals, met=_met(actions, planned.agenda, year, day))
    notes = [fact for fact in facts.notes if not fact.answer.get("withdrawn")]
    return Meetings(
        agenda=disclosure.agenda(agenda),
        past=planned.past,
        notes=tuple(
            note
            for fact in notes
            if (note := note_of(fact, written.get((fact.name, fact.fact_id), {}), zone))
            and (disclosure.people or not note.internal)
        ),
        written={
            fact.fact_id: _disclosed(written.get((fact.name, fact.fact_id), {}), disclosure)
            for fact in facts.talks
            if (fact.name, fact.fact_id) in written
        },
    )


def _is_told(action: Action, since: date) -> bool:
    return action.due >= since or (action.expects is None and action.closed is None)


def _disclosed(written: Mapping[str, Any], disclosure: Disclosure) -> Mapping[str, Any]:
    if disclosure.people:
        return written
    return {name: value for name, value in written.items() if name != "internal"}


def _met(actions: Sequence[Action], kept: Agenda, year: Year, day: date) -> dict[str, Met]:
    """When actions were met: what is kept with the scorecard, and of the others what the facts of the year say."""
    known = {action.fact_id for action in kept.actions}
    found = dict(kept.met)
    stands = _remembered(year)
    for action in actions:
        if action.expects and action.fact_id not in known:
            met = met_on(action, stands(action.expects.dimension, action.agreed_on), day)
            if met:
                found[action.fact_id] = met
    return found


def _remembered(year: Year) -> Callable[[str, date], Any]:
    """The stands of a question, looked up once for each first day."""
    found: dict[tuple[str, date], Any] = {}

    def stands(key: str, first: date) -> Any:
        if (key, first) not in found:
            found[key, first] = year.stands(key, first)
        return found[key, first]

    return stands
