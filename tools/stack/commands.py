"""The commands of the local stack: up, down, clean, run, logs."""

import os
import signal
from contextlib import suppress
from types import FrameType

from tools.demo import demonstrate
from tools.demo.calls import DemoError
from tools.stack import Settings, Stack, StackError, lifecycle
from tools.stack.logs import follow


def up() -> None:
    """Bring the local stack up, or deploy what has changed."""
    settings = Settings.from_environment(os.environ)
    stack = lifecycle.up(settings)
    print(f"\nAddress  {stack.api_url}\nHost     {stack.host}\nToken    {stack.token}\n")
    print(f'curl -H "Host: {stack.host}" -H "Authorization: Bearer $TOKEN" {stack.api_url}v1/clients\n')
    print(f"All of it is in {settings.stack_file}; make down stops it.")


def down() -> None:
    """Stop the local stack, keep its data."""
    settings = Settings.from_environment(os.environ)
    lifecycle.check_port(settings)
    print("Stopped; the data is kept." if lifecycle.down(settings) else "The local stack is not running.")


def clean() -> None:
    """Stop the local stack, remove its data and what was built."""
    removed = lifecycle.clean(Settings.from_environment(os.environ)) + lifecycle.clean_builds()
    print("\n".join(f"Removed {path}" for path in removed) or "There was nothing to remove.")


def run() -> None:
    """The local stack with sample data, then its logs.

    Ctrl-C stops the stack and keeps its data.
    """
    settings = Settings.from_environment(os.environ)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        stack = lifecycle.up(settings)
        try:
            demonstrate(stack)
        except DemoError as failed:
            raise StackError(f"{failed}\nThe emulator's log: {settings.log_file}") from failed
        print("Following the logs. Ctrl-C stops the stack and keeps its data; make up starts it again.", flush=True)
        follow(settings)
    except KeyboardInterrupt:
        print()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut off the saving of the state
        lifecycle.down(settings)


def logs() -> None:
    """Follow the logs of the local stack until Ctrl-C."""
    settings = Settings.from_environment(os.environ)
    stack = Stack.running(settings)
    with suppress(KeyboardInterrupt):
        follow(settings.on(stack.port))


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """Being told to end is Ctrl-C too."""
    raise KeyboardInterrupt
