"""The release before: its items, kept in `tests/fixtures`, and its tree, where git has it.

With each release: `python -m tests.support.releases.before v1.2.0` lays down its items anew, for the next one to read.
"""

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).parents[3]
FIXTURE = ROOT / "tests" / "fixtures" / "release_before.json"
_INSIDE = Path(__file__).with_name("inside.py")
_HISTORIES, _EVENTS = 4, 24


@dataclass(frozen=True)
class History:
    """Events, and what the release before made of them."""

    events: list[dict[str, Any]]
    tables: dict[str, list[Any]]


@cache
def release_before() -> tuple[str, tuple[History, ...]]:
    """The commit of that release, and some histories as it left them."""
    kept = json.loads(FIXTURE.read_text(encoding="utf-8"))
    return kept["commit"], tuple(History(**history) for history in kept["histories"])


def is_at_hand(commit: str) -> bool:
    """Whether git has that commit: a shallow clone has not."""
    git = shutil.which("git")
    asked = [str(git), "cat-file", "-e", f"{commit}^{{commit}}"]
    return git is not None and subprocess.run(asked, cwd=ROOT, check=False, capture_output=True).returncode == 0  # noqa: S603


@contextmanager
def tree_of(commit: str) -> Iterator[Path]:
    """The files of a commit, in a folder of their own."""
    archived = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, capture_output=True).stdout  # noqa: S603, S607
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(archived)) as files:
            files.extractall(folder, filter="data")
        yield Path(folder)


def ask(tree: Path, what: str, given: list[Any]) -> Any:
    """What the release of that tree makes of it: `write` of histories of events, `read` of tables."""
    asked = [sys.executable, str(_INSIDE), what]
    ran = subprocess.run(asked, cwd=tree, input=json.dumps(given), capture_output=True, text=True, check=False)  # noqa: S603
    if ran.returncode:
        raise RuntimeError(ran.stderr[-2000:])
    return json.loads(ran.stdout)


def _renew(revision: str) -> None:
    import tests.conftest  # noqa: F401, PLC0415 - sets the environment of the functions, which read it when imported
    from tests.campaigns.history import drawn  # noqa: PLC0415

    found = subprocess.run(["git", "rev-parse", revision], cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603, S607
    commit = found.stdout.strip()
    histories = [drawn(Random(f"release {number}"), _EVENTS) for number in range(_HISTORIES)]
    with tree_of(commit) as tree:
        written = ask(tree, "write", histories)
    kept = [{"events": events, "tables": tables} for events, tables in zip(histories, written, strict=True)]
    lines = ",\n".join(json.dumps(history, sort_keys=True, separators=(",", ":")) for history in kept)
    FIXTURE.parent.mkdir(exist_ok=True)
    FIXTURE.write_text(f'{{"commit": "{commit}", "histories": [\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    _renew(sys.argv[1])
