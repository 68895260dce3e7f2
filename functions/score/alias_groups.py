"""The names of a client: which other names its facts lie under, by what descriptions say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from shared.opmm.aliases import Claim, resolve
from shared.opmm.inputs import Description
from shared.opmm.ledger import closing
from shared.storage.facts import Facts, StoredFact
from shared.storage.records import Alias, Entry, Scored, Vacant
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class Names:
    """Every name under which a client's facts lie, its own id first, and what it is called."""

    all: tuple[str, ...]
    description: Description


@dataclass(slots=True)
class AliasGroup:
    """All names that are tied to one another by claims, past or present, and what each stands for."""

    entries: dict[str, Entry] = field(default_factory=dict)
    told: dict[str, list[StoredFact]] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    """By name, the client it belongs to."""
    freed: set[str] = field(default_factory=set)
    """Names that were aliases and no longer are."""

    def names_of(self, client_id: str) -> Names:
        """A client's names, and what the latest description that mentions a field says of it."""
        others = sorted(name for name, owner in self.owners.items() if owner == client_id and name != client_id)
        names = (client_id, *others)
        told = sorted((fact for name in names for fact in self.told[name]), key=lambda fact: fact.revision)
        said = {key: value for fact in told for key, value in fact.answer.items()}
        description = Description(said.get("name", client_id), said.get("status", "active"), tuple(others))
        return Names(names, description)

    def vacant_beside(self, client_id: str) -> list[str]:
        """Names that were freed, now or in a try that ended halfway: the client's scorecard still counts them."""
        entry = self.entries[client_id]
        held = entry.names if isinstance(entry, Scored) else ()
        vacant = {name for name in held if isinstance(self.entries.get(name), Vacant)}
        return sorted((self.freed | vacant) - {client_id})

    def outdated(self) -> list[str]:
        """Clients whose scorecards were made from other names than they have now."""
        return [
            name
            for name, entry in sorted(self.entries.items())
            if isinstance(entry, Scored) and set(entry.names) != set(self.names_of(name).all)
        ]


def join(name: str, facts: Facts, scores: Scores, now: datetime) -> AliasGroup:
    """Finds all names that are tied to this one, decides whose each is, and marks the aliases.

    A client that becomes an alias closes its ledger: should it be a client of its own again, it begins from nothing.

    A name is marked before its facts are read for another client: whoever stores a fact under it afterwards rings for
    a name that is marked already, so no fact falls between. Raises VersionConflictError when somebody else writes one
    of the names meanwhile.
    """
    around = _gather(name, facts, scores)
    owners = resolve(around.claims)
    around.owners = {each: owners.get(each, each) for each in around.entries}
    for each, client_id in around.owners.items():
        entry = around.entries[each]
        if client_id == each:
            if isinstance(entry, Alias):
                vacant = Vacant(entry.version + 1, entry.changed_at)
                scores.vacate(each, vacant)
                around.entries[each] = vacant
                around.freed.add(each)
            continue
        claimants = tuple(sorted({claim.claimant for claim in around.claims if claim.alias == each}))
        if isinstance(entry, Alias) and (entry.alias_of, entry.claimants) == (client_id, claimants):
            continue
        at = max(now, entry.changed_at) if entry.changed_at else now
        last = closing(entry.version + 1, at, entry.readings) if isinstance(entry, Scored) else None
        marker = Alias(entry.version + 1, client_id, claimants, last.at if last else entry.changed_at)
        scores.mark_alias(each, marker, [last] if last else [])
        around.entries[each] = marker
    return around


def _gather(name: str, facts: Facts, scores: Scores) -> AliasGroup:
    around, waiting = AliasGroup(), [name]
    while waiting:
        each = waiting.pop()
        if each in around.entries:
            continue
        entry, told = scores.read(each), facts.descriptions(each)
        claims = _claims(each, told)
        around.entries[each], around.told[each] = entry, told
        around.claims += claims
        waiting += [claim.alias for claim in claims]
        waiting += _tied(entry)
    return around


def _tied(entry: Entry) -> Iterable[str]:
    """Names that what is held of a name leads to."""
    if isinstance(entry, Alias):
        return [entry.alias_of, *entry.claimants]
    return entry.names if isinstance(entry, Scored) else []


def _claims(name: str, told: Sequence[StoredFact]) -> list[Claim]:
    """The aliases in each source's latest list of them: one source's silence does not take back another's word."""
    latest: dict[str, StoredFact] = {}
    for fact in sorted(told, key=lambda fact: fact.revision):
        if "aliases" in fact.answer:
            latest[fact.source] = fact
    return [Claim(fact.revision, name, alias) for fact in latest.values() for alias in fact.answer["aliases"]]
