"""What is coming as an iCalendar file (RFC 5545), for the calendars of people. Imported when somebody asks for one."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event, vDuration

from shared.destinations.phrases import client_address
from shared.opmm.calendar import Entry
from shared.opmm.dataclass import dataclass

_READ_AGAIN = timedelta(hours=4)
"""How often programs are asked to read a calendar that they follow; some read it less often."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The word that a calendar ends, on each of its last days."""

    id: str
    first: date
    last: date
    text: str


@dataclass(frozen=True, slots=True)
class Followed:
    """A calendar that programs read again and again."""

    name: str
    pages: str
    """The address of the pages: every event leads to that of its client."""
    ending: Ending | None = None
    description: str | None = None


def calendar_file(client_id: str, entries: Iterable[tuple[Entry, str]], made_at: datetime) -> str:
    """Whole-day events of one client, one for each entry with its text."""
    return calendar_of_clients(((client_id, entry, text) for entry, text in entries), made_at)


def calendar_of_clients(entries: Iterable[tuple[str, Entry, str]], made_at: datetime) -> str:
    """Whole-day events, one for each entry of a client with its text.

    An entry keeps its identity as long as it tells of the same thing, so that a calendar which is read again moves it
    instead of keeping both.
    """
    calendar = _begun()
    for client_id, entry, text in entries:
        about = entry.subject or f"{entry.dimension or 'client'}-{entry.day.isoformat()}"
        calendar.add_component(_event(_identity(client_id, entry, about), entry.day, text, made_at))
    return _written(calendar)


def followed_calendar(entries: Iterable[tuple[str, Entry, str]], made_at: datetime, followed: Followed) -> str:
    """The same as a calendar that programs follow: it has a name, and says how often to come back.

    Of a client it has one entry at most of a question that grows stale, of the window and of a long silence: each keeps
    its identity also when it comes on another day.
    """
    calendar = _begun()
    calendar.calendar_name = followed.name
    if followed.description:
        calendar.description = followed.description
    calendar.add("refresh-interval", _READ_AGAIN, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_READ_AGAIN))
    for client_id, entry, text in entries:
        about = entry.subject or entry.dimension or "client"
        event = _event(_identity(client_id, entry, about), entry.day, text, made_at)
        event.add("url", client_address(followed.pages, client_id))
        calendar.add_component(event)
    if ending := followed.ending:
        event = _event(f"{ending.id}-ends@opmm", ending.first, ending.text, made_at, last=ending.last)
        event.add("url", f"{followed.pages}feeds")
        calendar.add_component(event)
    return _written(calendar)


def _begun() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//OPMM//calendar//EN")
    calendar.add("version", "2.0")
    return calendar


def _identity(client_id: str, entry: Entry, about: str) -> str:
    return f"{client_id}-{entry.kind}-{about}@opmm"


def _event(identity: str, first: date, text: str, made_at: datetime, *, last: date | None = None) -> Event:
    event = Event()
    event.add("uid", identity)
    event.add("dtstamp", made_at)
    event.add("dtstart", first)
    event.add("dtend", (last or first) + timedelta(days=1))
    event.add("summary", text)
    event.add("transp", "TRANSPARENT")
    return event


def _written(calendar: Calendar) -> str:
    written: bytes = calendar.to_ical()
    return written.decode()
