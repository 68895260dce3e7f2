"""Links and tokens from their making to their end: the commands, and the functions that then let people in or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import boto3
import pytest
from moto import mock_aws
from typer.testing import CliRunner, Result
from typing_extensions import override

from shared.http.tokens import SCOPES, verify
from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from shared.storage.issued import Grant, Issued, Register
from tests.support.calls import call
from tests.support.clients import dynamodb_client, secrets_client
from tests.support.readings import counted
from tests.support.service import TOKEN_KEY, Answer, Service, event, http_event, in_memory
from tests.support.template import create_table
from tools.__main__ import app
from tools.target import Target
from tools.token_keys import TokenKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient

PAGES = "https://opmm.example.com/"


@dataclass(frozen=True)
class InMemory(Target):
    """A stack in an account whose AWS is moto's."""

    @override
    def output(self, key: str) -> str:
        return {"IssuedTableName": "IssuedTable", "ScoresTableName": "ScoresTable", "ApiUrl": PAGES}[key]

    @override
    def zone_and_model(self) -> tuple[ZoneInfo, Model]:
        return ZoneInfo("Europe/Amsterdam"), published_model()

    @override
    def secrets(self) -> "SecretsManagerClient":
        return secrets_client()

    @override
    def dynamodb(self) -> "DynamoDBClient":
        return dynamodb_client()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """Two clients, and commands that ask the functions as they would ask a stack."""
    with mock_aws():
        wired = in_memory()
        create_table(dynamodb_client(), "IssuedTable")
        names = {"name": "Cr\u00e8me & Kruimel", "aliases": ["Kruimel"]}
        wired.post([counted(6), counted(3, subject="creme-kruimel")])
        wired.post(event("client.described", names, subject="creme-kruimel"))
        wired.post(event("client.described", {"name": "Gloeiwijk Energie"}, subject="gwe"))
        wired.settle()

        monkeypatch.setattr(Target, "of", lambda name, *_where: InMemory(name or "opmm", boto3.Session()))
        yield wired


