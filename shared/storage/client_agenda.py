"""What people plan, agree and aim at with a client, and the earlier days that this is compared with."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta

from shared.opmm.agenda import Action, Agenda, Met, met_on
from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import Talked
from shared.opmm.inputs import ScoringInputs
from shared.opmm.model import Model
from shared.opmm.months import Months, first_day
from shared.opmm.scorecard import Snapshot
from shared.storage.client_facts import ClientFacts


@dataclass(frozen=True, slots=True)
class Planned:
    """An agenda as of a day, with the scorecards of the days that it looks back to."""

    agenda: Agenda = field(default_factory=Agenda)
    past: Mapping[date, Snapshot] = field(default_factory=dict)
    held_on: tuple[date, ...] = ()
    """The days on which talks were held, as far back as a trend goes."""

    def talked(self, day: date, model: Model) -> Talked | None:
        """What stood when the last talk up to a day was held; None when there was none."""
        talked = self.agenda.last_talk(day)
        if talked is None:
            return None
        return Talked(self.past[talked], self.past[talked - timedelta(days=model.discussion.days)])


@dataclass(frozen=True, slots=True)
class AgendaReader:
    """Reads what an agenda needs to know of the facts of a client, given what its scorecard was made from."""

    facts: ClientFacts
    model: Model
    inputs: ScoringInputs
    since: date
    """The first day whose responses are among the inputs."""
    day: date

    def read(self) -> Planned:
        """All of it: a query for each lane, and for each question and day that an agenda looks back to.

        Nothing but the three lanes is read where nothing is planned.
        """
        known = self.facts.agenda()
        agenda = known.kept(self.day)
        expecting = {action: action.agreed_on for action in agenda.actions if action.expects}
        agenda = replace(agenda, met=self.met(expecting))
        past = self.past(agenda.past_days(self.day, self.model.discussion.days))
        return Planned(agenda, past, known.talked(first_day(self.day), self.day))

    def met(self, since: Mapping[Action, date]) -> dict[str, Met]:
        """By fact, when actions were met that were not before the day given for each; others are left out."""
        by_question: defaultdict[str, dict[Action, date]] = defaultdict(dict)
        for action, first in since.items():
            if action.expects and first <= self.day:
                by_question[action.expects.dimension][action] = max(first, action.agreed_on)
        found: dict[str, Met] = {}
        for question, actions in by_question.items():
            dimension = self.model.dimension(question)
            span = (min(*actions.values(), self.day), self.day)
            stands = self.facts.stands(dimension, span, self.inputs, self.since)
            met = {action.fact_id: met_on(action, stands, self.day) for action in actions}
            found |= {fact_id: day for fact_id, day in met.items() if day}
        return found

    def months(self, ends: Sequence[date]) -> Months:
        """The points of each question at the ends of some months, the oldest first."""
        found: dict[date, dict[str, int]] = {end: {} for end in ends}
        for dimension in self.model.dimensions:
            for end, points in self.facts.points_on(dimension, ends, self.inputs).items():
                if points is not None:
                    found[end][dimension.key] = points
        return dict(found)

    def past(self, days: Iterable[date]) -> dict[date, Snapshot]:
        """The scorecards of some earlier days."""
        return {day: self.facts.standing_on(self.inputs, day, self.since).snapshot() for day in days}
