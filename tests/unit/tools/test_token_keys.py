"""The keys of a stack, and what was withdrawn: nothing that two write at once is lost."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import boto3
import pytest
from aws_lambda_powertools import Logger
from moto import mock_aws

from shared.storage.issued import name_of
from shared.storage.secrets import Secret, is_withdrawn, token_keys
from tests.support.clients import REGION
from tools.errors import ToolError
from tools.token_keys import TokenKeys

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NOW = datetime(2026, 11, 24, tzinfo=UTC)
SECONDS = int(NOW.timestamp())
KEYS = TokenKeys("current", "previous")


@pytest.fixture
def secrets() -> Iterator["SecretsManagerClient"]:
    with mock_aws():
        client = boto3.client("secretsmanager", region_name=REGION)
        client.create_secret(Name="opmm/token-keys", SecretString=json.dumps({"current": "current"}))
        yield client


def withdrawn(keys: TokenKeys, *ids: str) -> TokenKeys:
    for token_id in ids:
        keys = keys.without(token_id, SECONDS + 60, NOW)
    return keys


def version(client: "SecretsManagerClient") -> str:
    return client.get_secret_value(SecretId="opmm/token-keys", VersionStage="AWSCURRENT")["VersionId"]


def test_what_is_withdrawn_is_refused_by_the_functions(secrets: "SecretsManagerClient") -> None:
    secret = Secret(secrets, "opmm/token-keys", Logger(), remembered_for=0)
    assert not is_withdrawn(secret, "a")

    TokenKeys.change(secrets, "opmm", lambda keys: withdrawn(keys, "a"))

    assert [is_withdrawn(secret, token_id) for token_id in ("a", "b")] == [True, False]
    assert token_keys(secret) == ["current"]


def test_two_who_write_at_once_both_count(secrets: "SecretsManagerClient") -> None:
    others = iter(["b", "c"])

    def while_somebody_else_writes(keys: TokenKeys) -> TokenKeys:
        other = next(others, None)
        if other:
            TokenKeys.change(secrets, "opmm", lambda held: withdrawn(held, other))
        return withdrawn(keys, "a")

    changed = TokenKeys.change(secrets, "opmm", while_somebody_else_writes)

    assert changed == TokenKeys.read(secrets, "opmm")
    assert changed.revoked.keys() == {"a", "b", "c"}


def test_new_keys_and_a_withdrawal_at_once_both_count(secrets: "SecretsManagerClient") -> None:
    first = iter([True])

    def while_keys_are_rotated(keys: TokenKeys) -> TokenKeys:
        if next(first, False):
            TokenKeys.change(secrets, "opmm", TokenKeys.rotated)
        return withdrawn(keys, "a")

    changed = TokenKeys.change(secrets, "opmm", while_keys_are_rotated)

    assert (changed.current != "current", changed.previous, changed.is_withdrawn("a")) == (True, "current", True)


def test_who_is_overtaken_all_the_time_is_told(secrets: "SecretsManagerClient") -> None:
    def overtaken(keys: TokenKeys) -> TokenKeys:
        TokenKeys.change(secrets, "opmm", TokenKeys.rotated)
        return withdrawn(keys, "a")

    with pytest.raises(ToolError, match="nothing was changed"):
        TokenKeys.change(secrets, "opmm", overtaken)

    assert not TokenKeys.read(secrets, "opmm").is_withdrawn("a")


def test_nothing_is_written_where_nothing_changes(secrets: "SecretsManagerClient") -> None:
    before = version(secrets)
    TokenKeys.change(secrets, "opmm", lambda keys: keys)

    assert version(secrets) == before


def test_what_was_withdrawn_is_forgotten_when_its_key_or_its_time_has_ended() -> None:
    once = withdrawn(KEYS, "a").rotated()

    assert (once.previous, once.is_withdrawn("a")) == ("current", True)
    assert not once.rotated().is_withdrawn("a")

    later = datetime.fromtimestamp(SECONDS + 61, UTC)
    assert withdrawn(KEYS, "a").without("b", SECONDS + 120, later).revoked.keys() == {"b"}
    assert once.without("b", SECONDS + 120, later).revoked_before == {}


def test_there_is_room_for_two_thousand_and_who_withdraws_more_is_told_what_to_do() -> None:
    ids = [f"{number:016x}" for number in range(2_000)]
    full = TokenKeys("c" * 64, "p" * 64, dict.fromkeys(ids, SECONDS))

    assert json.loads(full.text())["revoked"].keys() == set(ids)
    with pytest.raises(ToolError, match="rotate-keys, twice"):
        TokenKeys("c" * 64, "p" * 64, full.revoked, {f"{number:017x}": SECONDS for number in range(200)}).text()


def test_a_key_is_known_by_a_name_that_does_not_tell_it() -> None:
    assert KEYS.have(name_of("current"))
    assert KEYS.have(name_of("previous"))
    assert not KEYS.have(name_of("older"))
    assert "current" not in name_of("current")
