"""All that is made of the facts of one client, whatever is held of it; and in what the two differ."""

from collections.abc import Collection
from dataclasses import field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import reasons_to_talk
from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import readings as readings_of
from shared.opmm.model import Model
from shared.opmm.months import Months, month_ends, responses_since
from shared.opmm.scorecard import Scorecard, changes_on, known_points, scorecard
from shared.storage.alias_groups import Names
from shared.storage.client_agenda import AgendaReader, Planned
from shared.storage.client_facts import ClientFacts, Readings
from shared.storage.facts import Facts
from shared.storage.holdings import Holdings, find_holdings
from shared.storage.records import MadeWith, Scored


@dataclass(frozen=True, slots=True)
class Found:
    """What stands for a client on a day, and where it lies."""

    readings: Readings
    holdings: Holdings
    planned: Planned = field(default_factory=Planned)
    months: Months = field(default_factory=dict)
    joined: bool = False
    """Whether the client has other names than before, whose facts came with them or left."""

    def scored(
        self, model: Model, made_with: MadeWith, day: date, *, version: int, changed_at: datetime
    ) -> tuple[Scored, Scorecard]:
        """What is kept of a client that this stands for on a day, and its scorecard of the day."""
        inputs, earlier = self.readings.inputs, self.readings.earlier
        card = scorecard(inputs, model, day)
        compared = scorecard(earlier, model, day - timedelta(days=model.discussion.days))
        record = Scored(
            version=version,
            inputs=inputs,
            earlier=earlier,
            since=responses_since(day, model),
            earlier_total=compared.total,
            earlier_points=known_points(compared),
            discussion=reasons_to_talk(card, compared, model, self.planned.talked(day, model)),
            holdings=self.holdings,
            planned=self.planned,
            months=self.months,
            changes_on=changes_on(inputs, model, day),
            as_of=day,
            made_with=made_with,
            model=model.id,
            readings=readings_of(card),
            changed_at=changed_at,
        )
        return record, card


@dataclass(frozen=True, slots=True)
class FactReader:
    """Reads all that a scorecard is made from. Some lanes are asked for several days: each is read ahead once."""

    facts: Facts
    model: Model
    zone: tzinfo

    def read(self, client_id: str, names: Names, day: date) -> Found:
        """What the facts of a client give for a day: a query for each of its names and lanes."""
        since = responses_since(day, self.model)
        holdings = find_holdings(self.facts, client_id, names.all, self.model)
        facts = ClientFacts(self.facts, holdings, self.model, self.zone, ahead=True)
        readings = facts.read(names.description, day - timedelta(days=self.model.discussion.days), since)
        reader = AgendaReader(facts, self.model, readings.inputs, since, day)
        return Found(readings, holdings, reader.read(), reader.months(month_ends(day)))


def differences(held: Scored, found: Found) -> tuple[str, ...]:
    """In which parts a scorecard differs from what the facts give for its day: questions and words, never a value.

    `found` must be of the day of the scorecard. Empty where it says what it should.
    """
    inputs, earlier = found.readings.inputs, found.readings.earlier
    answers = {key: (held.inputs.answers.get(key), inputs.answers.get(key)) for key in inputs.answers}
    answers |= {key: (answer, inputs.answers.get(key)) for key, answer in held.inputs.answers.items()}
    compared: dict[str, tuple[Any, Any]] = {
        "description": (held.inputs.description, inputs.description),
        **dict(sorted(answers.items())),
        "responses": (_responses(held, held.inputs), _responses(held, inputs)),
        "reported": (held.inputs.reported, inputs.reported),
        "earlier": (replace(held.earlier, responses={}), replace(earlier, responses={})),
        "names": (held.holdings, places(held.holdings, found.holdings, inputs.names)),
        "agenda": (
            (held.planned.agenda, held.planned.held_on),
            (found.planned.agenda, found.planned.held_on),
        ),
        "past": (held.planned.past, found.planned.past),
        "months": (held.months, found.months),
    }
    return tuple(part for part, (one, other) in compared.items() if one != other)


def places(held: Holdings, found: Holdings, names: Collection[str]) -> Holdings:
    """What was found, with the lanes that are held and empty by now: to look there costs a query, and finds nothing."""
    nothing: frozenset[str] = frozenset()
    kept = {name: lanes for name, lanes in held.aliases.items() if name in names}
    lanes = {name: found.aliases.get(name, nothing) | kept.get(name, nothing) for name in {*found.aliases, *kept}}
    return replace(found, aliases=lanes)


def _responses(held: Scored, inputs: ScoringInputs) -> tuple[Any, ...]:
    return {day: counts for day, counts in inputs.responses.items() if day >= held.since}, inputs.latest_response
