"""Import responses, head counts, surveys and events from a file or a folder: `make import FILE=...`.

A row leaves the fact that the webhook of the tool would have left, so importing what came in already changes nothing.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
import typer

from tools.options import StackName, filled, filled_path
from tools.transfer.clients import ServiceNames, by_slug, is_new
from tools.transfer.destination import Given, destination
from tools.transfer.interpretation import Interpretation
from tools.transfer.lines import Line, files_of, read
from tools.transfer.sending import batches, send
from tools.transfer.showing import Shown


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise typer.BadParameter("it must begin with https://")
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(filled(text))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter("there is no such time zone; one is Europe/Amsterdam") from None


def import_facts(
    *,
    file: Annotated[
        Path, typer.Option("--file", parser=filled_path, metavar="FILE", help="A .csv, a .jsonl, or a folder of them.")
    ],
    source: Annotated[
        str | None,
        typer.Option("--source", parser=filled, metavar="SOURCE", help="The source of what names none itself."),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every line, send nothing.")] = False,
    stack: StackName = None,
    api: Annotated[
        str | None,
        typer.Option(
            "--api", parser=_address, metavar="ADDRESS", help="A service elsewhere, with TOKEN in the environment."
        ),
    ] = None,
    zone: Annotated[
        ZoneInfo | None,
        typer.Option(
            "--zone", parser=_zone, metavar="ZONE", help="With --api: its time zone; without it Europe/Amsterdam."
        ),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", parser=filled, metavar="MODEL", help="With --api: its model; without it opmm-1."),
    ] = None,
) -> None:
    """Import facts from a file or a folder.

    Ends with status 1 when any line was bad.
    """
    now = datetime.now(UTC)  # noqa: TID251 - the edge: what lies in the future is no fact
    files = files_of(file)
    meant = destination(Given(stack, api, os.environ.get("TOKEN"), zone, model), now, dry_run=dry_run)
    if meant.note:
        print(meant.note, file=sys.stderr)
    with meant.calls() as client, Shown(files) as shown:
        names = meant.names or (ServiceNames(client) if client else by_slug)
        understood = Interpretation.by(meant.model, meant.zone, now, names)
        made: set[str] = set()
        counted = import_files(files, source or "", understood, client, shown, made=made)
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    print(f"{sum(counted.values())} lines: {statuses or 'none'}." + (" Nothing was sent." if dry_run else ""))
    if made:
        clients = "client" if len(made) == 1 else "clients"
        print(f"{'Would make' if dry_run else 'Made'} {len(made)} new {clients}: {', '.join(sorted(made))}")
    elif dry_run and names is by_slug:
        print("Which clients are new is not told: no stack was asked.")
    raise typer.Exit(1 if counted["bad"] or counted["rejected"] else 0)


def import_files(
    files: Iterable[Path],
    source: str,
    understood: Interpretation,
    client: httpx.Client | None,
    shown: Shown,
    *,
    made: set[str] | None = None,
) -> Counter[str]:
    """What became of the lines of these files, counted by status; `bad` are those that were not sent.

    Without a client nothing is sent, and good lines count as `good`. `made` takes down the clients that they make, or
    would make. Raises ToolError when it cannot go on.
    """
    counted: Counter[str] = Counter()
    new = set() if made is None else made
    for file in files:
        for batch in batches(_good(read(file, source, understood), counted, shown)):
            if client is None:
                counted["good"] += len(batch.lines)
                subjects = {line.event["subject"] for line in batch.lines}
                new |= {subject for subject in subjects if is_new(subject, understood.names)}
            else:
                for outcome in send(client, batch):
                    counted[outcome.status] += 1
                    if outcome.new_client:
                        new.add(outcome.new_client)
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
