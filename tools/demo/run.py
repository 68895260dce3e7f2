"""The demo from beginning to end: load, post, wait, print."""

import os
import shlex
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from shared.http.tokens import Role
from shared.storage.issued import grant_of_link, link_to
from tools.demo.calls import post_events, wait_until_settled
from tools.demo.portfolio import PORTFOLIO, ZONE, Event, aliases, client_ids, load_portfolio
from tools.demo.report import make_console, print_portfolio
from tools.demo.webhooks import post_webhooks, register, sends_itself, webhooks
from tools.stack import Settings, Stack
from tools.stack.lifecycle import TOKEN_LIFETIME
from tools.target import Target

_TIMEOUT = 60
"""Seconds for one call: a batch on a cold stack starts a function first."""

MANAGER = "Noor van Dalen"
"""Who looks at the pages: an account manager of the sample portfolio, so that some of it is hers."""

CONTACT: tuple[str, Role, str] = ("Marit de Wit", "client", "snorrewind")
"""Who looks at them from the other side of the table."""

_REPORTS = 4
"""Lines about how far it is, when there is no terminal."""

_TOLD_TODAY = """\
A year of talks, agreements, goals and notes is among them, each with the day on which it was said. All of it was told
today, and the history of a client says so: its changes stand at today, and what a talk was told then is not known. The
trend on the pages is drawn from the facts, by their own days.
"""


def demo() -> None:
    """Post the sample portfolio to the local stack."""
    demonstrate(Stack.running(Settings.from_environment(os.environ)))


def demonstrate(stack: Stack) -> None:
    """Sends the portfolio, waits for the scores and prints them. Raises DemoError."""
    console = make_console()
    target = Target(stack.stack_name, stack.session, stack)
    today = datetime.now(ZONE).date()  # noqa: TID251 - the edge: the sample portfolio is told relative to today
    events = load_portfolio(PORTFOLIO, today)
    started = time.monotonic()
    with httpx.Client(base_url=stack.api_url, headers=headers(stack), timeout=_TIMEOUT, trust_env=False) as client:
        with progress(console, len(events)) as posted:
            statuses = send(client, target, events, posted)
        console.print("Waiting for the scores to settle.")
        rows = wait_until_settled(client, client_ids(events), aliases(events))
    outcome = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    console.print(f"{len(events)} events ({outcome}) in {time.monotonic() - started:.0f} seconds.\n")
    console.print(f"pages    {link(target, stack, MANAGER, 'editor')}", soft_wrap=True)
    console.print(f"client   {link(target, stack, *CONTACT)}\n", soft_wrap=True)
    print_portfolio(rows, target.zone_and_model()[1], console)
    console.print(_TOLD_TODAY, soft_wrap=True)
    best = max(rows, key=lambda row: row["total"])["client_id"]
    console.print(f"token    {stack.token}", soft_wrap=True)
    console.print(f"address  {stack.api_url}", soft_wrap=True)
    console.print(f"try      {curl(stack, f'v1/clients/{best}/score')}", soft_wrap=True)


def send(client: httpx.Client, target: Target, events: list[Event], posted: Callable[[int], None]) -> Counter[str]:
    """What tools send goes through signed webhooks, the rest through `POST /v1/events`."""
    keys = register(target.secrets(), target.name)
    by_webhook = [event for event in events if sends_itself(event)]
    statuses = post_webhooks(client, webhooks(by_webhook, keys), posted)
    return statuses + post_events(client, [event for event in events if not sends_itself(event)], posted)


def link(target: Target, stack: Stack, name: str, role: Role, *clients: str) -> str:
    """A link that opens the pages in a browser, for somebody."""
    now = datetime.now(UTC)  # noqa: TID251 - the edge, again: tokens end by the real time
    grant = grant_of_link(role, made_at=now, until=now + TOKEN_LIFETIME, name=name, clients=clients)
    return link_to(stack.pages_url, target.register().issue(grant, target.keys())[1])


def headers(stack: Stack) -> dict[str, str]:
    """What every call carries."""
    return {"Authorization": f"Bearer {stack.token}", "Host": stack.host}


def curl(stack: Stack, path: str) -> str:
    """The command line that reads this path."""
    options = [word for name, value in headers(stack).items() for word in ("-H", f"{name}: {value}")]
    return shlex.join(["curl", "-sS", *options, stack.api_url + path])


@contextmanager
def progress(console: Console, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, a few lines elsewhere; what it gives is called with the number of events just sent."""
    if console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("Sending events", total=total)
            yield lambda count: bar.advance(task, count)
        return
    sent = 0

    def report(count: int) -> None:
        nonlocal sent
        before, sent = sent, sent + count
        if before * _REPORTS // total < sent * _REPORTS // total:
            console.print(f"Sent {sent} of {total} events.")

    yield report
