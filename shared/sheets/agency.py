"""An agency's own sheet: one row per client, the questions as columns in Dutch or English, on one day."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from typing import Any

from shared.http.problems import Fault
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Dimension, Model
from shared.opmm.slugs import slugify
from shared.opmm.timestamps import is_date, rfc3339, start_of
from shared.sheets.agency_cells import Told, is_answered, percent_of, told
from shared.sheets.errors import SheetError
from shared.sheets.interpretation import Interpretation
from shared.sheets.layouts import headings_of
from shared.sheets.previews import ROWS, Preview, PreviewRow
from shared.sheets.reading import FileOptions, Line, Meant, client_of, faults_of
from shared.sheets.rows import Event, event_id
from shared.sheets.tables import Row, Table
from shared.sheets.times import Order, TimeFormError, month_of, order_told, read_day
from shared.texts.spreadsheets import unguarded

MOST_CLIENTS = 20_000
"""Rows of a sheet; each is held."""

_CLIENT = (
    *("klant", "klanten", "klantnaam", "client", "clients", "client name", "opdrachtgever", "customer"),
    *("bedrijf", "company", "naam klant", "naam", "name", "account", "organisatie", "organisation"),
)
_DATE = ("datum", "date", "peildatum", "as of", "gemeten op", "measured on", "ingevuld op")
_OWNER = ("owner", "eigenaar", "accountmanager", "account manager", "account-manager", "verantwoordelijke")
_TOTAL = (
    *("totaal", "total", "totaalscore", "total score", "opmm", "opmm score", "opmm-score", "score"),
    *("punten", "points", "totaal punten", "total points"),
)
_SUMS = ("totaal", "total", "gemiddelde", "gemiddeld", "average", "mean", "som", "sum")
"""What stands under the clients and is none."""
_WHOLE = re.compile(
    r"(\d{1,3})(?:[.,]0{1,2})?(?: ?(?:/|van|of|out of) ?\d{1,3})?(?: ?(?:punten|punt|points?|pt))?",
    re.ASCII | re.IGNORECASE,
)
"""A number of points: `14`, `14.0`, `14/20`, `14 punten`."""
_POINTS = re.compile(r"\b(?:punten|punt|points?|pt|score)\b")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "happy_consultants": ("consultant", "blij", "happy", "medewerker"),
    "specialisms": ("specialis", "disciplin", "expertise"),
    "roadmap": ("roadmap",),
    "inspiration": ("inspirat",),
    "nps": ("nps", "promoter"),
}
"""What the headings of the published questions have in them; others are called as the model calls them."""

_DAY_WITHIN = re.compile(
    r"\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2} [^\W\d_]{3,9} \d{4}|[^\W\d_]{3,9} \d{4}|\d{4}-\d{2}"
)
_QUARTER = re.compile(r"[qk]([1-4])[ -]?(\d{4})|(\d{4})[ -]?[qk]([1-4])", re.IGNORECASE)
_FEWEST_QUESTIONS = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """Where in a sheet stands what."""

    row: int
    """The number of the header."""
    headings: tuple[str, ...]
    client: int
    questions: Mapping[str, int]
    """By key, the place of the answers."""
    points: Mapping[str, int] = field(default_factory=dict)
    """By key, the place of the points that the sheet itself gives."""
    date: int | None = None
    owner: int | None = None
    total: int | None = None

    @property
    def left_out(self) -> tuple[str, ...]:
        """The headings of which nothing is read."""
        taken = {self.client, self.date, self.owner, self.total, *self.questions.values(), *self.points.values()}
        return tuple(heading for place, heading in enumerate(self.headings) if heading and place not in taken)


@dataclass(frozen=True, slots=True)
class ClientRow:
    """What a row says of a client."""

    number: int
    name: str
    client: Meant
    day: str
    """A date; empty where it cannot be told."""
    answers: Mapping[str, Told]
    shown: Mapping[str, str]
    """By question, the cell as it stands there."""
    points: Mapping[str, int]
    owner: str
    total: str
    """As it stands there; empty where the sheet has none."""
    faults: tuple[str, ...]


def columns_of(head: Sequence[Row], model: Model) -> Columns | None:
    """Where a sheet with a row for each client has its header; None for any other table."""
    for row in head:
        found = _columns(row, model)
        if found:
            return found
    return None


def _columns(row: Row, model: Model) -> Columns | None:
    headings = headings_of(row.cells)
    folded = [" ".join(heading.casefold().split()) for heading in headings]
    clients = [place for place, heading in enumerate(folded) if heading in _CLIENT]
    if not clients:
        return None
    taken = {clients[0]}
    questions: dict[str, int] = {}
    points: dict[str, int] = {}
    for dimension in model.dimensions:
        for place, heading in enumerate(folded):
            if place in taken or not _asks(heading, dimension):
                continue
            into = points if _POINTS.search(heading) and dimension.key in questions else questions
            if dimension.key not in into:
                into[dimension.key] = place
                taken.add(place)
    if len(questions) < _FEWEST_QUESTIONS:
        return None
    free = [(place, heading) for place, heading in enumerate(folded) if place not in taken]
    places = [
        next((place for name in names for place, heading in free if heading == name), None)
        for names in (_DATE, _OWNER, _TOTAL)
    ]
    return Columns(row.number, headings, clients[0], questions, points, *places)


def _asks(heading: str, dimension: Dimension) -> bool:
    texts = (dimension.name, dimension.short, dimension.question)
    if heading == dimension.key or any(heading == text.casefold() for each in texts for text in each.values()):
        return True
    return any(word in heading for word in _WORDS.get(dimension.key, ()))


class AgencyReading:
    """A sheet with a row for each client, read whole. Raises SheetError where nothing tells of which day it is."""

    def __init__(
        self,
        table: Table,
        columns: Columns,
        understood: Interpretation,
        options: FileOptions,
        *,
        sheet: str | None = None,
        saved_at: str | None = None,
    ) -> None:
        if not options.source:
            raise SheetError(understood.words("source_missing"))
        self._table, self._columns, self._understood, self._options = table, columns, understood, options
        self._saved_at = saved_at
        self._notes: list[str] = list(table.notes)
        rows = [row for row in table.rows() if row.number > columns.row]
        if len(rows) > MOST_CLIENTS:
            raise SheetError(understood.words("file_many_lines", most=MOST_CLIENTS))
        told_orders = self._orders(rows)
        self._mixed = len(told_orders) > 1
        self._order: Order | None = options.dates or (None if self._mixed else next(iter(told_orders), None))
        if told_orders and self._order and options.dates is None:
            self._notes.append(understood.words(f"note_{self._order}"))
        self._day = self._day_of(sheet)
        if saved_at is None:
            self._notes.append(understood.words("sheet_not_saved"))
        self._rows = self._unrepeated([self._client_row(row) for row in rows if self._is_client(row)])

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how it is read."""
        return (*self._notes, *self.differences())

    def lines(self) -> Iterator[Line]:
        """The events of each row: none of a row with which anything is wrong."""
        for row in self._rows:
            events = [] if row.faults else list(self._events(row))
            faults = row.faults or tuple(
                dict.fromkeys(
                    f"{self._heading(event, fault)}: {fault.detail}"
                    for event in events
                    for fault in faults_of(event, self._understood)
                )
            )
            if faults:
                yield Line(self._table.name, row.number, 0, faults=faults)
                continue
            for event in events:
                yield Line(self._table.name, row.number, 0, event)

    def preview(self) -> Preview:
        """What a person looks at before anything is sent."""
        words, columns = self._understood.words, self._columns
        names = ["client", "date", *columns.questions, *(["owner"] if columns.owner is not None else [])]
        places = [columns.client, columns.date, *columns.questions.values(), columns.owner]
        headings = [words("sheet_day") if place is None else columns.headings[place] for place in places]
        rows = tuple(
            PreviewRow(
                row.number,
                (row.name, row.day, *(self._as_read(row, key) for key in columns.questions), row.owner)[: len(names)],
                row.faults,
            )
            for row in self._rows[:ROWS]
        )
        said = words("sheet_read", clients=len(self._rows))
        return Preview(said, tuple(zip(names, headings, strict=False)), columns.left_out, rows, self.differences())

    def differences(self) -> tuple[str, ...]:
        """Where the sheet's own total is another than its answers give, in a sentence for each client."""
        return tuple(sentence for row in self._rows if (sentence := self._difference(row)))

    def _difference(self, row: ClientRow) -> str | None:
        words, model = self._understood.words, self._understood.model
        if row.faults or not is_answered(row.total):
            return None
        summed = _points(row.total)
        if summed is None:
            return words("sheet_total_unread", client=row.name, cell=row.total)
        given = {key: model.dimension(key).points_for(answer.value) for key, answer in row.answers.items()}
        total = sum(given.values())
        if total == summed:
            return None
        apart = [
            words(
                "sheet_points_differ",
                question=self._name(key), cell=row.shown[key], points=given.get(key, 0), sheet=told_points,
            )
            for key, told_points in row.points.items()
            if key in given and told_points != given[key]
        ]  # fmt: skip
        parts = apart or [
            words("sheet_points", question=self._name(key), cell=row.shown[key], points=given[key]) for key in given
        ]
        parts += [
            words("sheet_not_answered", question=self._name(dimension.key))
            for dimension in model.dimensions
            if dimension.key not in given
        ]
        return words("sheet_differs", client=row.name, sheet=summed, total=total, parts=", ".join(parts))

    def _name(self, key: str) -> str:
        return self._understood.model.dimension(key).name[self._understood.words.language]

    def _as_read(self, row: ClientRow, key: str) -> str:
        answer = row.answers.get(key)
        if answer is None:
            return row.shown.get(key, "")
        if answer.band:
            return self._understood.words("sheet_band", cell=row.shown[key], value=answer.value)
        dimension = self._understood.model.dimension(key)
        if dimension.kind == "choice":
            return dimension.band_of(answer.value).text[self._understood.words.language]
        dimension = self._understood.model.dimension(key)
        if dimension.kind == "choice":
            return dimension.band_of(answer.value).text[self._understood.words.language]
        return answer.exact or str(answer.value)

    def _is_client(self, row: Row) -> bool:
        """Whether a row is about a client; sums below them are not."""
        cells = self._cells(row)
        if cells[self._columns.client].casefold().rstrip(":") in _SUMS:
            return False
        return any(cells[place] for place in (self._columns.client, *self._columns.questions.values()))

    def _cells(self, row: Row) -> list[str]:
        width = len(self._columns.headings)
        cells = [unguarded(cell).strip() for cell in row.cells[:width]]
        return cells + [""] * (width - len(cells))

    def _client_row(self, row: Row) -> ClientRow:
        columns, model = self._columns, self._understood.model
        if row.fault:
            return ClientRow(row.number, "", Meant("", ""), "", {}, {}, {}, "", "", (row.fault,))
        cells, faults = self._cells(row), []
        client = client_of(cells[columns.client], self._understood)
        if client.fault:
            faults.append(f"{columns.headings[columns.client]}: {client.fault.detail}")
        answers: dict[str, Told] = {}
        for key, place in columns.questions.items():
            if not is_answered(cells[place]):
                continue
            answer = told(cells[place], model.dimension(key))
            if answer and model.dimension(key).holds(answer.value):
                answers[key] = answer
            else:
                faults.append(f"{columns.headings[place]}: {self._no_answer(cells[place], model.dimension(key))}")
        day, wrong_day = self._day_in(cells)
        if wrong_day:
            faults.append(wrong_day)
        return ClientRow(
            row.number,
            cells[columns.client],
            client,
            day,
            answers,
            {key: cells[place] for key, place in columns.questions.items()},
            {key: points for key, place in columns.points.items() if (points := _points(cells[place])) is not None},
            cells[columns.owner] if columns.owner is not None else "",
            cells[columns.total] if columns.total is not None else "",
            tuple(faults),
        )

    def _no_answer(self, cell: str, dimension: Dimension) -> str:
        """Why a cell is no answer to a question."""
        words = self._understood.words
        percent = percent_of(cell) if dimension.kind == "nps" else None
        if percent:
            return words("sheet_percent", percent=percent)
        return words("sheet_no_answer", rows=", ".join(band.text[words.language] for band in dimension.bands))

    def _day_in(self, cells: Sequence[str]) -> tuple[str, str | None]:
        """Of which day a row is, and what is wrong with that."""
        words, place = self._understood.words, self._columns.date
        if place is None or not cells[place]:
            heading = self._columns.headings[place or 0]
            return self._day, None if self._day else f"{heading}: {words('sheet_no_day')}"
        try:
            return read_day(cells[place], self._order, self._understood.zone), None
        except TimeFormError as error:
            key = {"time_unknown": "time_or_day_wanted"}.get(error.key, error.key)
            key = "time_both" if key == "time_either" and self._mixed else key
            return self._day, f"{self._columns.headings[place]}: {words(key, **error.values)}"

    def _unrepeated(self, rows: list[ClientRow]) -> list[ClientRow]:
        """The same rows; two that tell of one client on one day are refused unless they are equal."""
        groups: dict[tuple[str, str], list[ClientRow]] = {}
        for row in rows:
            groups.setdefault((row.client.client_id, row.day), []).append(row)
        checked = []
        for row in rows:
            others = [
                other
                for other in groups[row.client.client_id, row.day]
                if other is not row and (other.answers, other.owner) != (row.answers, row.owner)
            ]
            if others and not row.faults:
                lines = ", ".join(str(other.number) for other in others)
                fault = self._understood.words("row_repeated", lines=lines)
                heading = self._columns.headings[self._columns.client]
                checked.append(replace(row, faults=(f"{heading}: {fault}",)))
            else:
                checked.append(row)
        return checked

    def _events(self, row: ClientRow) -> Iterator[Event]:
        """What a row says, each as an event of the day; the same whenever it is imported."""
        model = self._understood.model
        day = date.fromisoformat(row.day) if is_date(row.day) else None
        begun = rfc3339(start_of(day, self._understood.zone)) if day else row.day
        surveyed = {key: answer for key, answer in row.answers.items() if model.dimension(key).answers_from == "survey"}
        for key, answer in row.answers.items():
            band = {"basis": "band"} if answer.band else {}
            if model.dimension(key).answers_from == "consultants":
                counted = {"working": answer.value, **band, "as_of": row.day}
                yield self._event(row, "consultants.counted", row.day, begun, counted)
            elif model.dimension(key).answers_from == "nps":
                figure = float(answer.exact) if answer.exact else answer.value
                yield self._event(row, "nps.reported", row.day, begun, {"nps": figure, **band, "measured_at": begun})
        if surveyed:
            bands = [key for key, answer in surveyed.items() if answer.band]
            data = {
                "survey_id": f"sheet-{row.day}",
                "answered_at": begun,
                "answers": {key: answer.value for key, answer in surveyed.items()},
                **({"bands": bands} if bands else {}),
            }
            yield self._event(row, "survey.answered", row.day, begun, data)
        if row.owner:
            yield self._event(row, "client.described", f"owner-{row.day}", begun, {"owner": row.owner})

    def _event(self, row: ClientRow, type_: str, identity: str, begun: str, data: Mapping[str, Any]) -> Event:
        source = self._options.source
        saved = self._saved_at
        return {
            "specversion": "1.0",
            "type": type_,
            "source": source,
            "id": event_id(type_, source, slugify(row.name), identity),
            "subject": row.client.subject,
            "time": saved if saved and saved > begun else begun,
            "data": data,
        }

    def _heading(self, event: Event, fault: Fault) -> str:
        """The heading of a fault in an event."""
        columns, model = self._columns, self._understood.model
        if fault.pointer == "/subject":
            return columns.headings[columns.client]
        if fault.pointer == "/data/owner" and columns.owner is not None:
            return columns.headings[columns.owner]
        for key, place in columns.questions.items():
            from_ = model.dimension(key).answers_from
            if fault.pointer.endswith(f"/{key}") or (
                (event["type"], from_, fault.pointer)
                in (("consultants.counted", "consultants", "/data/working"), ("nps.reported", "nps", "/data/nps"))
            ):
                return columns.headings[place]
        return self._understood.words("sheet_day") if columns.date is None else columns.headings[columns.date]

    def _orders(self, rows: Sequence[Row]) -> set[Order]:
        """What the dates of the rows tell of what comes first."""
        place = self._columns.date
        told = {order_told(self._cells(row)[place]) for row in rows} if place is not None else set()
        return {order for order in told if order is not None and order != "either"}

    def _day_of(self, sheet: str | None) -> str:
        """The day of rows that tell none: as somebody says, as the sheet is called, or as stands above the table."""
        if self._options.day:
            return self._options.day
        words, columns = self._understood.words, self._columns
        above = [cell for row in self._table.rows() if row.number < columns.row for cell in row.cells if cell.strip()]
        for text, key in ((sheet or "", "sheet_day_of_name"), (" ".join(above), "sheet_day_above")):
            found = {day for part in _DAY_WITHIN.findall(text) if (day := self._read_day(part))} or _quarters(text)
            if len(found) == 1:
                day = found.pop()
                if columns.date is None:
                    self._notes.append(words(key, day=day))
                return day
        if columns.date is None:
            raise SheetError(words("sheet_which_day"))
        return ""

    def _read_day(self, text: str) -> str | None:
        month = month_of(text)
        if month:
            return month.isoformat()
        try:
            return read_day(text, self._order, self._understood.zone)
        except TimeFormError:
            return None


def _quarters(text: str) -> set[str]:
    """The first days of the quarters that a text names."""
    return {
        date(int(after or before), 3 * int(first or last) - 2, 1).isoformat()
        for first, after, before, last in _QUARTER.findall(text)
    }


def _points(text: str) -> int | None:
    """A number of points; None for anything else."""
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else None
