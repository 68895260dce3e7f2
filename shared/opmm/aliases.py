"""Which names are one client: claims of names on other names, and who has each in the end."""

from collections.abc import Iterable, Mapping

from shared.opmm.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Claim:
    """The word of one name that another is its alias."""

    revision: str
    """Orders claims: when two names claim a third, the later claim wins."""
    claimant: str
    alias: str


def resolve(claims: Iterable[Claim]) -> dict[str, str]:
    """For each alias the client it belongs to in the end, aliases of aliases included.

    The latest claim on a name wins. A claim that would make a name an alias of itself falls, be it through others. The
    outcome does not depend on the order in which claims are given.
    """
    parents: dict[str, str] = {}
    for claim in sorted(claims, key=lambda each: (each.revision, each.claimant, each.alias), reverse=True):
        if claim.alias not in parents and owner(claim.claimant, parents) != claim.alias:
            parents[claim.alias] = claim.claimant
    return {alias: owner(alias, parents) for alias in parents}


def owner(name: str, parents: Mapping[str, str]) -> str:
    """The end of the chain that begins with a name: the name itself when nobody has it."""
    while name in parents:
        name = parents[name]
    return name
