"""The facts of one client, which may lie under several names: aliases that had facts before they were declared."""

import heapq
import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta, tzinfo
from typing import TypeVar

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.kinds import KINDS, REPORTED, RESPONSES, lanes_behind
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import Tally, tally
from shared.opmm.timestamps import start_of, window
from shared.storage.facts import Facts, Span, StoredFact

_Held = TypeVar("_Held", Answer, LatestResponse)


@dataclass(frozen=True, slots=True)
class Holdings:
    """Where the facts of a client lie: under its own id, and in some lanes under some of its aliases."""

    client_id: str
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By alias, the lanes in which it holds facts; aliases that hold none are left out."""

    def names(self, lane: str) -> tuple[str, ...]:
        """The names to look under for facts of this lane."""
        return (self.client_id, *(alias for alias, lanes in sorted(self.aliases.items()) if lane in lanes))

    @property
    def all_names(self) -> tuple[str, ...]:
        """The names to look under for facts of any lane."""
        return (self.client_id, *sorted(self.aliases))

    def adding(self, name: str, lanes: Iterable[str]) -> "Holdings":
        """The same, after facts came to this name in these lanes."""
        held = self.aliases.get(name, frozenset())
        added = held | frozenset(lanes)
        return self if name == self.client_id or added == held else replace(self, aliases={**self.aliases, name: added})


def lanes_of(model: Model) -> tuple[str, ...]:
    """Every lane that a model's questions are answered from."""
    return tuple(dict.fromkeys(lane for dimension in model.dimensions for lane in lanes_behind(dimension)))


def find_holdings(facts: Facts, client_id: str, names: Iterable[str], model: Model) -> Holdings:
    """Looks where the facts of a client lie: one query for each alias that holds none."""
    lanes = lanes_of(model)
    found = {name: frozenset(facts.lanes(name, lanes)) for name in names if name != client_id}
    return Holdings(client_id, {name: held for name, held in found.items() if held})


@dataclass(frozen=True, slots=True)
class Readings:
    """What a scorecard is made of, and what the one is made of that it is compared with. They share their responses."""

    inputs: ScoringInputs
    earlier: ScoringInputs


