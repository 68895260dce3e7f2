"""Storing destinations, listing them and trying one out: nothing secret is ever shown."""

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws
from rich.console import Console

from shared.destinations.document import DestinationsError, version_of
from shared.storage.destination_states import DestinationState
from tests.support.clients import secrets_client
from tools.deploy.parameters import choose, declared
from tools.destinations import DESTINATIONS, listed, read_document, tried
from tools.errors import ToolError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

CRM = {
    "channel": "webhook",
    "address": "https://crm.example.com/hush",
    "secrets": ["whsec_aHVzaC1odXNoLWh1c2gtaHVzaC1odXNo"],
    "wants": ["changes"],
}
BOARD = {
    "channel": "slack",
    "address": "https://hooks.slack.com/services/T1/B1/hush",
    "wants": ["digest"],
    "clients": ["acme"],
    "days": ["monday", "thursday"],
}
SAM = {
    "channel": "email",
    "mailboxes": ["hush@agency.example"],
    "wants": ["alerts"],
    "owner": "Sam de Vries",
    "comments": True,
}


def outside(_host: str, _port: int) -> Sequence[str]:
    return ["8.8.8.8"]


def inside(_host: str, _port: int) -> Sequence[str]:
    return ["8.8.8.8", "10.0.0.7"]


def unknown(_host: str, _port: int) -> Sequence[str]:
    raise OSError


@pytest.fixture
def secrets() -> Iterator["SecretsManagerClient"]:
    with mock_aws():
        client = secrets_client()
        client.create_secret(Name="opmm/destinations", SecretString="{}")
        yield client


def written(folder: Path, document: Any) -> Path:
    file = folder / "destinations.json"
    file.write_text(json.dumps(document))
    return file


def unasked(removed: list[str]) -> bool:
    raise AssertionError(removed)


def test_what_a_document_changes_is_told(secrets: "SecretsManagerClient") -> None:
    assert DESTINATIONS.store(secrets, "opmm", {"crm": CRM}, unasked) == ["added: crm"]
    assert DESTINATIONS.stored(secrets, "opmm") == {"crm": CRM}
    assert DESTINATIONS.store(secrets, "opmm", {"crm": CRM}, unasked) == []
    assert DESTINATIONS.store(secrets, "opmm", {"crm": CRM | {"language": "en"}, "board": BOARD}, unasked) == [
        "added: board",
        "changed: crm",
    ]


def test_destinations_that_a_document_leaves_out_are_named_before_they_go(secrets: "SecretsManagerClient") -> None:
    DESTINATIONS.store(secrets, "opmm", {"crm": CRM, "board": BOARD}, unasked)
    asked: list[list[str]] = []
    says = [False, True]

    def answered(removed: list[str]) -> bool:
        asked.append(removed)
        return says[len(asked) - 1]

    with pytest.raises(ToolError, match=r"Nothing was stored\."):
        DESTINATIONS.store(secrets, "opmm", {"board": BOARD}, answered)
    assert DESTINATIONS.stored(secrets, "opmm") == {"crm": CRM, "board": BOARD}
    assert DESTINATIONS.store(secrets, "opmm", {"board": BOARD}, answered) == ["removed: crm"]
    assert asked == [["crm"], ["crm"]]


def test_what_somebody_wrote_by_hand_is_told_of(secrets: "SecretsManagerClient") -> None:
    for text in ("{", "[]"):
        secrets.put_secret_value(SecretId="opmm/destinations", SecretString=text)
        with pytest.raises(ToolError, match="nobody is told anything"):
            DESTINATIONS.stored(secrets, "opmm")


@pytest.mark.parametrize(
    ("resolver", "fault"),
    [
        (inside, "crm.address: must not lead inside the network, as its name does"),
        (unknown, "crm.address: nobody knows its host"),
    ],
)
def test_a_name_that_leads_inside_or_nowhere_is_not_stored(tmp_path: Path, resolver: Any, fault: str) -> None:
    with pytest.raises(DestinationsError) as refused:
        read_document(written(tmp_path, {"crm": CRM}), resolver, sends_mail=True)
    assert refused.value.faults == [fault]


