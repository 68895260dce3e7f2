"""Files and folders that nobody but their owner may read: they hold keys, or facts about people."""

import os
from pathlib import Path


def private(path: str, flags: int) -> int:
    """Opens a file that nobody else may read, also one that others could read before; an opener for `open`."""
    descriptor = os.open(path, flags, 0o600)
    os.fchmod(descriptor, 0o600)
    return descriptor


def private_folder(path: Path) -> None:
    """A folder that nobody else may enter, made when it is not there."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
