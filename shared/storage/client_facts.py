"""The facts of one client, which may lie under several names: aliases that had facts before they were declared."""

import heapq
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, Self, TypeVar

from shared.opmm.agenda import Agenda
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.kinds import AGENDA, KINDS, REPORTED, RESPONSES, lanes_behind
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import Tally, nps, tally
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.timeline import Stand, answered_over_time, nps_over_time, windows
from shared.opmm.timestamps import sortable, start_of, window
from shared.storage.agenda_facts import agenda_of
from shared.storage.fact_items import StoredFact
from shared.storage.facts import Facts, Remark, Span
from shared.storage.holdings import Holdings

_PLANNED = 100
"""Talks, actions or goals that are read at once: few clients have more."""

_AT_ONCE = 10
"""Facts of a lane that are read at once: they fit into one unit of reading."""

_AHEAD = 30
"""The same where earlier days will be asked for as well: of most lanes that is the whole year."""

_Held = TypeVar("_Held", Answer, LatestResponse)


def _is_later(fact: StoredFact, last: StoredFact) -> bool:
    """Whether the index tells it before `last` when it is read backwards, of facts by name and in its order.

    Two responses that say the same at the same instant stand at one position: of one name the last of them counts, and
    of several names the first name.
    """
    return fact.position > last.position or (fact.position, fact.name) == (last.position, last.name)


