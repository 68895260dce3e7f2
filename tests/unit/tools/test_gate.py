"""What the emulator gets to see, of programs and of browsers."""

import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import pytest

from tools.stack import gate
from tools.stack.gate import HEALTH, gated, passes, routed, waiting

HERE = "127.0.0.1:4566"
API = "0bd7c91d.execute-api.localhost:4566"
PAGE = {"origin": "http://localhost:8000", "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}


@pytest.mark.parametrize("path", ["/", "/2015-03-31/functions", "/sam-artifacts/x", HEALTH])
@pytest.mark.parametrize("host", [HERE, "localhost:4566", "opmm.localhost"])
def test_a_program_reaches_the_services_and_is_told_whether_they_are_up(path: str, host: str) -> None:
    assert passes(path, {"host": host})


@pytest.mark.parametrize(
    "header", ["origin", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "access-control-request-method"]
)
@pytest.mark.parametrize("path", ["/", "/2015-03-31/functions", HEALTH, "/health"])
def test_a_page_reaches_no_service_whatever_header_gives_it_away(path: str, header: str) -> None:
    assert not passes(path, {"host": HERE, header: "x"})


@pytest.mark.parametrize("path", ["/", "/clients/acme", "/v1/events", "/sign-in"])
def test_a_page_reaches_the_deployed_api(path: str) -> None:
    assert passes(path, {"host": API, **PAGE})


@pytest.mark.parametrize("path", ["/_ministack/reset", "/_ministack/config", "/_aws/sqs/messages", "/_localstack/x"])
@pytest.mark.parametrize("host", [HERE, API])
def test_the_addresses_of_the_emulator_itself_are_closed_under_every_name(path: str, host: str) -> None:
    assert not passes(path, {"host": host})


@pytest.mark.parametrize(
    "host", ["", "opmm.example.com", "127.0.0.1.example.com", "xlocalhost", f"{API}.example.com", "192.168.0.2:4566"]
)
def test_a_name_that_was_made_to_point_here_leads_nowhere(host: str) -> None:
    assert not passes("/", {"host": host})


@pytest.mark.parametrize(
    "path", ["/oauth2/authorize", "/login", "/oauth2/token", "/eu-west-1_Ab1/.well-known/openid-configuration"]
)
def test_people_sign_in_with_cognito_in_their_browser_and_reach_nothing_else_there(path: str) -> None:
    assert passes(path, {"host": HERE, **PAGE})
    assert not passes(path, {"host": HERE, **PAGE, "x-amz-target": "secretsmanager.GetSecretValue"})


def asked(scope: Mapping[str, Any]) -> tuple[list[str], list[dict[str, Any]]]:
    """What the emulator saw, and what was sent back past it."""
    seen: list[str] = []
    sent: list[dict[str, Any]] = []

    async def emulator(scope: Mapping[str, Any], _receive: Any, _send: Any) -> None:
        seen.append(scope["type"])

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    async def receive() -> dict[str, Any]:
        return {}

    list(gated(emulator)(scope, receive, send).__await__())  # nothing here waits, so it needs no loop
    return seen, sent


def test_what_passes_reaches_the_emulator_and_the_rest_is_refused_without_a_word_to_the_page() -> None:
    well = {"type": "http", "path": "/", "headers": [(b"Host", HERE.encode())]}
    ill = well | {"headers": [(b"Host", HERE.encode()), (b"Origin", b"http://localhost:8000")]}

    assert asked(well) == (["http"], [])
    seen, [head, _body] = asked(ill)
    assert (seen, head["status"]) == ([], 403)
    assert not any(name.startswith(b"access-control") for name, _ in head["headers"])


def test_mail_that_was_sent_is_for_who_has_the_secret_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setattr(gate, "outbox", lambda: [{"Subject": "Word"}])
    scope = {"type": "http", "path": gate.OUTBOX}
    host, key = (b"Host", HERE.encode()), (b"Authorization", b"Bearer hush")

    assert asked(scope | {"headers": [host, key]})[1][1]["body"] == b'{"mail": [{"Subject": "Word"}]}'
    for others in ([], [(b"Authorization", b"Bearer other")], [key, (b"Origin", b"http://localhost:8000")]):
        seen, [head, body] = asked(scope | {"headers": [host, *others]})
        assert (seen, head["status"]) == ([], 403)
        assert b"Word" not in body["body"]


def test_nobody_opens_a_web_socket_and_the_emulator_starts_and_ends() -> None:
    assert asked({"type": "websocket"}) == ([], [{"type": "websocket.close"}])
    assert asked({"type": "lifespan"}) == (["lifespan"], [])


@pytest.mark.parametrize(
    ("method", "headers", "known_as"),
    [
        ("OPTIONS", {"WebHook-Request-Origin": "a.example"}, "options"),
        ("OPTIONS", {}, "options"),
        ("OPTIONS", {"origin": "https://a.example", "Access-Control-Request-Method": "GET"}, "OPTIONS"),
        ("POST", {}, "POST"),
    ],
)
def test_only_a_preflight_request_is_answered_by_the_gateway_itself(
    method: str, headers: dict[str, str], known_as: str
) -> None:
    seen: list[Any] = []

    async def execute(*call: Any) -> None:
        seen.append(call)

    list(routed(execute)("api", "$default", "/v1/webhooks/hr", method, headers, b"", {}).__await__())
    assert seen == [("api", "$default", "/v1/webhooks/hr", known_as, headers, b"", {})]


class _Scoped:
    """A setting of the emulator for one call."""

    def __init__(self) -> None:
        self.value = ""

    def set(self, value: str) -> str:
        before, self.value = self.value, value
        return before

    def reset(self, before: str) -> None:
        self.value = before


def emulated(positions: dict[str, int]) -> dict[str, ModuleType]:
    """The modules of an emulator: two streams of 10 records of which the first 2 are trimmed, and a queue."""
    functions, tables = ModuleType("lambda_svc"), ModuleType("dynamodb")
    account, region = _Scoped(), _Scoped()

    def mapping(uuid: str, source: str) -> tuple[str, str, dict[str, str]]:
        return "1234", "eu-west-1", {"UUID": uuid, "EventSourceArn": source}

    streams = [mapping(uuid, f"arn:aws:dynamodb:eu-west-1:1234:table/{uuid}/stream/now") for uuid in ("facts", "new")]

    def edge(place: int) -> Callable[[str], int]:
        def told(table: str) -> int:
            assert (account.value, region.value, table in ("facts", "new")) == ("1234", "eu-west-1", True)
            return place

        return told

    vars(functions).update(
        _iter_all_esms=lambda: [*streams, mapping("refresh", "arn:aws:sqs:eu-west-1:1234:refresh")],
        _request_account_id=account,
        _request_region=region,
        _dynamodb_stream_positions=positions,
    )
    vars(tables).update(stream_start_position=edge(2), stream_end_position=edge(12))
    return {"ministack.services.lambda_svc": functions, "ministack.services.dynamodb": tables}


@pytest.mark.parametrize(
    ("positions", "left"),
    [
        ({}, 20),
        ({"facts": 9}, 13),
        ({"facts": 0, "new": 12}, 10),
        ({"facts": 12, "new": 12}, 0),
    ],
    ids=["nothing was read", "some were", "some are trimmed", "all were read"],
)
def test_records_that_no_function_has_read_are_counted(
    monkeypatch: pytest.MonkeyPatch, positions: dict[str, int], left: int
) -> None:
    for name, module in emulated(positions).items():
        monkeypatch.setitem(sys.modules, name, module)

    assert waiting() == left


def test_an_emulator_that_keeps_its_streams_elsewhere_is_no_emulator_without_records(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    modules = emulated({})
    del vars(modules["ministack.services.lambda_svc"])["_dynamodb_stream_positions"]
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)

    with pytest.raises(AttributeError):
        waiting()
