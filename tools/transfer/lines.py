"""The files of an import, read line by line into events or into what is wrong with each line."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from shared.sheets.errors import SheetError
from shared.sheets.interpretation import Interpretation
from shared.sheets.layouts import is_own_header, own_layout, unrecognised
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


def opened(path: Path, understood: Interpretation, options: FileOptions) -> tuple[Sequence[str], Iterator[Line]]:
    """What a person should know of how a file is read, and its lines as they are asked for.

    Raises ToolError for an unknown header, and for rows that name no source when there is none to stand for them.
    """
    if path.suffix.lower() == EVENTS:
        return (), _json_lines(path, options.source, understood)
    reading = reading_of(path, understood, options)
    return reading.notes, reading.lines()


def read(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    """The lines of a file; `source` stands for those that name none. Raises ToolError as `opened` does."""
    return opened(path, understood, FileOptions(source))[1]


def reading_of(path: Path, understood: Interpretation, options: FileOptions) -> Reading:
    """A file of rows, looked through once. Raises ToolError for one that cannot be taken, naming it."""
    try:
        refuse_size(path.stat().st_size, understood.words)
        table = text_table(
            path.name, lambda: path.open("rb"), understood.words, lambda cells: is_own_header(cells, understood.kinds)
        )
        first = next(table.rows(), None)
        layout = own_layout(first, understood.kinds)
        if layout is None:
            raise unrecognised(first, understood.kinds, understood.words)
        return Reading(table, layout, understood, options)
    except SheetError as refused:
        raise ToolError(f"{path}: {refused}") from refused


def refuse_size(size: int, words: Words) -> None:
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
