"""Brings a client's scorecard and ledger up to date with its facts: gather, decide, apply."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from functions.score.alias_groups import Names, join
from functions.score.gather import Gatherer
from functions.score.invalidation import Invalidation
from functions.score.outcome import decide
from shared.opmm.model import Model
from shared.storage.facts import Facts
from shared.storage.records import Alias, Entry, Scored
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

    def __call__(self, name: str, touched: Invalidation) -> None:
        """Brings the client that goes by this name up to date with what was touched.

        Raises ContentionError after `ATTEMPTS` lost races.
        """
        for _ in range(ATTEMPTS):
            client_id, entry = self._client(name)
            try:
                self._attempt(name, client_id, entry, touched)
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

    def _attempt(self, asked: str, name: str, entry: Entry, touched: Invalidation) -> None:
        """Gathers, decides, applies once. Raises VersionConflictError when somebody else was faster.

        `asked` is the name that was rung for. Where the client that it leads to does not know it, all names are looked
        at again: an alias may have been taken back while it was being marked.
        """
        now = self.clock()
        outdated: list[str] = []
        if isinstance(entry, Scored) and asked in entry.names and not touched.described and not touched.everything:
            names = Names(entry.names, entry.standing.description)
        else:
            around = join(asked, self.facts, self.scores, now)
            name = around.owners[asked]
            entry, names = around.entries[name], around.names_of(name)
            outdated = [other for other in around.outdated() if other != name]
            # Before the client is written without them: should this end halfway, the next try finds them here again.
            for freed in around.vacant_beside(name):
                self._set_up(freed)
        held = entry if isinstance(entry, Scored) else None
        today = now.astimezone(self.zone).date()
        found = Gatherer(self.facts, self.model, self.zone).gather(held, name, names, touched, today)
        outcome = decide(
            held,
            found,
            names=names.all,
            version=entry.version,
            model=self.model,
            now=max(now, entry.changed_at) if entry.changed_at else now,
            today=today,
            touched=touched,
        )
        if outcome:
            self.scores.write(outcome.entry, outcome.card, outcome.changes, over=entry.version)
        for other in outdated:
            self(other, Invalidation(everything=True))

    def _set_up(self, name: str) -> None:
        """A name that is no longer an alias is a client of its own again, if it has facts."""
        if self.facts.any(name):
            self(name, Invalidation(everything=True))
