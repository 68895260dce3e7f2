"""How the sources of a stack fare, as people read it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich import box
from rich.table import Table

from shared.storage.parked import Parked
from shared.storage.source_health import API, UNKNOWN, Health, SourceHealth

_ORDER = ("accepted", "duplicate", "superseded", "ignored", "parked", "thin", "rejected", "refused")
_AT_ONCE = 100
_MOST_PARKED = 1000
"""Parked items of a source that are counted; beyond that there are more."""

_STEPS = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "hours"))
_OTHERS = {
    API: "calls with a token for every source",
    UNKNOWN: "calls without a token or source that is known here",
}


@dataclass(frozen=True)
class Fares:
    """How one source fares."""

    name: str
    what: str
    """Its provider, or what stands under its name."""
    health: Health
    parked: Mapping[str, int]
    """What is parked by now, by reason."""
    silent_after_days: int | None = None


def fares(document: Mapping[str, Any], kept: SourceHealth, parked: Parked, now: datetime) -> list[Fares]:
    """Every source of the document by name, and the calls of others where there were any."""
    found = [
        Fares(name, str(told.get("provider")), kept.of(name, now), waiting(parked, name), told.get("silent_after_days"))
        for name, told in sorted(document.items())
        if isinstance(told, dict)
    ]
    others = [Fares(name, what, kept.of(name, now), {}) for name, what in _OTHERS.items()]
    return found + [other for other in others if other.health.heard_at or other.health.refused_at]


def waiting(parked: Parked, source: str) -> dict[str, int]:
    """How many items of a source are parked, by reason; no more than `_MOST_PARKED`."""
    reasons: Counter[str] = Counter()
    after: tuple[str, str] | None = None
    while reasons.total() < _MOST_PARKED:
        page = parked.page(source, _AT_ONCE, after)
        reasons.update(item.reason for item in page.items)
        after = page.next
        if after is None:
            break
    return dict(reasons.most_common())


def listed(sources: Iterable[Fares], now: datetime) -> Table:
    """A row for each source."""
    table = Table("source", "provider", "last heard", "in the last day", "parked by now", box=box.SIMPLE)
    for source in sources:
        table.add_row(source.name, source.what, _heard(source, now), _counts(source.health), _parked(source.parked))
    return table


def _heard(source: Fares, now: datetime) -> str:
    heard_at = source.health.heard_at
    told = f"{_ago(now - heard_at)} ago" if heard_at else "never"
    allowed = source.silent_after_days
    if allowed and heard_at and now - heard_at >= timedelta(days=allowed):
        told += f", silent: {allowed} days are allowed"
    return told


def _ago(passed: timedelta) -> str:
    for least, unit, name in _STEPS:
        if passed >= least:
            return f"{passed // unit} {name}"
    minutes = passed // timedelta(minutes=1)
    return "1 minute" if minutes == 1 else f"{max(minutes, 0)} minutes"


def _counts(health: Health) -> str:
    told = [f"{health.counts[name]} {name}" for name in _ORDER if health.counts.get(name)]
    return ", ".join(told) or "nothing"


def _parked(parked: Mapping[str, int]) -> str:
    total = sum(parked.values())
    if not total:
        return "nothing"
    more = " or more" if total >= _MOST_PARKED else ""
    return f"{total}{more}: " + ", ".join(f"{count} {reason}" for reason, count in parked.items())
