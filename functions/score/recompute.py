"""Brings a client's scorecard and ledger up to date with its facts: gather, decide, apply."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo

from functions.score.names import Names, join
from functions.score.outcome import decide
from functions.score.touched import Touched
from shared.opmm.model import DIMENSIONS, Model
from shared.opmm.moments import window
from shared.opmm.standing import Answer, Standing
from shared.storage.entries import Alias, Entry, Scored
from shared.storage.facts import Facts
from shared.storage.joined import JoinedFacts
from shared.storage.scores import MOST_HOPS, Scores, VersionConflictError

ATTEMPTS = 12
"""Readings of one client before its records are given back to the stream for later."""


class ContentionError(RuntimeError):
    """Others kept writing the same client; the stream delivers the records again."""


@dataclass(frozen=True, slots=True)
class Recompute:
    """Recomputes clients one at a time. Safe to repeat, to run late and to run beside others of its kind."""

    facts: Facts
    scores: Scores
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]

    def __call__(self, name: str, touched: Touched) -> None:
        """Brings the client that goes by this name up to date with what was touched.

        Raises ContentionError after `ATTEMPTS` lost races.
        """
        for _ in range(ATTEMPTS):
            client_id, entry = self._client(name)
            try:
                self._attempt(client_id, entry, touched)
            except VersionConflictError:
                continue
            return
        raise ContentionError(f"{name}: {ATTEMPTS} attempts were overtaken by others")

    def _client(self, name: str) -> tuple[str, Entry]:
        """The client behind a name, and what is held of it."""
        entry = self.scores.read(name)
        for _ in range(MOST_HOPS):
            if not isinstance(entry, Alias):
                break
            name = entry.alias_of
            entry = self.scores.read(name)
        return name, entry

    def _attempt(self, name: str, entry: Entry, touched: Touched) -> None:
        """Gathers, decides, applies once. Raises VersionConflictError when somebody else was faster."""
        around = None
        if not isinstance(entry, Scored) or touched.described or touched.everything:
            around = join(name, self.facts, self.scores)
            name = around.owners[name]
            entry = around.entries[name]
            for freed in around.freed:
                self._set_up(freed)
        held = entry if isinstance(entry, Scored) else None
        if around is not None:
            names = around.names_of(name)
        elif held is not None:
            names = Names(held.names, held.standing.description)

        now = self.clock()
        today = now.astimezone(self.zone).date()
        facts = JoinedFacts(self.facts, names.all, self.zone)
        standing = (
            self._rebuilt(name, names, facts, today)
            if held is None or touched.everything or set(held.names) != set(names.all)
            else self._refreshed(held.standing, names, facts, touched, today)
        )
        outcome = decide(
            held,
            standing,
            names=names.all,
            version=entry.version,
            model=self.model,
            now=now,
            today=today,
            touched=touched,
        )
        if outcome:
            self.scores.write(outcome.entry, outcome.card, outcome.changes, over=entry.version)
        for other in around.outdated() if around else ():
            if other != name:
                self(other, Touched(everything=True))

    def _set_up(self, name: str) -> None:
        """A name that is no longer an alias is a client of its own again, if it has facts."""
        if self.facts.any(name):
            self(name, Touched(everything=True))

    def _rebuilt(self, client_id: str, names: Names, facts: JoinedFacts, today: date) -> Standing:
        """What stands by all facts: read when nothing is held yet, or when the names have changed."""
        return Standing(
            client_id=client_id,
            description=names.description,
            answers=self._latest(facts, DIMENSIONS, {}),
            reported=facts.reported(),
            responses=facts.tallies_since(self._window_start(today)),
            latest_response=facts.latest_response(),
        )

    def _refreshed(self, held: Standing, names: Names, facts: JoinedFacts, touched: Touched, today: date) -> Standing:
        """What is held, with only what was touched read again: its cost does not grow with the client's history."""
        for version in facts.siblings(touched.causes):
            touched.reaches(version.fact_id, version.positions, version.observed_at, self.zone)
        start = self._window_start(today)
        responses = {day: counts for day, counts in held.responses.items() if day >= start}
        responses |= {day: facts.tally_of(day) for day in touched.days if day >= start}
        nps_touched = "nps" in touched.dimensions
        return replace(
            held,
            description=names.description,
            answers=self._latest(facts, touched.dimensions, held.answers),
            reported=facts.reported() if nps_touched else held.reported,
            responses={day: counts for day, counts in responses.items() if counts.count},
            latest_response=facts.latest_response() if nps_touched else held.latest_response,
        )

    def _latest(self, facts: JoinedFacts, dimensions: Iterable[str], held: Mapping[str, Answer]) -> dict[str, Answer]:
        """The latest answers, those of these dimensions read again."""
        again = {dimension: facts.latest(dimension) for dimension in sorted(set(dimensions) - {"nps"})}
        return {key: answer for key, answer in {**held, **again}.items() if answer}

    def _window_start(self, today: date) -> date:
        return window(today, self.model.nps_window_days)[0]
