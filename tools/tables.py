"""Tables for people: as wide as their terminal, and whole where a program or a file takes them."""

from rich import box
from rich.console import Console
from rich.table import Table

_WIDE = 200


def plain_table(*headings: str) -> Table:
    """A table with a line below its headings, and no other."""
    return Table(*headings, box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)


def show_table(table: Table) -> None:
    """Print it, with every text as it is."""
    console = Console(highlight=False, markup=False)
    (console if console.is_terminal else Console(highlight=False, markup=False, width=_WIDE)).print(table)
