"""The names of a client: which other names its facts lie under, by what descriptions say."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from shared.opmm.aliases import Claim, resolve
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Description, Status
from shared.opmm.timestamps import sortable
from shared.storage.fact_items import StoredDescription
from shared.storage.facts import Facts
from shared.storage.records import Alias, Record, Scored, Unreadable
from shared.storage.scores import Scores

MOST_ALIASES = 50
"""Names that a client may have besides its id, over all sources."""


@dataclass(frozen=True, slots=True)
class Names:
    """Every name under which a client's facts may lie, its own id first, and what it is called."""

    all: tuple[str, ...]
    description: Description


@dataclass(slots=True)
class AliasGroup:
    """All names that are tied to one another by claims, past or present, and what each stands for."""

    records: dict[str, Record] = field(default_factory=dict)
    descriptions: dict[str, list[StoredDescription]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    """By name, the client it belongs to."""

    @property
    def claims(self) -> list[Claim]:
        """What the names of the group say of one another."""
        return [claim for name, told in self.descriptions.items() for claim in _claims(name, told)]

    def names_of(self, client_id: str, aliases: Collection[str] | None = None) -> Names:
        """A client's names, and what the latest description that mentions a field says of it.

        Its aliases are those that belong to it, unless they are said.
        """
        belong = [name for name, owner in self.owners.items() if owner == client_id and name != client_id]
        others = sorted(belong if aliases is None else aliases)
        names = (client_id, *others)
        told = [description for name in names for description in _in_order(self.descriptions[name])]
        said: dict[str, Any] = {}
        for description in sorted(told, key=_recorded):
            said |= description.answer
        status: Status = "ended" if said.get("status") == "ended" else "active"
        name = said.get("name", client_id)
        described = Description(name, status, tuple(others), described=bool(told), owner=said.get("owner"))
        return Names(names, described)

    def as_of(self, moment: datetime) -> "AliasGroup":
        """The same, by the claims alone that had been recorded by then and still hold."""
        owners = resolve(claim for claim in self.claims if _recorded_at(claim) <= sortable(moment))
        return replace(self, owners={name: owners.get(name, name) for name in self.records})

    def is_described(self, name: str) -> bool:
        """Whether a name is that of a client, and somebody has described it."""
        return self.owners.get(name) == name and self.names_of(name).description.described

    def owners_with(self, name: str, source: str, aliases: Sequence[str], claimed_at: str) -> dict[str, str]:
        """By alias, the client it would belong to if this source claimed these aliases for a name now."""
        others = [description for description in self.descriptions.get(name, []) if description.source != source]
        claims = [claim for claim in self.claims if claim.claimant != name]
        claims += [*_claims(name, others), *(Claim(claimed_at, name, alias) for alias in aliases)]
        return resolve(claims)


def read_alias_group(names: Iterable[str], facts: Facts, scores: Scores) -> AliasGroup:
    """Finds all names that are tied to these, and decides whose each is: two reads a name."""
    group, waiting = AliasGroup(), list(names)
    while waiting:
        tied = waiting.pop()
        if tied in group.records:
            continue
        record, told = scores.read(tied), facts.descriptions(tied)
        group.records[tied], group.descriptions[tied] = record, told
        waiting += [claim.alias for claim in _claims(tied, told)]
        waiting += _tied(record)
    owners = resolve(group.claims)
    group.owners = {tied: owners.get(tied, tied) for tied in group.records}
    return group


def _tied(record: Record) -> Iterable[str]:
    """Names that what is held of a name leads to."""
    if isinstance(record, Alias):
        return [record.alias_of, *record.claimants]
    if isinstance(record, Unreadable):
        return record.tied
    return record.names if isinstance(record, Scored) else []


def _claims(name: str, told: Sequence[StoredDescription]) -> list[Claim]:
    """The aliases in each source's latest list of them: one source's silence does not take back another's word."""
    latest: dict[str, StoredDescription] = {}
    for description in sorted(told, key=lambda description: description.revision):
        if "aliases" in description.answer:
            latest[description.source] = description
    return [
        Claim("#".join(_recorded(description)), name, alias)
        for description in latest.values()
        for alias in description.answer["aliases"]
    ]


def _recorded_at(claim: Claim) -> str:
    return claim.revision.partition("#")[0]


def _in_order(told: Sequence[StoredDescription]) -> list[StoredDescription]:
    """For each source, what it said last of each field: a source that counts its versions orders them so."""
    latest: dict[tuple[str, str], StoredDescription] = {}
    for description in sorted(told, key=lambda description: description.revision):
        for said in description.answer:
            latest[description.source, said] = description
    return [replace(description, answer={said: description.answer[said]}) for (_, said), description in latest.items()]


def _recorded(description: StoredDescription) -> tuple[str, str]:
    return sortable(description.recorded_at), description.revision
