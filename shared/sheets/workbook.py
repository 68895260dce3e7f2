"""Workbooks (.xlsx) as tables: what they declare and hold is bounded before their cells are read."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

from shared.opmm.dataclass import dataclass
from shared.sheets.errors import SheetError
from shared.sheets.tables import Opened, Row
from shared.texts.words import Words

ENDING = ".xlsx"
MOST_BYTES = 20 * 1024**2
"""Of a workbook as it lies on the disk."""

_MOST_UNPACKED = 60 * 1024**2
_MOST_ENTRIES = 1000
_MOST_TIMES = 200
"""How much larger an entry may become; text of a sheet becomes ten times as large."""
_SMALL = 1 << 20
"""Bytes of an entry that may become as large as they like."""
_MOST_ROWS = 100_000
_MOST_COLUMNS = 500
_MOST_CELLS = 600_000
"""Of all sheets, each from its first cell to its last: so many are laid out, whatever stands between them."""
_MOST_TEXT = 128 * 1024**2
"""Bytes that cells may hold together: one text may stand in any number of them, and each gets its own."""

_TEXTS = "sharedstrings.xml"
_BLOCK = 1 << 16
_LONGEST_REFERENCE = 64
_SHORT = 5
"""Bytes of an attribute that may have begun in the piece before."""
_REFERENCE = re.compile(rb"\br\s*=\s*[\"']\$?([A-Z]{0,9})\$?([0-9]{1,12})[\"']")
_SHARED = re.compile(rb"\bt\s*=\s*[\"']s[\"']")
_END_OF_TEXT = re.compile(rb"/(?:\w+:)?si\s*>")
_MODIFIED = re.compile(rb"<dcterms:modified[^>]*>([0-9T:.Z+-]{10,40})<")
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, RuntimeError)
"""What the standard library raises for packed files that are broken, or packed as no workbook is."""
_WHOLE = 1e15
"""From here on a number in a sheet has lost digits."""

Value = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class SheetTable:
    """One sheet, in memory."""

    name: str
    sheet: str
    values: Sequence[Sequence[Value]]
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Its rows from the first, numbered as the sheet numbers them."""
        for number, values in enumerate(self.values, start=1):
            cells = [_text(value) for value in values]
            if any(map(str.strip, cells)):
                yield Row(number, cells)


@dataclass(frozen=True, slots=True)
class Workbook:
    """The sheets that are shown, and when the workbook was saved."""

    tables: tuple[SheetTable, ...]
    hidden: tuple[str, ...]
    saved_at: str | None


def workbook(name: str, opened: Opened, words: Words) -> Workbook:
    """A workbook. Raises SheetError for one that cannot be read, or is larger than what is taken."""
    with opened() as raw:
        content = raw.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise SheetError(words("book_too_large", most=MOST_BYTES >> 20))
    saved_at = _checked(content, words)
    # Rare, and not in the way of a function's start.
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        shown = [sheet.name for sheet in sheets if sheet.visible == SheetVisibleEnum.Visible]
        tables = tuple(
            SheetTable(
                f"{name}, {sheet}" if len(shown) > 1 else name,
                sheet,
                book.get_sheet_by_name(sheet).to_python(skip_empty_area=False),
            )
            for sheet in shown
        )
    except CalamineError as error:
        raise SheetError(words("book_unreadable")) from error
    hidden = tuple(sheet.name for sheet in sheets if sheet.name not in shown)
    filled = tuple(table for table in tables if any(table.rows()))
    if not filled:
        raise SheetError(words("file_is_empty"))
    return Workbook(filled, hidden, saved_at)


def _checked(content: bytes, words: Words) -> str | None:
    """When a workbook was saved, where it says so. Raises SheetError for what is none, or could fill the memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
                raise SheetError(words("book_is_none"))
            declared = sum(entry.file_size for entry in entries)
            if len(entries) > _MOST_ENTRIES or declared > _MOST_UNPACKED:
                raise SheetError(words("book_unpacks", size=declared >> 20, most=_MOST_UNPACKED >> 20))
            for entry in entries:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise SheetError(words("book_is_none"))
                if entry.flag_bits & 1:
                    raise SheetError(words("book_locked"))
                if entry.file_size > max(_SMALL, _MOST_TIMES * entry.compress_size):
                    raise SheetError(words("book_unpacks", size=declared >> 20, most=_MOST_UNPACKED >> 20))
            _require_small(packed, words)
            if "docProps/core.xml" not in names:
                return None
            with packed.open("docProps/core.xml") as part:
                found = _MODIFIED.search(part.read(_BLOCK))
            return found[1].decode() if found else None
    except _BROKEN as error:
        raise SheetError(words("book_unreadable")) from error


def _require_small(packed: zipfile.ZipFile, words: Words) -> None:
    """Raises SheetError for sheets that would be laid out over more cells, or with more text, than is taken.

    Any part may be a sheet, whatever it is called: the workbook says which are.
    """
    cells = shared = longest = 0
    for entry in packed.infolist():
        if entry.filename.lower().endswith(_TEXTS):
            longest = max(longest, _longest_text(packed.read(entry)))
            continue
        rows = columns = 0
        for text, new in _blocks(packed, entry, words):
            for letters, digits in _REFERENCE.findall(text):
                rows, columns = max(rows, int(digits)), max(columns, _number(letters))
            shared += len(_SHARED.findall(text, new))
        cells += rows * columns
        if rows > _MOST_ROWS or columns > _MOST_COLUMNS or cells > _MOST_CELLS:
            raise SheetError(words("book_wide", rows=rows, columns=columns))
    if shared * longest > _MOST_TEXT:
        raise SheetError(words("book_full"))


def _blocks(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, words: Words) -> Iterator[tuple[bytes, int]]:
    """An entry in pieces that overlap, each with where what is new in it begins."""
    rest = b""
    with packed.open(entry) as part:
        for block in iter(lambda: part.read(_BLOCK), b""):
            text = rest + block
            if b"\0" in text and entry.filename.lower().endswith(".xml"):
                raise SheetError(words("book_unreadable"))
            yield text, max(len(rest) - _SHORT, 0)
            rest = text[-_LONGEST_REFERENCE:]


def _longest_text(part: bytes) -> int:
    """Bytes of the longest text that cells may share, with its marks."""
    ends = [0, *(match.end() for match in _END_OF_TEXT.finditer(part)), len(part)]
    return max(after - before for before, after in pairwise(ends))


def _number(letters: bytes) -> int:
    """The number of a column: AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _text(value: Value) -> str:
    """A cell as text: dates and numbers as they are read everywhere else."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        if not value.is_integer():
            return repr(value)
        # Digits that a sheet cannot hold are lost: as lost as those of a number that it shows in this form.
        return str(int(value)) if abs(value) < _WHOLE else f"{value:.5E}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time() else value.date().isoformat()
    return value if isinstance(value, str) else str(value)
