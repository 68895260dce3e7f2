"""A list of clients to take along: as a table for a spreadsheet, and its talks and agreements for a calendar."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, tzinfo
from importlib import import_module

from functions.pages.layout import HEADERS
from functions.pages.portfolio.listing import Viewer
from functions.pages.portfolio.reasons import why_text
from shared.http.requests import Response
from shared.opmm.agenda import Agenda
from shared.opmm.calendar import Entry, planned_entries
from shared.opmm.model import Model
from shared.storage.records import Summary
from shared.texts.calendar_texts import entry_text
from shared.texts.spreadsheets import guarded
from shared.texts.words import Words

_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Tells a spreadsheet that the file is UTF-8."""


def draw_csv(rows: Sequence[Summary], model: Model, zone: tzinfo, viewer: Viewer, words: Words) -> Response:
    """A row for each client, a column for each question; what nobody has answered is empty.

    Every cell is quoted, and none is a formula to a spreadsheet.
    """
    file = io.StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    names = [dimension.name[words.language] for dimension in model.dimensions]
    headings = [
        "client_id",
        *(words(key) for key in ("client", "owner", "total", "attainable_short")),
        words("moved", days=model.discussion.days),
        *names,
        *(words(key) for key in ("why", "last_talk_heading", "next_talk", "open_agreements", "overdue", "stale")),
        words("changed"),
    ]
    writer.writerow([guarded(heading) for heading in headings])
    for row in rows:
        cells = _cells(row, model, zone, viewer, words)
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return _file(_MARK + file.getvalue(), "text/csv", "portfolio.csv")


def _cells(row: Summary, model: Model, zone: tzinfo, viewer: Viewer, words: Words) -> list[str | int]:
    points = {score.key: score.points for score in row.dimensions}
    day = viewer.day
    return [
        row.client_id,
        row.name,
        row.owner or "",
        row.total,
        row.attainable,
        words("new") if row.moved is None else row.moved,
        *("" if (known := points.get(key)) is None else known for key in model.keys),
        why_text(row, model, words, day) or "",
        _day(row.last_talk),
        _day(row.next_talk(day)),
        row.open_actions(day, internal=viewer.internal),
        row.overdue(day, internal=viewer.internal),
        sum(score.stale for score in row.dimensions),
        _day(row.changed_at.astimezone(zone).date()),  # the time would be that of somebody's response
    ]


def draw_calendar(
    rows: Sequence[Summary],
    agendas: Mapping[str, Agenda],
    model: Model,
    words: Words,
    *,
    today: date,
    made_at: datetime,
) -> Response:
    """The talks and agreements of these clients from today on, in the order of their days."""
    told: list[tuple[str, Entry, str]] = [
        (row.client_id, entry, f"{row.name}: {entry_text(entry, model, words.language)}")
        for row in rows
        if row.client_id in agendas
        for entry in planned_entries(agendas[row.client_id], today)
    ]
    told.sort(key=lambda entry: (entry[1].day, entry[0]))
    made: str = import_module("shared.reading.calendar_file").calendar_of_clients(told, made_at)
    return _file(made, "text/calendar", "talks.ics")


def _file(body: str, content_type: str, name: str) -> Response:
    headers = {
        **HEADERS,
        "Content-Type": f"{content_type}; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(200, headers=headers, body=body)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
