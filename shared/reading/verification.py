"""Whether a stored scorecard still says what the facts of its client give."""

from collections.abc import Callable
from datetime import date, datetime, tzinfo

from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.scorecard import scorecard
from shared.storage.alias_groups import read_alias_group
from shared.storage.client_anew import FactReader, differences
from shared.storage.facts import Facts
from shared.storage.records import Scored
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class Verification:
    """A stored scorecard beside one that was made from the facts just now."""

    client_id: str
    as_of: date
    stored: str | None
    """The digest of what is stored, told for that day; None where nothing is that can be read."""
    fresh: str
    """The digest that the facts give."""
    differs: tuple[str, ...]
    """In which parts what is stored differs; also parts that no digest covers, such as agreements."""

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return self.stored == self.fresh

    @property
    def holds(self) -> bool:
        """Whether nothing of what is stored differs, told or not."""
        return self.equal and not self.differs


@dataclass(frozen=True, slots=True)
class Verifying:
    """Reads all facts of a client, and stores nothing. A record that is on its way is found to differ."""

    facts: Facts
    scores: Scores
    model: Model
    zone: tzinfo
    clock: Callable[[], datetime]

    def __call__(self, name: str) -> Verification | None:
        """What is found of the client that goes by this name; None where nothing is told of it."""
        group = read_alias_group([name], self.facts, self.scores)
        client_id = group.owners[name]
        held, names = group.records[client_id], group.names_of(client_id)
        scored = held if isinstance(held, Scored) else None
        if scored is None and not any(self.facts.has_facts(known) for known in names.all):
            return None
        day = self.clock().astimezone(self.zone).date()
        if scored:
            day = max(day, scored.as_of)
        reader = FactReader(self.facts, self.model, self.zone)
        found = reader.read(client_id, names, day)
        parts: tuple[str, ...] = ("scorecard",)
        if scored:
            then = found if scored.as_of == day else reader.read(client_id, names, scored.as_of)
            parts = differences(scored, then)
        return Verification(
            client_id=client_id,
            as_of=day,
            stored=scorecard(scored.inputs, self.model, day).digest() if scored else None,
            fresh=scorecard(found.readings.inputs, self.model, day).digest(),
            differs=parts,
        )
