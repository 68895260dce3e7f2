"""What builds share, in .local/packages: each part is made once, by one build at a time."""

import fcntl
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ROOT / ".local" / "packages"


@contextmanager
def in_turn() -> Iterator[None]:
    """Waits until no other build is in here: what one has made the next finds, and nothing is taken from under it."""
    PACKAGES.mkdir(parents=True, exist_ok=True)
    with (PACKAGES / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def kept(name: str, make: Callable[[Path], None], instead_of: str | None = None) -> Path:
    """The folder of this name; where there is none, `make` is given one to fill. To be called `in_turn`.

    A new one takes the place of those whose names match `instead_of`, a pattern.
    """
    folder = PACKAGES / name
    if folder.is_dir():
        return folder
    with tempfile.TemporaryDirectory(dir=PACKAGES) as scratch:
        fresh = Path(scratch) / "fresh"
        make(fresh)
        for old in PACKAGES.glob(instead_of) if instead_of else ():
            old.rename(Path(scratch) / old.name)  # and goes with it: half a folder is found by nobody
        fresh.rename(folder)
    return folder
