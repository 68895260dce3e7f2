"""The portfolio as a table."""

from collections.abc import Iterable
from typing import Any

from rich.console import Console

from shared.opmm.model import Dimension, Model
from tools.demo.calls import Row
from tools.tables import plain_table

_LANGUAGE = "en"
_WIDTH = 120
"""Columns when there is no terminal to ask."""


def make_console() -> Console:
    """A console that is wide enough for the table when its output goes to a file."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=_WIDTH)


def print_portfolio(rows: Iterable[Row], model: Model, console: Console) -> None:
    """Prints clients by total, the highest first: points per question, a dash where nobody answered, `*` for stale.

    Those with whom the partnership has ended come last, and are marked.
    """
    nps = model.answered_from("nps")
    headings = [
        "total",
        *(dimension.short[_LANGUAGE].lower() for dimension in model.dimensions),
        *(["NPS"] if nps else []),
    ]
    table = plain_table()
    table.add_column("client", no_wrap=True)  # gives way when the terminal is narrow
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True, min_width=len(heading))
    table.add_column("answers", min_width=len("incomplete,"))
    for row in sorted(rows, key=lambda row: (_ended(row), -row["total"], row["client_id"])):
        table.add_row(*_cells(row, model, nps))
    console.print(table)
    names = ", ".join(dimension.name[_LANGUAGE] for dimension in model.dimensions)
    figure = ", then the NPS itself" if nps else ""
    console.print(f"Points for: {names}{figure}; - is not answered yet, * is stale.")


def _cells(row: Row, model: Model, nps: Dimension | None) -> list[str]:
    dimensions = {dimension["key"]: dimension for dimension in row["dimensions"]}
    return [
        f"{row['name'] or row['client_id']}{' (ended)' if _ended(row) else ''}",
        f"{row['total']}/{row['max_total']}",
        *(_points(dimensions[key]) for key in model.keys),
        *([_figure(dimensions[nps.key]["value"])] if nps else []),
        _answers(row),
    ]


def _ended(row: Row) -> bool:
    return bool(row["status"] == "ended")


def _figure(nps: int | None) -> str:
    if nps is None:
        return "-"
    return f"{nps:+d}" if nps else "0"


def _points(dimension: dict[str, Any]) -> str:
    points = "-" if dimension["points"] is None else str(dimension["points"])
    return points + ("*" if dimension["stale"] else " ")


def _answers(row: Row) -> str:
    answers = "complete" if row["complete"] else f"incomplete, {row['total']} of {row['attainable']}"
    return f"{answers}, stale" if row["stale"] else answers
