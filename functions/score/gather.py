"""Gathers what stands for a client today and stood some months ago, reading again only what may have changed."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo

from functions.score.alias_groups import Names
from functions.score.invalidation import Invalidation
from shared.opmm.inputs import ScoringInputs
from shared.opmm.model import DIMENSIONS, Model
from shared.opmm.timestamps import window
from shared.storage.client_facts import ClientFacts
from shared.storage.facts import Facts
from shared.storage.records import Scored


@dataclass(frozen=True, slots=True)
class Gathered:
    """What stands now, and what stood on the day that a scorecard is compared with. They share their responses."""

    standing: ScoringInputs
    earlier: ScoringInputs


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Reads facts for scorecards. Its cost for one event does not grow with the client's history."""

    facts: Facts
    model: Model
    zone: tzinfo

    def gather(self, held: Scored | None, client_id: str, names: Names, touched: Invalidation, today: date) -> Gathered:
        """All of it when nothing is held or the names have changed, else what was touched or what the day brought."""
        compared = today - timedelta(days=self.model.discussion.days)
        first = window(compared, self.model.nps_window_days)[0]
        now = ClientFacts(self.facts, names.all, self.zone)
        then = ClientFacts(self.facts, names.all, self.zone, last=compared)
        if held is None or touched.everything or set(held.names) != set(names.all):
            standing = now.standing(client_id, names.description, first)
            return Gathered(standing, _earlier(standing, then, standing, DIMENSIONS))
        for version in now.siblings(touched.causes):
            touched.reaches(version.fact_id, version.positions, version.observed_at, self.zone)
        responses = {day: counts for day, counts in held.standing.responses.items() if day >= first}
        responses |= {day: now.tally_of(day) for day in touched.days if day >= first}
        standing = replace(
            _again(held.standing, now, touched.dimensions),
            description=names.description,
            responses={day: counts for day, counts in responses.items() if counts.count},
        )
        # As another day is compared with than last time, all of what stood then may differ.
        dimensions = DIMENSIONS if held.as_of != today else touched.dimensions
        return Gathered(standing, _earlier(held.earlier, then, standing, dimensions))


def _earlier(
    held: ScoringInputs, then: ClientFacts, standing: ScoringInputs, dimensions: Collection[str]
) -> ScoringInputs:
    """What stood then: its own answers, and the same responses, of which a scorecard's window picks its days."""
    return replace(_again(held, then, dimensions), description=standing.description, responses=standing.responses)


def _again(held: ScoringInputs, facts: ClientFacts, dimensions: Collection[str]) -> ScoringInputs:
    """What is held, with the answers to these questions read again."""
    kept = {key: answer for key, answer in held.answers.items() if key not in dimensions}
    answers = {**kept, **facts.answers(dimensions)}
    if "nps" not in dimensions:
        return replace(held, answers=answers)
    return replace(held, answers=answers, reported=facts.reported(), latest_response=facts.latest_response())
