"""Reads a table row by row, whatever its length, into events or into all that is wrong with each row."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from datetime import date, tzinfo
from itertools import islice
from typing import Any

from shared.http.problems import Fault
from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.opmm.dataclass import dataclass
from shared.opmm.display import is_displayable
from shared.opmm.kinds import KINDS
from shared.opmm.slugs import slugify
from shared.opmm.timestamps import is_date, rfc3339, start_of
from shared.sheets.errors import NoSourceError, SheetError
from shared.sheets.interpretation import Interpretation
from shared.sheets.layouts import Layout
from shared.sheets.previews import ROWS, Preview, PreviewRow
from shared.sheets.repeats import MOST_REPEATED, Claim, contradicting, repeated
from shared.sheets.revisions import count_of
from shared.sheets.rows import Event, event_of
from shared.sheets.tables import Row, Table
from shared.sheets.times import (
    Order,
    ReadTime,
    TimeFormError,
    could_be_time,
    day_of_serial,
    is_serial,
    is_unix,
    local_time,
    order_told,
    read_time,
)
from shared.texts.spreadsheets import unguarded

MOST_LINES = 10_000_000

_SHOWN_LINES = 5
_MOST_REMEMBERED = 10_000
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d+", re.ASCII)
"""How a spreadsheet shows a long number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: an event, or all that is wrong with it."""

    file: str
    number: int
    position: int
    """Bytes of the file that were read by then."""
    event: Event = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FileOptions:
    """What a person has said about a file."""

    source: str = ""
    """That of the lines which name none."""
    dates: Order | None = None
    """Which comes first where the year comes last."""
    zone: tzinfo | None = None
    """That of times without one."""
    day: str = ""
    """The date of a sheet that tells none."""


@dataclass(frozen=True, slots=True)
class Meant:
    """The client that a name means."""

    subject: str
    """What events about it are sent under; empty where nobody can say."""
    client_id: str
    """What is the same for all its names; the name itself where it means nobody."""
    fault: Fault | None = None
    """What is wrong with the name."""


@dataclass(slots=True)
class _Times:
    """What the times of a file tell when all of them are looked at."""

    orders: set[str] = field(default_factory=set)
    without_zone: int = 0
    days: int = 0


class Reading:
    """A table that is read by a layout. Raises SheetError where the whole of it cannot be."""

    def __init__(self, table: Table, layout: Layout, understood: Interpretation, options: FileOptions) -> None:
        if not options.source and "source" not in layout.places:
            raise NoSourceError(understood.words("source_missing"))
        self.left_out = 0
        """Rows that the layout leaves out, and those of a tool in which nobody has rated."""
        self.layout = layout
        self._table = table
        self._understood = understood
        self._options = options
        self._zone = options.zone or layout.zone or understood.zone
        self._clients: dict[str, Meant] = {}
        self._times = self._times_of_all()
        told = self._times.orders - {"either"}
        self._order: Order | None = options.dates
        self._mixed = options.dates is None and len(told) > 1
        if options.dates is None and len(told) == 1:
            self._order = "dmy" if "dmy" in told else "mdy"
        self._contradicting: Mapping[int, tuple[int, ...]] = {}
        self._contradicting = self._contradictions()

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know about how it is read."""
        words, zone = self._understood.words, self._zone_name
        notes = list(self._table.notes)
        if self._times.without_zone:
            notes.append(words.counted("note_zone", self._times.without_zone, zone=zone))
        if self._times.days:
            notes.append(words.counted("note_days", self._times.days, zone=zone))
        if self.left_out:
            notes.append(words.counted("note_left_out", self.left_out))
        if self._order and self._options.dates is None:
            notes.append(words(f"note_{self._order}"))
        return tuple(notes)

    @property
    def _zone_name(self) -> str:
        return getattr(self._zone, "key", str(self._zone))

    def lines(self) -> Iterator[Line]:
        """Every line that holds anything."""
        for row in self._rows():
            event, faults = ({}, (row.fault,)) if row.fault else self._line(row)
            yield Line(self._table.name, row.number, row.position, event, faults)

    def preview(self, said: str) -> Preview:
        """What a person looks at before anything is sent."""
        layout = self.layout
        columns = [(column, layout.headings[place]) for column, place in layout.places.items()]
        columns += [(column, f"= {constant}") for column, constant in layout.constants.items()]
        rows, timed = [], False
        for row in islice(self._rows(), ROWS):
            cells = self._read(row)[0] if self._readable(row) else {}
            read = layout.kind.data(cells) if cells else {}
            times = {column: local_time(cells.get(column, ""), self._zone) for column in self._times_told}
            timed = timed or any(text != cells.get(column, "") for column, text in times.items())
            told = cells | times | {column: str(value) for column, value in read.items() if isinstance(value, int)}
            shown = tuple(told.get(column, "") for column, _ in columns)
            rows.append(PreviewRow(row.number, shown, (row.fault,) if row.fault else self._line(row)[1]))
        zone = self._zone_name if timed else ""
        return Preview(said, tuple(columns), layout.left_out, tuple(rows), zone=zone)

    @property
    def _times_told(self) -> tuple[str, str]:
        """The columns of times."""
        return self.layout.kind.happened, self.layout.kind.recorded

    def _rows(self) -> Iterator[Row]:
        first = self.layout.first_row
        for row in self._table.rows():
            if row.number >= first and not self._leaves_out(row):
                yield row

    def _leaves_out(self, row: Row) -> bool:
        """Whether a row of a tool is none of ours: of another sort of survey, or without a rating."""
        layout = self.layout
        if not layout.mapped or row.fault:
            return False
        for place, cells in layout.only.items():
            if place < len(row.cells) and row.cells[place].strip().casefold() not in cells:
                return True
        rated = layout.places.get("score")
        return rated is not None and rated < len(row.cells) and not row.cells[rated].strip()

    def _line(self, row: Row) -> tuple[Event, tuple[str, ...]]:
        words, layout = self._understood.words, self.layout
        if not self._fits(row):
            return {}, (words.counted("row_width", len(row.cells), columns=len(layout.headings)),)
        unreadable = tuple(
            f"{layout.heading(column)}: {words('cell_not_utf_8')}"
            for column, place in layout.places.items()
            if not row.cells[place].isascii() and not _is_text(row.cells[place])
        )
        if unreadable:
            return {}, unreadable
        cells, wrong = self._read(row)
        if row.number in self._contradicting:
            others = self._contradicting[row.number]
            lines = ", ".join(map(str, others[:_SHOWN_LINES])) + ("..." if len(others) > _SHOWN_LINES else "")
            told_by = layout.kind.identity if cells[layout.kind.identity] else layout.kind.happened
            wrong.setdefault(told_by, words("row_repeated", lines=lines))
        meant = self._client(cells["client"])
        event = event_of(layout.kind, cells, self._options.source, self._understood.zone, meant.subject)
        return event, self._faults(event, cells, wrong, meant.fault)

    def _faults(
        self, event: Event, cells: Mapping[str, str], wrong: Mapping[str, str], unnamed: Fault | None
    ) -> tuple[str, ...]:
        """All that is wrong with a row, by the columns of the file."""
        kind = self.layout.kind
        found = dict(wrong)
        if unnamed:
            found["client"] = unnamed.detail
        for fault in faults_of(event, self._understood):
            column = self._column(fault)
            if fault.pointer == "/time" and (not cells[kind.recorded] or count_of(cells[kind.recorded])):
                continue  # it is that of the business time, of which the same is told
            found.setdefault(column, fault.detail)
        order = ("source", *kind.columns)
        ranked = sorted(found, key=lambda column: order.index(column) if column in order else len(order))
        return tuple(f"{self.layout.heading(column)}: {found[column]}" for column in ranked)

    def _column(self, fault: Fault) -> str:
        """The column of a fault in the event that a row is."""
        known = {
            "/subject": "client",
            "/time": self.layout.kind.recorded,
            "/source": "source",
            "/sequence": self.layout.kind.recorded,
        }
        steps = fault.pointer.removeprefix("/data/").removeprefix("answers/").split("/")
        return known.get(fault.pointer, steps[0]).lstrip("/")

    def _fits(self, row: Row) -> bool:
        """Whether a row has a cell under each heading, and none beside them."""
        width = len(self.layout.headings)
        return len(row.cells) >= width and not any(map(str.strip, row.cells[width:]))

    def _read(self, row: Row) -> tuple[dict[str, str], dict[str, str]]:
        """The cells by column of the kind as they are read, and by column what is wrong with some of them."""
        kind, layout = self.layout.kind, self.layout
        cells = {**dict.fromkeys(kind.columns, ""), **layout.constants}
        wrong: dict[str, str] = {}
        for column, place in layout.places.items():
            cell = row.cells[place]
            if "'" in cell:
                cell = unguarded(cell)
            if column not in kind.texts:
                cell = cell.strip()
            if column in layout.values:
                cell = layout.values[column].get(cell.strip().casefold(), cell)
            cells[column] = cell
        if not cells[kind.happened]:
            wrong[kind.happened] = self._understood.words("cell_missing")
        for column in self._times_told:
            cell = cells[column]
            if cell:
                try:
                    cells[column] = self._time(column, cell)
                except TimeFormError as error:
                    wrong[column] = self._wrong_time(column, error)
        identity = cells[kind.identity]
        if identity and "+" in identity and _SCIENTIFIC.fullmatch(identity.strip()):
            wrong[kind.identity] = self._understood.words("cell_scientific")
        return cells, wrong

    def _time(self, column: str, cell: str) -> str:
        """A time as events tell it. Raises TimeFormError."""
        kind = self.layout.kind
        if column == kind.recorded and count_of(cell) and not is_unix(cell):
            if is_serial(cell):
                raise TimeFormError("cell_count_or_serial", day=day_of_serial(cell).isoformat(), digits=cell)
            if could_be_time(cell):
                raise TimeFormError("cell_count_or_time", digits=cell)
            return cell
        read = read_time(cell, self._order, self._zone)
        takes_days = column == kind.happened and kind.takes_days
        text = read.midnight_of if takes_days and read.midnight_of else read.text
        if not is_date(text) or takes_days:
            return text
        try:
            return rfc3339(start_of(date.fromisoformat(text), self._zone))
        except (ValueError, OverflowError):
            raise TimeFormError("time_none") from None

    def _wrong_time(self, column: str, error: TimeFormError) -> str:
        key = "time_both" if error.key == "time_either" and self._mixed else error.key
        if key == "time_unknown":
            days = column == self.layout.kind.happened and self.layout.kind.takes_days
            key = "time_or_day_wanted" if days else "time_wanted"
        return self._understood.words(key, **error.values)

    def _times_of_all(self) -> _Times:
        """What only all times together tell."""
        found = _Times()
        kind = self.layout.kind
        columns = [
            (place, column == kind.happened and kind.takes_days)
            for column, place in self.layout.places.items()
            if column in self._times_told
        ]
        for row in self._table.rows():
            if row.number < self.layout.first_row:
                continue
            if self._leaves_out(row):
                self.left_out += 1
                continue
            if row.number - self.layout.first_row > MOST_LINES:
                raise SheetError(self._understood.words("file_many_lines", most=MOST_LINES))
            for place, takes_days in columns:
                if place < len(row.cells):
                    self._look_at(row.cells[place].strip(), found, takes_days=takes_days)
        return found

    def _look_at(self, cell: str, found: _Times, *, takes_days: bool) -> None:
        if not cell or (cell[10:11] == "T" and cell[-1:] == "Z"):
            return
        told = order_told(cell)
        if told:
            found.orders.add(told)
        try:
            read: ReadTime = read_time(cell, "mdy" if told == "mdy" else "dmy", self._zone)
        except TimeFormError:
            return
        found.without_zone += read.without_zone and not (takes_days and read.midnight_of)
        found.days += is_date(read.text) and not takes_days

    def _contradictions(self) -> Mapping[int, tuple[int, ...]]:
        """By line, the other lines that contradict it."""
        again = repeated(self._identity(self._read(row)[0]) for row in self._rows() if self._readable(row))
        if not again:
            return {}
        claims: list[Claim] = []
        for row in self._rows():
            if not self._readable(row):
                continue
            cells, _ = self._read(row)
            identity = self._identity(cells)
            if identity not in again:
                continue
            event, faults = self._line(row)
            if faults:  # it is refused for what it says itself
                continue
            content = hash((event["subject"], json.dumps(event["data"], sort_keys=True)))
            claims.append(Claim(row.number, identity, cells[self.layout.kind.recorded], content))
            if len(claims) > MOST_REPEATED:
                raise SheetError(self._understood.words("file_repeats", most=MOST_REPEATED))
        return contradicting(claims)

    def _readable(self, row: Row) -> bool:
        return row.fault is None and self._fits(row)

    def _identity(self, cells: Mapping[str, str]) -> int:
        """What tells the fact of a row from those of others."""
        kind = self.layout.kind
        client = "" if KINDS[kind.fact].unique else self._client(cells["client"]).client_id
        source = cells["source"] or self._options.source
        return hash((client, source, cells[kind.identity] or cells[kind.happened]))

    def _client(self, name: str) -> Meant:
        found = self._clients.get(name)
        if found is None:
            found = client_of(name, self._understood)
            if len(self._clients) < _MOST_REMEMBERED:
                self._clients[name] = found
        return found


def client_of(name: str, understood: Interpretation) -> Meant:
    """Whom a name means, or what is wrong with it."""
    try:
        named = understood.names(name)
        return Meant(named.subject, named.client_id)
    except AmbiguousNameError:
        return Meant(slugify(name), name, Fault("/subject", understood.words("client_ambiguous")))
    except NoNameError:
        if not name:
            return Meant("", "", Fault("/subject", understood.words("cell_missing")))
        key = "client_nobody" if is_displayable(name) else "client_not_displayable"
        return Meant("", name, Fault("/subject", understood.words(key)))


def faults_of(event: Any, understood: Interpretation) -> Iterator[Fault]:
    """All that the service would find wrong with it; of a missing source, what to do about it."""
    missing = isinstance(event, dict) and not event.get("source")
    for fault in understood.faults_in(event):
        if missing and fault.pointer == "/source":
            yield Fault(fault.pointer, understood.words("cell_source"))
        else:
            yield fault


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True
