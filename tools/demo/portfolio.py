"""The sample portfolio: events whose times are told relative to today, so that it is believable on any day.

In the file a time is `-12d 09:30`, which is half past nine in Amsterdam twelve days before today, and a date is
`-40d`, forty days before today, or `+9d` for what is planned. Only the fields that hold times are read so. Nothing else
changes with the day: ids and identities are fixed, so a second run on one day leaves the same facts.
"""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
PORTFOLIO = Path(__file__).parents[2] / "events" / "portfolio.jsonl"

_RELATIVE = re.compile(r"(?P<days>[-+]\d+)d(?: (?P<clock>\d\d:\d\d))?", re.ASCII)
_TIMES = ("time", "as_of", "answered_at", "measured_at", "responded_at", "on", "agreed_on", "due", "by")

Event = dict[str, Any]
"""A CloudEvent as JSON values."""


def load_portfolio(path: Path, today: date) -> list[Event]:
    """The events of the file, in its order, as they would have been sent up to this day. Raises ValueError."""
    return [_placed(json.loads(line), today) for line in path.read_text(encoding="utf-8").splitlines()]


def client_ids(events: Iterable[Event]) -> set[str]:
    """The clients that these events leave behind: every subject that is not declared to be another name."""
    events = list(events)
    return {event["subject"] for event in events} - aliases(events)


def aliases(events: Iterable[Event]) -> set[str]:
    """Every name that these events declare to be another name of a client."""
    return {alias for event in events for alias in event["data"].get("aliases", [])}


def _placed(event: Event, today: date) -> Event:
    return {**_times_placed(event, today), "data": _times_placed(event["data"], today)}


def _times_placed(fields: Event, today: date) -> Event:
    return {name: _timestamp(value, today) if name in _TIMES else value for name, value in fields.items()}


def _timestamp(text: str, today: date) -> str:
    """The relative time as RFC 3339, or as a date when it has no clock."""
    relative = _RELATIVE.fullmatch(text)
    if relative is None:
        raise ValueError(f"{text!r} is no relative time; write -12d 09:30, or -40d or +9d for a date")
    day = today + timedelta(days=int(relative["days"]))
    if relative["clock"] is None:
        return day.isoformat()
    return datetime.combine(day, time.fromisoformat(relative["clock"]), ZONE).isoformat()
