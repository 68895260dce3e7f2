"""Access to a stack: a token for programs, a link for people, and new keys to sign both with."""

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from shared.http.tokens import SCOPES
from tools.errors import ToolError
from tools.options import Days, StackName, filled, filled_words, words
from tools.stack import Settings
from tools.stack.lifecycle import TOKEN_LIFETIME
from tools.target import Target
from tools.token_keys import TokenKeys

LONGEST_COOKIE = 4000
"""Characters of a token. A browser drops cookies of more than 4096 bytes, name and attributes included."""

_DAYS = 30

Clients = Annotated[
    str | None,
    typer.Option(
        "--client", parser=filled_words, metavar="CLIENT", help="The only clients that it reaches; without it all."
    ),
]
Subject = Annotated[
    str | None,
    typer.Option("--subject", parser=filled, metavar="WHO", help="Who it is for; without it who is logged in here."),
]


def token(
    *,
    scope: Annotated[
        str, typer.Option("--scope", parser=filled_words, metavar="SCOPE", help=f"Any of {', '.join(SCOPES)}.")
    ],
    client: Clients = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--source", parser=filled_words, metavar="SOURCE", help="The only sources it may send as; without it all."
        ),
    ] = None,
    days: Days = _DAYS,
    subject: Subject = None,
    stack: StackName = None,
) -> None:
    """Print an access token for a program."""
    keys = Target.of(stack).keys()
    try:
        print(
            keys.mint(
                subject=subject or _operator(),
                scopes=words(scope),
                expires_at=_in_days(days),
                clients=words(client),
                sources=words(source),
            )
        )
    except ValueError as refused:
        raise ToolError(f"No token: {refused}") from refused


def link(*, client: Clients = None, days: Days = _DAYS, subject: Subject = None, stack: StackName = None) -> None:
    """Print a link that opens the pages in a browser."""
    target = Target.of(stack)
    pages = target.local.pages_url if target.local else target.output("ApiUrl")
    try:
        print(
            link_to(
                pages,
                target.keys(),
                subject=subject or _operator(),
                clients=words(client),
                expires_at=_in_days(days),
            )
        )
    except ValueError as refused:
        raise ToolError(f"No link: {refused}") from refused


def rotate_keys(*, stack: StackName = None) -> None:
    """Sign tokens with a new key; twice voids older tokens."""
    target = Target.of(stack)
    rotated = target.keys().rotated()
    rotated.write(target.secrets(), target.name)
    print(f"{target.name} signs tokens with a new key. Tokens of the key before it stay valid; older ones are refused.")
    print("Rotate once more to revoke every token of before now.")
    print("Warm functions follow within a minute: until then they refuse tokens of the new key, and take the old ones.")
    if target.local:
        settings = Settings.from_environment(os.environ)
        fresh = rotated.mint(subject="local", scopes=SCOPES, expires_at=_now() + TOKEN_LIFETIME)
        replace(target.local, token=fresh).write(settings)
        print(f"{settings.stack_file} holds a token of the new key.")


def link_to(pages: str, keys: TokenKeys, *, subject: str, clients: Sequence[str], expires_at: datetime) -> str:
    """A link that opens the pages: those of some clients only, or of all. Raises ValueError when it gets too long."""
    minted = keys.mint(subject=subject, scopes=["scores:read"], expires_at=expires_at, clients=clients)
    if len(minted) > LONGEST_COOKIE:
        raise ValueError("a browser cannot keep a link to so many clients; make several")
    return f"{pages}sign-in?token={minted}"


def _operator() -> str:
    return os.environ.get("USER") or "operator"


def _in_days(days: int) -> datetime:
    """Raises ValueError past the end of the calendar."""
    try:
        return _now() + timedelta(days=days)
    except OverflowError as error:
        raise ValueError("so many days end after the calendar does") from error


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a tool reads the clock where it mints a token
