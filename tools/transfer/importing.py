"""Import responses, head counts, surveys and events from a file or a folder: `make import FILE=...`.

A row leaves the fact that the webhook of the tool would have left, so importing what came in already changes nothing.
"""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
import typer

from shared.opmm.model import LANGUAGES
from shared.sheets.interpretation import Interpretation, by_slug
from shared.sheets.reading import FileOptions, Line
from shared.sheets.times import ORDERS
from shared.texts.words import Words
from tools.errors import ToolError
from tools.options import Profile, Region, StackName, filled, filled_path
from tools.transfer.clients import ServiceNames, is_new, would_join
from tools.transfer.destination import Given, destination
from tools.transfer.lines import ENDINGS, Opened, files_of, not_taken, opened
from tools.transfer.mapping import agree, map_named, show
from tools.transfer.sending import batches, send
from tools.transfer.showing import Shown
from tools.transfer.twice import warnings

STATUSES = ("accepted", "bad", "duplicate", "good", "rejected", "superseded")
"""What may become of a line."""


def _address(text: str) -> str:
    if not text.startswith(("https://", "http://")):
        raise typer.BadParameter("it must begin with https://")
    return text


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(filled(text))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise typer.BadParameter("there is no such time zone; one is Europe/Amsterdam") from None


def refuse_twice(said: list[str], words: Words, *, also: bool) -> None:
    """Tells what would count twice. Raises ToolError unless it shall be sent all the same."""
    for sentence in said:
        print(sentence, file=sys.stderr)
    if said and not also:
        raise ToolError(words("twice_go_on"))


def _status(status: str, words: Words) -> str:
    """What became of lines, in a word; one that this release does not know stays as the service says it."""
    return words(f"status_{status}") if status in STATUSES else status


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise typer.BadParameter("it is no day; one is 2026-11-01") from None


def _order(text: str) -> str:
    if text not in ORDERS:
        raise typer.BadParameter("it is dmy or mdy")
    return text


def _language(told: str | None) -> str:
    """The language that was asked for, or that of the terminal; English when it is none of ours."""
    tongue = told or next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    return tongue[:2].lower() if tongue[:2].lower() in LANGUAGES else LANGUAGES[0]


