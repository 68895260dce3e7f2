"""Access to a stack: a token for programs, a link for people, what was given so far, and how that ends."""

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from shared.http.tokens import ROLES, SCOPES
from shared.opmm.display import NOT_DISPLAYABLE, is_displayable
from shared.opmm.slugs import is_slug, slugify
from shared.people.sessions import ID_OF_SESSION, SECONDS_OF_SESSION
from shared.storage.issued import LINK_DAYS, LONGEST_NAME, Feed, Grant, Issued, grant_of_link, link_to
from tools.client_names import Client, find_client
from tools.errors import ToolError
from tools.options import Days, Profile, Region, StackName, filled, filled_words, words
from tools.stack import Settings
from tools.stack.lifecycle import all_scopes
from tools.tables import plain_table, show_table
from tools.target import Target
from tools.token_keys import TokenKeys


def displayable(text: str) -> str:
    """A name that can be shown to people."""
    if len(filled(text)) > LONGEST_NAME:
        raise typer.BadParameter(f"a name has at most {LONGEST_NAME} characters")
    if not is_displayable(text):
        raise typer.BadParameter(f"a name {NOT_DISPLAYABLE}")
    return text.strip()


def one_of_roles(text: str) -> str:
    """A role that there is."""
    if text not in ROLES:
        raise typer.BadParameter(f"there is no role {text!r}; there are {', '.join(ROLES)}")
    return text


Name = Annotated[
    str | None, typer.Option("--name", parser=displayable, metavar="NAME", help="The person or program that gets it.")
]
Id = Annotated[str, typer.Option("--id", parser=filled, metavar="ID", help="The id, as links tells it.")]


