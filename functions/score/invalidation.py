"""What a batch of stream records invalidates: which lanes and days of which client, and nothing about the values."""

from collections.abc import Iterable, Mapping
from dataclasses import field
from datetime import date, tzinfo
from typing import Any

from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import DESCRIPTION, RESPONSES, lane_of
from shared.opmm.ledger import Cause
from shared.storage.fact_items import StoredFact, is_description, read_fact

STRENGTH: tuple[Cause, ...] = ("erasure", "retraction", "correction", "new")
"""When several facts moved a score at once, the first of what happened to them names the change."""


@dataclass(slots=True)
class Invalidation:
    """The part of a client's score that has to be read again."""

    name: str = ""
    """Under which something happened; empty where nothing is known to have."""
    lanes: dict[str, set[str]] = field(default_factory=dict)
    """By lane whose latest fact may be another, the names under which that is."""
    earliest: dict[str, date] = field(default_factory=dict)
    """By lane, the first day on which a fact may be another."""
    days: set[date] = field(default_factory=set)
    """Days whose NPS responses may be others."""
    described: bool = False
    """Whether the client itself was described: its name, status or aliases."""
    refresh: bool = False
    """Whether nothing is known to have happened: what differs all the same is drift."""
    everything: bool = False
    """Whether nothing that is held is to be trusted: read all of it again."""
    causes: dict[str, Cause] = field(default_factory=dict)
    """By fact, what happened to it."""
    reach: dict[str, set[str]] = field(default_factory=dict)
    """By fact, the lanes that it stands in, or stood in."""
    latest: dict[str, date] = field(default_factory=dict)
    """By fact, the latest day that it tells of, or told of."""

    def note(self, fact_id: str, cause: Cause) -> None:
        """Takes down that something happened to a fact; a fact that came and changed in one batch is new."""
        self.causes[fact_id] = "new" if self.causes.get(fact_id) == "new" else cause
        self.described |= fact_id.startswith(DESCRIPTION)

    def reaches(self, fact: StoredFact, zone: tzinfo) -> None:
        """Takes down where a version of a fact stands, or stood before it was replaced."""
        lanes = self.reach.setdefault(fact.fact_id, set())
        if fact.lane is None:
            return
        lanes.add(fact.lane)
        self.lanes.setdefault(fact.lane, set()).add(fact.name)
        day = fact.timestamp(zone).day(zone)
        self.earliest[fact.lane] = min(self.earliest.get(fact.lane, day), day)
        self.latest[fact.fact_id] = max(self.latest.get(fact.fact_id, day), day)
        if fact.lane == RESPONSES:
            self.days.add(day)

    def also(self, name: str, fact_id: str) -> None:
        """Takes down that what stands under this name counts no more, or again: by a version under another name."""
        lane = lane_of(fact_id)
        if lane:
            self.reach.setdefault(fact_id, set()).add(lane)
            self.lanes.setdefault(lane, set()).add(name)
            self.earliest[lane] = date.min


def invalidated_by(records: Iterable[Mapping[str, Any]], zone: tzinfo) -> Invalidation:
    """What these stream records of one client name invalidate. Both images count: a fact may have left its place."""
    invalidation = Invalidation()
    for record in records:
        change = record["dynamodb"]
        invalidation.name, fact_id = (change["Keys"][key]["S"] for key in ("client_id", "fact_id"))
        old, new = change.get("OldImage"), change.get("NewImage")
        if not _says_the_same(old, new):
            invalidation.note(fact_id, _cause(old, new))
        for image in (old, new):
            fact = read_fact(image) if image else None
            if fact:
                invalidation.reaches(fact, zone)
    return invalidation


def _says_the_same(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
    """Whether an erasure has touched a fact and left its answer: then the fact is behind no change."""
    if not old or not new or ("lane_time" in old) != ("lane_time" in new):
        return False
    return any(old.get(mark) != new[mark] for mark in ("erased", "woken_by") if mark in new)


def _cause(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Cause:
    if not new:
        return "erasure"
    if is_description(new):
        # Each combination of fields that a source tells of is a fact by itself, though they are kept as one item.
        return "correction" if old and old.keys() >= new.keys() else "new"
    if "lane_time" not in new:
        if "erased" in new and new.get("erased") != (old or {}).get("erased"):
            return "erasure"
        return "correction" if "moved" in new else "retraction"
    return "correction" if old else "new"
