"""Decides what is written of a client: its scorecard, and an entry in the ledger for everything that moved."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from functions.score.invalidation import STRENGTH, Invalidation
from functions.score.stood import stood
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Answer, ScoringInputs
from shared.opmm.kinds import DESCRIPTION, RESPONSES, lane_of, lanes_behind
from shared.opmm.ledger import Cause, Change, Move, Readings, moves, readings, total
from shared.opmm.model import Model
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.signals import Signal, begun, standing
from shared.opmm.timestamps import window
from shared.storage.client_anew import Found
from shared.storage.codec import summary_of
from shared.storage.holdings import Holdings
from shared.storage.records import MadeWith, Scored, Summary

MOST_FACTS = 100
"""Facts named behind one change; an import may touch thousands at once."""

MOST_UNNAMED = 40
"""Facts that wait to be named behind the next change of the NPS, as they stand in the scorecard."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written in one go."""

    record: Scored
    card: Scorecard
    changes: tuple[Change, ...]
    """Each under a version of its own; the last is the record's."""
    signals: tuple[Signal, ...] = ()
    """News besides, under the version of the record."""


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of a client besides its scorecard: what was told, where that cannot be read, by its ledger."""

    version: int = 0
    readings: Readings | None = None
    cause: Cause | None = None
    """Why it is made anew; None for a client that nothing was known of."""
    names: tuple[str, ...] = ()
    """The other names that this rests on."""
    changed_at: datetime | None = None
    """When the last change was."""
    erased_at: datetime | None = None
    """When an earlier client of this name was erased."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one set of readings to the next."""

    old: Readings
    new: Readings
    moves: tuple[Move, ...]
    cause: Cause | None
    """None where facts are what moved it."""


@dataclass(frozen=True, slots=True)
class Decision:
    """How a recompute decides."""

    model: Model
    made_with: MadeWith
    now: datetime
    day: date

    def outcome(
        self,
        held: Scored | None,
        before: Before,
        found: Found,
        invalidation: Invalidation,
        named: Iterable[str] = (),
    ) -> Outcome | None:
        """What is written, or None when what is held says it all already.

        What only the passing of time moved is told apart from what facts moved: first the score that the held facts
        give on the day, then the score of the facts that were found. `named` are facts that a change names already.
        """
        version = held.version if held else before.version
        at = max(self.now, held.changed_at) if held else self.now
        record, card = found.scored(self.model, self.made_with, self.day, version=version, changed_at=at)
        steps = self._steps(held, before, record.readings)
        behind = Behind(
            model=self.model,
            day=self.day,
            held=held.inputs if held else None,
            found=record.inputs,
            invalidation=invalidation,
            # What waits to be named may be a fact of a name that has left.
            unnamed=held.unnamed if held and set(held.names) <= {*record.names} else {},
            joined=found.joined,
        )
        # What the window moves names no facts: those that wait go on waiting.
        unnamed = behind.left_over([move for step in steps if step.cause != "window" for move in step.moves], named)
        rested_on = held.holdings.aliases if held else before.names
        names = tuple(sorted({*rested_on, *found.holdings.aliases}))
        telling = [step for step in steps if step.moves]
        changes = tuple(
            behind.change(step, number, at, names) for number, step in enumerate(telling, start=version + 1)
        )
        stands = standing(card, record.discussion, found.planned.agenda)
        news = begun(stood(held, found, stands, self.day) if held else None, stands)
        record = replace(
            record,
            version=version + max(len(changes), 1),
            changed_at=at if changes or held is None else held.changed_at,
            unnamed=unnamed,
            standing=news.held,
            erased_at=before.erased_at,
        )
        if held and not self._says_more(record, card, held):
            return None
        signals = tuple(Signal(record.version, at, standing, names) for standing in news.told)
        return Outcome(record, card, changes, signals)

    def _says_more(self, record: Scored, card: Scorecard, held: Scored) -> bool:
        """Whether anything would be told differently by what is held, which may be of an earlier day."""
        first = record.since

        def said(scored: Scored) -> tuple[Any, ...]:
            # Responses of days that no scorecard looks back to any more do no harm.
            inputs = replace(scored.inputs, responses=_from(first, scored.inputs.responses))
            earlier = replace(scored.earlier, responses=inputs.responses)
            places = _places(record.holdings, inputs, earlier)
            parts = (
                scored.holdings,
                scored.planned,
                scored.months,
                scored.unnamed,
                scored.readings,
                scored.changes_on,
                scored.standing,
                scored.erased_at,
            )
            return (inputs, earlier, places, *parts)

        return said(record) != said(held) or _row(record, card) != _row(
            held, scorecard(held.inputs, self.model, held.as_of)
        )

    def _steps(self, held: Scored | None, before: Before, after: Readings) -> list[Step]:
        """From what was told to what is told now."""
        if held is None:
            return [self._step(before.readings or {}, after, before.cause)]
        waited = readings(scorecard(held.inputs, self.model, self.day))
        return [self._step(held.readings, waited, "window"), self._step(waited, after)]

    def _step(self, old: Readings, new: Readings, cause: Cause | None = None) -> Step:
        return Step(old, new, moves(old, new, self.model.keys), cause)


