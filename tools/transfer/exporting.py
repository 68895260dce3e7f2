"""Export the facts of a stack, or of one client, to files that `make import` takes: `make export TO=folder`.

Importing them into an empty stack gives the same scores. Respondents are stored as hashes only, and not exported.
"""

import csv
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep
from typing import Annotated, Any

import typer

from shared.intake.client_names import AmbiguousNameError, NoNameError
from shared.sheets.kinds import FileKind, Item, file_kinds
from shared.storage.alias_groups import read_alias_group
from shared.storage.facts import Facts
from tools.errors import ToolError
from tools.options import Profile, Region, StackName, filled, filled_path
from tools.private_files import private
from tools.target import Target
from tools.transfer.clients import StackNames
from tools.transfer.rest import REST
from tools.transfer.stored import LeftOut, exported, facts

NOT_EXPORTED = "respondent"

_UNFINISHED = ".part"
_ANEW = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


@dataclass(frozen=True, slots=True)
class Export:
    """What became of an export."""

    written: Counter[str] = field(default_factory=Counter)
    """Rows and events by the name of their file."""
    left_out: Counter[str] = field(default_factory=Counter)
    """Facts that were not exported, by what there is about them."""
    redated: Counter[str] = field(default_factory=Counter)
    """By file, answers that are told with the day of their survey, and are of another."""


def export_facts(
    *,
    to: Annotated[
        Path, typer.Option("--to", parser=filled_path, metavar="FOLDER", help="The folder; made when it is not there.")
    ],
    client: Annotated[
        str | None,
        typer.Option("--client", parser=filled, metavar="CLIENT", help="One client, by id or alias; without it all."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the export that the folder holds.")] = False,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Export facts to files that can be imported.

    Ends with status 1 when any had to be left out.
    """
    target = Target.of(stack, region, profile)
    _, model = target.zone_and_model()
    if not force:
        refuse_to_replace(to, file_kinds(model))
    names = names_of(target, client) if client else []
    items = facts(target.dynamodb(), target.output("FactsTableName"), names)
    done = export(items, to, file_kinds(model))
    for name, count in done.written.items():
        print(f"{count:>8}  {to / name}")
    for name, count in done.redated.items():
        if count:
            print(
                f"{count} answers in {name} have the day of their survey: two versions of one time gainsay one another."
            )
    if done.left_out:
        reasons = "\n".join(f"{count:>8}  {reason}" for reason, count in sorted(done.left_out.items()))
        raise ToolError(f"Left out, as this working copy does not know what they say:\n{reasons}")


def refuse_to_replace(folder: Path, kinds: Iterable[FileKind]) -> None:
    """Raises ToolError when the folder holds an export, or any file that one would replace."""
    held = sorted(name for name in _names(kinds).values() if (folder / name).exists())
    if held:
        raise ToolError(
            f"{folder} holds {', '.join(held)} already. Choose another folder, or add FORCE=1 to replace them."
        )


def export(items: Iterable[Item], folder: Path, kinds: Iterable[FileKind]) -> Export:
    """Writes facts to the files of a folder as they come, and counts them.

    Only their owner may read the files, for they hold comments. They replace those of an earlier export once all are
    complete.
    """
    kinds = tuple(kinds)
    names = _names(kinds)
    done = Export(Counter(dict.fromkeys(names.values(), 0)))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with ExitStack() as opened:
        writers = {kind.name: _rows(folder / f"{names[kind.name]}{_UNFINISHED}", kind, opened) for kind in kinds}
        writers[REST] = _events(folder / f"{names[REST]}{_UNFINISHED}", opened)
        for fact in exported(items, kinds):
            if isinstance(fact, LeftOut):
                done.left_out[fact.reason] += 1
            else:
                writers[fact.file](fact.content)
                done.written[names[fact.file]] += 1
                done.redated[names[fact.file]] += fact.redated
    for file in names.values():
        (folder / f"{file}{_UNFINISHED}").replace(folder / file)
    return done


def _names(kinds: Iterable[FileKind]) -> dict[str, str]:
    """The names of the files, by what goes into them."""
    return {kind.name: f"{kind.name}.csv" for kind in kinds} | {REST: f"{REST}.jsonl"}


Writer = Callable[[Mapping[str, Any]], object]


def _rows(path: Path, kind: FileKind, opened: ExitStack) -> Writer:
    encoding = "utf-8-sig"  # Excel takes a file without the mark for Windows-1252
    file = opened.enter_context(os.fdopen(private(str(path), _ANEW), "w", encoding=encoding, newline=""))
    columns = [column for column in kind.columns if column != NOT_EXPORTED]
    rows = csv.DictWriter(file, columns, quoting=csv.QUOTE_ALL)
    rows.writeheader()
    return rows.writerow


def _events(path: Path, opened: ExitStack) -> Writer:
    file = opened.enter_context(os.fdopen(private(str(path), _ANEW), "w", encoding="utf-8", newline=""))
    return lambda event: file.write(json.dumps(event, ensure_ascii=False) + "\n")


def names_of(target: Target, client: str) -> list[str]:
    """Every name that the client's facts are stored under. Raises ToolError for what is no client."""
    scores = target.scores()
    stored_facts = Facts(target.dynamodb(), target.output("FactsTableName"), sleep)
    try:
        name = StackNames(scores)(client).subject
    except AmbiguousNameError as several:
        raise ToolError(f"{client}: {several}") from several
    except NoNameError:
        name = ""
    group = read_alias_group([name], stored_facts, scores) if name else None
    names = group.names_of(group.owners[name]).all if group else ()
    if not any(stored_facts.any(known) for known in names):
        raise ToolError(f"There is no client {client}.")
    return list(names)
