"""What is coming as an iCalendar file (RFC 5545), for the calendars of people. Imported when somebody asks for one."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from shared.opmm.calendar import Entry


def calendar_file(client_id: str, entries: Iterable[tuple[Entry, str]], made_at: datetime) -> str:
    """Whole-day events of one client, one for each entry with its text."""
    return calendar_of_clients(((client_id, entry, text) for entry, text in entries), made_at)


def calendar_of_clients(entries: Iterable[tuple[str, Entry, str]], made_at: datetime) -> str:
    """Whole-day events, one for each entry of a client with its text.

    An entry keeps its identity as long as it tells of the same thing, so that a calendar which is read again moves it
    instead of keeping both.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//OPMM//calendar//EN")
    calendar.add("version", "2.0")
    for client_id, entry, text in entries:
        event = Event()
        about = entry.subject or f"{entry.dimension or 'client'}-{entry.day.isoformat()}"
        event.add("uid", f"{client_id}-{entry.kind}-{about}@opmm")
        event.add("dtstamp", made_at)
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("summary", text)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()