class ClientFacts:
    """What counts of the facts under all names of a client.

    Only names that hold facts in a lane are read, so that aliases that hold none cost nothing. A survey that was sent
    under two names is one fact: its highest revision counts, wherever that lies. Facts of other kinds need no such
    care: a response counts under one name only (`Locators`), and of two head counts or reported figures of one
    identity, which have one business time, the higher revision stands later in its lane.
    """

    def __init__(self, facts: Facts, holdings: Holdings, model: Model, zone: tzinfo, last: date | None = None) -> None:
        """With a `last` day, facts of later days do not exist."""
        self._facts = facts
        self._holdings = holdings
        self._model = model
        self._zone = zone
        self._until = start_of(last + timedelta(days=1), zone) if last else None

    def read(self, description: Description, compared: date) -> Readings:
        """All that a scorecard needs, and the one of the day that it is compared with."""
        first = window(compared, self._model.nps_window_days)[0]
        responses = self._responses(first, None) if self._model.answered_from("nps") else []
        latest = max(responses, key=lambda fact: fact.position, default=None)
        inputs = ScoringInputs(
            client_id=self._holdings.client_id,
            description=description,
            answers=self.answers(self._model.keys),
            reported=self.reported(),
            responses=self._tallies(responses),
            latest_response=self._latest_response(latest) if latest else None,
        )
        return Readings(inputs, self.earlier(inputs, compared))

    def earlier(self, inputs: ScoringInputs, compared: date) -> ScoringInputs:
        """What stood at the end of an earlier day. What is as old as that stands now, too, and is not read again."""
        then = ClientFacts(self._facts, self._holdings, self._model, self._zone, compared)
        newer = [key for key, answer in inputs.answers.items() if answer.day > compared]
        kept = {key: answer for key, answer in inputs.answers.items() if answer.day <= compared}
        reported = inputs.reported
        return replace(
            inputs,
            answers=kept | then.answers(newer),
            reported=then.reported() if reported and reported.day > compared else reported,
            latest_response=None,
        )

    def answers(self, questions: Iterable[str]) -> dict[str, Answer]:
        """The latest answers to these questions, the NPS left out; those nobody has answered are absent."""
        asked = [self._model.dimension(key) for key in sorted(set(questions))]
        found = {dimension.key: self.answer_to(dimension) for dimension in asked if dimension.kind != "nps"}
        return {key: answer for key, answer in found.items() if answer}

    def answer_to(
        self, dimension: Dimension, held: Answer | None = None, changed: Collection[str] | None = None
    ) -> Answer | None:
        """The latest answer to a question other than the NPS that the model still knows; None when there is none.

        Where only facts under some names have `changed`, the answer that was held speaks for the others.
        """
        [lane] = lanes_behind(dimension)
        found = self._latest(lane, held, changed, dimension)
        return self.answer(found, dimension) if isinstance(found, StoredFact) else found

    def reported(self) -> Answer | None:
        """The latest NPS that was reported as a number."""
        asked = self._model.answered_from("nps")
        fact = next(self._counting(REPORTED), None) if asked else None
        return self.answer(fact, asked) if fact and asked else None

    def latest_response(
        self, held: LatestResponse | None = None, changed: Collection[str] | None = None
    ) -> LatestResponse | None:
        """The latest NPS response that counts; `held` and `changed` as for `answer_to`."""
        found = self._latest(RESPONSES, held, changed)
        return self._latest_response(found) if isinstance(found, StoredFact) else found

    def tally_of(self, day: date) -> Tally:
        """The responses that were given on one day of the tenant's calendar."""
        return tally(fact.answer["score"] for fact in self._responses(day, day + timedelta(days=1)))

    def tallies_since(self, day: date) -> dict[date, Tally]:
        """The responses of this day and all later ones, by day; days without any are left out."""
        return self._tallies(self._responses(day, None))

    def page(
        self, dimension: Dimension, limit: int, after: tuple[str, int] | None, *, responses: bool = True
    ) -> tuple[list[StoredFact], tuple[str, int] | None]:
        """Facts behind a question, the newest first, and where the next page begins.

        A place in the list is a position and how many facts at that very position were shown already. `responses` says
        whether single responses are among the facts.
        """
        span = Span(self._until, limit + 1, after[0] if after else None)
        lanes = [self._counting(lane, span=span) for lane in lanes_behind(dimension) if responses or lane != RESPONSES]
        waiting = heapq.merge(*lanes, key=lambda fact: fact.position, reverse=True)
        skipped = after[1] if after else 0
        found = list(itertools.islice(waiting, skipped, skipped + limit + 1))
        shown = found[:limit]
        if len(found) <= limit:
            return shown, None
        last = shown[-1].position
        alike = sum(fact.position == last for fact in shown)
        return shown, (last, alike + (skipped if after and last == after[0] else 0))

    def comments(self, facts: Iterable[StoredFact]) -> dict[str, str]:
        """The comments on these facts, by their identities; only responses have any."""
        return self._facts.comments((fact.name, fact.fact_id) for fact in facts if fact.lane == RESPONSES)

    def answer(self, fact: StoredFact, dimension: Dimension) -> Answer:
        """What a fact answers to a question. Raises ValueError for a fact that is counted with others instead."""
        said = KINDS[fact.kind].said
        if said is None:
            raise ValueError(f"{fact.fact_id} answers nothing by itself")
        value, basis = said(fact.answer, dimension.key)
        timestamp = fact.timestamp(self._zone)
        return Answer(
            value=value,
            basis=basis,
            day=timestamp.day(self._zone),
            observed_at=timestamp.text,
            source=fact.source,
            fact_id=fact.fact_id,
            position=fact.position,
            name=fact.name,
        )

    def _latest_response(self, fact: StoredFact) -> LatestResponse:
        return LatestResponse(fact.timestamp(self._zone).text, fact.source, position=fact.position, name=fact.name)

    def _latest(
        self, lane: str, held: _Held | None, changed: Collection[str] | None, dimension: Dimension | None = None
    ) -> StoredFact | _Held | None:
        """The latest fact of a lane, or what was held where nothing later has come and nothing took it away."""
        names = self._holdings.names(lane)
        among = [name for name in names if changed is None or name in changed]
        fresh = next(self._counting(lane, among, dimension=dimension), None)
        if held is None or len(among) == len(names):
            return fresh
        if not held.position:  # it was laid down while the client had one name only
            return next(self._counting(lane, names, dimension=dimension), None)
        if held.name in among:
            if fresh and fresh.position >= held.position:
                return fresh
        elif fresh and fresh.position > held.position:
            return fresh
        elif self._still_counts(lane, held):
            return held
        return next(self._counting(lane, names, dimension=dimension), None)

    def _still_counts(self, lane: str, held: Answer | LatestResponse) -> bool:
        if isinstance(held, LatestResponse):
            return True
        return self._is_last_version(lane, held.fact_id, held.position, held.name)

    def _counting(
        self,
        lane: str,
        names: Collection[str] | None = None,
        *,
        dimension: Dimension | None = None,
        span: Span | None = None,
    ) -> Iterator[StoredFact]:
        """The facts of a lane that count, the newest first, under these names or all.

        With a question, only those that answer it with something that the model knows.
        """
        under = self._holdings.names(lane) if names is None else names
        by_time = heapq.merge(
            *(self._facts.newest(name, lane, span or Span(self._until)) for name in under),
            key=lambda fact: fact.position,
            reverse=True,
        )
        return (
            fact
            for fact in by_time
            if (dimension is None or dimension.holds(self.answer(fact, dimension).value))
            and self._is_last_version(lane, fact.fact_id, fact.position, fact.name)
        )

    def _is_last_version(self, lane: str, fact_id: str, position: str, name: str) -> bool:
        """Whether no other name holds a later version of a survey; of equal versions, one counts."""
        names = self._holdings.all_names
        if len(names) == 1 or not lane.startswith(_SURVEYS):
            return True
        versions = self._facts.get((name, fact_id) for name in names)
        last = max(((version.revision, version.name) for version in versions), default=None)
        return last == (position.partition("#")[2], name)

    def _responses(self, since: date, until: date | None) -> list[StoredFact]:
        first, end = start_of(since, self._zone), start_of(until, self._zone) if until else self._until
        names = self._holdings.names(RESPONSES)
        return [fact for name in names for fact in self._facts.responses(name, first, end)]

    def _tallies(self, responses: Iterable[StoredFact]) -> dict[date, Tally]:
        ratings: defaultdict[date, list[int]] = defaultdict(list)
        for fact in responses:
            ratings[fact.timestamp(self._zone).day(self._zone)].append(fact.answer["score"])
        return {day: tally(given) for day, given in ratings.items()}


_SURVEYS = f"{KINDS['survey'].lane}."
"""How the lanes begin whose facts may have versions under several names."""
