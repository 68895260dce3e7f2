"""Facts come back into a stack that runs, from a point in time and from an export."""

import os
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from shared.opmm.timestamps import rfc3339
from tests.end_to_end.calls import eventually
from tests.support.service import event
from tools.restore.backup import Backup
from tools.stack import Settings, Stack
from tools.stack.settings import ROOT
from tools.target import Target

CLIENT = "restored"


def subprocess_of(settings: Settings, *words: str, answer: str = "") -> "subprocess.CompletedProcess[str]":
    """Runs a command as make does, and answers what it asks."""
    return subprocess.run(  # noqa: S603 - a tool of ours
        [sys.executable, "-m", "tools", *words],
        cwd=ROOT,
        env=os.environ | {"PORT": str(settings.port), "STATE_DIR": str(settings.state_dir)},
        input=f"{answer}\n",
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def run(settings: Settings, *options: str, answer: str = "") -> str:
    """Restores, and gives what is said of it."""
    done = subprocess_of(settings, "restore", *options, answer=answer)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def happy(api: httpx.Client) -> Any:
    """How many are happy at the client; None without an answer, or a scorecard."""
    dimensions = api.get(f"v1/clients/{CLIENT}/score").json().get("dimensions") or [{}]
    return dimensions[0].get("value")


def tell(api: httpx.Client, number: int, minute: int) -> None:
    data = {"working": 20, "happy": number, "as_of": "2026-01-01"}
    sent = event("consultants.counted", data, subject=CLIENT, time=f"2026-01-02T00:{minute:02d}:00Z")
    api.post("v1/events", json=sent).raise_for_status()
    eventually(lambda: happy(api), number)


def test_facts_come_back_from_a_point_in_time_and_from_an_export(
    settings: Settings, stack: Stack, api: httpx.Client, tmp_path: Path
) -> None:
    target = Target(stack.stack_name, stack.session, stack)
    facts, client = target.output("FactsTableName"), target.dynamodb()
    tell(api, 5, minute=1)
    then = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251 - the time that is gone back to
    Backup(client, facts, then).make(time.sleep, print)  # before anything else is told: the emulator copies what is
    tell(api, 9, minute=2)
    options = ("--time", rfc3339(then), "--client", CLIENT)

    assert "1  told otherwise since: left as they are (EXACT=1 changes them)" in run(settings, *options, "--dry-run")
    assert "1 facts were written" in run(settings, *options, "--exact", answer="y")
    eventually(lambda: happy(api), 5)

    exported = subprocess_of(settings, "export", "--to", str(tmp_path), "--client", CLIENT)
    assert exported.returncode == 0, exported.stderr
    key = {"client_id": {"S": CLIENT}, "fact_id": {"S": "count#tests#2026-01-01"}}
    client.delete_item(TableName=facts, Key=key)
    eventually(lambda: happy(api), None)
    assert "1 accepted" in run(settings, "--from", str(tmp_path), answer="y")
    eventually(lambda: happy(api), 5)
