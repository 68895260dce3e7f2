import io
import json
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError, ReadTimeoutError

from shared.storage.secrets import Secret, is_withdrawn

HOUR = 3600
UNREACHABLE = ReadTimeoutError(endpoint_url="https://secretsmanager")


class Manager:
    """A Secrets Manager of one secret, which fails when it is told to."""

    def __init__(self) -> None:
        self.text = '{"current": "a"}'
        self.fails: Exception | None = None
        self.asked = 0

    def get_secret_value(self, **_: Any) -> dict[str, str]:
        self.asked += 1
        if self.fails:
            raise self.fails
        return {"SecretString": self.text}


class Known:
    """A secret, its manager, its clock and its log."""

    def __init__(self) -> None:
        self.manager = Manager()
        self.now = 0.0
        self.written = io.StringIO()
        logger = Logger(service=f"secrets-{id(self)}", stream=self.written)
        client: Any = self.manager
        self.secret = Secret(client, "opmm/token-keys", logger, clock=lambda: self.now)

    @property
    def logged(self) -> list[Any]:
        return [json.loads(line) for line in self.written.getvalue().splitlines()]


@pytest.fixture
def known() -> Known:
    known = Known()
    assert known.secret.read() == {"current": "a"}
    known.manager.fails = UNREACHABLE
    return known


def test_a_secret_that_cannot_be_fetched_counts_as_last_known_for_an_hour(known: Known) -> None:
    for known.now in (60, 1000, 60 + HOUR - 0.1):
        assert known.secret.read() == {"current": "a"}

    known.now = 60 + HOUR
    with pytest.raises(ReadTimeoutError):
        known.secret.read()


def test_it_is_asked_for_again_after_ten_seconds_and_each_failure_is_logged_once(known: Known) -> None:
    for known.now in (60, 60.1, 69.9, 70, 75, 80):
        known.secret.read()

    assert known.manager.asked == 1 + 3
    assert [(line["level"], line["secret"], line["seconds_left"]) for line in known.logged] == [
        ("WARNING", "opmm/token-keys", 3600),
        ("WARNING", "opmm/token-keys", 3590),
        ("WARNING", "opmm/token-keys", 3580),
    ]


def test_what_was_withdrawn_meanwhile_is_heard_of_as_soon_as_it_can_be_fetched(known: Known) -> None:
    known.manager.text = '{"current": "a", "revoked": {"t-1": 0}}'
    known.now = 60
    assert not is_withdrawn(known.secret, "t-1")

    known.manager.fails = None
    known.now = 70
    assert is_withdrawn(known.secret, "t-1")


def test_a_function_that_never_had_it_fails(known: Known) -> None:
    cold = Known()
    cold.manager.fails = UNREACHABLE

    with pytest.raises(ReadTimeoutError):
        cold.secret.read()
    assert known.logged == cold.logged == []


def test_one_that_may_not_be_read_any_more_counts_no_longer(known: Known) -> None:
    known.manager.fails = ClientError({"Error": {"Code": "AccessDeniedException", "Message": ""}}, "GetSecretValue")
    known.now = 60

    with pytest.raises(ClientError):
        known.secret.read()


def test_one_that_is_no_json_is_told_and_not_remembered(known: Known) -> None:
    known.manager.fails, known.manager.text = None, "{"
    for known.now in (60, 60.1):
        with pytest.raises(ValueError, match="Expecting"):
            known.secret.read()
