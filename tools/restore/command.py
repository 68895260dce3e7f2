"""`make restore`: facts as they were at a time, or as an export holds them, back into a stack that runs."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import Line
from shared.storage.erasures import Erasure, Erasures
from shared.storage.facts import Facts
from tools.errors import ToolError
from tools.options import Profile, Region, StackName, filled, filled_path, filled_words, words
from tools.restore.backup import Backup
from tools.restore.compare import ErasedSince, Found, Pair, Step, Wanted, same, step
from tools.restore.export import Beside, export_files
from tools.restore.receipts import Erased
from tools.restore.tables import BothTables
from tools.restore.telling import told_by_client
from tools.target import Target
from tools.transfer.clients import StackNames
from tools.transfer.exporting import names_of
from tools.transfer.importing import import_chosen

_PAGES_BETWEEN = 20
_EVER = datetime.min.replace(tzinfo=UTC)
_NEVER = datetime.max.replace(tzinfo=UTC)

_FATES: dict[Found, tuple[str, str]] = {
    "missing": ("missing now", "brought back"),
    "damaged": ("damaged, or older than then", "put right"),
    "later": ("told otherwise since", "set back"),
    "added": ("added since", "taken away"),
    "erased": ("erased since", ""),
    "elsewhere": ("counting at another client since", ""),
    "the same": ("as they were", ""),
}
"""What is told of what was found, and of what becomes of it if anything does."""


def _time(text: str) -> datetime:
    try:
        at = parse_instant(filled(text))
    except ValueError as error:
        raise typer.BadParameter(f"it {error}") from None
    if at > datetime.now(UTC):  # noqa: TID251 - the edge: nobody can go back to what is to come
        raise typer.BadParameter("it lies in the future")
    return at.replace(microsecond=0)


def restore(
    *,
    at: Annotated[
        datetime | None,
        typer.Option(
            "--time",
            parser=_time,
            metavar="TIME",
            help="As facts were then, at most 35 days ago: 2026-11-25T10:00:00Z.",
        ),
    ] = None,
    folder: Annotated[
        Path | None,
        typer.Option(
            "--from", parser=filled_path, metavar="FOLDER", help="As an export holds them, instead of a time."
        ),
    ] = None,
    client: Annotated[
        str | None,
        typer.Option("--client", parser=filled_words, metavar="CLIENTS", help="These clients only, by id or alias."),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="All as it was: what was told or added since then goes.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, write nothing.")] = False,
    discard: Annotated[
        bool, typer.Option("--discard", help="Delete the table that a restore of this time left, and do nothing else.")
    ] = False,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Bring facts back from a point in time, or from an export. It shows what it would do, and asks.

    What is missing comes back and what is damaged is put right; what was told since stays, unless EXACT=1. Nothing of
    what was erased comes back. It can be broken off and repeated. Scores follow by themselves.
    """
    if (at is None) is (folder is None):
        raise ToolError("Back to what? TIME=2026-11-25T10:00:00Z or FROM=folder" + (", not both." if at else "."))
    if folder is not None:
        if client or exact or discard:
            raise ToolError("CLIENT=, EXACT=1 and DISCARD=1 go with TIME=; an export is brought back as it is.")
        _from_export(folder, stack, region, profile, dry_run=dry_run)
        return
    assert at is not None  # noqa: S101 - either is given
    target = Target.of(stack, region, profile)
    backup = Backup(target.dynamodb(), target.output("FactsTableName"), at)
    if discard:
        print(f"Deleted {backup.name}." if backup.discard() else f"There is no table {backup.name}.")
        return
    _from_a_time(target, backup, at, words(client), exact=exact, dry_run=dry_run)