def ran(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def refusal(*words: str) -> str:
    ended = ran(*words)
    assert ended.exit_code
    assert ended.stdout == ""
    return str(ended.exception)


def minted(*words: str) -> tuple[str, str]:
    """The token of a link, or the token that was asked for, and its id."""
    ended = ran(*words)
    assert ended.exit_code == 0, ended.output
    text = ended.stdout.strip()
    token = parse_qs(urlsplit(text).query)["token"][0] if text.startswith(PAGES) else text
    found = re.search("make revoke ID=([0-9a-f]{16})", ended.stderr)
    assert found
    return token, found[1]


def page(service: Service, path: str, token: str) -> Answer:
    headers = {"cookie": f"__Host-opmm={token}", "accept": "text/html", "host": "opmm.example.com"}
    return call(service.pages, http_event("GET", path, headers=headers))


def listed() -> list[Issued]:
    return Register(dynamodb_client(), "IssuedTable").listed()


@pytest.mark.parametrize("named", ["creme-kruimel", "Cr\u00e8me & Kruimel", "kruimel", "Kruimel"])
def test_a_link_opens_the_one_client_that_is_meant_by_id_alias_or_name(service: Service, named: str) -> None:
    token, _ = minted("link", "--client", named)

    assert verify(f"Bearer {token}", [TOKEN_KEY]).clients == frozenset({"creme-kruimel"})
    assert page(service, "/clients/creme-kruimel", token).status == 200
    assert page(service, "/clients/acme", token).status == 403


@pytest.mark.parametrize("named", ["Gloeiwijk Energie", "gloeiwijk energie!", "GWE"])
def test_a_link_finds_a_client_by_what_it_is_called_whatever_its_id(service: Service, named: str) -> None:
    token, _ = minted("link", "--client", named)

    assert verify(f"Bearer {token}", [TOKEN_KEY]).clients == frozenset({"gwe"})
    assert page(service, "/clients/gwe", token).status == 200


def test_a_link_for_a_name_of_several_clients_is_refused_and_their_ids_are_told(service: Service) -> None:
    service.post(event("client.described", {"name": "Gloeiwijk Energie"}, subject="gloeiwijk"))
    service.settle()

    refused = refusal("link", "--client", "Gloeiwijk Energie")
    assert "several clients called 'Gloeiwijk Energie': give the id of one, gloeiwijk, gwe." in refused
    assert listed() == []


@pytest.mark.usefixtures("service")
def test_what_was_granted_is_told_and_the_link_stands_alone_on_standard_output() -> None:
    ended = ran("link", "--client", "acme", "--name", "Sam Example", "--days", "3")
    [issued] = listed()
    until = issued.grant.until.strftime("%Y-%m-%d %H:%M UTC")

    assert re.fullmatch(rf"{PAGES}sign-in\?token=[\w.-]+\n", ended.stdout)
    assert ended.stderr == (
        f"link {issued.id}, for Sam Example, as client (scores:read), of acme, until {until}.\n"
        f"To end it: make revoke ID={issued.id}\n"
    )


@pytest.mark.parametrize(
    "named", ["nobody", "acme,creme-kruimel", "acme creme-kruimel", "C++", "\u65e5\u672c", "%", "a/../b"]
)
@pytest.mark.usefixtures("service")
def test_a_link_for_a_client_that_there_is_not_is_refused(named: str) -> None:
    assert f"opmm has no client {named!r}" in refusal("link", "--client", named)
    assert listed() == []


@pytest.mark.parametrize(
    ("words", "scopes", "clients"),
    [
        (["--client", "acme"], {"scores:read"}, {"acme"}),
        (["--client", "acme", "--role", "viewer"], {"scores:read", "evidence:read"}, {"acme"}),
        (["--all"], {"scores:read", "evidence:read"}, None),
        (["--all", "--role", "editor"], {"scores:read", "evidence:read", "events:write", "people:write"}, None),
        (["--all", "--role", "admin"], set(SCOPES), None),
        (["--client", "acme", "--role", "admin"], set(SCOPES) - {"admin", "parked:read", "parked:write"}, {"acme"}),
    ],
)
@pytest.mark.usefixtures("service")
def test_a_link_grants_what_its_role_may(words: list[str], scopes: set[str], clients: set[str] | None) -> None:
    token, token_id = minted("link", *words, "--name", "Sam Example")
    held = verify(f"Bearer {token}", [TOKEN_KEY])

    assert (held.scopes, held.clients) == (frozenset(scopes), clients and frozenset(clients))
    assert (held.id, held.name) == (token_id, "Sam Example")


@pytest.mark.usefixtures("service")
def test_what_an_admin_of_one_client_is_not_granted_is_told() -> None:
    told = ran("link", "--client", "acme", "--role", "admin").stderr

    assert "of acme, without parked:read and parked:write and admin, until" in told


@pytest.mark.usefixtures("service")
def test_a_withdrawal_that_was_interrupted_can_be_completed() -> None:
    _, token_id = minted("link", "--all")
    now = datetime.now(UTC)  # noqa: TID251 - tokens are checked against the real time
    secrets = InMemory("opmm", boto3.Session()).secrets()
    TokenKeys.change(secrets, "opmm", lambda keys: keys.without(token_id, 2**40, now))

    assert ran("revoke", "--id", token_id).stdout.startswith(f"Withdrawn: link {token_id}, ")
    assert listed()[0].withdrawn_at


def test_a_withdrawn_link_is_closed_within_a_minute_and_no_other(service: Service) -> None:
    (token, token_id), (other, _) = (minted("link", "--client", "acme") for _ in range(2))
    assert page(service, "/clients/acme", token).status == 200

    assert f"Withdrawn: link {token_id}" in ran("revoke", "--id", token_id).stdout

    started_later = Service(service.tables)  # what a warm function sees once its minute is over
    assert page(started_later, "/clients/acme", token).status == 401
    assert page(started_later, "/clients/acme", other).status == 200
    assert started_later.get("/v1/clients/acme", bearer=token).status == 401
    assert started_later.post(counted(1), bearer=token).status == 401


@pytest.mark.usefixtures("service")
def test_a_link_may_be_withdrawn_twice_and_what_there_is_not_cannot() -> None:
    _, token_id = minted("link", "--all")

    first, second = (ran("revoke", "--id", token_id) for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert first.stdout.startswith(f"Withdrawn: link {token_id}, ")
    assert re.match(rf"Withdrawn already, [\d-]+ [\d:]+ UTC: link {token_id}, .*Nothing has changed\.$", second.stdout)
    assert "No link, token or feed has the id 0123" in refusal("revoke", "--id", "0123")


@pytest.mark.usefixtures("service")
def test_the_session_of_a_person_is_withdrawn_by_its_id_for_as_long_as_it_lasts() -> None:
    assert ran("revoke", "--id", "session-0123456789abcdef").stdout.startswith("Withdrawn: session-0123456789abcdef")

    keys = TokenKeys.read(secrets_client(), "opmm")
    hours = (keys.revoked["session-0123456789abcdef"] - NOW.timestamp()) / 3600
    assert 12 <= hours < 13


@pytest.mark.usefixtures("service")
def test_links_and_tokens_are_listed_until_they_end() -> None:
    _, for_sam = minted("link", "--client", "acme", "--name", "Sam Example")
    _, for_program = minted("token", "--scope", "scores:read", "--source", "hr")
    ran("revoke", "--id", for_sam)
    now = datetime.now(UTC)  # noqa: TID251 - tokens are checked against the real time
    over = Grant(kind="link", subject="x", scopes=("scores:read",), made_at=now, until=now - timedelta(seconds=1))
    Register(dynamodb_client(), "IssuedTable").issue(over, TokenKeys(TOKEN_KEY))
    rows = [line.split() for line in ran("links").stdout.splitlines() if re.match(" [0-9a-f]{16} ", line)]

    assert [row[:2] for row in rows] == [[for_program, "token"], [for_sam, "link"]]
    assert rows[1][2:6] == ["Sam", "Example", "client", "acme"]
    assert (rows[0][-1], rows[1][-4]) == ("open", "withdrawn")


@pytest.mark.usefixtures("service")
def test_new_keys_void_what_the_old_ones_signed() -> None:
    minted("link", "--all")
    states = []
    for _ in range(2):
        ran("rotate-keys")
        states.append(listed()[0].state(TokenKeys.read(InMemory("opmm", boto3.Session()).secrets(), "opmm"), NOW))

    assert states == ["open", "void"]


def test_a_token_reaches_the_clients_that_are_named_and_may_wait_for_one(service: Service) -> None:
    ended = ran("token", "--scope", "events:write", "--client", "Cr\u00e8me & Kruimel,newcomer")
    bearer = ended.stdout.strip()

    assert "opmm has no client newcomer yet." in ended.stderr
    assert verify(f"Bearer {bearer}", [TOKEN_KEY]).clients == frozenset({"creme-kruimel", "newcomer"})
    assert service.post(counted(1, subject="newcomer"), bearer=bearer).status == 202
    assert "that is no id of one (such as 'new-comer')" in refusal("token", "--scope", "admin", "--client", "New Comer")


@pytest.mark.usefixtures("service")
def test_a_token_of_a_scope_that_there_is_not_is_not_made() -> None:
    assert "unknown scopes: root" in refusal("token", "--scope", "root")
    assert listed() == []


NOW = datetime.now(UTC)  # noqa: TID251 - tokens are checked against the real time
