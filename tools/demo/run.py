"""The demo from beginning to end: load, post, wait, print."""

import argparse
import json
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tools.access import link_to
from tools.demo.calls import DemoError, post_events, wait_until_settled
from tools.demo.portfolio import PORTFOLIO, ZONE, Event, aliases, client_ids, load_portfolio
from tools.demo.report import make_console, print_portfolio
from tools.demo.webhooks import post_webhooks, register, sends_itself, webhooks
from tools.stack import Stack
from tools.stack.account import session
from tools.stack.lifecycle import TOKEN_LIFETIME
from tools.token_keys import TokenKeys

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

STACK_FILE = Path(".local/stack.json")
_TIMEOUT = 60
"""Seconds for one call: a batch on a cold stack starts a function first."""


def main() -> None:
    """Runs the demo; ends with status 1 and a sentence when it cannot."""
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description="Shows the service at work.")
    parser.add_argument("--stack", type=Path, default=STACK_FILE, help="description of the stack (%(default)s)")
    parser.add_argument("--portfolio", type=Path, default=PORTFOLIO, help="events to send")
    arguments = parser.parse_args()
    try:
        show(read_stack(arguments.stack), arguments.portfolio, make_console())
    except DemoError as error:
        sys.exit(str(error))


def show(stack: Stack, portfolio: Path, console: Console) -> None:
    """Sends the portfolio, waits for the scores and prints them. Raises DemoError."""
    today = datetime.now(ZONE).date()  # noqa: TID251 - the edge: the sample portfolio is told relative to today
    events = load_portfolio(portfolio, today)
    started = time.monotonic()
    with httpx.Client(base_url=stack.api_url, headers=headers(stack), timeout=_TIMEOUT) as client:
        with _progress(console, len(events)) as posted:
            statuses = send(client, stack, events, posted)
        console.print("Waiting for the scores to settle.")
        rows = wait_until_settled(client, client_ids(events), aliases(events))
    print_portfolio(rows, console)
    told = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    console.print(f"{len(events)} events ({told}) in {time.monotonic() - started:.0f} seconds.\n")
    best = max(rows, key=lambda row: row["total"])["client_id"]
    console.print(f"address  {stack.api_url}", soft_wrap=True)
    console.print(f"token    {stack.token}", soft_wrap=True)
    console.print(f"pages    {link(stack)}", soft_wrap=True)
    console.print(f"try      {curl(stack, f'v1/clients/{best}/score')}", soft_wrap=True)


def send(client: httpx.Client, stack: Stack, events: list[Event], posted: Callable[[int], None]) -> Counter[str]:
    """What tools send goes through signed webhooks, the rest through `POST /v1/events`."""
    keys = register(secrets_of(stack), stack.stack_name)
    by_webhook = [event for event in events if sends_itself(event)]
    statuses = post_webhooks(client, webhooks(by_webhook, keys), posted)
    return statuses + post_events(client, [event for event in events if not sends_itself(event)], posted)


def link(stack: Stack) -> str:
    """A link that opens the pages in a browser."""
    keys = TokenKeys.read(secrets_of(stack), stack.stack_name)
    expires_at = datetime.now(UTC) + TOKEN_LIFETIME  # noqa: TID251 - the edge, again: tokens end by the real time
    return link_to(stack.pages_url, keys, subject="demo", clients=[], expires_at=expires_at)


def secrets_of(stack: Stack) -> "SecretsManagerClient":
    """Secrets Manager of the local stack."""
    return session().client("secretsmanager", endpoint_url=stack.endpoint_url)


def read_stack(path: Path) -> Stack:
    """The stack that a file describes. Raises DemoError when there is none."""
    try:
        return Stack(**json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise DemoError(f"There is no {path}; start the service with `make up`.") from error
    except (ValueError, TypeError) as error:
        raise DemoError(f"{path} does not describe a stack ({error}); write it anew with `make up`.") from error


def headers(stack: Stack) -> dict[str, str]:
    """What every call carries."""
    return {"Authorization": f"Bearer {stack.token}", "Host": stack.host}


def curl(stack: Stack, path: str) -> str:
    """The command line that reads this path."""
    options = [word for name, value in headers(stack).items() for word in ("-H", f"{name}: {value}")]
    return shlex.join(["curl", "-s", *options, stack.api_url + path])


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a line per batch elsewhere."""
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console) as progress:
            task = progress.add_task("Sending events", total=total)
            yield lambda count: progress.advance(task, count)
        return
    sent = 0

    def tell(count: int) -> None:
        nonlocal sent
        sent += count
        console.print(f"Sent {sent} of {total} events.")

    yield tell
