"""Tables as rows of cells, whatever wrote them: text of any encoding and delimiter, read as it is asked for."""

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Protocol

from shared.opmm.dataclass import dataclass
from shared.sheets.errors import SheetError
from shared.texts.words import Words

Opened = Callable[[], BinaryIO]
"""Opens a file anew, from its beginning."""

MOST_BYTES = 2 * 1024**3
"""Of a file. Larger ones are refused before anything is read."""

LONGEST_LINE = 200_000
"""Characters. A batch takes 256 KiB."""

_BLOCK = 1 << 20
_HEAD = 4096
_DELIMITERS = ",;\t|"
_SAMPLE = 20
"""Lines that are looked at for the delimiter: titles above a table hold none."""

_SEPARATOR = re.compile("sep=(.)\r?\n?", re.IGNORECASE)
_SEVERAL_BYTES = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
"""A letter of several bytes in UTF-8, which text in any other encoding hardly ever holds."""

PACKED = b"PK\x03\x04"
"""How every packed file begins, and so every workbook."""

_NO_TEXT = {
    PACKED: "file_is_zip",
    b"\xd0\xcf\x11\xe0": "file_is_xls",
    b"%PDF": "file_is_pdf",
    b"\x1f\x8b": "file_is_packed",
    b"7z\xbc\xaf": "file_is_packed",
    b"Rar!": "file_is_packed",
}
_PAGE = re.compile(rb"\s*<(?:!doctype html|html|\?xml|table)\b", re.IGNORECASE)
"""Some tools call a web page, or another document in angle brackets, a workbook."""
"""By its first bytes, what a file is that is no text."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table."""

    number: int
    """Of its first line, as an editor counts, or of the row in a sheet."""
    cells: Sequence[str]
    position: int = 0
    """Bytes of the file that were read by then."""
    fault: str | None = None
    """Why it cannot be read."""


class Table(Protocol):
    """Rows that can be read again and again."""

    @property
    def name(self) -> str:
        """What the table is called: its file, and its sheet where the file has several."""

    @property
    def notes(self) -> Sequence[str]:
        """What a person should know about how it is read."""

    def rows(self) -> Iterator[Row]:
        """Its rows from the first, those without any cell left out."""


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table in text: CSV, whatever its delimiter and encoding."""

    name: str
    opened: Opened
    encoding: str
    delimiter: str
    separator_told: bool
    words: Words
    notes: tuple[str, ...] = ()

    def rows(self) -> Iterator[Row]:
        """Its rows; a quote that never closes spoils no more than a cell can hold.

        Text behind a closing quote, or a file that ends within quotes, is told: several lines may have become one.
        """
        with self.opened() as raw, io.TextIOWrapper(raw, self.encoding, "surrogateescape", newline="") as text:
            lines = _Lines(text)
            if self.separator_told:
                next(lines)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            before = lines.count
            while True:
                fault = None
                try:
                    cells = next(reader, None)
                except csv.Error:  # also a cell past the limit, which mostly is a quote that never closes
                    cells, fault = [], self.words("row_quoted")
                if cells is None:
                    return
                number, before = before + 1, lines.count
                if lines.cut:
                    lines.cut, fault = False, self.words("row_too_long", most=LONGEST_LINE)
                if fault or any(map(str.strip, cells)):
                    yield Row(number, cells, raw.tell(), fault)


class _Lines:
    """The lines of a text, none longer than a row may be: what is longer is skipped, and `cut` says so."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self.count = 0
        self.cut = False

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._text.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.count += 1
        if len(line) == LONGEST_LINE and line[-1] not in "\r\n":
            self.cut = True
            while len(line) == LONGEST_LINE and line[-1] not in "\r\n":
                line = self._text.readline(LONGEST_LINE)
            return "\n"
        return line


def text_table(
    name: str, opened: Opened, words: Words, is_header: Callable[[Sequence[str]], bool] = lambda _: False
) -> TextTable:
    """A file as a table. Raises SheetError, naming what it is, where it is no text.

    The delimiter is the one by which the first line `is_header`, else the one that parts the lines most evenly.
    """
    with opened() as raw:
        head = raw.read(_HEAD)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise SheetError(words("file_is_empty"))
    for beginning, kind in _NO_TEXT.items():
        if head.startswith(beginning):
            raise SheetError(words(kind))
    if _PAGE.match(head.removeprefix(codecs.BOM_UTF8)):
        raise SheetError(words("file_is_page"))
    encoding = _encoding(head, opened, words)
    with opened() as raw, io.TextIOWrapper(raw, encoding, "surrogateescape", newline="") as text:
        try:
            sample = [text.readline(LONGEST_LINE) for _ in range(_SAMPLE)]
        except UnicodeError as error:
            raise SheetError(words("file_no_text")) from error
    told = _SEPARATOR.fullmatch(sample[0])
    delimiter = told[1] if told else _delimiter(sample, is_header)
    notes = (words("file_in_cp1252"),) if encoding == "cp1252" else ()
    return TextTable(name, opened, encoding, delimiter, told is not None, words, notes)


def _delimiter(sample: Sequence[str], is_header: Callable[[Sequence[str]], bool]) -> str:
    for delimiter in _DELIMITERS:
        try:
            first = next(csv.reader(sample[:1], delimiter=delimiter), [])
        except csv.Error:  # a line that no cell can hold
            continue
        if is_header(first):
            return delimiter
    return max(_DELIMITERS, key=lambda delimiter: _regularity(sample, delimiter))


def _regularity(sample: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many of these lines have equally many cells, of more than one, and how many cells that is."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter) if len(cells) > 1)
    except csv.Error:
        return 0, 0
    return max(((lines, width) for width, lines in widths.items()), default=(0, 0))


def _encoding(head: bytes, opened: Opened, words: Words) -> str:
    """How a text is encoded: what its mark says, else UTF-8 wherever it holds any, else what Windows writes here.

    Raises SheetError for bytes that are no text.
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return encoding
    if b"\0" in head:
        odd, even = (part.count(0) * 2 > len(part) for part in (head[1::2], head[::2]))
        if odd is not even:
            return "utf-16-le" if odd else "utf-16-be"
        raise SheetError(words("file_no_text"))
    return "utf-8" if _is_utf_8(opened) or _holds(opened, _SEVERAL_BYTES) else "cp1252"


def _is_utf_8(opened: Opened) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened() as raw:
        try:
            for block in iter(lambda: raw.read(_BLOCK), b""):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _holds(opened: Opened, pattern: re.Pattern[bytes]) -> bool:
    with opened() as raw:
        return any(pattern.search(block) for block in iter(lambda: raw.read(_BLOCK), b""))
