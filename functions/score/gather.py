"""Gathers what a client's scorecard is made from, reading again only what may have changed."""

from dataclasses import replace
from datetime import date, timedelta, tzinfo

from functions.score.gather_agenda import gather_agenda
from functions.score.gather_months import gather_months
from functions.score.invalidation import Invalidation
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ScoringInputs
from shared.opmm.kinds import REPORTED, RESPONSES, lanes_behind
from shared.opmm.model import Model
from shared.opmm.months import responses_since
from shared.opmm.nps import Tally
from shared.storage.alias_groups import Names
from shared.storage.client_agenda import AgendaReader
from shared.storage.client_anew import FactReader, Found
from shared.storage.client_facts import ClientFacts, Readings
from shared.storage.facts import Facts
from shared.storage.holdings import Holdings, survey_of
from shared.storage.records import Scored


@dataclass(frozen=True, slots=True)
class Gatherer:
    """Reads facts for scorecards. Its cost for one event does not grow with the client's history."""

    facts: Facts
    model: Model
    zone: tzinfo

    def gather(self, held: Scored | None, client_id: str, names: Names, invalidation: Invalidation, day: date) -> Found:
        """All of it when nothing is held or the names have changed, else what was invalidated or what the day brought.

        `day` is the one that the scorecard will be of.
        """
        compared = day - timedelta(days=self.model.discussion.days)
        if held is None or invalidation.everything or set(held.names) != set(names.all):
            found = FactReader(self.facts, self.model, self.zone).read(client_id, names, day)
            before = set(held.names) if held else {client_id}
            return replace(found, joined=before != set(names.all))
        holdings = self._holdings(held.holdings, invalidation)
        facts = ClientFacts(self.facts, holdings, self.model, self.zone)
        inputs = replace(
            self._again(held.inputs, facts, invalidation),
            description=names.description,
            responses=self._responses(held, facts, invalidation, day),
        )
        if not inputs.responses:  # what is left is older than any day that is looked back to
            inputs = replace(inputs, latest_response=None)
        if held.as_of != day:  # another day is compared with than last time
            earlier = facts.earlier(inputs, compared)
        else:
            earlier = self._earlier(held.earlier, inputs, facts, invalidation, compared)
        reader = self._reader(facts, inputs, day)
        planned = gather_agenda(held, reader, invalidation)
        months = gather_months(held.months, reader, invalidation)
        return Found(Readings(inputs, earlier), holdings, planned=planned, months=months)

    def _reader(self, facts: ClientFacts, inputs: ScoringInputs, day: date) -> AgendaReader:
        return AgendaReader(facts, self.model, inputs, responses_since(day, self.model), day)

    def _holdings(self, held: Holdings, invalidation: Invalidation) -> Holdings:
        """Where facts lie by now. A version of a survey may decide about facts under other names than its own."""
        holdings = held
        for lane, changed in invalidation.lanes.items():
            for name in changed:
                holdings = holdings.adding(name, [lane])
        surveys = {survey for fact_id in invalidation.causes if (survey := survey_of(fact_id))}
        holdings = holdings.overruling(self.facts, surveys)
        for name in holdings.all_names:
            for fact_id in holdings.overruled.get(name, frozenset()) ^ held.overruled.get(name, frozenset()):
                invalidation.also(name, fact_id)
        return holdings

    def _again(self, held: ScoringInputs, facts: ClientFacts, invalidation: Invalidation) -> ScoringInputs:
        """What is held, with what stands last in these lanes read again."""
        lanes = invalidation.lanes
        answers = dict(held.answers)
        for dimension in self.model.dimensions:
            changed = {name for lane in lanes_behind(dimension) for name in lanes.get(lane, ())}
            if dimension.kind == "nps" or not changed:
                continue
            answer = facts.answer_to(dimension, answers.pop(dimension.key, None), changed)
            if answer:
                answers[dimension.key] = answer
        latest = held.latest_response
        if RESPONSES in lanes and self.model.answered_from("nps"):
            latest = facts.latest_response(latest, lanes[RESPONSES])
        return replace(
            held,
            answers=answers,
            reported=facts.reported() if REPORTED in lanes else held.reported,
            latest_response=latest,
        )

    def _responses(self, held: Scored, facts: ClientFacts, invalidation: Invalidation, day: date) -> dict[date, Tally]:
        """By day, what is held of the windows and what was counted again; none where no NPS is asked for."""
        if self.model.answered_from("nps") is None:
            return {}
        first = responses_since(day, self.model)
        responses = {day: counts for day, counts in held.inputs.responses.items() if day >= first}
        responses |= {day: facts.tally_of(day) for day in invalidation.days if day >= first}
        return {day: counts for day, counts in responses.items() if counts.count}

    def _earlier(
        self, held: ScoringInputs, inputs: ScoringInputs, facts: ClientFacts, invalidation: Invalidation, compared: date
    ) -> ScoringInputs:
        """What stood on the day that is compared with: read again where a fact of that day or before may be another."""
        touched = {lane for lane, day in invalidation.earliest.items() if day <= compared}
        asked = [dimension for dimension in self.model.dimensions if dimension.kind != "nps"]
        again = {dimension.key for dimension in asked if touched & {*lanes_behind(dimension)}}
        fresh = facts.earlier(
            replace(
                inputs,
                answers={key: answer for key, answer in inputs.answers.items() if key in again},
                reported=inputs.reported if REPORTED in touched else None,
            ),
            compared,
        )
        kept = {key: answer for key, answer in held.answers.items() if key not in again}
        return replace(
            fresh, answers={**kept, **fresh.answers}, reported=fresh.reported if REPORTED in touched else held.reported
        )
