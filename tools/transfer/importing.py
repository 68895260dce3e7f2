"""Import responses, head counts, surveys and events from a file or a folder: `make import FILE=...`.

A row leaves the fact that the webhook of the tool would have left, so importing what came in already changes nothing.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
import typer

from tools.options import Profile, Region, StackName, filled, filled_path
from tools.transfer.clients import ServiceNames, by_slug, is_new, would_join
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
    region: Region = None,
    profile: Profile = None,
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
    meant = destination(Given(stack, region, profile, api, os.environ.get("TOKEN"), zone, model), now, dry_run=dry_run)
    if meant.note:
        print(meant.note, file=sys.stderr)
    with meant.calls() as client, Shown(files) as shown:
        names = meant.names or (ServiceNames(client) if client else by_slug)
        understood = Interpretation.by(meant.model, meant.zone, now, names)
        effects = Effects()
        counted = import_files(files, source or "", understood, client, shown, effects=effects)
    statuses = ", ".join(f"{count} {status}" for status, count in sorted(counted.items()))
    print(f"{sum(counted.values())} lines: {statuses or 'none'}." + (" Nothing was sent." if dry_run else ""))
    for effect in effects.told(dry_run=dry_run):
        print(effect)
    if dry_run and names is by_slug:
        print("Which clients are new, or would be joined, is not told: no stack was asked.")
    raise typer.Exit(1 if counted["bad"] or counted["rejected"] else 0)


@dataclass(frozen=True, slots=True)
class Effects:
    """What an import does to clients, or would do."""

    made: set[str] = field(default_factory=set)
    """Clients that there were not."""
    joined: set[str] = field(default_factory=set)
    """Clients that were described as clients of their own, and are other names of others now."""

    def told(self, *, dry_run: bool) -> Iterator[str]:
        """In a sentence each; nothing where nothing is done."""
        if self.made:
            yield f"{'Would make' if dry_run else 'Made'} {_listed('new ', self.made)}"
        if self.joined:
            yield f"{'Would join' if dry_run else 'Joined'} to others {_listed('described ', self.joined)}"


def _listed(sort: str, clients: set[str]) -> str:
    return f"{len(clients)} {sort}{'client' if len(clients) == 1 else 'clients'}: {', '.join(sorted(clients))}"


def import_files(
    files: Iterable[Path],
    source: str,
    understood: Interpretation,
    client: httpx.Client | None,
    shown: Shown,
    *,
    effects: Effects,
) -> Counter[str]:
    """What became of the lines of these files, counted by status; `bad` are those that were not sent.

    Without a client nothing is sent, and good lines count as `good`. `effects` takes down what is done to clients, or
    would be. Raises ToolError when it cannot go on.
    """
    counted: Counter[str] = Counter()
    for file in files:
        for batch in batches(_good(read(file, source, understood), counted, shown)):
            if client is None:
                counted["good"] += len(batch.lines)
                subjects = {line.event["subject"] for line in batch.lines}
                effects.made.update(subject for subject in subjects if is_new(subject, understood.names))
                effects.joined.update(*(would_join(line.event, understood.names) for line in batch.lines))
            else:
                for outcome in send(client, batch):
                    counted[outcome.status] += 1
                    if outcome.new_client:
                        effects.made.add(outcome.new_client)
                    effects.joined.update(outcome.joined)
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
