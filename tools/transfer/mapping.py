"""Shows how a file that has not our own columns would be read, and asks before anything is sent."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console

from shared.sheets.errors import SheetError
from shared.sheets.maps import MOST_BYTES, ColumnMap, published_map, published_maps, read_map
from shared.sheets.previews import Preview
from shared.texts.words import Words
from tools.errors import ToolError
from tools.private_files import private
from tools.transfer.lines import Opened

_WIDEST = 60
"""Characters of a cell that are shown."""


def map_named(name: str | None, words: Words) -> tuple[str, ColumnMap] | None:
    """A map that is built in, or one of one's own in a file. Raises ToolError."""
    if name is None:
        return None
    if name in published_maps():
        return name, published_map(name)
    path = Path(name)
    if path.suffix != ".json":
        raise ToolError(words("map_unknown", name=name, known=", ".join(published_maps())))
    try:
        with path.open("rb") as file:
            return path.name, read_map(file.read(MOST_BYTES + 1), words)
    except FileNotFoundError as absent:
        raise ToolError(f"{path} does not exist.") from absent
    except SheetError as refused:
        raise ToolError(f"{path}: {refused}") from refused


def agree(files: Sequence[Opened], words: Words, *, yes: bool, save: Path | None) -> None:
    """Shows how the files would be read that have not our own columns, and goes on when a person says so.

    Raises ToolError where nobody does: nothing was sent then.
    """
    show(files, words)
    found = [table.found for file in files for table in file.tables if table.found]
    if save and found:
        _keep(found[0], save)
        print(words("map_saved", file=str(save)), file=sys.stderr)
    if yes or not any(table.preview for file in files for table in file.tables):
        return
    if not sys.stdin.isatty() or not typer.confirm(words("map_ask"), err=True):
        raise ToolError(words("map_go_on"))


def show(files: Sequence[Opened], words: Words) -> None:
    """The same without asking: for a dry run."""
    for file in files:
        for table in file.tables:
            if table.preview:
                _show(table.name, table.preview, words)


def _show(name: str, preview: Preview, words: Words) -> None:
    console = Console(stderr=True, highlight=False, markup=False)
    console.print(f"{name} {preview.said}", soft_wrap=True)
    for column, heading in preview.columns:
        console.print(f"  {column:<18}{heading}", soft_wrap=True)
    left = preview.left_out
    said = words("map_left_out", headings=", ".join(left)) if left else words("map_left_out_none")
    console.print(said, soft_wrap=True)
    console.print(preview.rows_said(words))
    for row in preview.rows:
        console.print(f"  {row.number:>5}  {' | '.join(map(_short, row.cells))}", soft_wrap=True)
        for fault in row.faults:
            console.print(f"         ! {fault}", soft_wrap=True)


def _short(cell: str) -> str:
    return cell if len(cell) <= _WIDEST else f"{cell[: _WIDEST - 3]}..."


def _keep(found: ColumnMap, path: Path) -> None:
    """Writes a map to a new file."""
    text = found.model_dump_json(indent=2, exclude_defaults=True)
    with os.fdopen(private(str(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w", encoding="utf-8") as file:
        file.write(text + "\n")
