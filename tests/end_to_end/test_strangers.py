"""A page of another origin, opened in the developer's browser, gets nothing of the local stack and changes nothing."""

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from playwright.sync_api import Browser

from tools.stack import Settings, Stack
from tools.stack.account import AccountKeys

SCRIPT = """async (requests) => {
  const got = [];
  for (const {url, method, headers, body} of requests) {
    for (const mode of ["cors", "no-cors"]) {
      try {
        const response = await fetch(url, {method, headers, body, mode});
        got.push({url, mode, type: response.type, status: response.status, text: await response.text()});
      } catch (error) {
        got.push({url, mode, type: "refused", status: 0, text: ""});
      }
    }
  }
  return got;
}"""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The address of an empty page on another port of this machine."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Elsewhere</title>")

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


def signed_by(key_id: str, service: str) -> dict[str, str]:
    """As the emulator takes it of a root whose signature it does not check."""
    scope = f"{key_id}/20261125/us-east-1/{service}/aws4_request"
    signature = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host;x-amz-date, Signature={'0' * 64}"
    return {"Authorization": signature, "X-Amz-Date": "20261125T120000Z"}


def code() -> str:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as package:
        package.writestr("stranger.py", "def handler(event, context):\n    return 'done'\n")
    return base64.b64encode(archive.getvalue()).decode()


def attempts(endpoint: str, name: str, role: str) -> list[dict[str, Any]]:
    """What a page would try: read the signing keys, list functions, make one, have everything forgotten."""
    function = {"FunctionName": "stranger", "Runtime": "python3.11", "Role": role, "Handler": "stranger.handler"}
    made = json.dumps(function | {"Code": {"ZipFile": code()}})
    secret = json.dumps({"SecretId": f"{name}/token-keys"})
    asking = {"X-Amz-Target": "secretsmanager.GetSecretValue", "Content-Type": "application/x-amz-json-1.1"}
    functions = f"{endpoint}/2015-03-31/functions"
    found: list[dict[str, Any]] = [{"url": f"{endpoint}/_ministack/reset", "method": "POST"}]
    for key_id in ("test", "000000000000", ""):
        secrets, lambdas = ((signed_by(key_id, service) if key_id else {}) for service in ("secretsmanager", "lambda"))
        found += [
            {"url": endpoint, "method": "POST", "headers": asking | secrets, "body": secret},
            {"url": functions, "method": "GET", "headers": lambdas},
            {"url": functions, "method": "POST", "headers": lambdas, "body": made},
        ]
    return found


def test_a_page_of_another_origin_gets_nothing_of_the_stack(
    browser: Browser, settings: Settings, stack: Stack, elsewhere: str
) -> None:
    lambdas = stack.session.client("lambda", endpoint_url=stack.endpoint_url)
    functions = lambdas.list_functions()["Functions"]
    role = functions[0]["Role"]
    endpoints = (stack.endpoint_url, stack.endpoint_url.replace("127.0.0.1", "localhost"))
    page = browser.new_page()
    page.goto(elsewhere)

    got = [outcome for each in endpoints for outcome in page.evaluate(SCRIPT, attempts(each, settings.name, role))]
    page.close()

    assert {(outcome["type"], outcome["status"], outcome["text"]) for outcome in got} <= {
        ("refused", 0, ""),
        ("opaque", 0, ""),  # a page learns nothing of it; that nothing was done is seen below
    }
    assert len(functions) == 6
    assert lambdas.list_functions()["Functions"] == functions


@pytest.mark.parametrize("key_id", ["test", "000000000000", "123456789012", "stack"])
def test_the_emulator_knows_no_root_but_who_signs_with_the_keys_of_the_stack(
    settings: Settings, stack: Stack, key_id: str
) -> None:
    wrong: Any = AccountKeys(stack.access_key_id if key_id == "stack" else key_id, "test").session()
    refused: list[str] = []
    for service, call, arguments in (
        ("secretsmanager", "get_secret_value", {"SecretId": f"{settings.name}/token-keys"}),
        ("lambda", "list_functions", {}),
        ("dynamodb", "list_tables", {}),
        ("s3", "list_buckets", {}),
        ("iam", "list_roles", {}),
    ):
        try:
            getattr(wrong.client(service, endpoint_url=stack.endpoint_url), call)(**arguments)
        except ClientError as error:
            refused.append(error.response["Error"]["Code"])

    assert len(refused) == 5
    assert set(refused) <= {
        *("UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId"),
        *("InvalidSignatureException", "SignatureDoesNotMatch"),
    }


def test_the_emulator_is_reset_by_nobody_who_finds_its_port(stack: Stack) -> None:
    for path in ("/_ministack/reset", "/_ministack/config"):
        assert httpx.post(f"{stack.endpoint_url}{path}").status_code == 403


def test_what_a_stack_keeps_only_its_owner_may_read(settings: Settings, stack: Stack) -> None:
    assert (stack.access_key_id, stack.secret_access_key) != ("test", "test")
    assert settings.state_dir.stat().st_mode & 0o777 == 0o700
    ours = {settings.stack_file, settings.keys_file, settings.log_file, settings.process_file}
    written = [path for folder in settings.data_dirs.values() for path in folder.rglob("*")]
    assert [path for path in (*ours, *written) if path.stat().st_mode & 0o077] == []
