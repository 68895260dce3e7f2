"""`make faults` and `make mutants`: the campaign over two cores, and a table of what it found."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from tests.campaigns.columns import COLUMNS
from tests.campaigns.memory import Memory
from tests.campaigns.processes import each, hunted, played

if TYPE_CHECKING:
    from tests.campaigns.result import Verdict

_console = Console(highlight=False)
app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@dataclass
class Row:
    """What the histories of one column came to."""

    seeds: int = 0
    scores: int = 0
    ledgers: int = 0
    drift: int = 0
    failed: int = 0
    seconds: float = 0
    faults: list[str] = field(default_factory=list)

    def add(self, column: str, verdict: "Verdict") -> None:
        """One history more."""
        self.seeds += 1
        self.scores += bool(verdict.scores)
        self.ledgers += bool(verdict.ledgers)
        self.drift += verdict.drift
        self.seconds += verdict.seconds
        if verdict.wrong:
            told = "".join(f"\n    {fault[:400]}" for fault in dict.fromkeys([*verdict.scores, *verdict.ledgers]))
            self.faults.append(f"{column} {verdict.seed}: make faults COLUMN={column} SEED={verdict.seed}{told}")

    def fail(self, column: str, seed: int, error: str) -> None:
        """One that came to no end."""
        self.seeds += 1
        self.failed += 1
        self.faults.append(f"{column} {seed}: make faults COLUMN={column} SEED={seed}\n    {error}")


@app.command()
def main(
    seeds: Annotated[int, typer.Option(help="Histories of each column.")] = 400,
    column: Annotated[str, typer.Option(help=f"One column alone: {', '.join(COLUMNS)}.")] = "",
    seed: Annotated[int | None, typer.Option(help="One history alone.")] = None,
    *,
    mutants: Annotated[bool, typer.Option("--mutants", help="Hunt the mutants instead.")] = False,
) -> None:
    """Plays histories under faults, and says what is wrong after each.

    What was played is remembered for as long as the code stays as it is: a campaign that was stopped goes on.
    """
    if column and column not in COLUMNS:
        raise typer.BadParameter(f"there is none of this name, but {', '.join(COLUMNS)}", param_hint="--column")
    columns = [column] if column else list(COLUMNS)
    wrong = (
        _hunt()
        if mutants
        else _campaign(columns, range(seeds), Memory())
        if seed is None
        else _campaign(columns, [seed])
    )
    raise typer.Exit(1 if wrong else 0)


def _campaign(columns: list[str], seeds: Iterable[int], memory: Memory | None = None) -> int:
    rows = {name: Row() for name in columns}
    tasks = [(name, seed) for seed in seeds for name in columns]
    known = memory.read() if memory else {}
    for name, seed in tasks:
        if (name, seed) in known:
            rows[name].add(name, known[name, seed])
    left = [task for task in tasks if task not in known]
    if len(left) < len(tasks):
        _console.print(f"{len(tasks) - len(left)} of {len(tasks)} histories were played before, with the code as it is")
    try:
        _play(left, rows, memory)
    except KeyboardInterrupt:
        _console.print("stopped: what is told is what was played until then")
    for row in rows.values():
        for fault in row.faults:
            _console.print(fault, markup=False)
    _console.print(_table(rows))
    for name in rows:
        _console.print(f"  {name}: {COLUMNS[name].says}", markup=False)
    return sum(len(row.faults) for row in rows.values())


def _play(tasks: list[tuple[str, int]], rows: dict[str, Row], memory: Memory | None) -> None:
    with each(played, tasks) as verdicts:
        for done, (name, seed, verdict) in enumerate(verdicts, start=1):
            if isinstance(verdict, str):
                rows[name].fail(name, seed, verdict)
            else:
                rows[name].add(name, verdict)
                if memory:
                    memory.add(name, verdict)
            if done % 50 == 0:
                wrong = sum(len(row.faults) for row in rows.values())
                _console.print(f"{done} of {len(tasks)} histories, {wrong} wrong")


def _table(rows: dict[str, Row]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("column")
    for name in ("seeds", "wrong\nscores", "wrong\nledgers", "failed", "drift\nfound", "seconds\na seed"):
        table.add_column(name, justify="right")
    for name, row in rows.items():
        numbers = (row.seeds, row.scores, row.ledgers, row.failed, row.drift)
        each = f"{row.seconds / row.seeds:.2f}" if row.seeds else "-"
        table.add_row(name, *map(str, numbers), each)
    return table


def _hunt() -> int:
    import tests.conftest  # noqa: F401, PLC0415 - as in `begin`
    from tests.campaigns.mutants import MUTANTS  # noqa: PLC0415

    with each(hunted, MUTANTS) as hunts:
        found = {name: (column, seed, seconds) for name, column, seed, seconds in hunts}
    table = Table("mutant", "caught by", "seed", "seconds", "what it does", box=box.SIMPLE_HEAD)
    for name, mutant in MUTANTS.items():
        column, seed, seconds = found[name]
        caught = (column, str(seed)) if seed is not None else ("[bold]nobody[/]", "-")
        table.add_row(name, *caught, f"{seconds:.1f}", mutant.says)
    _console.print(table)
    return sum(seed is None for _, seed, _ in found.values())


if __name__ == "__main__":
    app()
