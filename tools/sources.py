"""The sources document of a stack: `make sources FILE=sources.json` checks and stores it; without FILE it is listed."""

from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.opmm.model import Model
from shared.storage.parked import Parked
from shared.storage.source_health import SourceHealth
from shared.webhooks.sources import SourcesError, load_sources
from tools.connecting.command import show_source, try_source
from tools.errors import ToolError
from tools.json_files import as_secret, read_json
from tools.options import Profile, Region, StackName, filled, filled_path
from tools.secret_documents import SecretDocument
from tools.source_health import fares, findings, listed
from tools.tables import show_table
from tools.target import Target


def read_document(path: Path, model: Model) -> dict[str, Any]:
    """A sources document that can be stored. Raises SourcesError with all its faults, none of which tells a secret."""
    document = read_json(path, SourcesError)
    load_sources(document, model, to_store=True)
    as_secret(document, SourcesError)
    return dict(document)


SOURCES = SecretDocument(
    name="sources",
    error=SourcesError,
    unreadable="no tool may post",
    removal="calls of their tools are refused",
    stored_now="holds these sources",
)


def sources(
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", parser=filled_path, metavar="FILE", help="The document; without it the sources are listed."
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", parser=filled, metavar="NAME", help="One source: what to type into its tool."),
    ] = None,
    test: Annotated[
        str | None,
        typer.Option(
            "--test",
            parser=filled,
            metavar="FILE",
            help="With --source: a payload that is signed and sent, and what becomes of it; 1 for a sample.",
        ),
    ] = None,
    client: Annotated[
        str | None,
        typer.Option("--client", parser=filled, metavar="NAME", help="With --test: whom the payload is about."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --test: say what would be read, and send nothing.")
    ] = False,
    show: Annotated[bool, typer.Option("--show", help="With --source: its secrets, too.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --file: remove stored sources that it leaves out, without asking.")
    ] = False,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Check and store which tools may post, or list how they fare; with --source set one up, and try it out.

    The file is the whole document: it asks before it removes sources that are stored and not in it.
    """
    _refuse_what_does_not_fit(file, source, test, of_test=bool(client or dry_run), show=show, yes=yes)
    target = Target.of(stack, region, profile)
    if file is not None:
        SOURCES.take(target, file, partial(read_document, model=target.zone_and_model()[1]), yes=yes)
    elif source is None:
        _show(target)
    elif test is None:
        show_source(target, SOURCES.stored(target.secrets(), target.name), source, secrets=show)
    else:
        document = SOURCES.stored(target.secrets(), target.name)
        try_source(target, document, source, test, client, dry_run=dry_run)


def _refuse_what_does_not_fit(
    file: Path | None, source: str | None, test: str | None, *, of_test: bool, show: bool, yes: bool
) -> None:
    """Raises ToolError for options that say nothing together, and for a file that is not there."""
    if file and not file.exists():
        raise ToolError(f"{file} does not exist.")
    if source is None and (test is not None or show):
        raise ToolError("Of which source? SOURCE=name")
    if source is not None and file is not None:
        raise ToolError("FILE= is about all sources, SOURCE= about one: not both.")
    if test is None and of_test:
        raise ToolError("CLIENT= and DRY_RUN=1 go with TEST=1, or TEST=payload.json.")
    if test is not None and show:
        raise ToolError("SHOW=1 goes without TEST=.")
    if yes and file is None:
        raise ToolError("YES=1 goes with FILE=.")


def _show(target: Target) -> None:
    """When each source was last heard, what became of its calls in the last day, and what of it is parked."""
    now = datetime.now(UTC)  # noqa: TID251 - where people look
    kept = SourceHealth(target.dynamodb(), target.output("SourceHealthTableName"))
    parked = Parked(target.dynamodb(), target.output("ParkedTableName"), timedelta(0))
    found = fares(SOURCES.stored(target.secrets(), target.name), kept, parked, now)
    if not found:
        print(f"{target.name} has no sources yet, and nobody called.")
        return
    show_table(listed(found, now))
    for finding in findings(found):
        print(finding)
    print("Counts of the last minute may be missing; the dashboard has all of them.")
