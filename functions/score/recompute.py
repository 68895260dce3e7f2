"""Brings a client's scorecard and ledger up to date with its facts: gather, decide, apply."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, tzinfo
from typing import Protocol

from functions.score.alias_groups import last_erased, names_left_behind, resolve_aliases
from functions.score.gather import Gatherer
from functions.score.invalidation import Invalidation
from functions.score.outcome import Before, Decision
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ScoringInputs
from shared.opmm.kinds import DESCRIPTION, RESPONSES
from shared.opmm.ledger import told
from shared.opmm.model import Model
from shared.storage.alias_groups import AliasGroup, Names, read_alias_group
from shared.storage.client_anew import Found, differences
from shared.storage.facts import Facts
from shared.storage.records import Record, Scored, Unreadable, Vacant
from shared.storage.scores import Scores, VersionConflictError

ATTEMPTS = 12
"""Readings of one client before its records are given back to the stream for later."""


class ContentionError(RuntimeError):
    """Others kept writing the same client; the stream delivers the records again."""


@dataclass(frozen=True, slots=True)
class Drift:
    """A stored scorecard that says something else than its facts, for another reason than the passing of time."""

    client_id: str
    version: int
    """That of the scorecard; 0 where there is none."""
    parts: tuple[str, ...]
    """In what it differs; never a value."""
    damaged: bool = False
    """Whether it could not be read: no record on its way would mend that."""


class Judge(Protocol):
    """Decides at night what becomes of drift. A record that is still on its way looks like one that was lost."""

    def mends(self, drift: Drift) -> bool:
        """Whether it is mended now."""

    def mended(self, drift: Drift) -> None:
        """Is told once it is."""


@dataclass(frozen=True, slots=True)
class Recompute:
    """Recomputes clients one at a time. Safe to repeat, to run late and to run beside others of its kind."""

    facts: Facts
    scores: Scores
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]
    dropped: Callable[[str, list[str]], object]
    """Is told of a client whose ledger tells of questions that the model does not ask any more."""
    judge: Judge | None = None
    """Is asked where a refresh finds drift; without one it is mended at once."""

    def __call__(self, name: str, invalidation: Invalidation) -> None:
        """Brings the client that goes by this name up to date with what was invalidated.

        Raises ContentionError after `ATTEMPTS` lost races.
        """
        for _ in range(ATTEMPTS):
            client_id, record = self.scores.read_client(name)
            try:
                self._attempt(name, client_id, record, invalidation)
            except VersionConflictError:
                continue
            return
        raise ContentionError(f"{name}: {ATTEMPTS} attempts were overtaken by others")

    def _attempt(self, asked: str, name: str, record: Record, invalidation: Invalidation) -> None:
        """Gathers, decides, applies once. Raises VersionConflictError when somebody else was faster.

        `asked` is the name that something happened to. Where the client that it leads to does not know it, all names
        are looked at again: an alias may have been taken back while it was being marked.
        """
        if isinstance(record, Vacant) and record.erasing:  # once that is done, what came in meanwhile wakes us again
            return
        now = self.clock()
        outdated: list[str] = []
        if isinstance(record, Scored) and asked in record.names and not _names_again(invalidation):
            names = Names(record.names, record.inputs.description)
        else:
            group = read_alias_group([asked], self.facts, self.scores)
            self._leave_behind(group, now)
            aliases = resolve_aliases(group, self.facts, self.scores, now, refresh=invalidation.refresh)
            name = aliases.owner(asked)
            record, names = aliases.group.records[name], aliases.names_of(name)
            outdated = [other for other in aliases.outdated() if other != name]
            # Before the client is written without them: should this end halfway, the next try finds them here again.
            for freed in aliases.vacant_beside(name):
                self._set_up(freed)
        # No event costs a read for it: what a sound scorecard may have forgotten of an erasure is found at night.
        trusted = record.version and not isinstance(record, Unreadable) and not invalidation.refresh
        erased_at = record.erased_at if trusted else last_erased(name, record, self.facts)
        gone = isinstance(record, Vacant) and (record.version or erased_at or invalidation.refresh)
        if gone and not any(self.facts.has_facts(known) for known in names.all):
            if erased_at != record.erased_at:
                vacant = Vacant(record.version + 1, record.changed_at, erased_at)
                self.scores.vacate(name, vacant, over=record)
        else:
            self._recompute(name, record, names, invalidation, now, erased_at=erased_at)
        for other in outdated:
            self(other, Invalidation(everything=True, refresh=invalidation.refresh))

    def _leave_behind(self, group: AliasGroup, now: datetime) -> None:
        """Makes clients without the names that come back to them. Raises VersionConflictError where there are any."""
        left_behind = names_left_behind(group)
        for client_id, left in left_behind.items():
            record = group.records[client_id]
            self._recompute(client_id, record, left, Invalidation(everything=True), now, erased_at=record.erased_at)
        if left_behind:
            raise VersionConflictError(", ".join(left_behind))  # what was read is of before that

    def _recompute(
        self,
        name: str,
        record: Record,
        names: Names,
        invalidation: Invalidation,
        now: datetime,
        *,
        erased_at: datetime | None,
    ) -> None:
        held = record if isinstance(record, Scored) else None
        today = now.astimezone(self.zone).date()
        # Another instance's clock may be ahead: then its day has begun for this client, and is not taken back.
        day = max(today, held.as_of) if held else today
        found = Gatherer(self.facts, self.model, self.zone).gather(held, name, names, invalidation, day)
        before = replace(self._before(name, record), erased_at=erased_at)
        # No earlier than the last change, which may have been written by a clock that is ahead.
        decision = Decision(self.model, self.scores.made_with, max(now, before.changed_at or now), day)
        named = self._named(name, held, found, invalidation)
        outcome = decision.outcome(held, before, found, invalidation, named)
        if outcome is None:
            self._let_go(held, names)
            return
        if isinstance(record, Vacant) and self._is_empty(outcome.record, names):
            return  # all that it was told of counts elsewhere
        drift = None
        if invalidation.refresh and self.judge:
            drift = self._drift(name, record, found, names, day, erased_at=erased_at)
        if drift and self.judge and not self.judge.mends(drift):
            return
        self.scores.write(outcome.record, outcome.card, outcome.changes, outcome.signals, over=record)
        if drift and self.judge:
            self.judge.mended(drift)
        self._let_go(outcome.record, names)

    def _let_go(self, record: Scored | None, names: Names) -> None:
        """Forgets a client of which nothing is left: its facts were taken back, and its ledger says so by now."""
        if record and self._is_empty(record, names):
            vacant = Vacant(record.version + 1, record.changed_at, record.erased_at)
            self.scores.vacate(record.inputs.client_id, vacant, over=record)

    def _is_empty(self, record: Scored, names: Names) -> bool:
        """Whether nothing is known of a client, and no fact is left that says so, such as a response taken back."""
        return _says_nothing(record.inputs) and not any(self.facts.has_facts(known) for known in names.all)

    def _drift(
        self, name: str, record: Record, found: Found, names: Names, day: date, *, erased_at: datetime | None
    ) -> Drift | None:
        """In what a scorecard differs from what the facts give for its own day; None where only time has passed."""
        if isinstance(record, Scored):
            if record.as_of != day:
                everything = Invalidation(everything=True)
                found = Gatherer(self.facts, self.model, self.zone).gather(
                    record, name, names, everything, record.as_of
                )
            parts = differences(record, found) + (("erasure",) if record.erased_at != erased_at else ())
            return Drift(name, record.version, parts) if parts else None
        if isinstance(record, Unreadable):
            damaged = Drift(name, record.version, ("scorecard",), damaged=True)
            return None if record.made_otherwise else damaged
        return Drift(name, record.version, ("scorecard",))

    def _before(self, name: str, record: Record) -> Before:
        """What was told of the client, by its ledger where there is no scorecard, or none that can be read."""
        unreadable = isinstance(record, Unreadable)
        if not unreadable and record.version:
            return Before(record.version, changed_at=record.changed_at)
        changes = self.scores.ledger(name)
        if not unreadable and not changes:
            return Before()
        said = told(changes)
        gone = [key for key in said if self.model.find(key) is None]
        if gone:
            self.dropped(name, gone)
        return Before(
            version=max([record.version, *(change.version for change in changes)]),
            readings=said,
            cause="model" if isinstance(record, Unreadable) and record.other_model else "rebuild",
            changed_at=max((change.at for change in changes), default=record.changed_at),
            names=changes[-1].names if changes else (),
        )

    def _named(self, name: str, held: Scored | None, found: Found, invalidation: Invalidation) -> Iterable[str]:
        """Facts that a change names already: looked up only where responses say nothing that is not held.

        Then somebody else was faster, and has named them or not; or the same records come once more.
        """
        responses = found.readings.inputs.responses
        counted = held is not None and all(
            held.inputs.responses.get(day) == responses.get(day) for day in invalidation.days
        )
        touched = any(RESPONSES in lanes for lanes in invalidation.reach.values())
        if not counted or not touched:
            return ()
        changes = self.scores.latest_changes(name)
        # Facts that came along with a name are behind the word that gave the client this name.
        if any(fact_id.startswith(DESCRIPTION) for change in changes for fact_id in change.facts):
            return invalidation.causes
        # What named a fact as new did not name its correction: a change behind which there is one is never called new.
        return {
            fact_id
            for fact_id, cause in invalidation.causes.items()
            if any(fact_id in change.facts and (cause == "new" or change.cause != "new") for change in changes)
        }

    def _set_up(self, name: str) -> None:
        """A name that is no longer an alias is a client of its own again, if it has facts."""
        if self.facts.has_facts(name):
            self(name, Invalidation(everything=True))


def _says_nothing(inputs: ScoringInputs) -> bool:
    """Whether nothing is known of a client; there may be facts all the same, which count for nothing."""
    responses = any(tally.count for tally in inputs.responses.values())
    return not (inputs.answers or inputs.reported or responses or inputs.description.described)


def _names_again(invalidation: Invalidation) -> bool:
    """Whether the names of a client have to be looked at."""
    return invalidation.described or invalidation.everything
