"""What is exported from one stack and imported into an empty one gives the same scores."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.opmm.model_document import published_model
from shared.sheets.interpretation import Interpretation
from tests.end_to_end.calls import calling, eventually
from tests.support.service import event
from tools.demo.portfolio import ZONE, client_ids
from tools.stack import Settings, Stack, clean, free_port, up
from tools.stack.settings import LOCAL, ROOT
from tools.target import Target
from tools.transfer.lines import files_of, read


@pytest.fixture
def empty() -> Iterator[Settings]:
    """Another local stack that holds nothing."""
    settings = Settings(port=free_port(), state_dir=LOCAL / "end-to-end-empty")
    clean(settings)
    up(settings)
    yield settings
    clean(settings)


def run(settings: Settings, command: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Runs a command on a local stack, as make does."""
    return subprocess.run(  # noqa: S603 - tools of ours
        [sys.executable, "-m", "tools", command, *options],
        cwd=ROOT,
        env=os.environ | {"PORT": str(settings.port), "STATE_DIR": str(settings.state_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


def digest(api: httpx.Client, client: str) -> Any:
    return api.get(f"v1/clients/{client}/score").json().get("digest")


def unlike(one: httpx.Client, other: httpx.Client, clients: set[str]) -> set[str]:
    """The clients that have no score on the one stack, or another on the other."""
    return {name for name in clients if digest(one, name) is None or digest(one, name) != digest(other, name)}


def test_an_export_gives_an_empty_stack_the_same_scores(
    settings: Settings, stack: Stack, portfolio: list[dict[str, Any]], empty: Settings, tmp_path: Path
) -> None:
    exported = run(settings, "export", "--to", str(tmp_path))
    assert exported.returncode == 0, exported.stderr
    imported = run(empty, "import", "--file", str(tmp_path))
    assert (imported.returncode, imported.stderr) == (0, "")

    again = Stack.read(empty)
    assert again is not None
    with calling(stack) as api, calling(again) as other:
        eventually(lambda: unlike(api, other, client_ids(portfolio)), set(), seconds=90)
    repeated = run(empty, "import", "--file", str(tmp_path))
    assert "duplicate." in repeated.stdout
    assert "accepted" not in repeated.stdout


def test_an_import_leaves_what_was_there_with_its_respondents(
    settings: Settings, portfolio: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert any("respondent" in sent["data"] for sent in portfolio)
    run(settings, "export", "--to", str(tmp_path))

    imported = run(settings, "import", "--file", str(tmp_path))

    assert "superseded" in imported.stdout
    assert "accepted" not in imported.stdout


def test_the_facts_of_one_client_are_those_under_all_its_names(
    settings: Settings, stack: Stack, portfolio: list[dict[str, Any]], tmp_path: Path
) -> None:
    described = next(sent for sent in portfolio if sent["data"].get("aliases"))
    names = {described["subject"], *described["data"]["aliases"]} & {sent["subject"] for sent in portfolio}
    alias = described["data"]["aliases"][0]
    with calling(stack) as api:
        eventually(lambda: api.get(f"v1/clients/{alias}").json().get("client_id"), described["subject"], seconds=60)

    exported = run(settings, "export", "--to", str(tmp_path), "--client", alias)

    assert exported.returncode == 0, exported.stderr
    files = [file for file in files_of(tmp_path) if file.stat().st_size]
    now = datetime.now(UTC)  # noqa: TID251 - facts of the real time
    understood = Interpretation.by(published_model(), ZONE, now)
    found = {line.event["subject"] for file in files for line in read(file, "", understood)}
    assert found == names
    nobody = run(settings, "export", "--to", str(tmp_path / "nobody"), "--client", "nobody")
    assert (nobody.returncode, nobody.stderr) == (1, "There is no client nobody.\n")


def test_an_export_replaces_another_only_when_told_to(settings: Settings, stack: Stack, tmp_path: Path) -> None:
    assert stack.stack_name == settings.name
    written = run(settings, "export", "--to", str(tmp_path))

    again = run(settings, "export", "--to", str(tmp_path))
    forced = run(settings, "export", "--to", str(tmp_path), "--force")

    assert (written.returncode, again.returncode, forced.returncode) == (0, 1, 0)
    assert "already. Choose another folder, or add FORCE=1" in again.stderr


def test_a_bad_line_is_told_and_the_others_are_imported(settings: Settings, stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "counts.csv"
    file.write_text("client,as_of,working,happy\nImported B.V.,2026-11-01,8,6\nImported B.V.,2026-11-02,8,9\n")

    imported = run(settings, "import", "--file", str(file), "--source", "hr")

    assert imported.returncode == 1
    assert imported.stderr == "counts.csv:3: happy: more are happy than work there\n"
    assert imported.stdout == "2 lines: 1 accepted, 1 bad.\nMade 1 new client: imported-b-v\n"
    with calling(stack) as api:
        eventually(lambda: api.get("v1/clients/imported-b-v").json().get("total"), 3)
        same = event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}, source="hr")
        same |= {"subject": "imported-b-v", "time": "2026-10-31T23:00:00Z"}
        assert api.post("v1/events", json=same).json()["status"] == "duplicate"


def test_an_export_says_what_it_leaves_out_and_exports_the_rest(
    settings: Settings, stack: Stack, tmp_path: Path
) -> None:
    target = Target(stack.stack_name, stack.session, stack)
    table = target.output("FactsTableName")
    unknown = {"client_id": {"S": "left-out"}, "fact_id": {"S": "unheard-of#x#1"}, "kind": {"S": "unheard-of"}}
    target.dynamodb().put_item(TableName=table, Item=unknown)

    exported = run(settings, "export", "--to", str(tmp_path))
    target.dynamodb().delete_item(TableName=table, Key={key: unknown[key] for key in ("client_id", "fact_id")})

    assert exported.returncode == 1
    assert "1  of kind unheard-of" in exported.stderr
    assert "responses.csv" in exported.stdout


def test_a_wrong_port_is_another_stack_that_is_not_up(settings: Settings, stack: Stack) -> None:
    assert stack.port == settings.port
    elsewhere = replace(settings, port=free_port())

    for command in (["logs"], ["link", "--all"], ["down"]):
        ended = run(elsewhere, *command)

        assert ended.returncode == 1
        assert f"No stack is up on port {elsewhere.port}" in ended.stderr


def test_sources_are_checked_stored_and_listed(settings: Settings, stack: Stack, tmp_path: Path) -> None:
    file = tmp_path / "sources.json"
    file.write_text('{"hr": {"provider": "standard", "secrets": ["whsec_c2l4dGVlbiBieXRlcyBvciBtb3Jl"]}}')
    file.chmod(0o600)

    stored = run(settings, "sources", "--file", str(file), "--yes")
    listed = run(settings, "sources")

    assert stored.stdout.splitlines() == [
        "added: hr",
        f"{stack.stack_name} holds these sources; a warm function sees them within a minute.",
    ]
    assert listed.stderr == ""
    assert re.search(r"^\s*hr\s+standard\b", listed.stdout, re.MULTILINE), listed.stdout