def _from_a_time(
    target: Target, backup: Backup, at: datetime, clients: Sequence[str], *, exact: bool, dry_run: bool
) -> None:
    """From the table as it was, which is kept until something was written."""
    begun = datetime.now(UTC)  # noqa: TID251 - the edge: erasures from now on are told of at the end
    if target.local:
        print(_ONLY_NOW)
    else:
        backup.require_reachable()
    _refuse_while_erasing(target)
    backup.make(time.sleep, print)
    begun = min(begun, backup.made_at())  # an earlier try may have written before what was erased since
    tables = BothTables(backup.client, backup.name, backup.table)
    names = [name for text in clients for name in _names(target, text)]
    restoring = Restoring.of(tables, names, _erasures(target, at), exact=exact)
    found = restoring.run(write=False)
    print(found.told(f"{target.name} as of {rfc3339(at)}, beside what it holds now:"))
    if not found.changes or dry_run:
        print(f"{'Nothing was written' if found.changes else 'Nothing is to be done'}. {_left(backup)}")
        return
    if not typer.confirm(f"Write these {found.changes} facts to {target.name}?"):
        raise ToolError(f"Nothing was written. {_left(backup)}")
    written = restoring.run(write=True)
    if written.missed:
        raise ToolError(
            f"{written.missed} facts were changed by others meanwhile. Repeat the same: it goes on from here."
        )
    backup.discard()
    print(f"{written.changes} facts were written; scores follow within minutes. {backup.name} is deleted.")
    _tell_erasures(target, begun)


_ONLY_NOW = (
    "The local stack keeps no earlier times: the table of then is made of what is there now, unless an earlier restore "
    "left it. This shows the steps, and brings nothing back that is gone by now."
)


def _left(backup: Backup) -> str:
    """What to do with a table that took an hour to make, and may be wanted yet: with EXACT=1, or of another client."""
    return f"{backup.name} stays, and costs, until a restore of this time has written, or DISCARD=1 deletes it."


def _from_export(folder: Path, stack: str | None, region: str | None, profile: str | None, *, dry_run: bool) -> None:
    """An import of what was not erased, after it was told what would come of it."""
    target = Target.of(stack, region, profile)
    zone, model = target.zone_and_model()
    now = datetime.now(UTC)  # noqa: TID251 - the edge: what lies in the future is no fact
    understood = Interpretation.by(model, zone, now, StackNames(target.scores()))
    files = export_files(folder, understood)

    def lines() -> Iterator[Line]:
        return chain.from_iterable(file.lines() for file in files)

    _refuse_while_erasing(target)
    client, table = target.dynamodb(), target.output("FactsTableName")
    erased = Erased.of(_erasures(target, _EVER), lines, Facts(client, table, time.sleep).erased_at)
    beside = Beside(client, table, understood, erased)
    found = beside.preview(lines())
    bad = bool(found.bad)
    print(found.told(f"{folder}, beside what {target.name} holds now:"))
    if not found.changes or dry_run:
        print("Nothing was sent." if found.changes else "Nothing is to be done.")
    elif typer.confirm(f"Send {folder} to {target.name}?"):
        counted = import_chosen(folder, beside.chosen, stack, region, profile)
        bad = bool(counted["bad"] or counted["rejected"])
        _tell_erasures(target, now)
    else:
        raise ToolError("Nothing was sent.")
    if bad:
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Summary:
    """What was found of all facts, and what became of it."""

    found: Counter[Found] = field(default_factory=Counter)
    changing: Counter[Found] = field(default_factory=Counter)
    by_client: Counter[str] = field(default_factory=Counter)
    """What changes, by name."""
    missed: int = 0

    @property
    def changes(self) -> int:
        """How many facts change, or their places."""
        return self.changing.total()

    def told(self, heading: str) -> str:
        """For people to read."""
        lines = [heading]
        for found, (what, fate) in _FATES.items():
            changing, left = self.changing[found], self.found[found] - self.changing[found]
            if changing:
                lines.append(f"{changing:>10}  {what}: {fate or 'where they count is put right'}")
            if left and found != "the same":
                stays = "left out" if found == "erased" else "left as they are"
                lines.append(f"{left:>10}  {what}: {stays}{' (EXACT=1 changes them)' if found in _EXACT else ''}")
            elif left:
                lines.append(f"{left:>10}  {what}")
        return "\n".join([*lines, *told_by_client(self.by_client)])


