"""Marks names as aliases of the clients that claim them, and gives them back when nobody does any more."""

from collections.abc import Mapping
from datetime import datetime

from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Readings, closing, told
from shared.storage.alias_groups import AliasGroup, Names
from shared.storage.facts import Facts
from shared.storage.records import Alias, Record, Scored, Unreadable, Vacant
from shared.storage.scores import Scores


@dataclass(frozen=True, slots=True)
class ResolvedAliases:
    """A group of names, of which each alias is marked as one."""

    group: AliasGroup
    freed: frozenset[str]
    """Names that were aliases and no longer are."""

    def owner(self, name: str) -> str:
        """The client that a name belongs to."""
        return self.group.owners[name]

    def names_of(self, client_id: str) -> Names:
        """A client's names, and what it is called."""
        return self.group.names_of(client_id)

    def vacant_beside(self, client_id: str) -> list[str]:
        """Names that were freed, now or in a try that ended halfway: the client's scorecard still counts them."""
        record = self.group.records[client_id]
        held = record.names if isinstance(record, Scored) else record.tied if isinstance(record, Unreadable) else ()
        vacant = {name for name in held if isinstance(self.group.records.get(name), Vacant)}
        return sorted((self.freed | vacant) - {client_id})

    def outdated(self) -> list[str]:
        """Clients whose scorecards were made from other names than they have now."""
        return [
            name
            for name, record in sorted(self.group.records.items())
            if isinstance(record, Scored) and set(record.names) != set(self.names_of(name).all)
        ]


def names_left_behind(group: AliasGroup) -> Mapping[str, Names]:
    """By client, the names that are left to it, where it still counts one that was given back and is to be taken again.

    Facts may have come under that name meanwhile, and were counted elsewhere. Once the name is marked again nothing
    would tell: so the client is made without it first, and then has other names than before, whoever goes on.
    """
    found = {}
    for client_id, record in group.records.items():
        if not isinstance(record, Scored) or group.owners[client_id] != client_id:
            continue
        others = {*record.names} - {client_id}
        again = {name for name in others if group.owners[name] == client_id and _is_elsewhere(name, client_id, group)}
        if again:
            found[client_id] = group.names_of(client_id, others - again)
    return found


def _is_elsewhere(name: str, client_id: str, group: AliasGroup) -> bool:
    """Whether a name is no alias of this client. A mark that is lost or damaged was given back by nobody."""
    record = group.records[name]
    if isinstance(record, Alias):
        return record.alias_of != client_id
    return isinstance(record, Scored) or (isinstance(record, Vacant) and record.version > 0)


def resolve_aliases(
    group: AliasGroup, facts: Facts, scores: Scores, now: datetime, *, refresh: bool = False
) -> ResolvedAliases:
    """Marks the aliases among all names that are tied to one another.

    A client that becomes an alias closes its ledger: should it be a client of its own again, it begins from nothing.

    A name is marked before its facts are read for another client: whoever stores a fact under it afterwards wakes the
    score function for a name that is marked already, so no fact falls between. Raises VersionConflictError when
    somebody else writes one of the names meanwhile. With `refresh` it is not trusted what aliases say of an erasure.
    """
    freed: set[str] = set()
    for tied, client_id in group.owners.items():
        record = group.records[tied]
        if client_id == tied:
            if isinstance(record, Alias):
                vacant = Vacant(record.version + 1, record.changed_at, record.erased_at)
                scores.vacate(tied, vacant, over=record)
                group.records[tied] = vacant
                freed.add(tied)
            continue
        claimants = tuple(sorted({claim.claimant for claim in group.claims if claim.alias == tied}))
        marked = isinstance(record, Alias) and (record.alias_of, record.claimants) == (client_id, claimants)
        if marked and not refresh:
            continue
        trusted = isinstance(record, Alias) and not refresh
        erased_at = record.erased_at if trusted else last_erased(tied, record, facts)
        if marked and erased_at == record.erased_at:
            continue
        at = max(now, record.changed_at) if record.changed_at else now
        said, names = _said(tied, record, scores)
        last = closing(record.version + 1, at, said, names)
        closed_at = last.at if last else record.changed_at
        marker = Alias(record.version + 1, client_id, claimants, closed_at, erased_at)
        scores.mark_alias(tied, marker, [last] if last else [], over=record)
        group.records[tied] = marker
    return ResolvedAliases(group, frozenset(freed))


def last_erased(name: str, record: Record, facts: Facts) -> datetime | None:
    """When a client of this name was last erased: what is held may have lost the word, and the facts table has it."""
    return max(filter(None, (record.erased_at, facts.erased_at(name))), default=None)


def _said(name: str, record: Record, scores: Scores) -> tuple[Readings, tuple[str, ...]]:
    """What was last told under a name, and the other names that this rests on."""
    if isinstance(record, Scored):
        return record.readings, tuple(sorted(record.holdings.aliases))
    if isinstance(record, Unreadable):
        changes = scores.ledger(name)
        return told(changes), changes[-1].names if changes else ()
    return {}, ()
