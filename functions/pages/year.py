"""A client's last year from what was read of its facts at once: by month, and day by day what moved it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from functions.pages.marks.trend import Level
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Answer
from shared.opmm.kinds import KINDS
from shared.opmm.ledger import Reading
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import Tally, nps
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.timeline import Stand, answered_over_time, nps_over_time
from shared.opmm.timestamps import window
from shared.reading.scorecards import Card, Cards
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact

MONTHS = 12
_UNANSWERED = Reading()


@dataclass(frozen=True, slots=True)
class Behind:
    """The newest facts behind a question."""

    facts: tuple[StoredFact, ...]
    all: bool
    """Whether there are no others."""


@dataclass(frozen=True, slots=True)
class Moved:
    """A question whose points changed on a day."""

    day: date
    key: str
    before: Reading
    after: Reading

    @property
    def points(self) -> int:
        """The difference to the total."""
        return (self.after.points or 0) - (self.before.points or 0)

    @property
    def is_movement(self) -> bool:
        """Whether it rose or fell: a first answer, or one that is lost, changes what can be told instead."""
        return self.before.points is not None and self.after.points is not None


@dataclass(frozen=True, slots=True)
class Course:
    """How the total went: its levels from the first day on, and what moved it, the oldest first."""

    levels: tuple[Level, ...]
    moves: tuple[Moved, ...]


@dataclass(frozen=True, slots=True)
class Year:
    """The scorecards of a client's last year."""

    cards: Cards
    card: Card
    behind: Mapping[str, Behind]
    responses: Mapping[date, Tally]
    oldest: date
    """The first day whose responses are known."""
    last: date | None = None
    """The last day whose facts are known; None for all of them."""

    def scorecard_of(self, day: date) -> Scorecard:
        """As the facts known today give it for the end of a day."""
        now = self.card.inputs
        answers = {key: self._answer(key, latest, day) for key, latest in now.answers.items() if key in self.behind}
        reported = now.reported
        if reported and reported.day > day:
            reported = self._facts_until(day).reported()
        inputs = replace(
            now,
            answers={key: answer for key, answer in answers.items() if answer},
            reported=reported,
            responses=self.responses,
        )
        return scorecard(inputs, self.cards.model, day)

    def stands(self, key: str, first: date) -> list[Stand]:
        """What a question said from a day on, from what was read already; read anew where that does not reach."""
        dimension, day, zone = self.cards.model.dimension(key), self.card.score.as_of, self.cards.zone
        days = self.cards.model.nps_window_days
        if dimension.kind == "nps":
            if self.card.inputs.reported is None and window(first, days)[0] >= self.oldest:
                return nps_over_time(dimension, self.responses, [], days, (min(first, day), day))
        elif (behind := self.behind[key]).all or any(fact.timestamp(zone).day(zone) <= first for fact in behind.facts):
            facts = self._facts_until(day)
            answers = (facts.answer(fact, dimension) for fact in reversed(behind.facts))
            return answered_over_time(dimension, [one for one in answers if dimension.holds(one.value)], first)
        scored = self.card.scored
        return self._facts_until(day).stands(dimension, (min(first, day), day), scored.inputs, scored.since)

    def _answer(self, key: str, latest: Answer, day: date) -> Answer | None:
        """The answer that counted then: one of the newest facts, or a query of one row where these end too soon."""
        if latest.day <= day:
            return latest
        behind, zone = self.behind[key], self.cards.zone
        counting = next((fact for fact in behind.facts if fact.timestamp(zone).day(zone) <= day), None)
        if counting:
            return self._facts_until(day).answer(counting, self.cards.model.dimension(key))
        return None if behind.all else self._facts_until(day).answer_to(self.cards.model.dimension(key))

    def _facts_until(self, day: date) -> ClientFacts:
        return self.cards.client_facts(self.card.scored, day)

    def course(self, months: Sequence[Scorecard], *, people: bool) -> Course:
        """Day by day between the scorecards of the months, from what was read already.

        Where the facts that were read do not reach, and of the NPS where nobody may be told when somebody responded, it
        is known by month only: a step then stands at the end of its month.
        """
        model = self.cards.model
        by_day = {dimension.key: self._by_day(dimension, months, people=people) for dimension in model.dimensions}
        return course(by_day, months[0].as_of, model)

    def _by_day(self, dimension: Dimension, months: Sequence[Scorecard], *, people: bool) -> dict[date, Reading]:
        """What a question read on the days on which it may have changed."""
        first, last = months[0].as_of, months[-1].as_of
        if dimension.kind != "nps":
            read = dict(self._answered(dimension, first, last))
        elif people:
            read = dict(self._counted(dimension, first, last))
        else:
            read = {}
        for card in months:
            score = next(score for score in card.dimensions if score.key == dimension.key)
            read[card.as_of] = Reading(score.points, score.value)
        return read

    def _answered(self, dimension: Dimension, first: date, last: date) -> Iterator[tuple[date, Reading]]:
        """The readings of the facts, the latest of a day last: they come the newest first."""
        zone = self.cards.zone
        for fact in reversed(self.behind[dimension.key].facts):
            said, day = KINDS[fact.kind].said, fact.timestamp(zone).day(zone)
            value = said(fact.answer, dimension.key)[0] if said else None
            if value is not None and dimension.holds(value) and first < day <= last:
                yield day, Reading(dimension.points_for(value), value)

    def _counted(self, dimension: Dimension, first: date, last: date) -> Iterator[tuple[date, Reading]]:
        """The NPS of each day that has responses in its window: a day's come in, those of a year before fall out."""
        days = self.cards.model.nps_window_days
        start = window(first, days)[0]
        none = Tally()
        counts = sum((tally for day, tally in self.responses.items() if start <= day <= first), none)
        day = first
        while day < last:
            day += timedelta(days=1)
            gone, come = self.responses.get(day - timedelta(days=days), none), self.responses.get(day, none)
            had = counts.count
            counts = Tally(
                counts.promoters + come.promoters - gone.promoters,
                counts.passives + come.passives - gone.passives,
                counts.detractors + come.detractors - gone.detractors,
            )
            if counts.count:
                value = nps(counts)
                yield day, Reading(dimension.points_for(value), value)
            elif had:
                yield day, self._reported_on(day, dimension)

    def _reported_on(self, day: date, dimension: Dimension) -> Reading:
        reported = self.card.inputs.reported
        first, last = window(day, self.cards.model.nps_window_days)
        if reported is None or not first <= reported.day <= last:
            return _UNANSWERED
        return Reading(dimension.points_for(reported.value), reported.value)


def course(by_day: Mapping[str, Mapping[date, Reading]], first: date, model: Model) -> Course:
    """The levels and moves of questions that are each read on some days; of all of them on the first."""
    now = {key: read[first] for key, read in by_day.items()}
    levels, moves = [_level(first, now, model)], []
    for day in sorted({day for read in by_day.values() for day in read if day > first}):
        moved = [
            Moved(day, key, now[key], read[day])
            for key, read in by_day.items()
            if day in read and read[day].points != now[key].points
        ]
        now |= {key: read[day] for key, read in by_day.items() if day in read}
        if moved:
            moves += moved
            levels.append(_level(day, now, model))
    return Course(tuple(levels), tuple(moves))


def _level(day: date, read: Mapping[str, Reading], model: Model) -> Level:
    known = {key for key, reading in read.items() if reading.points is not None}
    return Level(
        day,
        sum(reading.points or 0 for reading in read.values()),
        sum(dimension.max for dimension in model.dimensions if dimension.key in known),
    )


def month_ends(today: date) -> list[date]:
    """The last days of the `MONTHS` months before this one, and today."""
    ends = [today]
    for _ in range(MONTHS):
        ends.append(ends[-1].replace(day=1) - timedelta(days=1))
    return ends[::-1]
