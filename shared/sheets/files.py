"""A file that people have, whatever it is: looked through, shown where it has not our own columns, and read."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.sheets.agency import AgencyReading, Columns, columns_of
from shared.sheets.errors import SheetError
from shared.sheets.interpretation import Interpretation
from shared.sheets.layouts import Layout, is_own_header, own_layout
from shared.sheets.maps import HEAD, ColumnMap, proposal, published_maps
from shared.sheets.previews import Preview
from shared.sheets.reading import FileOptions, Line, Reading
from shared.sheets.tables import MOST_BYTES, PACKED, Opened, Row, Table, text_table
from shared.sheets.workbook import ENDING, SheetTable, Workbook, workbook
from shared.texts.words import Words


@dataclass(frozen=True, slots=True)
class FileReading:
    """A table of a file that was looked through, and not yet read."""

    name: str
    words: Words
    reading: Reading | AgencyReading
    preview: Preview | None = None
    """What a person looks at first; None where it has our own columns."""
    found: ColumnMap | None = None
    """The map that it is read by."""
    tool: str | None = None
    """Whose export it is, where it was recognised."""
    said: tuple[str, ...] = ()
    """What there is to say of the file besides."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know of how it is read."""
        empty = (self.words("file_no_rows"),) if self.is_empty else ()
        return (*self.said, *empty, *self.reading.notes)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it to import."""
        return next(self.lines(), None) is None

    def lines(self) -> Iterator[Line]:
        """Its lines as they are asked for."""
        return self.reading.lines()

    def shown(self) -> Preview:
        """What a person may look at where nobody has to: our own columns."""
        reading = self.reading
        if isinstance(reading, AgencyReading):
            return reading.preview()
        return reading.preview(self.words("map_own", kind=self.words(f"kind_{reading.layout.kind.name}")))


def refuse_size(size: int, words: Words) -> None:
    """Raises SheetError for a file that is larger than any that is taken."""
    if size > MOST_BYTES:
        raise SheetError(words("file_too_large", size=size >> 20, most=MOST_BYTES >> 20))


def readings(
    name: str,
    opened: Opened,
    understood: Interpretation,
    options: FileOptions,
    told: tuple[str, ColumnMap] | None = None,
) -> list[FileReading]:
    """What is in a file; `told` is the map by which what has not our own columns is read.

    Raises SheetError, in a sentence behind its name, for a file that cannot be taken.
    """
    words, kinds = understood.words, understood.kinds
    with opened() as raw:
        packed = raw.read(len(PACKED)) == PACKED
    if packed and name.lower().endswith(ENDING):
        return _of_sheets(workbook(name, opened, words), understood, options, told)
    table = text_table(name, opened, words, lambda cells: is_own_header(cells, kinds))
    return [_of_table(table, understood, options, told)]


def _of_sheets(
    book: Workbook, understood: Interpretation, options: FileOptions, told: tuple[str, ColumnMap] | None
) -> list[FileReading]:
    """The sheets that can be read; another beside them is told, and where there is none the first one is refused."""
    words, model = understood.words, understood.model
    heads = {table.sheet: list(islice(table.rows(), HEAD)) for table in book.tables}
    known = [
        table
        for table in book.tables
        if told or own_layout(heads[table.sheet][0], understood.kinds) or columns_of(heads[table.sheet], model)
    ] or list(book.tables[:1])
    said = [words("book_skipped", sheet=table.sheet) for table in book.tables if table not in known]
    said += [words("book_hidden", sheets=", ".join(book.hidden))] if book.hidden else []
    saved_at = _instant(book.saved_at, understood)
    sheets = [columns for table in known if (columns := columns_of(heads[table.sheet], model)) and columns.date is None]
    if options.day and len(sheets) > 1:
        raise SheetError(words("sheet_several_days", sheets=", ".join(table.sheet for table in known)))
    found = [_of_table(table, understood, options, told, saved_at) for table in known]
    first = found[0]
    return [replace(first, said=tuple(said)), *found[1:]]


def _of_table(
    table: Table,
    understood: Interpretation,
    options: FileOptions,
    told: tuple[str, ColumnMap] | None,
    saved_at: str | None = None,
) -> FileReading:
    words, kinds = understood.words, understood.kinds
    head: Sequence[Row] = list(islice(table.rows(), HEAD))
    layout: Layout | None = own_layout(head[0] if head else None, kinds)
    if layout:
        return FileReading(table.name, words, Reading(table, layout, understood, options))
    columns: Columns | None = None if told else columns_of(head, understood.model)
    if columns:
        sheet = table.sheet if isinstance(table, SheetTable) else None
        whole = AgencyReading(table, columns, understood, options, sheet=sheet, saved_at=saved_at)
        return FileReading(table.name, words, whole, whole.preview())
    proposed = proposal(head, kinds, words, told)
    zoned = FileOptions(options.source, options.dates or proposed.dates, options.zone, options.day)
    reading = Reading(table, proposed.layout, understood, zoned)
    kind, tool = proposed.layout.kind.name, proposed.name if proposed.name in published_maps() else None
    key = "map_any" if proposed.name in ("any", kind) else "map_read"
    preview = reading.preview(words(key, kind=words(f"kind_{kind}"), name=proposed.name))
    return FileReading(table.name, words, reading, preview, proposed.found, tool)


def _instant(text: str | None, understood: Interpretation) -> str | None:
    """When a workbook was saved, unless that lies in the future."""
    try:
        saved = parse_instant(text or "")
    except ValueError:
        return None
    return rfc3339(saved) if saved <= understood.now else None
