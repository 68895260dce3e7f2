"""A client's last year: the scorecards of its month ends, made from one bounded reading of the facts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from shared.opmm.inputs import Answer, ScoringInputs
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.timestamps import window
from shared.reading.scorecards import Cards
from shared.storage.facts import StoredFact
from shared.storage.records import Scored

MONTHS = 12
_FACTS = 60
"""How many of the newest facts of a question are read at once: more than weekly for a year. Of the NPS, whose responses
are counted elsewhere, only those that are shown."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Behind:
    """The newest facts behind a question."""

    facts: tuple[StoredFact, ...]
    all: bool
    """Whether there are no others."""


@dataclass(frozen=True, slots=True)
class Past:
    """Reads what was, for one client."""

    cards: Cards
    scored: Scored

    def behind(self) -> dict[str, Behind]:
        """The newest facts by question: a query each, and one more for reported figures."""
        client_facts = self.cards.client_facts(self.scored)
        found = {}
        for dimension in DIMENSIONS:
            facts, following = client_facts.page(dimension, SHOWN if dimension == "nps" else _FACTS, None)
            found[dimension] = Behind(tuple(facts), following is None)
        return found

    def year(self, behind: Mapping[str, Behind]) -> list[Scorecard]:
        """The scorecards of the last month ends and of today, the oldest first, as the facts known today give them.

        The responses of the last windows are held with the scorecard; those before are one query. The answers are
        among the facts behind each question; where these do not reach back, a query of one row for each month end.
        """
        days = month_ends(self.cards.today())
        responses = self.scored.inputs.responses
        first = window(days[0], self.cards.model.nps_window_days)[0]
        if first < self.scored.since:
            before = self.cards.client_facts(self.scored, self.scored.since - timedelta(days=1))
            responses = {**before.tallies_since(first), **responses}
        return [
            scorecard(
                self._standing(day, replace(self.scored.inputs, responses=responses), behind), self.cards.model, day
            )
            for day in days
        ]

    def _standing(self, day: date, now: ScoringInputs, behind: Mapping[str, Behind]) -> ScoringInputs:
        answers = {key: self._answer(key, answer, day, behind[key]) for key, answer in now.answers.items()}
        reported = now.reported
        if reported and reported.day > day:
            reported = self.cards.client_facts(self.scored, day).reported()
        return replace(now, answers={key: each for key, each in answers.items() if each}, reported=reported)

    def _answer(self, key: str, latest: Answer, day: date, behind: Behind) -> Answer | None:
        """The answer that stood at the end of a day."""
        if latest.day <= day:
            return latest
        client_facts = self.cards.client_facts(self.scored, day)
        zone = self.cards.zone
        standing = next((fact for fact in behind.facts if fact.timestamp(zone).day(zone) <= day), None)
        if standing:
            return client_facts.answer(standing, key)
        return None if behind.all else client_facts.latest(key)


def month_ends(today: date) -> list[date]:
    """The last days of the `MONTHS` months before this one, and today."""
    ends = [today]
    for _ in range(MONTHS):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]
