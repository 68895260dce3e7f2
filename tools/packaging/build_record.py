"""What an artifact says of itself: its version, and what it was built for. `shared/version.py` reads it in Lambda."""

import json
import subprocess
import tomllib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).resolve().parent.parent.parent
NAME = "build.json"


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """What was built."""

    version: str
    runtime: str
    """As Lambda calls it: `python3.13`."""
    architecture: str
    compiled: bool
    """Whether the modules are bytecode of that runtime already."""

    def write(self, artifact: Path) -> None:
        """Lays it into an artifact."""
        (artifact / NAME).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, artifact: Path) -> Self | None:
        """What an artifact says; None when it says nothing, or something else."""
        try:
            return cls(**json.loads((artifact / NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None


def version() -> str:
    """The version of the working copy: `1.0.0+d5db1f0`, and `1.0.0+d5db1f0.dirty` where something is not committed.

    Without git, in an unpacked archive, it is that of the project alone.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    try:
        command = ["git", "describe", "--always", "--exclude=*", "--abbrev=7", "--dirty=.dirty"]
        described = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except OSError:
        return str(project)
    return f"{project}+{described.stdout.strip()}" if described.returncode == 0 else str(project)