def test_all_faults_are_told_at_once_and_none_tells_a_secret(tmp_path: Path) -> None:
    document = {"crm": CRM | {"secrets": ["hush"], "address": "http://hush.example/"}, "board": BOARD | {"at": "hush"}}
    with pytest.raises(DestinationsError) as refused:
        read_document(written(tmp_path, document), outside, sends_mail=True)
    assert [fault.partition(": ")[0] for fault in refused.value.faults] == ["crm.secrets.0", "crm.address", "board.at"]
    assert "hush" not in str(refused.value)


def test_mail_needs_a_sender(tmp_path: Path) -> None:
    file = written(tmp_path, {"sam": SAM})
    with pytest.raises(DestinationsError, match=r"sam\.channel: this stack sends no mail: .*MailSender="):
        read_document(file, outside, sends_mail=False)
    assert read_document(file, outside, sends_mail=True) == {"sam": SAM}


def test_a_receiver_on_this_machine_is_stored_by_the_local_stack_only(tmp_path: Path) -> None:
    file = written(tmp_path, {"crm": CRM | {"address": "http://localhost:8099/"}})
    with pytest.raises(DestinationsError):
        read_document(file, outside, sends_mail=True)
    assert read_document(file, lambda _host, _port: ["127.0.0.1"], sends_mail=True, loopback=True)


def test_the_list_says_where_to_and_nothing_secret() -> None:
    shown = Console(file=io.StringIO(), width=200)
    since = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
    states = {
        "board": DestinationState(failing_since=since),
        "crm": DestinationState(failing_since=since, ended_at=since, ended_version=version_of(CRM)),
        "sam": DestinationState(ended_at=since, ended_version=version_of({"another": "description"})),
    }
    shown.print(
        listed(
            {"sam": SAM, "crm": CRM, "board": BOARD, "bad": {"channel": "hush"}, "worse": CRM | {"channel": "hush"}},
            states,
        )
    )
    assert isinstance(shown.file, io.StringIO)
    text = shown.file.getvalue()

    assert "hush" not in text
    rows = [
        [cell.strip() for cell in line.split("  ") if cell.strip()] for line in text.splitlines()[3:] if line.strip()
    ]
    failing, ended = "fails since 2026-11-23 06:30 UTC", "410: wants nothing since 2026-11-23 06:30 UTC"
    assert rows == [
        ["bad", "cannot be read: 2 faults"],
        ["board", "slack", "hooks.slack.com", "digest", "acme", "monday, thursday 07:30, nl", "no", failing],
        ["crm", "webhook", "crm.example.com", "changes", "all clients", "nl", "no", ended],
        ["sam", "email", "1 mailbox", "alerts", "clients of Sam de Vries", "nl", "yes", "no failure known"],
        ["worse", "cannot be read: 1 fault"],
    ]


def test_a_try_is_told_step_by_step() -> None:
    told = {
        "steps": ["resolved to 8.8.8.8", "answered 200 \x1b[2JOK"],
        "said": "ok\x1b[2J",
        "retry_after": 5,
        "taken": True,
    }
    assert list(tried(told)) == [
        "resolved to 8.8.8.8",
        "answered 200  [2JOK",
        "it said: ok [2J",
        "it wants to be left alone for 5 s",
        "The sample was taken.",
    ]


def test_a_deployment_with_destinations_on_the_machine_itself_is_refused() -> None:
    with pytest.raises(ToolError, match=r"LoopbackDestinations=yes: .* for the local stack only"):
        choose(declared(), {"LoopbackDestinations": "yes"}, {})
    assert choose(declared(), {}, {}).values["LoopbackDestinations"] == "no"
