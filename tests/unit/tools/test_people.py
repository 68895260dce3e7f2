import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result

from tests.support.clients import REGION
from tools.__main__ import app
from tools.people import store, stored
from tools.target import Target

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

GOOD: dict[str, Any] = {
    "issuer": "https://login.example.com",
    "client_id": "opmm",
    "client_secret": "hush-hush",
    "allow": [{"email": "*@agency.example", "role": "editor"}],
}


@pytest.fixture
def secrets(monkeypatch: pytest.MonkeyPatch) -> Iterator["SecretsManagerClient"]:
    with mock_aws():
        client = boto3.client("secretsmanager", region_name=REGION)
        client.create_secret(Name="opmm/people", SecretString="{}")
        monkeypatch.setattr(
            Target, "of", lambda name, *_where: Target(name or "opmm", boto3.Session(region_name=REGION))
        )
        monkeypatch.setattr(Target, "pages_url", "https://opmm.example.com/")
        yield client


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "people.json"


def ran(*words: str) -> Result:
    return CliRunner().invoke(app, ["people", *words])


def test_a_good_document_is_stored_and_the_redirect_address_is_told(
    secrets: "SecretsManagerClient", file: Path
) -> None:
    file.write_text(json.dumps(GOOD))
    file.chmod(0o600)
    first, second = ran("--file", str(file)), ran("--file", str(file))

    assert stored(secrets, "opmm") == GOOD
    assert first.stdout.startswith("opmm lets these people in")
    assert second.stdout.startswith("Nothing has changed.")
    assert "https://opmm.example.com/signed-in" in first.stdout
    assert first.stderr == ""


def test_a_file_that_others_may_read_gets_a_hint(secrets: "SecretsManagerClient", file: Path) -> None:  # noqa: ARG001 - in place
    file.write_text(json.dumps(GOOD))
    file.chmod(0o644)

    assert "chmod 600" in ran("--file", str(file)).stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps({**GOOD, "allow": [{"email": "*", "role": "root"}]}), ["allow.0.role: ", "allow.0.email: "]),
        ('{"issuer": "https://a.example", "issuer": "hush-hush"}', ["issuer: stands twice"]),
        ('{"client_secret": "hush-hush"', ["the document: is not JSON"]),
        ("[" * 100_000, ["the document: is nested too deep"]),
        (
            json.dumps(
                {**GOOD, "allow": [{"group": f"{'g' * 200}{number}", "role": "viewer"} for number in range(400)]}
            ),
            ["the document: is longer"],
        ),
    ],
    ids=["rules", "twice", "no JSON", "deep", "long"],
)
def test_a_bad_document_is_refused_with_all_its_faults_and_changes_nothing(
    secrets: "SecretsManagerClient", file: Path, text: str, said: list[str]
) -> None:
    file.write_text(text)
    refused = ran("--file", str(file))

    assert refused.exit_code
    lines = str(refused.exception).splitlines()
    assert [line.startswith(start) for line, start in zip(lines, said, strict=True)] == [True] * len(said)
    assert "hush" not in str(refused.exception)
    assert stored(secrets, "opmm") == {}


def test_what_is_stored_is_shown_without_its_secret(secrets: "SecretsManagerClient") -> None:
    assert ran().stdout == "opmm has no identity provider: people come by link.\n"
    store(secrets, "opmm", GOOD)
    shown = ran().stdout

    assert json.loads(shown) == {**GOOD, "client_secret": "(not shown)"}
    assert "hush" not in shown


def test_an_empty_document_takes_the_provider_away(secrets: "SecretsManagerClient", file: Path) -> None:
    store(secrets, "opmm", GOOD)
    file.write_text("{}")
    ran("--file", str(file))

    assert stored(secrets, "opmm") == {}


def test_what_was_broken_by_hand_is_told_and_can_be_replaced(secrets: "SecretsManagerClient", file: Path) -> None:
    secrets.put_secret_value(SecretId="opmm/people", SecretString="hush-hush")
    assert str(ran().exception) == "opmm holds a people document that is not JSON: nobody can sign in."

    file.write_text(json.dumps(GOOD))
    ran("--file", str(file))
    assert stored(secrets, "opmm") == GOOD


def test_a_file_that_there_is_not_is_told(secrets: "SecretsManagerClient") -> None:  # noqa: ARG001 - in place
    assert str(ran("--file", "/nowhere.json").exception) == "/nowhere.json does not exist."
