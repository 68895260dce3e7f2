"""Facts: what an event leaves behind, under an identity of its own and with a revision that orders its versions."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from typing import Any

from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import KINDS, FactKind
from shared.opmm.timestamps import Timestamp, parse_instant, rfc3339, sortable

TIMED, COUNTED = "t", "c"
"""How a revision begins: the sort of version, which is the same for all versions of a fact."""

_VALUE, _TAKEN_AWAY = "0", "1"

_DIGITS = 32
"""Hexadecimal digits of a digest: the first half of the content, where there are details the second half of these."""

_BARE = "0" * (_DIGITS // 2)
"""Stands where the digest of details stood, or would: sorts before any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One version of one fact about a client."""

    client_id: str
    fact_id: str
    kind: FactKind
    source: str
    revision: str
    """Orders the versions of a fact as text: a later one replaces an earlier one, whatever order they arrive in."""
    recorded_at: datetime
    """When the sender recorded this version; orders what several sources say of one thing."""
    timestamp: Timestamp | None = None
    """The business time; a tombstone and a description have none."""
    question: str | None = None
    """The question of a survey that it answers, or answered before: each is a fact of its own."""
    part: str | None = None
    """What a description tells of, where versions that tell of something else stand beside it."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """What counts for the score; empty when the fact was retracted."""
    counts: bool = True
    """False for a response that is retracted or excluded: it stays stored and leaves the score."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """What is kept beside the score: respondent (a keyed hash), comment, names, what people wrote."""
    author: str | None = None
    """Who said it, by the token that it came with; None for a source that speaks for itself."""

    @property
    def lane(self) -> str | None:
        """Where it stands among the facts of its client; None when it counts for nothing."""
        return KINDS[self.kind].lane_for(self.question) if self.counts and self.timestamp else None


def fact_id(kind: FactKind, source: str, *parts: str) -> str:
    """The identity of a fact within its client, readable, and different for different sources and parts."""
    return "#".join([kind, *(part.replace("%", "%25").replace("#", "%23") for part in (source, *parts))])


def without_identity(identity: str) -> str:
    """The kind and source of a fact, of which nothing else may be told."""
    return "#".join(identity.split("#")[:2])


def revision(recorded_at: datetime, content: Mapping[str, Any], *, takes_away: bool = False) -> str:
    """The revision of a version that its sender recorded at this instant.

    Ordered by time; at the same time a version that takes the fact away outranks one that tells a value, as a tool may
    delete a response in the second in which it was given; then by content, `details` last.
    """
    return _revision(f"{TIMED}{sortable(recorded_at)}", content, takes_away=takes_away)


def counted_revision(count: int, content: Mapping[str, Any], *, takes_away: bool = False) -> str:
    """The revision of a version that its sender has counted, from 0 up; otherwise as `revision`."""
    return _revision(f"{COUNTED}{count:020d}", content, takes_away=takes_away)


def _revision(order: str, content: Mapping[str, Any], *, takes_away: bool) -> str:
    said = {key: value for key, value in content.items() if key != "details"}
    digest, details = _digest(said), content.get("details")
    if details:
        digest = digest[: -len(_BARE)] + _digest(details)[: len(_BARE)]
    return f"{order}#{_TAKEN_AWAY if takes_away else _VALUE}#{digest}"


def _digest(content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:_DIGITS]


def bare_revision(stored: str) -> str:
    """The revision without what it tells of details: nobody can try out whose they were.

    Versions that differ in more than their details stand in the same order with it as without.
    """
    return stored[: -len(_BARE)] + _BARE if len(stored) > len(_BARE) else stored


def bare(fact: Fact) -> Fact:
    """A version of a fact without its details."""
    return replace(fact, revision=bare_revision(fact.revision), details={})


def sort_of(stored: str) -> str:
    """Whether a revision is `TIMED` or `COUNTED`; these do not compare."""
    return stored[:1]


def recorded_version(stored: str) -> str | int:
    """What a sender said of a version to order it: the RFC 3339 time of a timed revision, or the count."""
    order = stored.partition("#")[0]
    return int(order[1:]) if sort_of(order) == COUNTED else rfc3339(parse_instant(order[1:]))