FilePath = Annotated[
    Path, typer.Option("--file", parser=filled_path, metavar="FILE", help="A .csv, .xlsx, .jsonl or folder of them.")
]
SourceName = Annotated[
    str | None,
    typer.Option("--source", parser=filled, metavar="SOURCE", help="The source of what names none itself."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Check every line, send nothing.")]
Api = Annotated[
    str | None,
    typer.Option(
        "--api", parser=_address, metavar="ADDRESS", help="A service elsewhere, with TOKEN in the environment."
    ),
]
Zone = Annotated[
    ZoneInfo | None,
    typer.Option("--zone", parser=_zone, metavar="ZONE", help="Of times that name none; without it the service's."),
]
ModelName = Annotated[
    str | None,
    typer.Option("--model", parser=filled, metavar="MODEL", help="With --api: its model; without it opmm-1."),
]
MapName = Annotated[
    str | None,
    typer.Option(
        "--map", parser=filled, metavar="MAP", help="How the columns of another are read: a tool's, or own.json."
    ),
]
SaveTo = Annotated[
    Path | None, typer.Option("--save", parser=filled_path, metavar="FILE", help="Keep the map in this file.")
]
Day = Annotated[
    str | None,
    typer.Option("--date", parser=_day, metavar="DATE", help="Of which day a sheet is that does not say so."),
]
Also = Annotated[bool, typer.Option("--also", help="Send responses, too, that another source has told already.")]
Yes = Annotated[bool, typer.Option("--yes", help="Import what has columns of another without asking.")]
Dates = Annotated[
    str | None,
    typer.Option(
        "--dates", parser=_order, metavar="dmy|mdy", help="What comes first in dates that could be read in two ways."
    ),
]
Language = Annotated[
    str | None, typer.Option("--language", metavar="nl|en", help="Of what is said; without it that of the terminal.")
]


Chosen = Callable[[Iterator[Line]], Iterator[Line]]
"""Which lines are sent, and how."""


@dataclass(frozen=True, slots=True)
class Import:
    """What a person has said of an import, besides where it goes."""

    file: Path
    options: FileOptions
    words: Words
    map: str | None
    save: Path | None
    yes: bool
    also: bool
    dry_run: bool
    chosen: Chosen = iter


def import_facts(  # noqa: PLR0913 - an option for each thing that a person may say
    *,
    file: FilePath,
    source: SourceName = None,
    dry_run: DryRun = False,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
    api: Api = None,
    zone: Zone = None,
    model: ModelName = None,
    map_: MapName = None,
    save: SaveTo = None,
    day: Day = None,
    also: Also = False,
    yes: Yes = False,
    dates: Dates = None,
    language: Language = None,
) -> None:
    """Import facts from a file or a folder.

    Ends with status 1 when any line was bad.
    """
    options = FileOptions(source or "", ORDERS.get(dates or ""), zone, day or "")
    asked = Import(file, options, Words(_language(language)), map_, save, yes=yes, also=also, dry_run=dry_run)
    counted = _imported(asked, Given(stack, region, profile, api, os.environ.get("TOKEN"), zone, model))
    raise typer.Exit(1 if counted["bad"] or counted["rejected"] else 0)


def import_chosen(
    folder: Path, chosen: Chosen, stack: str | None, region: str | None, profile: str | None
) -> Counter[str]:
    """Imports those lines of an export that are chosen, as they are given, and tells what became of them."""
    words = Words(_language(None))
    asked = Import(folder, FileOptions(), words, None, None, yes=False, also=False, dry_run=False, chosen=chosen)
    return _imported(asked, Given(stack, region, profile, token=os.environ.get("TOKEN")))


def _imported(asked: Import, given: Given) -> Counter[str]:
    """Imports what was asked for, and tells what became of it: lines by status."""
    now = datetime.now(UTC)  # noqa: TID251 - the edge: what lies in the future is no fact
    words, options = asked.words, asked.options
    told = map_named(asked.map, words)
    files = files_of(asked.file)
    for other in not_taken(asked.file):
        print(words("file_not_taken", name=other.name, endings=", ".join(ENDINGS)), file=sys.stderr)
    meant = destination(given, now, dry_run=asked.dry_run)
    if meant.note:
        print(meant.note, file=sys.stderr)
    with meant.calls() as client:
        names = meant.names or (ServiceNames(client) if client else by_slug)
        understood = Interpretation.by(meant.model, meant.zone, now, names, words.language)
        looked_through = [opened(path, understood, options, told) for path in files]
        if asked.dry_run:
            show(looked_through, words)
        else:
            agree(looked_through, words, yes=asked.yes, save=asked.save)
        if meant.target and options.source:
            said = list(warnings(looked_through, options.source, meant.target, words))
            refuse_twice(said, words, also=asked.also or asked.dry_run)
        effects = Effects()
        with Shown(files) as shown:
            counted = import_files(looked_through, understood, client, shown, effects=effects, chosen=asked.chosen)
    _tell(counted, effects, words, dry_run=asked.dry_run)
    if asked.dry_run and names is by_slug:
        print(words("import_clients_unknown"))
    return counted


def _tell(counted: Mapping[str, int], effects: "Effects", words: Words, *, dry_run: bool) -> None:
    """Prints what became of the lines, and of clients."""
    statuses = ", ".join(f"{count} {_status(status, words)}" for status, count in sorted(counted.items()))
    lines = words.counted("import_lines", sum(counted.values()), statuses=statuses or words("import_none"))
    print(f"{lines} {words('import_nothing_sent')}" if dry_run else lines)
    if counted.get("superseded"):
        print(words("superseded_hint"))
    for effect in effects.told(words, dry_run=dry_run):
        print(effect)


@dataclass(frozen=True, slots=True)
class Effects:
    """What an import does to clients, or would do."""

    made: set[str] = field(default_factory=set)
    """Clients that there were not."""
    joined: set[str] = field(default_factory=set)
    """Clients that were described as clients of their own, and are other names of others now."""

    def told(self, words: Words, *, dry_run: bool) -> Iterator[str]:
        """In a sentence each; nothing where nothing is done."""
        for key, clients in (("import_makes", self.made), ("import_joins", self.joined)):
            if clients:
                tense = f"{key}_would" if dry_run else key
                yield words.counted(tense, len(clients), clients=", ".join(sorted(clients)))


def import_files(
    files: Iterable[Opened],
    understood: Interpretation,
    client: httpx.Client | None,
    shown: Shown,
    *,
    effects: Effects,
    chosen: Chosen = iter,
) -> Counter[str]:
    """What became of the lines of these files, counted by status; `bad` are those that were not sent.

    Without a client nothing is sent, and good lines count as `good`. `effects` takes down what is done to clients, or
    would be. Raises ToolError when it cannot go on.
    """
    counted: Counter[str] = Counter()
    for file in files:
        for note in file.notes:
            shown.note(file.path, note)
        for batch in batches(_good(chosen(file.lines()), counted, shown)):
            if client is None:
                counted["good"] += len(batch.lines)
                subjects = {line.event["subject"] for line in batch.lines}
                effects.made.update(subject for subject in subjects if is_new(subject, understood.names))
                effects.joined.update(*(would_join(line.event, understood.names) for line in batch.lines))
            else:
                for outcome in send(client, batch, words=understood.words):
                    counted[outcome.status] += 1
                    if outcome.new_client:
                        effects.made.add(outcome.new_client)
                    effects.joined.update(outcome.joined)
                    if outcome.status == "rejected":
                        shown.bad(outcome.line, outcome.faults)
            shown.reached(file.path, batch.lines[-1].position, counted)
        shown.reached(file.path, file.path.stat().st_size, counted)
    return counted


def _good(lines: Iterable[Line], counted: Counter[str], shown: Shown) -> Iterator[Line]:
    """The lines that can be sent; the others are shown."""
    for line in lines:
        if line.faults:
            counted["bad"] += 1
            shown.bad(line, line.faults)
        else:
            yield line
