"""What the processes of a campaign do: each plays histories, and keeps quiet."""

import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from tests.campaigns.columns import COLUMNS

if TYPE_CHECKING:
    from tests.campaigns.result import Verdict

MINUTE = 60
"""Seconds that a mutant may live."""

T = TypeVar("T")
R = TypeVar("R")


def begin() -> None:
    """A process of the campaign: what functions log and count is not for the terminal."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - for as long as the process lasts
    warnings.simplefilter("ignore")
    import tests.conftest  # noqa: F401, PLC0415 - sets the environment of the functions, which read it when imported


def played(task: tuple[str, int]) -> "tuple[str, int, Verdict | str]":
    from tests.campaigns.stage import play  # noqa: PLC0415 - behind `begin`

    name, seed = task
    try:
        return name, seed, play(COLUMNS[name], seed)
    except Exception as error:  # noqa: BLE001 - a history that cannot be played is told like one that ends wrong
        return name, seed, f"{type(error).__name__}: {error}"


def hunted(name: str) -> tuple[str, str, int | None, float]:
    """The mutant, its column, the seed that caught it, and the seconds that took."""
    from tests.campaigns.mutants import MUTANTS  # noqa: PLC0415 - behind `begin`
    from tests.campaigns.stage import play  # noqa: PLC0415

    mutant, began, seed = MUTANTS[name], perf_counter(), 0
    while perf_counter() - began < MINUTE:
        with mutant.patched():
            if play(COLUMNS[mutant.column], seed).wrong:
                return name, mutant.column, seed, perf_counter() - began
        seed += 1
    return name, mutant.column, None, perf_counter() - began


@contextmanager
def each(work: Callable[[T], R], tasks: Iterable[T]) -> Iterator[Iterator[R]]:
    """The results as they come, of two processes; behind the block nothing goes on, also where it is stopped."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, initializer=begin) as pool:
        waiting = [pool.submit(work, task) for task in tasks]
        try:
            yield (done.result() for done in as_completed(waiting))
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
