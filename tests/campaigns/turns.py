"""Workers that run at once, and take turns call by call in an order that a seed draws.

Each is a greenlet: before any call of a hooked client it may have to wait for the others. So whatever can come between
two calls of one function does, a seed always gives the same, and no turn waits for the system's scheduler.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from typing import TYPE_CHECKING, Any

from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from botocore.client import BaseClient


class Turns:
    """Whose turn it is. `often` is how likely a call is preceded by the others' calls."""

    def __init__(self, rng: Random, often: float = 0.5) -> None:
        self._rng = rng
        self._often = often
        self._workers: list[Any] = []
        self._hub: Any = None

    def run(self, works: Sequence[Callable[[], object]]) -> None:
        """Runs all of them to their ends; the first failure of any is raised then."""
        self._hub = getcurrent()
        self._workers = [greenlet(work) for work in works]
        failures: list[BaseException] = []
        last: Any = None
        while self._workers:
            worker = self._rng.choice([worker for worker in self._workers if worker is not last] or self._workers)
            try:
                worker.switch()
            except BaseException as failure:  # noqa: BLE001 - it is raised when all have come to their ends
                failures.append(failure)
            self._workers = [worker for worker in self._workers if not worker.dead]
            last = worker
        if failures:
            raise failures[0]

    def between(self, **_: Any) -> None:
        """What a client is hooked to: the others may come first."""
        if len(self._workers) > 1 and self._rng.random() < self._often:
            self.rest()

    def rest(self) -> None:
        """Lets the others come first."""
        if getcurrent() in self._workers:
            self._hub.switch()


@contextmanager
def taking_turns(turns: Turns, *clients: "BaseClient") -> Iterator[None]:
    """Every call of these clients lets other workers come first inside the block."""
    for client in clients:
        client.meta.events.register_first("before-call.dynamodb", turns.between)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister("before-call.dynamodb", turns.between)
