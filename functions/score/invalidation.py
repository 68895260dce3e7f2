"""What a batch of stream records touched: which questions and days of which client, and nothing about the values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, tzinfo
from typing import Any

from shared.opmm.ledger import Cause
from shared.opmm.timestamps import parse_timestamp
from shared.storage.dynamodb import from_item
from shared.storage.facts import positions

_STRENGTH: tuple[Cause, ...] = ("new", "correction", "retraction", "erasure")
"""When several facts moved a score at once, the first of these causes names the change."""


@dataclass(slots=True)
class Invalidation:
    """The part of a client's score that has to be read again."""

    dimensions: set[str] = field(default_factory=set)
    """Questions whose latest answer may be another; with nps, the latest response and the reported figure."""
    days: set[date] = field(default_factory=set)
    """Days whose NPS responses may be others."""
    described: bool = False
    """Whether the client itself was described: its name, status or aliases."""
    everything: bool = False
    """Whether nothing that is held is to be trusted: read all of it again."""
    causes: dict[str, Cause] = field(default_factory=dict)
    """By fact, what happened to it."""
    reach: dict[str, set[str]] = field(default_factory=dict)
    """By fact, the questions that it touched."""

    def note(self, fact_id: str, cause: Cause) -> None:
        """Takes down that something happened to a fact; a fact that came and changed in one batch is new."""
        held = self.causes.get(fact_id, cause)
        self.causes[fact_id] = min(held, cause, key=_STRENGTH.index)
        self.described |= fact_id.startswith("description#")

    def reaches(self, fact_id: str, places: Mapping[str, str], observed_at: str | None, zone: tzinfo) -> None:
        """Takes down where a version of a fact stands, or stood."""
        self.dimensions |= places.keys()
        self.reach.setdefault(fact_id, set()).update(places)
        if observed_at and places.get("nps", "").startswith("response#"):
            self.days.add(parse_timestamp(observed_at, zone).day(zone))

    def behind(self, moved: Iterable[str]) -> tuple[tuple[str, ...], Cause | None]:
        """The facts that touched any of these questions, sorted, and the cause that names them; None without facts."""
        wanted = set(moved)
        facts = sorted(
            fact_id
            for fact_id in self.causes
            if self.reach.get(fact_id, set()) & wanted or fact_id.startswith("description#")
        )
        causes = [self.causes[fact_id] for fact_id in facts]
        return tuple(facts), min(causes, key=_STRENGTH.index) if causes else None


def invalidated_by(records: Iterable[Mapping[str, Any]], zone: tzinfo) -> Invalidation:
    """What these stream records of one client name touched. Both images count: a fact may have left its place."""
    touched = Invalidation()
    for record in records:
        change = record["dynamodb"]
        fact_id = change["Keys"]["fact_id"]["S"]
        old, new = (from_item(change.get(image) or {}) for image in ("OldImage", "NewImage"))
        touched.note(fact_id, _cause(old, new))
        for image in (old, new):
            touched.reaches(fact_id, positions(image), image.get("observed_at"), zone)
    return touched


def _cause(old: Mapping[str, Any], new: Mapping[str, Any]) -> Cause:
    if not new:
        return "erasure"
    if new["kind"] == "response" and not positions(new):
        return "retraction"
    return "correction" if old else "new"
