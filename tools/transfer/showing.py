"""What a person sees of an import: bad lines as they are found, and how far it is."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from shared.sheets.reading import Line

_EVERY = 10_000
"""Lines between two reports when there is no terminal."""


class Shown:
    """A bar on a terminal, now and then a line elsewhere; always on standard error."""

    def __init__(self, files: Sequence[Path], console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False, markup=False)
        self._before: dict[str, int] = {}
        size = 0
        for file in files:
            self._before[file.name] = size
            size += file.stat().st_size
        columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=self._console) if self._console.is_terminal else None
        self._task = self._progress.add_task("Importing", total=size) if self._progress else None
        self._reported = 0

    def __enter__(self) -> Self:
        if self._progress:
            self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._progress:
            self._progress.stop()

    def bad(self, line: Line, faults: Sequence[str]) -> None:
        """Tell where a line is and all that is wrong with it, in one line that an editor can jump to."""
        self._console.print(f"{line.file}:{line.number}: {'; '.join(faults)}", soft_wrap=True)

    def note(self, file: Path, text: str) -> None:
        """Tell what a person should know about how a file is read."""
        self._console.print(f"{file.name}: {text}", soft_wrap=True)

    def reached(self, file: Path, position: int, counted: Counter[str]) -> None:
        """Tell how far it is."""
        lines = sum(counted.values())
        if self._progress and self._task is not None:
            description = f"Importing {file.name}, {lines} lines"
            self._progress.update(self._task, completed=self._before[file.name] + position, description=description)
        elif lines // _EVERY > self._reported:
            self._reported = lines // _EVERY
            self._console.print(f"{lines} lines of {file.name} and before it.")
