"""What `make rebuild` and `make verify` do and say, on functions in memory."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import BytesIO
from typing import Any, cast
from unittest.mock import patch

import boto3
import pytest
from moto import mock_aws

from shared.storage.runs import Runs
from tests.support.readings import counted
from tests.support.service import Service, in_memory
from tools import healing
from tools.errors import ToolError
from tools.target import Target

PARAMETERS = {"TimeZone": "Europe/Amsterdam", "Model": "opmm-1"}
OUTPUTS = {"FactsTableName": "FactsTable", "ScoresTableName": "ScoresTable", "ScoreFunctionName": "opmm-score:live"}


class _Account:
    """The account of a stack whose functions run in this process; its tables are moto's."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.jobs: list[dict[str, Any]] = []

    def client(self, name: str, **options: Any) -> Any:
        return self if name in ("cloudformation", "lambda") else cast("Any", boto3.Session()).client(name, **options)

    def describe_stacks(self, **_stack: str) -> Any:
        return {
            "Stacks": [
                {
                    "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in PARAMETERS.items()],
                    "Outputs": [{"OutputKey": key, "OutputValue": value} for key, value in OUTPUTS.items()],
                }
            ]
        }

    def invoke(self, *, FunctionName: str, Payload: bytes) -> Any:  # noqa: N803 - as the SDK names them
        assert FunctionName == "opmm-score:live"
        self.jobs.append(json.loads(Payload))
        try:
            told = self.service.score(self.jobs[-1], None)
        except ValueError as error:
            told = {"errorType": type(error).__name__, "errorMessage": str(error)}
            return {"Payload": BytesIO(json.dumps(told).encode()), "FunctionError": "Unhandled"}
        return {"Payload": BytesIO(json.dumps(told).encode())}


@pytest.fixture
def account() -> Iterator[_Account]:
    """With acme and beta, of whom all is scored, and gamma, whose only record was lost."""
    with mock_aws():
        service = in_memory()
        service.post([counted(3, "acme"), counted(4, "beta")])
        service.settle()
        service.post(counted(5, "gamma"))
        service.stream.deliver(lambda _event, _context: None)
        account = _Account(service)
        with (
            patch.object(Target, "of", lambda *_: Target("opmm", cast("Any", account))),
            patch.object(healing, "ON_THEIR_WAY", 0.0),
        ):
            yield account


@pytest.fixture
def passing(account: _Account) -> Iterator[Callable[[Callable[[], object]], None]]:
    """Says what happens while a rebuild is followed; at first the service does its work."""
    happening: list[Callable[[], object]] = [lambda: account.service.refreshes.deliver(account.service.score)]
    with patch("tools.healing.time.sleep", lambda _seconds: happening[0]()):
        yield lambda other: happening.__setitem__(0, other)


Passing = Callable[[Callable[[], object]], None]


def said(capsys: pytest.CaptureFixture[str]) -> str:
    """What the command has said, without what the functions wrote into their log."""
    lines = capsys.readouterr().out.splitlines()
    return "\n".join(line for line in lines if not line.startswith("{"))


@pytest.mark.usefixtures("passing")
def test_a_rebuild_is_followed_to_its_end_and_says_what_had_drifted(
    account: _Account, capsys: pytest.CaptureFixture[str]
) -> None:
    healing.rebuild()

    assert said(capsys) == "Names looked at, with those of aliases: 3. Drifted, and mended: 1."
    assert account.service.get("/v1/clients/gamma").status == 200


@pytest.mark.usefixtures("passing")
def test_a_rebuild_of_one_client_leaves_the_others_and_a_rebuild_of_all_alone(
    account: _Account, capsys: pytest.CaptureFixture[str]
) -> None:
    account.service.score({"job": "rebuild", "wait": 0}, None)
    account.service.clock.now += timedelta(seconds=1)

    healing.rebuild(client="gamma")

    assert said(capsys).startswith("Names looked at, with those of aliases: 1. ")
    assert account.jobs == [{"job": "rebuild", "client": "gamma"}]
    whole = Runs(Target("opmm", cast("Any", account)).dynamodb(), "ScoresTable").latest("rebuild")
    assert whole
    assert (whole.clients, whole.is_done) == (3, True)


def test_what_is_no_id_of_a_client_is_refused_before_anything_begins(account: _Account) -> None:
    with pytest.raises(ToolError, match="is no id of a client"):
        healing.rebuilt(Target("opmm", cast("Any", account)), "Acme B.V.")

    assert account.jobs == []


def test_nobody_is_made_anew_whom_nobody_told_of(account: _Account) -> None:
    with pytest.raises(ToolError, match="opmm has no client delta"):
        healing.rebuild(client="delta")

    assert account.jobs == []


def test_a_refusal_of_the_function_is_told(account: _Account) -> None:
    with pytest.raises(ToolError, match="refused: UnknownJobError"):
        healing.rebuilt(Target("opmm", cast("Any", account)), wait=10_000)


@pytest.mark.usefixtures("passing")
def test_clients_that_fail_end_a_rebuild_with_an_error(account: _Account) -> None:
    def refuse(params: dict[str, Any], **_: Any) -> None:
        if params["Key"]["client_id"]["S"] == "acme":
            raise ConnectionError

    events = account.service.connects("score").meta.events
    events.register("provide-client-params.dynamodb.GetItem", refuse)
    try:
        with pytest.raises(ToolError, match="1 could not be made anew"):
            healing.rebuild()
    finally:
        events.unregister("provide-client-params.dynamodb.GetItem", refuse)


def test_a_rebuild_that_does_not_get_on_is_left_to_the_service(passing: Passing) -> None:
    passing(lambda: None)

    with patch.object(healing, "STALLED", 0.0), pytest.raises(ToolError, match="It goes on as soon as"):
        healing.rebuild()


def test_a_rebuild_that_another_took_the_place_of_says_so(account: _Account, passing: Passing) -> None:
    def another() -> None:
        account.service.clock.now += timedelta(seconds=1)
        account.service.score({"job": "rebuild"}, None)

    passing(another)

    with pytest.raises(ToolError, match="Another rebuild was begun"):
        healing.rebuild()


def test_a_rebuild_that_was_left_goes_on_and_can_be_started_again(
    account: _Account, passing: Passing, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    passing(interrupted)
    with pytest.raises(KeyboardInterrupt):
        healing.rebuild()
    account.service.refreshes.deliver(account.service.score)
    assert account.service.get("/v1/clients/gamma").status == 200

    account.service.clock.now += timedelta(seconds=1)
    passing(lambda: account.service.refreshes.deliver(account.service.score))
    healing.rebuild()

    assert said(capsys) == "Names looked at, with those of aliases: 3. Drifted, and mended: 0."


@pytest.mark.usefixtures("account")
def test_verify_names_what_differs_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ToolError, match="1 of 3 differ"):
        healing.verify()

    assert said(capsys) == "gamma: scorecard"


def test_verify_looks_once_more_at_what_differs(account: _Account, capsys: pytest.CaptureFixture[str]) -> None:
    with patch("tools.healing.time.sleep", lambda _seconds: account.service.rebuild()):
        healing.verify()

    assert said(capsys) == "3 say what their facts give."


@pytest.mark.usefixtures("account")
def test_one_client_is_verified_or_is_unknown(capsys: pytest.CaptureFixture[str]) -> None:
    healing.verify(client="beta")
    assert said(capsys) == "1 say what their facts give."

    with pytest.raises(ToolError, match="opmm has no client delta"):
        healing.verify(client="delta")
