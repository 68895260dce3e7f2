"""What the emulator gets to see, of programs and of browsers."""

from collections.abc import Mapping
from typing import Any

import pytest

from tools.stack.gate import HEALTH, gated, passes, routed

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