_EXACT: tuple[Found, ...] = ("later", "added")


@dataclass(frozen=True, slots=True)
class Restoring:
    """One restore from a table of then."""

    tables: BothTables
    names: Sequence[str]
    """Of what clients; all where there are none."""
    wanted: Wanted
    erased: ErasedSince

    @classmethod
    def of(cls, tables: BothTables, names: Sequence[str], erasures: Sequence[Erasure], *, exact: bool) -> "Restoring":
        """Of clients by their names, all where there are none; `erasures` ended after the time that is gone back to."""
        asked = sorted((erasure.asked_at, erasure.client_id) for erasure in erasures if erasure.client_id)
        erased = ErasedSince(
            # The latest last: a client may have been erased several times.
            clients={name: at for at, client in asked for name in tables.aliases([client])},
            people=any(erasure.client_id is None for erasure in erasures),
            ratings=any(erasure.ratings for erasure in erasures),
        )
        return cls(tables, sorted(tables.aliases(names)), Wanted(exact, whole=not names), erased)

    def run(self, *, write: bool) -> Summary:
        """Goes through all facts; what changes is written, or counted only."""
        summary, missed = Summary(), 0
        for number, page in enumerate(self.tables.pairs(self.names), 1):
            steps = list(self._steps(page))
            changing = [(pair, done) for pair, done in steps if _changes(pair, done)]
            summary.found.update(done.found for _, done in steps)
            summary.changing.update(done.found for _, done in changing)
            summary.by_client.update(pair.key[0] for pair, _ in changing)
            if write:
                missed += self.tables.write(changing)
            if number % _PAGES_BETWEEN == 0:
                print(f"  {summary.found.total()} facts looked at, {summary.changes} to change")
        return replace(summary, missed=missed)

    def _steps(self, page: list[Pair]) -> Iterator[tuple[Pair, Step]]:
        """What became of clients is looked up for every page: one may be erased while this runs."""
        clients = dict(self.erased.clients)
        for name, until in self.tables.erased(page).items():
            clients[name] = max(until, clients.get(name, until))
        erased = replace(self.erased, clients=clients)
        return ((pair, step(pair, erased, self.wanted)) for pair in page)


def _changes(pair: Pair, done: Step) -> bool:
    return not (same(pair.now, done.target) and same(pair.located_now, done.locator))


def _names(target: Target, client: str) -> list[str]:
    """Every name of a client that is there; of one of which nothing is left, the name that was given."""
    try:
        return names_of(target, client)
    except ToolError:
        if not is_slug(client):
            raise
        return [client]


def _erasures(target: Target, since: datetime) -> list[Erasure]:
    """Those that ended, or went on, after a time."""
    register = Erasures(target.dynamodb(), target.output("ErasuresTableName"))
    return [erasure for erasure in register.all() if erasure.done_at is None or erasure.done_at >= since]


def _tell_erasures(target: Target, since: datetime) -> None:
    """Tells which may have missed what was written."""
    for erasure in _erasures(target, since):
        print(f"Erasure {erasure.id} was asked for meanwhile. Ask for the same again, to be sure that it reached all.")


def _refuse_while_erasing(target: Target) -> None:
    """Raises ToolError: what is half erased cannot be told from what is to come back."""
    unfinished = [erasure for erasure in _erasures(target, _NEVER) if erasure.done_at is None]
    running = [erasure.id for erasure in unfinished if erasure.status == "running"]
    if running:
        raise ToolError(
            f"Erasures are under way: {', '.join(running)}. Begin when they are done; one that does not get on is sent "
            "for again at night, and is given up when it fails then."
        )
    for erasure in unfinished:
        print(f"Erasure {erasure.id} was given up. Ask for the same again when this is done.")
