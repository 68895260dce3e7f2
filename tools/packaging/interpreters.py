"""Finds a Python of the version that functions will run with: only that one compiles modules for it.

`python -m tools.packaging.interpreters 3.13` prints where it is, and ends with status 1 where there is none.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

# A release candidate writes bytecode of its own, so it is no Python of that version.
_QUESTION = "import sys; v = sys.version_info; print('%d.%d' % v[:2] if v.releaselevel == 'final' else v.releaselevel)"
_SECONDS = 20


def interpreter_of(version: str, environment: Mapping[str, str]) -> str | None:
    """An interpreter that really is the wanted version (`3.13`): bytecode of another one is worth nothing."""
    return next((found for found in candidates(version, environment) if _answers(found, version)), None)


def candidates(version: str, environment: Mapping[str, str]) -> Iterator[str]:
    """Every interpreter at hand that may be the wanted version: this one, those on PATH, those of pyenv and of uv.

    All of PATH is looked through, as the first may be a shim that refuses.
    """
    yield sys.executable
    name = f"python{version}"
    for folder in environment.get("PATH", "").split(os.pathsep):
        if folder and (found := shutil.which(name, path=folder)):
            yield found
    home = environment.get("HOME", "")
    pyenv = Path(environment.get("PYENV_ROOT") or f"{home}/.pyenv") / "versions"
    yield from (str(path) for path in sorted(pyenv.glob(f"{version}.*/bin/{name}"), reverse=True))
    uv = shutil.which("uv", path=environment.get("PATH"))
    if uv:
        found = _output([uv, "python", "find", version], {**environment, "UV_PYTHON_DOWNLOADS": "never"})
        if found:
            yield found


def not_at_hand(version: str) -> str:
    """What to do when there is none."""
    return (
        f"There is no Python {version} here, and nothing else compiles what it runs; uncompiled, every cold start "
        f"compiles anew and takes 2.5 times as long. Install it (`uv python install {version}`, "
        f"`pyenv install {version}`, or a package of your system), or put it on PATH. UNCOMPILED=1 ships it uncompiled."
    )


def _answers(interpreter: str, version: str) -> bool:
    return _output([interpreter, "-c", _QUESTION]) == version


def _output(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    """What a program says; nothing when it cannot or will not."""
    try:
        done = subprocess.run(
            command,
            env=None if environment is None else dict(environment),
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(
        print(found) if (found := interpreter_of(sys.argv[1], os.environ)) else f"No Python {sys.argv[1]} is here."
    )
