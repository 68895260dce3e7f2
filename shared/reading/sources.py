"""How sources fare: when each was last heard, what became of its calls, what of it is parked, and what that means."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.storage.parked import Listed, Parked
from shared.storage.source_health import Health, SourceHealth
from shared.webhooks.payloads import shape_of

Finding = Literal["refused", "client_not_found", "only_parks", "notifies"]
"""What somebody who sets a source up has to know: every call is refused; no payload names a client where the source
looks; nothing of what was sent in the last day counts, for another reason or as the tool tells only that something
changed."""

_AT_ONCE = 100
MOST_PARKED = 1000
"""Parked items of a source that are counted; beyond that there are more."""

_TAKEN = ("accepted", "duplicate", "superseded", "ignored")


@dataclass(frozen=True, slots=True)
class Sample:
    """A parked item, by its id, and the names in what was sent."""

    id: str
    reason: str
    shape: list[str]


@dataclass(frozen=True, slots=True)
class Faring:
    """How one source fares."""

    health: Health
    parked: Mapping[str, int]
    """What is parked by now, by reason: the most frequent first."""
    finding: Finding | None
    sample: Sample | None
    """The latest parked item of the reason that is most frequent; None when nothing is wrong."""


def faring(name: str, kept: SourceHealth, parked: Parked, now: datetime) -> Faring:
    """How a source of this name fares."""
    health = kept.of(name, now)
    items = waiting(parked, name)
    reasons = dict(Counter(item.reason for item in items).most_common())
    finding = found(health, reasons)
    sample = _sample(parked, items, next(iter(reasons))) if finding in ("client_not_found", "only_parks") else None
    return Faring(health, reasons, finding, sample)


def waiting(parked: Parked, source: str) -> list[Listed]:
    """The parked items of a source; no more than `MOST_PARKED`."""
    items: list[Listed] = []
    after: tuple[str, str] | None = None
    while len(items) < MOST_PARKED:
        page = parked.page(source, _AT_ONCE, after)
        items += page.items
        after = page.next
        if after is None:
            break
    return items


def found(health: Health, parked: Mapping[str, int]) -> Finding | None:
    """What is wrong with a source by its last day; None when something of it counted, or nothing came."""
    counts = health.counts
    if any(counts.get(outcome) for outcome in _TAKEN):
        return None
    if counts.get("parked") and parked:
        return "client_not_found" if next(iter(parked)) == "unknown_client" else "only_parks"
    if counts.get("thin"):
        return "notifies"
    return "refused" if counts.get("refused") else None


def _sample(parked: Parked, items: list[Listed], reason: str) -> Sample | None:
    """The latest item of this reason; None when it was mapped or deleted meanwhile."""
    latest = max((item for item in items if item.reason == reason), key=lambda item: item.received_at)
    held = parked.get(latest.id)
    return None if held is None else Sample(latest.id, reason, shape_of(held.body, held.media_type))
