"""The destinations document of a stack: `make destinations FILE=destinations.json` checks and stores it."""

import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich import box
from rich.table import Table

from shared.destinations.addresses import AddressError, Resolver, read_address, resolve, system_resolver
from shared.destinations.destination import Destination
from shared.destinations.document import DestinationsError, load_destination, load_destinations, version_of
from shared.opmm.persons import person_key
from shared.storage.destination_states import DestinationState, DestinationStates
from shared.storage.queries import Queries
from tools.errors import ToolError
from tools.jobs import done
from tools.json_files import as_secret, read_json
from tools.options import Profile, Region, StackName, filled, filled_path
from tools.owners import in_a_sentence, owners
from tools.secret_documents import SecretDocument
from tools.tables import show_table
from tools.target import Target

_FAULTS: Mapping[str, str] = {
    "unknown_host": "Nobody knows a host of this name.",
    "inside_network": "It leads inside the network, which is never called.",
    "no_connection": "Nobody is there, or the connection was broken off.",
    "tls": "TLS could not be agreed on, or the certificate is not one of this host.",
    "timeout": "It took longer than 10 s.",
    "no_http": "What came back is not HTTP.",
    "redirect": "It leads elsewhere, which is not followed: take the address that it leads to.",
    "mail": "SES did not take it. MessageRejected: is the sender verified? AccessDenied: is it in its sandbox?",
    "no_sender": "This stack sends no mail: make deploy STACK=... PARAMS=MailSender=opmm@agency.example",
}
_ENDS = "410: it wants nothing any more."
_NOT_TAKEN = "It did not take the message."


class Rules:
    """What may be stored depends on the stack: whether it has a sender of mail, and is on this machine."""

    def __init__(self, target: Target) -> None:
        parameters = target.parameters()
        self.sends_mail = bool(parameters.get("MailSender"))
        self.loopback = parameters.get("LoopbackDestinations") == "yes"


def read_document(path: Path, resolver: Resolver, *, sends_mail: bool, loopback: bool = False) -> dict[str, Any]:
    """A destinations document that can be stored. Raises DestinationsError with all its faults, and no secret."""
    document = read_json(path, DestinationsError)
    if not isinstance(document, dict):
        load_destinations(document)
    faults: list[str] = []
    for name, described in document.items():
        try:
            destination = load_destination(name, described, loopback=loopback)
        except DestinationsError as error:
            faults += error.faults
            continue
        unfit = _faults_when_stored(destination, resolver, sends_mail=sends_mail, loopback=loopback)
        faults += [f"{name}.{fault}" for fault in unfit]
    if faults:
        raise DestinationsError(faults)
    as_secret(document, DestinationsError)
    return dict(document)


def _faults_when_stored(
    destination: Destination, resolver: Resolver, *, sends_mail: bool, loopback: bool
) -> Iterator[str]:
    """What is refused where destinations are stored, though what is stored already goes on working."""
    if destination.channel == "email":
        if not sends_mail:
            yield "channel: this stack sends no mail: deploy it with PARAMS=MailSender=opmm@agency.example first"
        return
    [address] = destination.addresses
    try:
        resolve(read_address(address, loopback=loopback), resolver)
    except AddressError as error:
        yield f"address: {error}"
    except OSError:
        yield "address: nobody knows its host"


DESTINATIONS = SecretDocument(
    name="destinations",
    error=DestinationsError,
    unreadable="nobody is told anything",
    removal="they are told nothing any more",
    stored_now="tells these destinations",
)


