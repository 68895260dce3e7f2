"""What a person sees while a stack comes up: one line per step, with its seconds."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tools.errors import ToolError


class StackError(ToolError):
    """The local stack cannot be started, built or deployed; the message says what to do about it."""


@contextmanager
def step(title: str) -> Iterator[None]:
    """Say what begins, and how long it took once it is done."""
    begun = time.monotonic()
    print(f"{title:<44}", end=" ", flush=True)
    try:
        yield
    except BaseException:
        print("failed", flush=True)
        raise
    print(f"{time.monotonic() - begun:5.1f} s", flush=True)
