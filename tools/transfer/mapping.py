"""Shows how a file that has not our own columns would be read, and asks before anything is sent."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from shared.sheets.errors import SheetError
from shared.sheets.maps import MOST_BYTES, ColumnMap, Proposal, published_map, published_maps, read_map
from shared.sheets.reading import Reading
from shared.texts.words import Words
from tools.errors import ToolError
from tools.private_files import private
from tools.transfer.lines import Opened

ROWS = 10
"""That are shown."""

_WIDEST = 40
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
    unknown = [file for file in files if file.proposal]
    for file in unknown:
        _show(file, words)
    if save and unknown and (proposed := unknown[0].proposal):
        _keep(proposed.found, save)
        print(words("map_saved", file=str(save)), file=sys.stderr)
    if not unknown or yes:
        return
    if not sys.stdin.isatty() or not typer.confirm(words("map_ask"), err=True):
        raise ToolError(words("map_go_on"))


def show(files: Sequence[Opened], words: Words) -> None:
    """The same without asking: for a dry run."""
    for file in files:
        if file.proposal:
            _show(file, words)


def _show(file: Opened, words: Words) -> None:
    if file.proposal is None or file.reading is None:
        return
    proposed, layout = file.proposal, file.reading.layout
    console = Console(stderr=True, highlight=False, markup=False)
    key = "map_any" if proposed.name in ("any", layout.kind.name) else "map_read"
    console.print(f"{file.path.name} {words(key, kind=layout.kind.name, name=proposed.name)}", soft_wrap=True)
    for column, place in layout.places.items():
        console.print(f"  {column:<14}{layout.headings[place]}", soft_wrap=True)
    for column, constant in layout.constants.items():
        console.print(f"  {column:<14}= {constant}", soft_wrap=True)
    left = layout.left_out
    said = words("map_left_out", headings=", ".join(left)) if left else words("map_left_out_none")
    console.print(said, soft_wrap=True)
    console.print(words("map_rows"))
    console.print(_rows(file.reading, proposed))


def _rows(reading: Reading, proposed: Proposal) -> Table:
    columns = [*proposed.layout.places, *proposed.layout.constants]
    table = Table(box=None, pad_edge=False, header_style="")
    for column in columns:
        table.add_column(column, overflow="fold")
    for cells, faults in reading.preview(ROWS):
        shown = [cells.get(column, "")[:_WIDEST] for column in columns]
        table.add_row(*shown)
        if faults:
            table.add_row("! " + "; ".join(faults))
    return table


def _keep(found: ColumnMap, path: Path) -> None:
    """Writes a map to a new file."""
    text = found.model_dump_json(indent=2, exclude_defaults=True)
    with os.fdopen(private(str(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w", encoding="utf-8") as file:
        file.write(text + "\n")
