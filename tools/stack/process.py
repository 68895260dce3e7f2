"""A process that outlives the command which started it, known by more than its number."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import psutil

from tools.private_files import private

_SAME = 60
"""Seconds by which the start of one and the same process may be told differently: when somebody sets the clock, times
since the machine was started move with it. No number is given out again so soon."""

_SECONDS_TO_DIE = 5
"""Of a process that is killed, which it cannot refuse."""


@dataclass(frozen=True)
class Process:
    """A process and when it started: a number alone may belong to another process by now."""

    pid: int
    started: float
    port: int

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The process a file tells of, or None when it has ended."""
        try:
            process = cls(**json.loads(file.read_text(encoding="utf-8")))
            return process if process.alive() else None
        except (OSError, ValueError, TypeError):
            return None

    @classmethod
    def of(cls, pid: int, port: int) -> Self:
        """The process with this number; one that has ended already is never alive."""
        try:
            return cls(pid, psutil.Process(pid).create_time(), port)
        except psutil.NoSuchProcess:
            return cls(pid, 0, port)

    def write(self, file: Path) -> None:
        """Keep it for the next command."""
        with open(file, "w", encoding="utf-8", opener=private) as written:
            json.dump(asdict(self), written)

    def alive(self) -> bool:
        """Whether this very process still runs."""
        return self._found() is not None

    def stop(self, patience: float) -> bool:
        """Ask it to end, and wait; True when it did. Past the patience, in seconds, it is killed."""
        found = self._found()
        if found is None:
            return True
        try:
            found.terminate()
            found.wait(patience)
        except psutil.NoSuchProcess:
            return True
        except psutil.TimeoutExpired:
            found.kill()
            found.wait(_SECONDS_TO_DIE)
            return False
        return True

    def _found(self) -> psutil.Process | None:
        try:
            found = psutil.Process(self.pid)
            same = abs(found.create_time() - self.started) < _SAME
            return found if same and found.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None
