"""Tools that run on Node.js, in the versions that `tools/openapi/package.json` pins, installed where they can be."""

import fcntl
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
PINS = ROOT / "tools" / "openapi" / "package.json"
FOLDER = ROOT / ".local" / "node"


class NotAtHandError(Exception):
    """There is no Node.js on this machine, or the tools cannot be installed."""


def node_tools() -> Path:
    """The folder of the commands; installed once for each version of the pins. Raises NotAtHandError."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise NotAtHandError("there is no Node.js on this machine")
    FOLDER.mkdir(parents=True, exist_ok=True)
    installed, commands = FOLDER / "installed.json", FOLDER / "node_modules" / ".bin"
    with (FOLDER / "lock").open("w") as lock:  # tests of several files run side by side
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists() or installed.read_bytes() != PINS.read_bytes():
            shutil.copy(PINS, FOLDER / "package.json")
            options = ["--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
            patience = ["--fetch-retries", "1", "--fetch-timeout", "20000"]
            try:
                subprocess.run(  # noqa: S603 - arguments of our own
                    [npm, "install", *options, *patience], cwd=FOLDER, capture_output=True, timeout=180, check=True
                )
            except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
                said = (error.stderr or b"").decode(errors="replace").strip()
                raise NotAtHandError(f"npm cannot install them: {said[-500:] or error}") from error
            shutil.copy(PINS, installed)
    return commands
