"""What was played already, so that a campaign that was stopped goes on where it was.

A line for each history, in a file for each state of the code: whatever a history runs through is in its name.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from tests.campaigns.result import Verdict

ROOT = Path(__file__).parents[2]
PLACE = Path(".local/faults")
BEHIND = ("functions", "shared", "tests/campaigns", "tests/support", "tests/fixtures", "template.yaml")
"""Where the code lies that a history runs through, and what it reads."""

Task = tuple[str, int]


class Memory:
    """The verdicts of histories, by column and seed, for the code as it is."""

    def __init__(self, root: Path = ROOT, place: Path | None = None) -> None:
        self._file = (place or root / PLACE) / f"{fingerprint(root)}.jsonl"

    def read(self) -> Mapping[Task, Verdict]:
        """What was played; a line that was cut off is none."""
        found: dict[Task, Verdict] = {}
        for line in self._file.read_text("utf-8").splitlines() if self._file.exists() else ():
            try:
                laid_down = json.loads(line)
            except json.JSONDecodeError:
                continue
            column, seed = laid_down["column"], laid_down["seed"]
            found[column, seed] = Verdict(
                seed,
                tuple(laid_down["scores"]),
                tuple(laid_down["ledgers"]),
                laid_down["drift"],
                laid_down["seconds"],
            )
        return found

    def add(self, column: str, verdict: Verdict) -> None:
        """One history more."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"column": column, **asdict(verdict)}) + "\n")


def fingerprint(root: Path) -> str:
    """What the code is told by."""
    digest = hashlib.sha256()
    for place in BEHIND:
        path = root / place
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(f"{file.relative_to(root)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
