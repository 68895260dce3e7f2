"""Runs a function as Lambda runs it: its handler in a process of its own, under the runtime client of AWS.

The process reaches two servers on the loopback interface: the Runtime API, which hands it events and takes what it
responds, and AWS, which is moto.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryFile
from threading import Event, Thread
from typing import Any

import requests

from tests.support.clients import REGION
from tests.support.template import environment

ROOT = Path(__file__).parents[2]

_SERVICES = {"DynamoDB_20120810": "dynamodb", "secretsmanager": "secretsmanager", "AmazonSQS": "sqs"}
"""By how `X-Amz-Target` begins, the services that functions call."""

_SECONDS = 60


@dataclass(frozen=True)
class Ran:
    """What became of a function that was handed events."""

    responses: tuple[Any, ...]
    """What it responded to each; None where it failed."""
    output: str
    """All that it wrote, to standard output and standard error."""


@dataclass
class _Events:
    """The events that a function is still to be handed, and what it has responded."""

    waiting: list[Any]
    responses: list[Any] = field(default_factory=list)
    ended: Event = field(default_factory=Event)
    """Set when the function asks for an event more than there are, and when it has ended by itself."""
    stopped: Event = field(default_factory=Event)


@contextmanager
def aws_over_http() -> Iterator[str]:
    """The address at which another process reaches moto, which must be active."""

    class Handler(_Quiet):
        def do_POST(self) -> None:
            service = _SERVICES[self.headers["X-Amz-Target"].partition(".")[0]]
            address = f"https://{service}.{REGION}.amazonaws.com/"
            headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
            response = requests.post(address, self.body(), headers=headers, timeout=_SECONDS)
            self.respond(response.status_code, response.content)

    with _serving(Handler) as address:
        yield f"http://{address}"


def run(function: str, events: Sequence[Any], aws: str, variables: Mapping[str, str]) -> Ran:
    """Hands events to a function, one after the other; variables are set besides those of the template."""
    handed = _Events(list(events))
    settings = {
        **environment(f"{function.capitalize()}Function"),
        "PATH": os.environ["PATH"],
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_ENDPOINT_URL": aws,
        "AWS_LAMBDA_FUNCTION_NAME": f"opmm-{function}",
        **variables,
    }
    command = [sys.executable, "-m", "awslambdaric", f"functions.{function}.handler.handler"]
    with _serving(_runtime_api(handed)) as api, TemporaryFile() as output:
        with subprocess.Popen(  # noqa: S603 - our own handler
            command, cwd=ROOT, env=settings | {"AWS_LAMBDA_RUNTIME_API": api}, stdout=output, stderr=subprocess.STDOUT
        ) as process:
            Thread(target=_tell, args=(process, handed.ended), daemon=True).start()
            handed.ended.wait(_SECONDS)
            process.kill()
        handed.stopped.set()
        output.seek(0)
        return Ran(tuple(handed.responses), output.read().decode())


def _tell(process: "subprocess.Popen[bytes]", ended: Event) -> None:
    process.wait()
    ended.set()


def _runtime_api(handed: _Events) -> "type[_Quiet]":
    """https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    class Handler(_Quiet):
        def do_GET(self) -> None:
            if not handed.waiting:
                handed.ended.set()
                handed.stopped.wait(_SECONDS)  # as Lambda lets it wait for the next one
                return
            self.respond(
                200,
                json.dumps(handed.waiting.pop(0)).encode(),
                {
                    "Lambda-Runtime-Aws-Request-Id": f"request-{len(handed.responses)}",
                    "Lambda-Runtime-Deadline-Ms": "9999999999999",
                    "Lambda-Runtime-Invoked-Function-Arn": f"arn:aws:lambda:{REGION}:123456789012:function:opmm",
                },
            )

        def do_POST(self) -> None:
            body = self.body()
            handed.responses.append(json.loads(body) if self.path.endswith("/response") else None)
            self.respond(202, b"{}")

    return Handler


class _Quiet(BaseHTTPRequestHandler):
    """A request handler that logs nothing."""

    protocol_version = "HTTP/1.1"

    def body(self) -> bytes:
        """What was sent."""
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def respond(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        """Sends JSON."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name of the base class
        """Nothing."""


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Host and port of a server on this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
