"""Facts: what an event leaves behind, under an identity of its own and with a revision that orders its versions."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from shared.opmm.timestamps import Timestamp, parse_instant, rfc3339, sortable

Kind = Literal["response", "reported", "count", "survey", "description"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One version of one fact about a client."""

    client_id: str
    fact_id: str
    kind: Kind
    source: str
    revision: str
    """Orders the versions of a fact as text: a later one replaces an earlier one, whatever order they arrive in."""
    moment: Timestamp | None = None
    """The business time; a tombstone and a description have none."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """What counts for the score; empty when the fact was retracted."""
    counts: bool = True
    """False for a response that is retracted or excluded: it stays stored and leaves the score."""
    particulars: Mapping[str, Any] = field(default_factory=dict)
    """What is kept beside the score: respondent (a keyed hash), comment, names."""


def fact_id(kind: Kind, source: str, *parts: str) -> str:
    """The identity of a fact within its client, readable, and different for different sources and parts."""
    return "#".join([kind, *(part.replace("%", "%25").replace("#", "%23") for part in (source, *parts))])


def revision(recorded_at: datetime, content: Mapping[str, Any]) -> str:
    """The revision of a version that its sender recorded at this instant: first by time, then by content."""
    return _revision(sortable(recorded_at), content)


def counted_revision(count: int, content: Mapping[str, Any]) -> str:
    """The revision of a version that its sender has counted, from 0 up: first by count, then by content."""
    return _revision(f"{count:020d}", content)


def _revision(order: str, content: Mapping[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return f"{order}#{hashlib.sha256(canonical.encode()).hexdigest()[:32]}"


def recorded_version(stored: str) -> str | int:
    """What a sender said of a version to order it: the RFC 3339 time of a timed revision, or the count."""
    order = stored.partition("#")[0]
    return int(order[1:]) if order.startswith("c") else rfc3339(parse_instant(order[1:]))