def destinations(
    *,
    file: Annotated[
        Path | None,
        typer.Option(
            "--file", parser=filled_path, metavar="FILE", help="The document; without it the destinations are listed."
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --file: remove stored destinations that it leaves out, without asking.")
    ] = False,
    test: Annotated[
        str | None,
        typer.Option("--test", parser=filled, metavar="NAME", help="Send one destination a sample, step by step."),
    ] = None,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Check and store whom the service tells what happens, or list them; with --test send one of them a sample.

    The file is the whole document: it asks before it removes destinations that are stored and not in it.
    """
    if file and not file.exists():
        raise ToolError(f"{file} does not exist.")
    if file and test:
        raise ToolError("FILE= is about all destinations, TEST= about one: not both.")
    if yes and file is None:
        raise ToolError("YES=1 goes with FILE=.")
    target = Target.of(stack, region, profile)
    rules = Rules(target)
    if test is not None:
        _try(target, test)
        return
    if file is None:
        _show(target, rules)
        return
    read = partial(read_document, resolver=system_resolver, sends_mail=rules.sends_mail, loopback=rules.loopback)
    stored = DESTINATIONS.take(target, file, read, yes=yes)
    for warning in unheard_of(load_destinations(stored, loopback=rules.loopback), target.queries()):
        print(f"Warning: {warning}", file=sys.stderr)


def unheard_of(stored: Mapping[str, Destination], queries: Queries) -> Iterator[str]:
    """Whom destinations name that nobody knows yet: they may come, and may be written wrongly."""
    named = {client for each in stored.values() for client in each.clients or ()}
    there = {row.client_id for row in queries.summaries(sorted(named))} if named else set[str]()
    known = owners(queries) if any(each.owner is not None for each in stored.values()) else {}
    for name, destination in sorted(stored.items()):
        if missing := sorted((destination.clients or frozenset()) - there):
            yield f"{name}.clients: no client has the id {' or '.join(missing)}."
        if destination.owner is not None and person_key(destination.owner) not in known:
            yield f"{name}.owner: no client has the owner {destination.owner!r}; owners are {in_a_sentence(known)}."


def _show(target: Target, rules: Rules) -> None:
    document = DESTINATIONS.stored(target.secrets(), target.name)
    if not document:
        print(f"{target.name} has no destinations yet: make destinations FILE=destinations.json")
        return
    states = DestinationStates(target.dynamodb(), target.output("NotificationsTableName")).all()
    show_table(listed(document, states, loopback=rules.loopback))


def listed(document: Mapping[str, Any], states: Mapping[str, DestinationState], *, loopback: bool = False) -> Table:
    """A row for each destination, in which no secret stands: neither a key nor more of an address than its host."""
    table = Table(
        *("destination", "channel", "where", "wants", "of", "digest", "comments", "fares"),
        box=box.SIMPLE_HEAD,
        pad_edge=False,
        collapse_padding=True,
    )
    for name, described in sorted(document.items()):
        try:
            destination = load_destination(name, described, loopback=loopback)
        except DestinationsError as error:
            count = len(error.faults)
            table.add_row(name, "", f"cannot be read: {count} fault{'s' if count > 1 else ''}", "", "", "", "", "")
            continue
        fares = _fares(states.get(name, DestinationState()), version_of(described))
        table.add_row(*_row(destination, loopback=loopback), fares)
    return table


def _fares(state: DestinationState, version: str) -> str:
    if state.is_ended(version):
        return f"410: wants nothing since {state.ended_at:%Y-%m-%d %H:%M} UTC"
    return f"fails since {state.failing_since:%Y-%m-%d %H:%M} UTC" if state.failing_since else "no failure known"


def _row(destination: Destination, *, loopback: bool) -> Iterator[str]:
    yield destination.name
    yield destination.channel
    if destination.channel == "email":
        count = len(destination.addresses)
        yield f"{count} mailbox{'es' if count > 1 else ''}"
    else:
        yield read_address(destination.addresses[0], loopback=loopback).host
    yield ", ".join(sorted(destination.wants))
    if destination.owner is not None:
        yield f"clients of {destination.owner}"
    else:
        yield "all clients" if destination.clients is None else ", ".join(sorted(destination.clients))
    digest = f"{', '.join(destination.days)} {destination.at:%H:%M}, {destination.language}"
    yield digest if "digest" in destination.wants else destination.language
    yield "yes" if destination.comments else "no"


def _try(target: Target, name: str) -> None:
    """Lets the function that sends everything send a sample. Raises ToolError where that was not taken."""
    if name not in (known := DESTINATIONS.stored(target.secrets(), target.name)):
        raise ToolError(f"{target.name} has no destination {name}; there are {', '.join(sorted(known)) or 'none'}.")
    told = done(target, "NotifyFunctionName", {"job": "try_destination", "destination": name})
    if not told["found"]:
        raise ToolError(f"{name} cannot be read: make destinations FILE=... says what is wrong with it.")
    print("\n".join(tried(told)))
    if not told["taken"]:
        raise ToolError(_ENDS if told["ends"] else _FAULTS.get(told["fault"], _NOT_TAKEN))


def tried(told: Mapping[str, Any]) -> Iterator[str]:
    """What became of a sample, a line for each step."""
    yield from map(_printable, told["steps"])
    if told["said"]:
        yield f"it said: {_printable(told['said'])}"
    if told["retry_after"] is not None:
        yield f"it wants to be left alone for {told['retry_after']} s"
    if told["taken"]:
        yield "The sample was taken."


def _printable(text: str) -> str:
    """What a receiver wrote, so that it does nothing to the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in text)
