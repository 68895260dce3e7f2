"""A scorecard made from the facts while somebody waits, where the one that is stored cannot be read."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.storage.alias_groups import read_alias_group
from shared.storage.client_anew import FactReader
from shared.storage.facts import Facts
from shared.storage.records import Scored, Unreadable
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class Anew:
    """Reads all facts of a client and stores nothing: the score function mends what is stored."""

    facts: Facts
    scores: Scores
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]

    def __call__(self, name: str) -> Scored | None:
        """The scorecard of a client, as a recompute would make it; None when nothing was ever told of it.

        That of the client that has the name, where it is the word that the name is an alias which cannot be read.
        """
        group = read_alias_group([name], self.facts, self.scores)
        name = group.owners[name]
        held, names = group.records[name], group.names_of(name)
        if isinstance(held, Scored):
            return held
        if not any(self.facts.any(known) for known in names.all):
            return None
        record = held if isinstance(held, Unreadable) else Unreadable()
        now = self.clock()
        day = now.astimezone(self.zone).date()
        found = FactReader(self.facts, self.model, self.zone).read(name, names, day)
        last = next(iter(self.scores.latest_changes(name, 1)), None)
        return found.scored(
            self.model,
            self.scores.made_with,
            day,
            version=max(record.version, last.version if last else 0, 1),
            changed_at=record.changed_at or (last.at if last else now),
        )[0]
