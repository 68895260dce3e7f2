"""Measures what DESIGN calls bars and writes the report: .local/bench/report.md and report.json."""

import argparse
import os
import platform
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.benchmarks.cold_start import cold_starts
from tests.benchmarks.growth import clients_growing, facts_growing
from tests.benchmarks.local_stack import on_the_local_stack
from tests.benchmarks.night import nights
from tests.benchmarks.report import Section, as_json, markdown
from tests.benchmarks.telling import telling
from tests.benchmarks.units import metered_units
from tests.benchmarks.warm import warm_calls


@contextmanager
def nothing_printed() -> Iterator[None]:
    """The loggers of the functions hold the standard output already: it leads nowhere for a while."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)


def main() -> None:
    """Prints the report; a missed bar is told, and fails nothing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("package", type=Path, help="folder of a built function")
    parser.add_argument("--to", type=Path, default=Path(".local/bench"), help="folder of the report")
    parser.add_argument("--rounds", type=int, default=21, help="of what is measured several times")
    parser.add_argument("--facts", type=int, default=8_000, help="of the client with the long history")
    parser.add_argument("--stack", type=Path, help="stack.json of a local stack that is up: measured over HTTP, too")
    wanted = parser.parse_args()
    with nothing_printed():
        parts: list[Callable[[], Section]] = [
            lambda: cold_starts(wanted.package, wanted.rounds),
            lambda: warm_calls(wanted.rounds),
            metered_units,
            lambda: nights(wanted.rounds),
            lambda: telling(wanted.rounds),
            lambda: clients_growing(wanted.rounds),
            lambda: facts_growing(wanted.facts),
            *([lambda: on_the_local_stack(wanted.stack, wanted.rounds)] if wanted.stack else []),
        ]
        sections = []
        for part in parts:
            sections.append(part())
            print(f"measured: {sections[-1].title}", file=sys.stderr)
    made = (
        f"Made {datetime.now(UTC):%d %B %Y, %H:%M} UTC with CPython {platform.python_version()} on {os.cpu_count()} "  # noqa: TID251 - the edge
        f"cores ({platform.machine()}), load {os.getloadavg()[0]:.1f}."
    )
    (wanted.to / "report.md").write_text(markdown(sections, made), encoding="utf-8")
    (wanted.to / "report.json").write_text(as_json(sections, made), encoding="utf-8")
    print(markdown(sections, made))


if __name__ == "__main__":
    main()