def token(
    *,
    scope: Annotated[
        str, typer.Option("--scope", parser=filled_words, metavar="SCOPE", help=f"Any of {', '.join(SCOPES)}.")
    ],
    client: Annotated[
        str | None,
        typer.Option(
            "--client",
            parser=filled_words,
            metavar="CLIENT",
            help="The only clients that it reaches, by id or name, with commas between them; without it all.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", parser=filled_words, metavar="SOURCE", help="The only sources it may send as; without it all."
        ),
    ] = None,
    name: Name = None,
    days: Days = LINK_DAYS,
    subject: Annotated[
        str | None,
        typer.Option("--subject", parser=filled, metavar="WHO", help="Who uses it; without it who is logged in here."),
    ] = None,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Print an access token for a program."""
    target = Target.of(stack, region, profile)
    clients = [_client_of_token(target, text) for text in (client or "").split(",") if text.strip()]
    now = _now()
    grant = Grant(
        kind="token",
        subject=subject or name or operator(),
        scopes=tuple(words(scope)),
        made_at=now,
        until=now + timedelta(days=days),
        name=name,
        clients=tuple(dict.fromkeys(found.client_id for found in clients)),
        sources=tuple(words(source)),
    )
    issued, minted = _issue(target, grant)
    print(minted)
    tell(issued, clients)


def link(
    *,
    client: Annotated[
        str | None,
        typer.Option("--client", parser=filled, metavar="CLIENT", help="The one client it opens, by id or name."),
    ] = None,
    all_clients: Annotated[bool, typer.Option("--all", help="It opens every client.")] = False,
    name: Name = None,
    role: Annotated[
        str | None,
        typer.Option(
            "--role",
            parser=one_of_roles,
            metavar="ROLE",
            help=f"{', '.join(ROLES)}; without it client, and viewer for every client.",
        ),
    ] = None,
    days: Days = LINK_DAYS,
    stack: StackName = None,
    region: Region = None,
    profile: Profile = None,
) -> None:
    """Print a link that opens the pages in a browser."""
    if bool(client) == all_clients:
        raise ToolError(
            "A link is for one client or for all of them: CLIENT=acme or ALL=1" + (", not both." if client else ".")
        )
    if all_clients and role == "client":
        raise ToolError("The role client is for the people of one client: say CLIENT=..., or another role.")
    target = Target.of(stack, region, profile)
    clients = [_known_client(target, client)] if client else []
    now = _now()
    grant = grant_of_link(
        role or ("client" if client else "viewer"),  # type: ignore[arg-type]  # one of them, as its parser says
        made_at=now,
        until=now + timedelta(days=days),
        name=name,
        clients=[found.client_id for found in clients],
    )
    issued, minted = _issue(target, grant)
    print(link_to(target.pages_url, minted))
    tell(issued, clients)


def links(*, stack: StackName = None, region: Region = None, profile: Profile = None) -> None:
    """List links, tokens and feeds until they end."""
    target = Target.of(stack, region, profile)
    keys, now = target.keys(), _now()
    listed = [issued for issued in target.register().listed() if issued.state(keys, now) != "ended"]
    if not listed:
        print(f"{target.name} has given no links, tokens or feeds that have not ended.")
        return
    _print(listed, keys, now)


def revoke(*, id_: Id, stack: StackName = None, region: Region = None, profile: Profile = None) -> None:
    """End one link, token, feed or session before its time."""
    target = Target.of(stack, region, profile)
    now = _now()
    if re.fullmatch(f"{ID_OF_SESSION}[0-9a-f]+", id_):
        # Sessions are not written down; by then each that there is now has ended.
        ends = int(now.timestamp()) + SECONDS_OF_SESSION + 1
        TokenKeys.change(target.secrets(), target.name, lambda keys: keys.without(id_, ends, now))
        print(f"Withdrawn: {id_}, if there is such a session. Warm functions refuse it within a minute.")
        return
    register = target.register()
    issued = register.get(id_)
    if issued is None or issued.grant.until <= now:
        raise ToolError(
            f"No link, token or feed has the id {id_}, or it has ended: make links tells those that have not."
        )
    if issued.withdrawn_at and issued.is_refused(target.keys()):
        print(f"Withdrawn already, {_minute(issued.withdrawn_at)}: {_said(issued)} Nothing has changed.")
        return
    if issued.grant.feed:
        register.mark_withdrawn(issued, now)
        print(f"Withdrawn: {_said(issued)} Its address opens nothing any more.")
        return
    ends = int(issued.grant.until.timestamp()) + 1
    # The secret first: that is what ends it. If this is interrupted then, it can be said once more.
    TokenKeys.change(target.secrets(), target.name, lambda keys: keys.without(issued.id, ends, now))
    register.mark_withdrawn(issued, now)
    print(f"Withdrawn: {_said(issued)} Warm functions refuse it within a minute.")


def rotate_keys(*, stack: StackName = None, region: Region = None, profile: Profile = None) -> None:
    """Sign tokens with a new key; twice voids older tokens."""
    target = Target.of(stack, region, profile)
    rotated = TokenKeys.change(target.secrets(), target.name, TokenKeys.rotated)
    print(f"{target.name} signs tokens with a new key. Tokens of the key before it stay valid; older ones are refused.")
    print("Rotate once more to revoke every token of before now.")
    print("Warm functions follow within a minute: until then they refuse tokens of the new key, and take the old ones.")
    if target.local:
        settings = Settings.from_environment(os.environ)
        _, fresh = target.register().issue(all_scopes(_now()), rotated)
        replace(target.local, token=fresh).write(settings)
        print(f"{settings.stack_file} holds a token of the new key.")


def _issue(target: Target, grant: Grant) -> tuple[Issued, str]:
    try:
        return target.register().issue(grant, target.keys())
    except ValueError as refused:
        raise ToolError(f"No {grant.kind}: {refused}") from refused


def _known_client(target: Target, text: str) -> Client:
    """The one client of a link. Raises ToolError when there is none of this name."""
    found = find_client(target, text)
    if found is None:
        several = " A link opens one client." if "," in text else ""
        raise ToolError(f"{target.name} has no client {text!r}: give its id, as in the address of its page.{several}")
    return found


def _client_of_token(target: Target, text: str) -> Client:
    """A client of a token, which may send the first fact of one that is not there yet: then its id is needed."""
    name = text.strip()
    found = find_client(target, name)
    if found:
        return found
    if not is_slug(name):
        raise ToolError(f"{target.name} has no client {name!r}, and that is no id of one (such as {slugify(name)!r}).")
    print(f"{target.name} has no client {name} yet.", file=sys.stderr)
    return Client(name, None)


def tell(issued: Issued, clients: Sequence[Client] = ()) -> None:
    """What was granted, beside what was asked for: on standard error, so that a script gets the token alone."""
    print(_said(issued, clients), file=sys.stderr)
    print(f"To end it: make revoke ID={issued.id}", file=sys.stderr)


def _said(issued: Issued, clients: Sequence[Client] = ()) -> str:
    grant = issued.grant
    if grant.feed:
        owner = f"of the clients of {grant.feed.owner}" if grant.feed.owner else "of every client"
        return f"feed {issued.id}, {_file(grant.feed)}, {owner}, until {_minute(grant.until)}."
    named = {
        client.client_id: f"{client.client_id} ({client.name})"
        for client in clients
        if client.name not in (None, client.client_id)
    }
    reach = ", ".join(named.get(client, client) for client in grant.clients) or "every client"
    withheld = [scope for scope in ROLES[grant.role] if scope not in grant.scopes] if grant.role else []
    parts = [
        f"{grant.kind} {issued.id}",
        f"for {grant.name}" if grant.name else "for whoever holds it",
        f"as {grant.role} ({' '.join(grant.scopes)})" if grant.role else " ".join(grant.scopes),
        f"of {reach}",
        *([f"without {' and '.join(withheld)}"] if withheld else []),
        *([f"sending as {', '.join(grant.sources)}"] if grant.sources else []),
        f"until {_minute(grant.until)}",
    ]
    return ", ".join(parts) + "."


def _print(listed: Sequence[Issued], keys: TokenKeys, now: datetime) -> None:
    table = plain_table()
    for heading in ("id", "kind", "for", "may", "clients", "sources", "made", "until", "last read", "state"):
        table.add_column(heading, no_wrap=heading in {"id", "kind", "state"}, overflow="fold")
    for issued in listed:
        grant, state = issued.grant, issued.state(keys, now)
        withdrawn = f" {_minute(issued.withdrawn_at)}" if state == "withdrawn" and issued.withdrawn_at else ""
        table.add_row(
            issued.id,
            grant.kind,
            grant.name or grant.subject,
            _granted(grant),
            f"of {grant.feed.owner}" if grant.feed and grant.feed.owner else ", ".join(grant.clients) or "all",
            "" if grant.feed else ", ".join(grant.sources) or "all",
            _minute(grant.made_at) + (f" by {grant.made_by}" if grant.made_by else ""),
            _minute(grant.until),
            _last_read(issued),
            state + withdrawn,
        )
    show_table(table)


def _granted(grant: Grant) -> str:
    if grant.feed:
        return _file(grant.feed)
    return grant.role or ("everything" if set(grant.scopes) == set(SCOPES) else " ".join(grant.scopes))


def _file(feed: Feed) -> str:
    return f"{feed.file} in {feed.language}"


def _last_read(issued: Issued) -> str:
    if issued.grant.feed is None:
        return ""
    return _minute(issued.last_read_at) if issued.last_read_at else "never"


def _minute(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def operator() -> str:
    """Who runs the tools here."""
    return os.environ.get("USER") or "operator"


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a tool reads the clock where it mints a token
