"""The portfolio as a table."""

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from tools.demo.calls import Row

_HEADINGS = {
    "happy_consultants": "happy",
    "specialisms": "spec",
    "roadmap": "road",
    "inspiration": "insp",
    "nps": "nps",
}
_LEGEND = (
    "Points, 4 at most, for happy consultants, specialisms, roadmap, inspiration and NPS, then the NPS itself; "
    "- is not answered yet, * is stale."
)
_WIDTH = 120
"""Columns when there is no terminal to ask."""


def make_console() -> Console:
    """A console that is wide enough for the table when its output goes to a file."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=_WIDTH)


def print_portfolio(rows: Iterable[Row], console: Console | None = None) -> None:
    """Prints clients by total, the highest first: points per question, a dash where nobody answered, `*` for stale."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("client", no_wrap=True)  # gives way when the terminal is narrow
    for heading in ("total", *_HEADINGS.values(), "NPS"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
    table.add_column("answers", min_width=len("incomplete,"))
    for row in sorted(rows, key=lambda row: (-row["total"], row["client_id"])):
        table.add_row(*_cells(row))
    console = console or make_console()
    console.print(table)
    console.print(_LEGEND)


def _cells(row: Row) -> list[str]:
    dimensions = {dimension["key"]: dimension for dimension in row["dimensions"]}
    nps = dimensions["nps"]["value"]
    return [
        row["name"] or row["client_id"],
        f"{row['total']}/{row['max_total']}",
        *(_points(dimensions[key]) for key in _HEADINGS),
        "-" if nps is None else f"{nps:+d}" if nps else "0",
        _answers(row),
    ]


def _points(dimension: dict[str, Any]) -> str:
    points = "-" if dimension["points"] is None else str(dimension["points"])
    return points + ("*" if dimension["stale"] else " ")


def _answers(row: Row) -> str:
    told = "complete" if row["complete"] else f"incomplete, {row['total']} of {row['attainable']}"
    return f"{told}, stale" if row["stale"] else told
