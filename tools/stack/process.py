"""A process that outlives the command which started it, known by more than its number."""

import json
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True)
class Process:
    """A process and when it started: a number alone may belong to another process by now."""

    pid: int
    started: str
    port: int

    @classmethod
    def read(cls, file: Path) -> Self | None:
        """The process a file tells of, or None when it has ended."""
        try:
            process = cls(**json.loads(file.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return process if process.alive() else None

    @classmethod
    def of(cls, pid: int, port: int) -> Self:
        """The running process with this number."""
        return cls(pid, start_of(pid), port)

    def write(self, file: Path) -> None:
        """Keep it for the next command."""
        file.write_text(json.dumps(asdict(self)), encoding="utf-8")

    def alive(self) -> bool:
        """Whether this very process still runs."""
        with suppress(ChildProcessError):  # it is a child only of the command that started it
            os.waitpid(self.pid, os.WNOHANG)
        return bool(self.started) and start_of(self.pid) == self.started

    def stop(self, patience: float) -> bool:
        """Ask it to end, and wait; True when it did. Past the patience, in seconds, it is killed."""
        if self._ended_by(signal.SIGTERM, patience):
            return True
        self._ended_by(signal.SIGKILL, 5)
        return False

    def _ended_by(self, how: signal.Signals, patience: float) -> bool:
        with suppress(ProcessLookupError):
            os.kill(self.pid, how)
        deadline = time.monotonic() + patience
        while self.alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def start_of(pid: int) -> str:
    """When a process started, as its system tells it; empty when there is none or it has ended."""
    statistics = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            fields = statistics.read_text(encoding="utf-8").rpartition(")")[2].split()
        except OSError:
            return ""
        return "" if fields[0] == "Z" else fields[19]
    command = ["/bin/ps", "-o", "lstart=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
