"""Tables for people: as wide as their terminal, and whole where a program or a file takes them."""

from rich.console import Console
from rich.table import Table

_WIDE = 200


def show_table(table: Table) -> None:
    """Print it, with every text as it is."""
    console = Console(highlight=False, markup=False)
    (console if console.is_terminal else Console(highlight=False, markup=False, width=_WIDE)).print(table)
