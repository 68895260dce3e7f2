"""Import responses, head counts, surveys and events from a file or a folder: `make import FILE=...`.

A row leaves the fact that the webhook of the tool would have left, so importing what came in already changes nothing.
"""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import httpx
from botocore.exceptions import BotoCoreError, ClientError

from shared.intake.fields import Validation
from tools.demo.portfolio import ZONE
from tools.transfer.lines import Line, TransferError, files_of, read
from tools.transfer.sending import batches, send
from tools.transfer.showing import Shown
from tools.transfer.target import api


def import_files(
    files: Iterable[Path], source: str, world: Validation, client: httpx.Client | None, shown: Shown
) -> Counter[str]:
    """What became of the lines of these files, counted by status; `bad` are those that were not sent.

    Without a client nothing is sent, and good lines count as `good`. Raises TransferError when it cannot go on.
    """
    counted: Counter[str] = Counter()
    for file in files:
        for batch in batches(_good(read(file, source, world), counted, shown)):
            if client is None:
                counted["good"] += len(batch.lines)
            else:
                for outcome in send(client, batch):
                    counted[outcome.status] += 1
                    if outcome.status == "rejected":
                        shown.bad(outcome.line, outcome.faults)
            shown.reached(file, batch.lines[-1].position, counted)
        shown.reached(file, file.stat().st_size, counted)
    return counted


def _good(lines: Iterable[Line], counted: Counter[str], shown: Shown) -> Iterator[Line]:
    """The lines that can be sent; the others are shown."""
    for line in lines:
        if line.faults:
            counted["bad"] += 1
            shown.bad(line, line.faults)
        else:
            yield line


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What make passes on."""
    parser = argparse.ArgumentParser(prog="python -m tools.transfer.importing", description=__doc__)
    parser.add_argument("--file", type=Path, required=True, help="a .csv, a .jsonl, or a folder of them")
    parser.add_argument("--source", default="", help="the source of what names none itself")
    parser.add_argument("--dry-run", default="", help="anything: check every line, send nothing")
    parser.add_argument("--stack", default="", help="a stack in your AWS account; without it the local one")
    parser.add_argument("--api", default="", help="the address of the service, with TOKEN in the environment")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> None:
    """Imports; ends with status 1 when any line was bad, or with a sentence when it cannot go on."""
    wanted = arguments(given)
    now = datetime.now(UTC)  # noqa: TID251 - the edge: what lies in the future is no fact
    try:
        files = files_of(wanted.file)
        with _client(wanted, now) as client, Shown(files) as shown:
            counted = import_files(files, wanted.source, {"now": now, "zone": ZONE}, client, shown)
    except TransferError as failed:
        sys.exit(str(failed))
    except (BotoCoreError, ClientError, OSError) as failed:
        sys.exit(f"The import ended: {failed}")
    told = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    print(f"{sum(counted.values())} lines: {told or 'none'}." + (" Nothing was sent." if client is None else ""))
    sys.exit(1 if counted["bad"] or counted["rejected"] else 0)


def _client(wanted: argparse.Namespace, now: datetime) -> AbstractContextManager[httpx.Client | None]:
    if wanted.dry_run:
        return nullcontext()
    return api(wanted.stack, wanted.api, os.environ.get("TOKEN", ""), now)


if __name__ == "__main__":
    main()
