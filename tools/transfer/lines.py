"""The files of an import, read line by line into events or into what is wrong with each line."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from shared.sheets.errors import SheetError
from shared.sheets.interpretation import Interpretation
from shared.sheets.layouts import is_own_header, own_layout
from shared.sheets.maps import HEAD, ColumnMap, Proposal, proposal
from shared.sheets.reading import FileOptions, Line, Reading, faults_of
from shared.sheets.rows import Event
from shared.sheets.tables import LONGEST_LINE, MOST_BYTES, text_table
from shared.texts.words import Words
from tools.errors import ToolError

TEXTS = (".csv", ".tsv", ".txt")
EVENTS = ".jsonl"
ENDINGS = (*TEXTS[:2], EVENTS)
"""Of the files that are taken from a folder."""

_MEGABYTE = 1 << 20


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
    reading: Reading | None
    """None for a file of events."""
    proposal: Proposal | None
    """How it would be read where it has not our own columns."""
    understood: Interpretation
    options: FileOptions

    @property
    def notes(self) -> Sequence[str]:
        """What a person should know of how it is read."""
        return self.reading.notes if self.reading else ()

    def lines(self) -> Iterator[Line]:
        """Its lines as they are asked for."""
        if self.reading:
            return self.reading.lines()
        return _json_lines(self.path, self.options.source, self.understood)


def opened(
    path: Path, understood: Interpretation, options: FileOptions, told: tuple[str, ColumnMap] | None = None
) -> Opened:
    """A file that was looked through; `told` is the map by which one that has not our own columns is read.

    Raises ToolError, naming the file, for one that cannot be taken, and for rows that name no source when there is none
    to stand for them.
    """
    words, kinds = understood.words, understood.kinds
    try:
        _refuse_size(path.stat().st_size, words)
        if path.suffix.lower() == EVENTS:
            return Opened(path, None, None, understood, options)
        table = text_table(path.name, lambda: path.open("rb"), words, lambda cells: is_own_header(cells, kinds))
        head = list(islice(table.rows(), HEAD))
        layout, proposed = own_layout(head[0] if head else None, kinds), None
        if layout is None:
            proposed = proposal(head, kinds, words, told)
            layout = proposed.layout
            options = replace(options, dates=options.dates or proposed.dates)
        return Opened(path, Reading(table, layout, understood, options), proposed, understood, options)
    except SheetError as refused:
        raise ToolError(f"{path}: {refused}") from refused


def read(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    """The lines of a file; `source` stands for those that name none. Raises ToolError as `opened` does."""
    return opened(path, understood, FileOptions(source)).lines()


def _refuse_size(size: int, words: Words) -> None:
    """Raises SheetError for a file that is larger than any that is taken."""
    if size > MOST_BYTES:
        raise SheetError(words("file_too_large", size=size // _MEGABYTE, most=MOST_BYTES // _MEGABYTE))


def _json_lines(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, text in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), 1):
            rest = text
            while len(rest) == LONGEST_LINE and not rest.endswith(b"\n"):
                rest = file.readline(LONGEST_LINE)
            if rest is not text:
                yield Line(path.name, number, file.tell(), faults=("is too long",))
            elif text.strip(b"\xef\xbb\xbf \r\n"):
                event, faults = _parsed(text.removeprefix(b"\xef\xbb\xbf"), source, understood)
                yield Line(path.name, number, file.tell(), event, faults)


def _parsed(text: bytes, source: str, understood: Interpretation) -> tuple[Event, tuple[str, ...]]:
    try:
        event: Any = from_json(text, allow_inf_nan=False)
    except ValueError as error:
        return {}, (f"is not JSON: {error}",)
    if isinstance(event, dict) and source:
        event = {"source": source} | event
    return event, tuple(f"{fault.pointer or 'the line'} {fault.detail}" for fault in faults_of(event, understood))
