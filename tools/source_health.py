"""How the sources of a stack fare, as people read it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rich.table import Table

from shared.reading.sources import MOST_PARKED, Faring, faring
from shared.storage.parked import Parked
from shared.storage.source_health import API, OUTCOMES, UNKNOWN, Health, SourceHealth
from shared.texts.words import Words
from tools.tables import plain_table

_STEPS = ((timedelta(days=2), timedelta(days=1), "days"), (timedelta(hours=2), timedelta(hours=1), "hours"))
_ELSE = "with a token of ours"
_OTHERS = {
    API: "with a token for every source",
    UNKNOWN: "without a source or token of ours",
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
    faring: Faring | None = None
    client: str | None = None
    """The expression by which its payloads name a client."""


def fares(document: Mapping[str, Any], kept: SourceHealth, parked: Parked, now: datetime) -> list[Fares]:
    """Every source of the document by name, then whoever else called."""
    found = [_fares(name, told, kept, parked, now) for name, told in sorted(document.items()) if isinstance(told, dict)]
    others = sorted(kept.names() - document.keys(), key=lambda name: (name in _OTHERS, name))
    return found + [Fares(name, _OTHERS.get(name, _ELSE), kept.of(name, now), {}) for name in others]


def _fares(name: str, told: Mapping[str, Any], kept: SourceHealth, parked: Parked, now: datetime) -> Fares:
    fares = faring(name, kept, parked, now)
    return Fares(
        name,
        str(told.get("provider")),
        fares.health,
        fares.parked,
        told.get("silent_after_days"),
        fares,
        told.get("client"),
    )


def findings(sources: Iterable[Fares]) -> list[str]:
    """What is wrong with sources of which nothing counts, and what their payloads look like."""
    words, told = Words("en"), []
    for source in sources:
        if source.faring is None or source.faring.finding is None:
            continue
        told.append(f"{source.name}: {words(f'finding_{source.faring.finding}')}")
        if source.faring.finding == "client_not_found":
            told.append(f"  {words('source_looks')} {source.client}")
        if (sample := source.faring.sample) is not None:
            told.append(f"  {sample.id} ({sample.reason}) has {', '.join(sample.shape) or 'nothing that can be read'}")
    return told


def listed(sources: Iterable[Fares], now: datetime) -> Table:
    """A row for each source."""
    table = plain_table("source", "provider", "last heard", "in the last day", "parked by now")
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
    told = [f"{health.counts[name]} {name}" for name in OUTCOMES if health.counts.get(name)]
    return ", ".join(told) or "nothing"


def _parked(parked: Mapping[str, int]) -> str:
    total = sum(parked.values())
    if not total:
        return "nothing"
    more = " or more" if total >= MOST_PARKED else ""
    return f"{total}{more}: " + ", ".join(f"{count} {reason}" for reason, count in parked.items())
