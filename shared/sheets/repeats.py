"""Rows of a file that say they are the same fact and do not say the same: nobody can tell which is right."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from shared.opmm.dataclass import dataclass

_AT_ONCE = 1_000_000
"""Identities that are compared at once: the rest waits as eight bytes each."""

MOST_REPEATED = 100_000
"""Rows of repeated identities whose content is compared."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row says it is, and what it says."""

    line: int
    identity: int
    """A hash of what tells its fact from others."""
    version: str
    content: int
    """A hash of all that it says."""


def repeated(identities: Iterable[int]) -> frozenset[int]:
    """The identities that come more than once, in memory that grows by eight bytes for each of them."""
    found: array[int] = array("q", identities)
    parts = len(found) // _AT_ONCE + 1
    return frozenset(twice for part in range(parts) for twice in _twice(found, part, parts))


def _twice(found: "array[int]", part: int, parts: int) -> Iterator[int]:
    seen: set[int] = set()
    for identity in found:
        if parts == 1 or identity % parts == part:
            if identity in seen:
                yield identity
            seen.add(identity)


def contradicting(claims: Iterable[Claim]) -> Mapping[int, tuple[int, ...]]:
    """By line, the other lines that tell the same version of the same fact otherwise."""
    groups: defaultdict[tuple[int, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.identity, claim.version].append(claim)
    return {
        claim.line: tuple(other.line for other in group if other.content != claim.content)
        for group in groups.values()
        if len({claim.content for claim in group}) > 1
        for claim in group
    }