@dataclass(frozen=True, slots=True)
class Behind:
    """Which facts are behind a change, and what happened to them.

    The records of one batch of events may come in several invocations, in any order, and each reads what stands: one of
    them tells a change that facts have caused whose records are still on their way. So a change names the fact that
    stands now, whoever woke the function; and a response that counts without having been named is kept until the next
    change of the NPS.
    """

    model: Model
    day: date
    held: ScoringInputs | None
    found: ScoringInputs
    invalidation: Invalidation
    unnamed: Mapping[str, Cause]
    joined: bool
    """Whether names have come or gone: then the word that says so is behind whatever moved."""

    def change(self, step: Step, version: int, at: datetime, names: tuple[str, ...]) -> Change:
        """The entry of the ledger for a step; the passing of time is behind a window, and no fact."""
        facts, by_facts = ((), None) if step.cause == "window" else self.facts(step.moves)
        facts = facts[:MOST_FACTS]
        return Change(
            version=version,
            at=at,
            cause=step.cause or by_facts or "rebuild",
            total_before=total(step.old),
            total_after=total(step.new),
            moves=step.moves,
            facts=facts,
            names=tuple(sorted({*names, *self._told_under(facts)} - {self.found.client_id, ""})),
            latest=max(self._days(step.moves, facts), default=None),
        )

    def _told_under(self, facts: Iterable[str]) -> Iterator[str]:
        """The names under which these facts were told: such a name may hold nothing by now that counts.

        Of a response that has waited to be named it is not known which: any name of the client.
        """
        for fact_id in facts:
            if fact_id in self.invalidation.causes:
                yield self.invalidation.name
            elif fact_id in self.unnamed:
                yield from self.found.names

    def _days(self, parts: Iterable[Move], facts: Collection[str]) -> Iterator[date]:
        """The days of these facts, as far as records or answers tell them."""
        yield from (self.invalidation.latest[fact_id] for fact_id in facts if fact_id in self.invalidation.latest)
        for part in parts:
            answers = (self._answer(inputs, part.key) for inputs in (self.held, self.found))
            yield from (answer.day for answer in answers if answer and answer.fact_id in facts)

    def facts(self, parts: Iterable[Move]) -> tuple[tuple[str, ...], Cause | None]:
        """The facts behind these moves, sorted, and the cause that names them; None without facts."""
        causes: dict[str, Cause] = {}
        for part in parts:
            causes |= self._causes(part)
        # Nothing happened of which a record tells: what is found to be otherwise at night was made anew.
        if self.invalidation.refresh or not (self.invalidation.causes or self.unnamed):
            return (), None
        if not causes:
            # What woke us was taken back before it ever counted. A first scorecard finds responses then whose records
            # are on their way: they are named by the next change.
            first = self.held is None and RESPONSES in self._lanes(parts)
            return (), "new" if first else None
        return tuple(sorted(causes)), min(causes.values(), key=STRENGTH.index)

    def left_over(self, parts: Iterable[Move], named: Iterable[str]) -> dict[str, Cause]:
        """The responses that count, or have ceased to, and that no change names yet; those longest waiting first."""
        if RESPONSES in self._lanes(parts) or self.model.answered_from("nps") is None:
            return {}
        known = {*named, *self.unnamed}
        touched = {
            fact_id: cause
            for fact_id, cause in self.invalidation.causes.items()
            if RESPONSES in self.invalidation.reach.get(fact_id, ()) and fact_id not in known
        }
        waiting = {**self.unnamed, **touched}
        return dict(list(waiting.items())[:MOST_UNNAMED])

    def _causes(self, part: Move) -> dict[str, Cause]:
        """By fact, what happened to those behind one move."""
        lanes = self._lanes([part])
        causes = {
            fact_id: cause
            for fact_id, cause in self.invalidation.causes.items()
            if self.invalidation.reach.get(fact_id, set()) & lanes or (self.joined and fact_id.startswith(DESCRIPTION))
        }
        causes = {fact_id: cause for fact_id, cause in self.unnamed.items() if lane_of(fact_id) in lanes} | causes
        before, now = (self._answer(inputs, part.key) for inputs in (self.held, self.found))
        if now and before and before.fact_id == now.fact_id and causes.get(now.fact_id, "new") == "new":
            causes[now.fact_id] = "correction"  # whatever woke us: the question rested on another version of this fact
        elif before and (before.day > now.day if now else not (lanes & {RESPONSES})):
            # Not where responses have taken the place of a reported NPS, which stands as ever.
            if before.name in ("", *self.found.names):  # it was taken back, by a record that may still be on its way
                causes.setdefault(before.fact_id, "retraction")
        elif now and now.fact_id not in causes:
            causes[now.fact_id] = "new"
        return causes

    def _lanes(self, parts: Iterable[Move]) -> set[str]:
        dimensions = (self.model.find(part.key) for part in parts)
        return {lane for dimension in dimensions if dimension for lane in lanes_behind(dimension)}

    def _answer(self, inputs: ScoringInputs | None, key: str) -> Answer | None:
        """The one fact that a question rests on; None for an NPS of responses."""
        if inputs is None:
            return None
        dimension = self.model.find(key)
        if dimension is None or dimension.kind != "nps":
            return inputs.answers.get(key)
        first, last = window(self.day, self.model.nps_window_days)
        responses = any(first <= day <= last for day in inputs.responses)
        reported = None if responses else inputs.reported
        return reported if reported and first <= reported.day <= last else None


_ANY_TIME = datetime.min.replace(tzinfo=UTC)


def _from(first: date, responses: Mapping[date, Tally]) -> dict[date, Tally]:
    return {day: counts for day, counts in responses.items() if day >= first}


def _row(scored: Scored, card: Scorecard) -> Summary:
    """The row of the portfolio without what is told when it is read: the day, and what follows from it alone."""
    row = summary_of(scored, card)
    reasons = tuple(replace(reason, days=0) if reason.days is not None else reason for reason in row.discussion)
    return replace(row, as_of=date.min, digest="", discussion=reasons, version=0, changed_at=_ANY_TIME)


def _places(holdings: Holdings, *each_inputs: ScoringInputs) -> list[tuple[str, str]]:
    """Where answers stand among others, which is held for clients whose facts lie under several names."""
    if not holdings.aliases:
        return []
    return [
        (answer.position, answer.name)
        for inputs in each_inputs
        for answer in (*inputs.answers.values(), inputs.reported, inputs.latest_response)
        if answer
    ]
