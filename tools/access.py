"""Access to a stack: `make token` prints a token, `make link` a link for people, `make rotate-keys` replaces keys."""

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from shared.http.tokens import SCOPES
from tools.stack import Settings, Stack
from tools.stack.account import session
from tools.stack.lifecycle import TOKEN_LIFETIME
from tools.token_keys import TokenKeys

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


LONGEST_COOKIE = 4000
"""Characters of a token. A browser drops cookies of more than 4096 bytes, name and attributes included."""


def client_of(stack: Stack | None) -> "SecretsManagerClient":
    """Secrets Manager of the local stack, or of the account whose credentials are at hand."""
    if stack is None:
        return boto3.client("secretsmanager")
    return session().client("secretsmanager", endpoint_url=stack.endpoint_url)


def print_token(keys: TokenKeys, wanted: argparse.Namespace, now: datetime) -> None:
    """Print a token for what was asked."""
    if wanted.days < 1:
        raise ValueError("DAYS must be 1 or more")
    token = keys.mint(
        subject=wanted.subject,
        scopes=words(wanted.scope),
        expires_at=now + timedelta(days=wanted.days),
        clients=words(wanted.client),
        sources=words(wanted.source),
    )
    print(token)


def link_to(pages: str, keys: TokenKeys, *, subject: str, clients: Sequence[str], expires_at: datetime) -> str:
    """A link that opens the pages: those of some clients only, or of all. Raises ValueError when it gets too long."""
    token = keys.mint(subject=subject, scopes=["scores:read"], expires_at=expires_at, clients=clients)
    if len(token) > LONGEST_COOKIE:
        raise ValueError("a browser cannot keep a link to so many clients; make several")
    return f"{pages}sign-in?token={token}"


def print_link(stack: Stack | None, keys: TokenKeys, wanted: argparse.Namespace, now: datetime) -> None:
    """Print a link for what was asked."""
    if wanted.days < 1:
        raise ValueError("DAYS must be 1 or more")
    expires_at = now + timedelta(days=wanted.days)
    pages = address_of(wanted.stack) if stack is None else stack.pages_url
    print(link_to(pages, keys, subject=wanted.subject, clients=words(wanted.client), expires_at=expires_at))


def address_of(name: str) -> str:
    """Where a stack in the account is reached, as its outputs say."""
    found = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0].get("Outputs", [])
    addresses = [output["OutputValue"] for output in found if output["OutputKey"] == "ApiUrl"]
    if not addresses:
        raise ValueError(f"{name} gives no ApiUrl; is it a stack of this service?")
    return addresses[0]


def rotate(client: "SecretsManagerClient", name: str, keys: TokenKeys) -> TokenKeys:
    """Replace the keys of a stack and say what that means."""
    rotated = keys.rotated()
    rotated.write(client, name)
    print(f"{name} signs tokens with a new key. Tokens of the key before it stay valid; older ones are refused.")
    print("Rotate once more to revoke every token of before now.")
    print("Warm functions follow within a minute: until then they refuse tokens of the new key, and take the old ones.")
    return rotated


def renew(stack: Stack, settings: Settings, keys: TokenKeys, now: datetime) -> None:
    """Give the local stack's file a token of the new key."""
    token = keys.mint(subject="local", scopes=SCOPES, expires_at=now + TOKEN_LIFETIME)
    replace(stack, token=token).write(settings)
    print(f"{settings.stack_file} holds a token of the new key.")


def words(text: str) -> list[str]:
    """Names that stand apart by commas or spaces."""
    return text.replace(",", " ").split()


def arguments() -> argparse.Namespace:
    """What make passes on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=["token", "link", "rotate-keys"])
    parser.add_argument("--stack", default="", help="a stack in your AWS account; without it the local one")
    parser.add_argument("--scope", default="", help=f"any of {', '.join(SCOPES)}")
    parser.add_argument("--client", default="", help="the only clients it reaches; all without it")
    parser.add_argument("--source", default="", help="the only sources it may send as; all without it")
    parser.add_argument("--subject", default=os.environ.get("USER") or "operator", help="who it is for")
    parser.add_argument("--days", type=int, default=30)
    return parser.parse_args()


def main() -> None:
    """Read the stack's keys and do what was asked with them."""
    wanted = arguments()
    settings = Settings.from_environment(os.environ)
    stack = None if wanted.stack else Stack.read(settings)
    if stack is None and not wanted.stack:
        sys.exit("The local stack is not up: make up. For a stack in your AWS account add STACK=name.")
    name = wanted.stack or settings.name
    now = datetime.now(UTC)  # noqa: TID251 - a tool reads the clock where it mints a token
    try:
        client = client_of(stack)
        keys = TokenKeys.read(client, name)
        if wanted.command == "token":
            print_token(keys, wanted, now)
        elif wanted.command == "link":
            print_link(stack, keys, wanted, now)
        else:
            rotated = rotate(client, name, keys)
            if stack is not None:
                renew(stack, settings, rotated, now)
    except ValueError as refused:
        sys.exit(f"No token: {refused}")
    except (BotoCoreError, ClientError) as failed:
        sys.exit(f"The keys of {name} cannot be reached: {failed}")


if __name__ == "__main__":
    main()
