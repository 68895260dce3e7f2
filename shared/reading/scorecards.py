"""Scorecards for reading: today's from what is held, any other day's from the facts."""

from collections.abc import Callable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta, tzinfo

from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import Reason, reasons_to_talk
from shared.opmm.inputs import ScoringInputs
from shared.opmm.model import Model
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.supposition import Supposition, supposing
from shared.opmm.timestamps import window
from shared.storage.client_agenda import AgendaReader, Planned
from shared.storage.client_facts import ClientFacts
from shared.storage.facts import Facts
from shared.storage.records import Scored


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard, what it was made from, and the reasons to talk about it."""

    scored: Scored
    inputs: ScoringInputs
    score: Scorecard
    earlier: Scorecard
    """The one it is compared with, some months before."""
    reasons: tuple[Reason, ...]
    planned: Planned = field(default_factory=Planned)
    """What was planned and agreed by that day."""


@dataclass(frozen=True, slots=True)
class Cards:
    """Makes scorecards of what is held."""

    facts: Facts
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The day it is in the tenant's calendar."""
        return self.clock().astimezone(self.zone).date()

    def current(self, scored: Scored) -> Card:
        """The scorecard of today. What is held is enough to let the window and freshness move on: nothing is read."""
        return self._card(scored, scored.inputs, scored.earlier, max(self.today(), scored.as_of), scored.planned)

    def as_of(self, scored: Scored, day: date) -> Card:
        """The scorecard as the facts known today give it for the end of a day."""
        if day >= self.today():
            return self.current(scored)
        facts = self.client_facts(scored, day)
        readings = facts.read(scored.inputs.description, self._compared_on(day))
        since = window(self._compared_on(day), self.model.nps_window_days)[0]
        planned = AgendaReader(facts, self.model, readings.inputs, since, day).read()
        return self._card(scored, readings.inputs, readings.earlier, day, planned)

    def supposing(self, card: Card, supposed: Supposition) -> Card:
        """The same scorecard as it would be. Raises ValueError for what no question has points for."""
        day = card.score.as_of
        inputs = supposing(card.inputs, self.model, supposed, day)
        score = scorecard(inputs, self.model, day)
        reasons = reasons_to_talk(score, card.earlier, self.model, card.planned.talked(day, self.model))
        return replace(card, inputs=inputs, score=score, reasons=reasons)

    def client_facts(self, scored: Scored, last: date | None = None) -> ClientFacts:
        """The facts of a client, up to a day if one is given."""
        return ClientFacts(self.facts, scored.holdings, self.model, self.zone, last)

    def tallies(self, card: Card, first: date) -> Mapping[date, Tally]:
        """The responses of a day and all later ones: those held with the scorecard; those before are read."""
        held, since = card.inputs.responses, card.scored.since
        if first >= since:
            return {day: counts for day, counts in held.items() if day >= first}
        before = self.client_facts(card.scored, since - timedelta(days=1))
        return {**before.tallies_since(first), **held}

    def _card(self, scored: Scored, inputs: ScoringInputs, earlier: ScoringInputs, day: date, planned: Planned) -> Card:
        score = scorecard(inputs, self.model, day)
        compared = scorecard(earlier, self.model, self._compared_on(day))
        reasons = reasons_to_talk(score, compared, self.model, planned.talked(day, self.model))
        return Card(scored, inputs, score, compared, reasons, planned)

    def _compared_on(self, day: date) -> date:
        return day - timedelta(days=self.model.discussion.days)
