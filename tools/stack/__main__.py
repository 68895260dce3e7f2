"""The local stack from the command line: up, down, clean, run, logs."""

import argparse
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from types import FrameType

from tools.stack import Settings, Stack, StackError, clean, down, up
from tools.stack.lifecycle import clean_builds
from tools.stack.logs import follow
from tools.stack.settings import ROOT


def show(stack: Stack) -> None:
    """Say how the stack is reached."""
    print(f"\nAddress  {stack.api_url}\nHost     {stack.host}\nToken    {stack.token}\n")
    print(f'curl -H "Host: {stack.host}" -H "Authorization: Bearer $TOKEN" {stack.api_url}v1/clients\n', flush=True)


def run(settings: Settings) -> None:
    """Everything: the stack with sample data, then its logs until Ctrl-C, which stops it and keeps its data."""
    signal.signal(signal.SIGTERM, interrupt)
    try:
        up(settings)
        demonstrate(settings)
        print("Following the logs. Ctrl-C stops the stack and keeps its data; make up starts it again.", flush=True)
        follow(settings)
    except KeyboardInterrupt:
        print()
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut off the saving of the state
        down(settings)


def demonstrate(settings: Settings) -> None:
    """Send the sample portfolio, and print what came of it, the address and a token."""
    environment = os.environ | {"NO_PROXY": "127.0.0.1"}
    command = [sys.executable, "-m", "tools.demo", "--stack", str(settings.stack_file)]
    if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
        raise StackError(f"The sample data could not be shown. The emulator's log: {settings.log_file}")


def standing(settings: Settings) -> Settings:
    """The settings of the stack that is up, on whatever port. Raises StackError when none is."""
    stack = Stack.read(settings)
    if stack is None:
        raise StackError("The local stack is not up: make up.")
    return replace(settings, port=int(stack.endpoint_url.rpartition(":")[2]))


def interrupt(_number: int, _frame: FrameType | None) -> None:
    """Being told to end is Ctrl-C too."""
    raise KeyboardInterrupt


def main() -> None:
    """Do one of the commands; a failure is a message and a status."""
    parser = argparse.ArgumentParser(prog="python -m tools.stack", description=__doc__)
    parser.add_argument("command", choices=["up", "down", "clean", "run", "logs"])
    command = parser.parse_args().command
    try:
        settings = Settings.from_environment(os.environ)
    except ValueError:
        sys.exit(f"PORT must be a number, not {os.environ['PORT']!r}.")
    try:
        match command:
            case "up":
                show(up(settings))
                print(f"All of it is in {settings.stack_file}; make down stops it.")
            case "down":
                print("Stopped; the data is kept." if down(settings) else "The local stack is not running.")
            case "clean":
                removed = clean(settings) + clean_builds()
                print("\n".join(f"Removed {path}" for path in removed) or "There was nothing to remove.")
            case "run":
                run(settings)
            case _:
                with suppress(KeyboardInterrupt):
                    follow(standing(settings))
    except StackError as failed:
        sys.exit(f"\n{failed}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