@dataclass(slots=True)
class _Counted:
    """Responses as they are read, each let go of when it is counted: a client may have a million of them."""

    zone: tzinfo
    last: StoredFact | None = None
    """The one that stands last."""
    ratings: defaultdict[date, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    """By day of the tenant's calendar, how often each was given."""

    def all(self, responses: Iterable[StoredFact]) -> Self:
        """Counts these, by name and in the order of the index."""
        for fact in responses:
            self.ratings[fact.timestamp(self.zone).day(self.zone)][fact.answer["score"]] += 1
            if self.last is None or _is_later(fact, self.last):
                self.last = fact
        return self

    @property
    def tallies(self) -> dict[date, Tally]:
        """By day; days without any are left out."""
        return {day: tally(given.elements()) for day, given in self.ratings.items()}


@dataclass(frozen=True, slots=True)
class Readings:
    """What a scorecard is made of, and what the one is made of that it is compared with. They share their responses."""

    inputs: ScoringInputs
    earlier: ScoringInputs


@dataclass(frozen=True, slots=True)
class _Begun:
    """The newest facts of a lane under a name that were given before an instant; the very newest without one."""

    until: datetime | None
    facts: list[StoredFact]

    def serves(self, until: datetime | None) -> bool:
        """Whether the newest facts before another instant are among them, or lie behind them."""
        return self.until is None or (until is not None and until <= self.until)


class ClientFacts:
    """What counts of the facts under all names of a client.

    Only names that hold facts in a lane are read, so that aliases that hold none cost nothing. A survey that was sent
    under two names is one fact: its highest revision counts, wherever that lies, and `Holdings` know the others. Facts
    of other kinds need no such care: a response counts under one name only (`Locators`), and of two head counts or
    reported figures of one identity, which have one business time, the higher revision stands later in its lane.
    """

    def __init__(
        self,
        facts: Facts,
        holdings: Holdings,
        model: Model,
        zone: tzinfo,
        last: date | None = None,
        *,
        ahead: bool = False,
    ) -> None:
        """With a `last` day, facts of later days do not exist. Read `ahead` where many days will be asked for."""
        self._facts = facts
        self._holdings = holdings
        self._model = model
        self._zone = zone
        self._until = start_of(last + timedelta(days=1), zone) if last else None
        self._ahead = ahead
        self._at_once = _AHEAD if ahead else _AT_ONCE
        self._begun: dict[tuple[str, str], _Begun] = {}
        """The newest facts by name and lane, where they were read to serve several days."""

    def read(self, description: Description, compared: date, since: date | None = None) -> Readings:
        """All that a scorecard needs, and the one of the day that it is compared with.

        With the responses from the day `since` on, or those that these two need.
        """
        first = since or window(compared, self._model.nps_window_days)[0]
        asked = self._model.answered_from("nps")
        counted = _Counted(self._zone).all(self._responses(first, None) if asked else ())
        inputs = ScoringInputs(
            client_id=self._holdings.client_id,
            description=description,
            answers=self.answers(self._model.keys),
            reported=self.reported(),
            responses=counted.tallies,
            latest_response=self._latest_response(counted.last) if counted.last else None,
        )
        return Readings(inputs, self.earlier(inputs, compared))

    def earlier(self, inputs: ScoringInputs, compared: date) -> ScoringInputs:
        """What stood at the end of an earlier day. What is as old as that stands now, too, and is not read again."""
        then = self._until_end_of(compared)
        newer = [key for key, answer in inputs.answers.items() if answer.day > compared]
        kept = {key: answer for key, answer in inputs.answers.items() if answer.day <= compared}
        reported = inputs.reported
        return replace(
            inputs,
            answers=kept | then.answers(newer),
            reported=then.reported() if reported and reported.day > compared else reported,
            latest_response=None,
        )

    def _until_end_of(self, day: date) -> "ClientFacts":
        """The same facts, without those of later days."""
        then = ClientFacts(self._facts, self._holdings, self._model, self._zone, day, ahead=self._ahead)
        then._begun = self._begun
        return then

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

    def agenda(self) -> Agenda:
        """What people have planned, agreed and aimed at; whether actions were met is not looked at. A query a lane."""
        return agenda_of((fact for lane in AGENDA for fact in self.all_of(lane)), self._model, self._zone)

    def all_of(self, lane: str) -> list[StoredFact]:
        """The facts of a lane that few stand in, the newest first: of each the latest version, under whatever name.

        A query for each name that holds any.
        """
        latest: dict[str, StoredFact] = {}
        for name in self._holdings.names(lane):
            for fact in self._facts.newest(name, lane, Span(self._until, _PLANNED)):
                held = latest.get(fact.fact_id)
                if held is None or (fact.revision, fact.name) > (held.revision, held.name):
                    latest[fact.fact_id] = fact
        return sorted(latest.values(), key=lambda fact: (fact.position, fact.fact_id), reverse=True)

    def stands(self, dimension: Dimension, span: tuple[date, date], inputs: ScoringInputs, since: date) -> list[Stand]:
        """What a question said on each day of a span.

        Its facts from the first day on are read, and the one before; of an NPS only what `inputs` do not hold, whose
        responses begin `since`.
        """
        first, _ = span
        if dimension.kind != "nps":
            [lane] = lanes_behind(dimension)
            return answered_over_time(dimension, self._answers_since(lane, dimension, first), first)
        days = self._model.nps_window_days
        oldest = window(first, days)[0]
        responses = inputs.responses if oldest >= since else self._since(oldest, inputs, since)
        reported = self._answers_since(REPORTED, dimension, oldest) if inputs.reported else []
        return nps_over_time(dimension, responses, reported, days, span)

    def points_on(self, dimension: Dimension, days: Sequence[date], inputs: ScoringInputs) -> dict[date, int | None]:
        """The points of a question at the ends of some days, the oldest first; None while nobody had answered.

        At most a query for each day, and none for days on which the answer stood that stands now. `inputs` must hold
        every response of the windows that end on these days.
        """
        by_responses = dimension.kind == "nps"
        standing = inputs.reported if by_responses else inputs.answers.get(dimension.key)
        counted: dict[date, Tally] = {}
        if by_responses and days:
            counted = dict(windows(inputs.responses, self._model.nps_window_days, (days[0], days[-1])))
        found: dict[date, int | None] = {}
        for day in reversed(days):
            counts = counted.get(day, Tally())
            if counts.count:
                found[day] = dimension.points_for(nps(counts))
                continue
            if standing and standing.day > day:
                then = self._until_end_of(day)
                standing = then.reported() if by_responses else then.answer_to(dimension)
            counts_still = standing and (not by_responses or (day - standing.day).days < self._model.nps_window_days)
            found[day] = dimension.points_for(standing.value) if standing and counts_still else None
        return found

    def standing_on(self, inputs: ScoringInputs, day: date, since: date) -> Scorecard:
        """The scorecard of an earlier day, from what stands now: only what is newer than that day is read again.

        The responses of `inputs` begin `since`; those of days before are read.
        """
        oldest = window(day, self._model.nps_window_days)[0]
        if self._model.answered_from("nps") and oldest < since:
            inputs = replace(inputs, responses=self._since(oldest, inputs, since))
        return scorecard(self.earlier(inputs, day), self._model, day)

    def tally_of(self, day: date) -> Tally:
        """The responses that were given on one day of the tenant's calendar."""
        return tally(fact.answer["score"] for fact in self._responses(day, day + timedelta(days=1)))

    def tallies_since(self, day: date) -> dict[date, Tally]:
        """The responses of this day and all later ones, by day; days without any are left out."""
        return _Counted(self._zone).all(self._responses(day, None)).tallies

    def page(
        self,
        dimension: Dimension,
        limit: int,
        after: tuple[str, int] | None,
        *,
        responses: bool = True,
        reported: bool = True,
    ) -> tuple[list[StoredFact], tuple[str, int] | None]:
        """Facts behind a question, the newest first, and where the next page begins.

        A place in the list is a position and how many facts at that very position were shown already. `responses` says
        whether single responses are among the facts, `reported` whether reported figures are.
        """
        left_out = {lane for lane, told in ((RESPONSES, responses), (REPORTED, reported)) if not told}
        span = Span(self._until, limit + 1, after[0] if after else None)
        lanes = [self._counting(lane, span=span) for lane in lanes_behind(dimension) if lane not in left_out]
        waiting = heapq.merge(*lanes, key=lambda fact: fact.position, reverse=True)
        skipped = after[1] if after else 0
        found = list(itertools.islice(waiting, skipped, skipped + limit + 1))
        shown = found[:limit]
        if len(found) <= limit:
            return shown, None
        last = shown[-1].position
        alike = sum(fact.position == last for fact in shown)
        return shown, (last, alike + (skipped if after and last == after[0] else 0))

    def remarks(self, facts: Iterable[StoredFact]) -> dict[str, Remark]:
        """By their identities, who said these facts, what they left as a comment, and what was erased of them."""
        return self._facts.remarks((fact.name, fact.fact_id) for fact in facts)

    def version(self, fact_id: str) -> StoredFact | None:
        """The latest version of a fact, under whatever name of the client: a query for each that holds any facts."""
        found = [
            fact
            for name in self._holdings.all_names
            for fact in self._facts.versions(name, fact_id)
            if fact.fact_id == fact_id
        ]
        return max(found, key=lambda fact: (fact.revision, fact.name), default=None)

    def details(self, facts: Iterable[StoredFact]) -> dict[tuple[str, str], Mapping[str, Any]]:
        """By name and identity of these facts, what is kept beside their answers; read in batches of 100."""
        return self._facts.details((fact.name, fact.fact_id) for fact in facts)

    def details_of(self, fact_ids: Iterable[str]) -> dict[str, Mapping[str, Any]]:
        """The same of facts of the agenda, by identity alone; under each name that may hold them."""
        wanted = [(name, fact_id) for fact_id in fact_ids for name in self._holdings.all_names]
        return {fact_id: details for (_, fact_id), details in self._facts.details(wanted).items()}

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

    def _answers_since(self, lane: str, dimension: Dimension, first: date) -> list[Answer]:
        """The answers of a day and all later ones, and the one that stood before; the oldest first."""
        found: list[Answer] = []
        span = Span(self._until, _AT_ONCE)
        for fact in self._counting(lane, dimension=dimension, span=span):
            found.append(self.answer(fact, dimension))
            if found[-1].day < first:
                break
        return found[::-1]

    def _since(self, oldest: date, inputs: ScoringInputs, since: date) -> dict[date, Tally]:
        """The responses that are held, and those of the days before that."""
        before = ClientFacts(self._facts, self._holdings, self._model, self._zone, since - timedelta(days=1))
        return {**before.tallies_since(oldest), **inputs.responses}

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
        elif fresh and (
            fresh.position > held.position
            or (fresh.position == held.position and names.index(fresh.name) < names.index(held.name))
        ):
            return fresh
        elif self._still_counts(held):
            return held
        return next(self._counting(lane, names, dimension=dimension), None)

    def _still_counts(self, held: Answer | LatestResponse) -> bool:
        """Whether what was held under a name where nothing changed is not overruled by another name's version."""
        return isinstance(held, LatestResponse) or self._holdings.counts(held.name, held.fact_id)

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
            *(self._facts.newest(name, lane, span) if span else self._newest(name, lane) for name in under),
            key=lambda fact: fact.position,
            reverse=True,
        )
        return (
            fact
            for fact in by_time
            if (dimension is None or dimension.holds(self.answer(fact, dimension).value))
            and self._holdings.counts(fact.name, fact.fact_id)
        )

    def _newest(self, name: str, lane: str) -> Iterator[StoredFact]:
        """The facts of a lane under one name, the newest first.

        Where several names or days are to be asked, a few are read at once and kept: they may reach back to the earlier
        day.
        """
        if len(self._holdings.names(lane)) == 1 and not self._ahead:
            return self._facts.newest(name, lane, Span(self._until))
        known = self._begun.get((name, lane))
        if known is None or not known.serves(self._until):
            newest = self._facts.newest(name, lane, Span(self._until, self._at_once))
            known = self._begun[name, lane] = _Begun(self._until, list(itertools.islice(newest, self._at_once)))
            return itertools.chain(known.facts, newest)
        begun = known.facts
        kept = [fact for fact in begun if self._until is None or fact.position < sortable(self._until)]
        if kept or len(begun) < self._at_once:
            return itertools.chain(kept, self._older(name, lane, begun))
        return self._facts.newest(name, lane, Span(self._until))

    def _older(self, name: str, lane: str, begun: Sequence[StoredFact]) -> Iterator[StoredFact]:
        """What comes behind the facts that were read first; not read before it is asked for."""
        if len(begun) == self._at_once:
            shown = {fact.fact_id for fact in begun}
            older = self._facts.newest(name, lane, Span(at_once=self._at_once, position=begun[-1].position))
            yield from (fact for fact in older if fact.fact_id not in shown)

    def _responses(self, since: date, until: date | None) -> Iterator[StoredFact]:
        first, end = start_of(since, self._zone), start_of(until, self._zone) if until else self._until
        names = self._holdings.names(RESPONSES)
        return (fact for name in names for fact in self._facts.responses(name, first, end))
