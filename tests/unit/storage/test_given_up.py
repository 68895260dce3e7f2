"""Clients of whom stream records were given up: who waits, and what is kept of those who do not any more."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from shared.storage.given_up import GivenUp, GivenUpClients

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clients(client: "DynamoDBClient") -> GivenUpClients:
    return GivenUpClients(client, "ScoresTable")


def given_up(name: str = "acme", at: datetime = NOW) -> GivenUp:
    return GivenUp(name, at, "RetryAttemptsExhausted", "shard-1")


def test_who_is_healed_waits_no_more_and_what_is_known_is_kept_for_a_while(
    clients: GivenUpClients, client: "DynamoDBClient"
) -> None:
    clients.keep([given_up("acme"), given_up("beta")])

    clients.clear(["acme"], NOW + MINUTE)
    clients.clear(["acme"], NOW + 2 * MINUTE)

    assert clients.waiting() == [given_up("beta")]
    [acme, beta] = sorted(client.scan(TableName="ScoresTable")["Items"], key=lambda item: str(item["item"]))
    assert (acme["condition"], acme["shard"], acme["healed_at"]) == (
        {"S": "RetryAttemptsExhausted"},
        {"S": "shard-1"},
        {"S": "2026-11-24T12:01:00.000000Z"},
    )
    assert acme["expires_at"] == {"N": str(int((NOW + MINUTE + timedelta(days=90)).timestamp()))}
    assert "expires_at" not in beta


def test_who_is_given_up_again_waits_again(clients: GivenUpClients) -> None:
    clients.keep([given_up()])
    clients.clear(["acme"], NOW + MINUTE)

    clients.keep([given_up(at=NOW + 5 * MINUTE)])

    assert clients.waiting() == [given_up(at=NOW + 5 * MINUTE)]


def test_who_is_given_up_while_the_score_is_made_anew_waits_on(clients: GivenUpClients) -> None:
    clients.keep([given_up(at=NOW + MINUTE)])

    clients.clear(["acme", "nobody"], NOW)

    assert clients.waiting() == [given_up(at=NOW + MINUTE)]
