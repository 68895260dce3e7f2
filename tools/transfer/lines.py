"""The files of an import, read line by line into events or into what is wrong with each line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from shared.sheets.errors import SheetError
from shared.sheets.files import FileReading, readings, refuse_size
from shared.sheets.interpretation import Interpretation
from shared.sheets.maps import ColumnMap
from shared.sheets.reading import FileOptions, Line, faults_of
from shared.sheets.rows import Event
from shared.sheets.tables import LONGEST_LINE
from shared.sheets.workbook import ENDING
from tools.errors import ToolError

EVENTS = ".jsonl"
_COLUMN = re.compile(r"column (\d+)")
"""Where a text ceases to be JSON, as the parser says it."""

ENDINGS = (".csv", ".tsv", ENDING, EVENTS)
"""Of the files that are taken from a folder."""


def files_of(path: Path) -> list[Path]:
    """The file, or all files of facts in the folder. Raises ToolError when there are none."""
    if not path.exists():
        raise ToolError(f"{path} does not exist.")
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in ENDINGS) if path.is_dir() else [path]
    if not files:
        raise ToolError(f"{path} holds no {', no '.join(ENDINGS[:-1])} and no {ENDINGS[-1]}.")
    return files


def not_taken(path: Path) -> list[Path]:
    """What else lies in a folder; hidden files are nobody's to import."""
    taken = files_of(path)
    inside = sorted(path.iterdir()) if path.is_dir() else []
    return [other for other in inside if other not in taken and not other.name.startswith(".")]


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that was looked through, and not yet read."""

    path: Path
    tables: Sequence[FileReading]
    """None in a file of events."""
    understood: Interpretation
    options: FileOptions

    @property
    def notes(self) -> Sequence[str]:
        """What a person should know of how it is read."""
        return [note for table in self.tables for note in table.notes]

    def lines(self) -> Iterator[Line]:
        """Its lines as they are asked for."""
        if self.tables:
            return chain.from_iterable(table.lines() for table in self.tables)
        return _json_lines(self.path, self.options.source, self.understood)


def opened(
    path: Path, understood: Interpretation, options: FileOptions, told: tuple[str, ColumnMap] | None = None
) -> Opened:
    """A file that was looked through; `told` is the map by which one that has not our own columns is read.

    Raises ToolError, naming the file, for one that cannot be taken, and for rows that name no source when there is none
    to stand for them.
    """
    size = path.stat().st_size
    try:
        refuse_size(size, understood.words)
        if path.suffix.lower() != EVENTS:
            tables = readings(path.name, lambda: path.open("rb"), understood, options, told)
            return Opened(path, tables, understood, options)
    except SheetError as refused:
        raise ToolError(f"{path}: {refused}") from refused
    return Opened(path, (), understood, options)


def read(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    """The lines of a file; `source` stands for those that name none. Raises ToolError as `opened` does."""
    return opened(path, understood, FileOptions(source)).lines()


def _json_lines(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, text in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            rest = text
            while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST_LINE)
            if rest is not text:
                yield Line(
                    path.name, number, file.tell(), faults=(understood.words("row_too_long", most=LONGEST_LINE),)
                )
            elif text.strip(b"\xef\xbb\xbf \r\n"):
                event, faults = _parsed(text.removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n"), source, understood)
                yield Line(path.name, number, file.tell(), event, faults)


def _parsed(text: bytes, source: str, understood: Interpretation) -> tuple[Event, tuple[str, ...]]:
    try:
        event: Any = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        place = _COLUMN.search(str(error))
        return {}, (understood.words("line_not_json", place=place[1] if place else 1),)
    if isinstance(event, dict) and source:
        event = {"source": source} | event
    return event, tuple(
        f"{fault.pointer or understood.words('line_whole')} {fault.detail}" for fault in faults_of(event, understood)
    )
