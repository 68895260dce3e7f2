"""Reads files of facts line by line, whatever their length, into events or what is wrong with them."""

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from shared.http.problems import Fault
from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.opmm.slugs import slugify
from tools.errors import ToolError
from tools.transfer.interpretation import Interpretation
from tools.transfer.kinds import FileKind
from tools.transfer.rows import Event, event_of, recognised

_LONGEST_LINE = 200_000
"""Bytes. A batch takes 256 KiB."""

_NOT_UTF_8 = "is not UTF-8 (in Excel, save as CSV UTF-8)"
_NO_SOURCE = "is missing; SOURCE=... stands in where a line names none"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file: an event, or all that is wrong with it."""

    file: str
    number: int
    position: int
    """Bytes of the file that were read by then."""
    event: Event = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def files_of(path: Path) -> list[Path]:
    """The file, or all files of facts in the folder. Raises ToolError when there are none."""
    if not path.exists():
        raise ToolError(f"{path} does not exist.")
    files = sorted(file for file in path.iterdir() if file.suffix in (".csv", ".jsonl")) if path.is_dir() else [path]
    if not files:
        raise ToolError(f"{path} holds no .csv and no .jsonl.")
    return files


def read(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    """The lines of a file; `source` stands for those that name none.

    Raises ToolError for an unknown header, and for rows that name no source when there is none to stand for them.
    """
    return _json_lines(path, source, understood) if path.suffix == ".jsonl" else _csv_lines(path, source, understood)


def _in_columns(kind: FileKind, fault: Fault) -> str:
    """A fault in the words of the file: the column instead of the field of the event."""
    known = {"/subject": "client", "/time": kind.recorded, "/source": "source"}
    steps = fault.pointer.removeprefix("/data/").removeprefix("answers/").split("/")
    return f"{known.get(fault.pointer, steps[0]).lstrip('/')}: {fault.detail}"


def _csv_lines(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        header = file.readline(_LONGEST_LINE)
        delimiter = max(",;\t", key=header.count)
        rows = csv.reader(chain([header], file), delimiter=delimiter)
        columns = [column.strip().lower() for column in next(rows, [])]
        kind = recognised(columns, understood.kinds)
        if kind is None or len(set(columns)) < len(columns):
            raise ToolError(f"{path}: {_unrecognised(columns, understood.kinds)}")
        if not source and "source" not in columns:
            raise ToolError(f"{path}: which source does it come from? Add SOURCE=..., or a column source.")
        before = rows.line_num
        while True:
            unreadable: tuple[str, ...] = ()
            try:
                cells = next(rows, None)
            except csv.Error as error:  # a cell past the limit, mostly a quote that never closes
                cells, unreadable = [], (f"cannot be read: {error}",)
            if cells is None:
                return
            number, before = before + 1, rows.line_num
            position = os.lseek(file.fileno(), 0, os.SEEK_CUR)
            if unreadable:
                yield Line(path.name, number, position, faults=unreadable)
            elif cells:
                event, faults = _row(kind, columns, cells, source, understood)
                yield Line(path.name, number, position, event, faults)


def _row(
    kind: FileKind, columns: list[str], cells: list[str], source: str, understood: Interpretation
) -> tuple[Event, tuple[str, ...]]:
    if len(cells) != len(columns):
        return {}, (f"has {len(cells)} cells under {len(columns)} columns; is a cell with the delimiter unquoted?",)
    row = dict(zip(columns, cells, strict=True))
    unreadable = tuple(f"{column}: {_NOT_UTF_8}" for column, cell in row.items() if not _is_text(cell))
    if unreadable:
        return {}, unreadable
    subject, unnamed = _subject(row["client"].strip(), understood)
    event = event_of(kind, row, source, understood.zone, subject)
    faults = [
        unnamed if unnamed and fault.pointer == unnamed.pointer else fault
        for fault in _faults(event, understood)
        if fault.pointer != "/time" or row.get(kind.recorded)
    ]
    if unnamed and unnamed not in faults:
        faults.insert(0, unnamed)
    return event, tuple(_in_columns(kind, fault) for fault in faults)


def _subject(name: str, understood: Interpretation) -> tuple[str, Fault | None]:
    """What events about a client are sent under, or what is wrong with its name."""
    try:
        return understood.names(name).subject, None
    except AmbiguousNameError as several:
        return slugify(name), Fault("/subject", str(several))
    except NoNameError as nobody:
        return "", Fault("/subject", str(nobody))


def _json_lines(path: Path, source: str, understood: Interpretation) -> Iterator[Line]:
    with path.open("rb") as file:
        for number, text in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
            rest = text
            while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
                rest = file.readline(_LONGEST_LINE)
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
    return event, tuple(f"{fault.pointer or 'the line'} {fault.detail}" for fault in _faults(event, understood))


def _faults(event: Any, understood: Interpretation) -> Iterator[Fault]:
    """All that the service would find wrong with it; of a missing source, what to do about it."""
    missing = isinstance(event, dict) and not event.get("source")
    for fault in understood.faults_in(event):
        yield Fault(fault.pointer, _NO_SOURCE) if missing and fault.pointer == "/source" else fault


def _is_text(cell: str) -> bool:
    try:
        cell.encode()
    except UnicodeEncodeError:
        return False
    return True


def _unrecognised(columns: list[str], kinds: Iterable[FileKind]) -> str:
    """Which columns there may be. What stands in the file is not quoted: without a header it would be data."""
    known = "\n".join(
        f"  {kind.name}: client,{','.join(kind.required)}[,{','.join((*kind.optional, 'source'))}]" for kind in kinds
    )
    return f"its first line ({len(columns)} columns) is none of these headers; columns in [] may be absent:\n{known}"
