"""Our own modules in a folder, compiled."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from tools.packaging.shelf import ROOT, kept

CODE = ("functions", "shared")
_COMPILED = ("__pycache__", "*.pyc")


def code(version: str, interpreter: str | None) -> Path:
    """The folder with our modules as they are now; the last one only is kept. To be called `in_turn`."""
    recipe = hashlib.sha256(Path(__file__).read_bytes())
    for file in sorted(file for name in CODE for file in (ROOT / name).rglob("*")):
        if file.is_file() and not any(file.match(pattern) or pattern in file.parts for pattern in _COMPILED):
            recipe.update(f"\0{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    state = "compiled" if interpreter else "plain"

    def make(fresh: Path) -> None:
        for name in CODE:
            shutil.copytree(ROOT / name, fresh / name, ignore=shutil.ignore_patterns(*_COMPILED))
        if interpreter:
            compile_modules(fresh, interpreter)

    whole = f"code-{version}-{state}"
    return kept(f"{whole}-{recipe.hexdigest()[:16]}", make, instead_of=f"{whole}-*")


def compile_modules(folder: Path, interpreter: str) -> None:
    """Compile all modules: /var/task is read-only, so without this every cold start would compile them again.

    Unchecked hashes, because times in a zip mean nothing. Paths are relative, so that a build is the same wherever it
    is made and a traceback still finds its lines through sys.path.
    """
    command = [interpreter, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(folder)]
    if subprocess.run([*command, str(folder)], check=False).returncode:
        sys.exit(f"Not every module compiles with {interpreter}.")
