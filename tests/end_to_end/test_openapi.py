"""The local stack does what its OpenAPI document says, and nothing else."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.api.description import DESCRIPTION_FILE
from shared.api.operations import OPERATIONS, Operation
from tests.end_to_end.calls import calling
from tests.support.template import document as template
from tools.openapi.samples import BODIES
from tools.stack import Settings, Stack
from tools.stack.account import session

ROOT = Path(__file__).parents[2]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
ORIGIN = "https://portal.example.com"
SECURED = [operation for operation in OPERATIONS if operation.scope]
READ = [operation for operation in OPERATIONS if operation.method == "GET"]


def address(path: str) -> str:
    for name, value in {"{client_id}": "acme", "{source}": "hr", "{parked_id}": "hr.0"}.items():
        path = path.replace(name, value)
    return path.removeprefix("/")


@pytest.fixture(scope="module", autouse=True)
def _acme(stack: Stack) -> None:
    """The client of the examples."""
    with calling(stack) as api:
        api.post("v1/events", json=BODIES["postEvents"]["batch"]["value"]).raise_for_status()


def test_the_document_is_served_to_everybody(stack: Stack) -> None:
    response = httpx.get(f"{stack.api_url}v1/openapi.json", headers={"Host": stack.host}, timeout=60)

    assert response.json() == json.loads(DESCRIPTION_FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("authorization", [None, "Bearer invented", "Basic b3BtbTpvcG1t"])
@pytest.mark.parametrize("operation", SECURED, ids=lambda operation: operation.id)
def test_what_needs_a_token_is_refused_without_one(
    stack: Stack, operation: Operation, authorization: str | None
) -> None:
    headers = {"Host": stack.host} | ({"Authorization": authorization} if authorization else {})
    response = httpx.request(operation.method, stack.api_url + address(operation.path), headers=headers, timeout=60)

    assert (response.status_code, response.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("operation", READ, ids=lambda operation: operation.id)
def test_head_gets_what_get_does_without_a_body(api: httpx.Client, operation: Operation) -> None:
    got, head = (api.request(method, address(operation.path)) for method in ("GET", "HEAD"))

    assert (head.status_code, head.content) == (got.status_code, b"")
    for name in ("content-type", "etag", "cache-control"):
        assert head.headers.get(name) == got.headers.get(name)


def test_no_call_that_the_document_allows_or_forbids_is_responded_to_otherwise(
    stack: Stack, portfolio: list[dict[str, Any]], tmp_path: Path
) -> None:
    assert portfolio
    python = [sys.executable, "-c", "from schemathesis.cli import schemathesis; schemathesis()"]
    options = [
        "--config-file",
        str(CONFIGURATION),
        "run",
        str(DESCRIPTION_FILE),
        "--url",
        stack.api_url,
        "--checks",
        "all",
    ]
    options += ["--header", f"Host: {stack.host}", "--header", f"Authorization: Bearer {stack.token}", "--no-color"]
    options += ["--report", "json", "--report-json-path", str(tmp_path / "report.json")]
    done = subprocess.run(  # noqa: S603 - arguments of our own
        [*python, *options], cwd=ROOT, capture_output=True, text=True, timeout=900, check=False
    )

    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr[-2_000:]


def test_pages_of_the_origins_that_are_given_may_call(settings: Settings, stack: Stack) -> None:
    """The emulator reads a CORS configuration from its API, but misreads that of a template; so it is handed over."""
    declared = template()["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]["Fn::If"][1]
    gateway = session(settings).client("apigatewayv2", endpoint_url=settings.endpoint_url)
    api_id = stack.host.partition(".")[0]
    gateway.update_api(ApiId=api_id, CorsConfiguration={**declared, "AllowOrigins": [ORIGIN]})
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    try:
        with calling(stack) as api:
            preflight = api.options("v1/clients", headers={"Origin": ORIGIN, **asked})
            response = api.get("v1/clients", headers={"Origin": ORIGIN})
            elsewhere = api.get("v1/clients", headers={"Origin": "https://elsewhere.example.com"})
    finally:
        gateway.delete_cors_configuration(ApiId=api_id)

    assert preflight.is_success
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert preflight.headers["access-control-allow-methods"] == "GET,HEAD,OPTIONS,POST"
    assert preflight.headers["access-control-allow-headers"] == "Authorization,Content-Type,If-None-Match"
    assert response.headers["access-control-allow-origin"] == ORIGIN
    assert response.headers["access-control-expose-headers"] == "ETag"
    assert "access-control-allow-origin" not in elsewhere.headers
