"""Makes every call of the OpenAPI document as its examples say, on the service in memory; recorded as a command."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from moto import mock_aws

import tests.conftest  # noqa: F401 - as a command there is no pytest to read it: the environment of the handlers
from shared.api.operations import OPERATIONS, Operation
from shared.api.parameters import PARAMETERS
from tests.support.calls import call
from tests.support.service import Answer, Service, http_event, in_memory, token
from tests.support.webhooks import SOURCES, register, standard_headers
from tools.openapi.operations import RESPONSES_FILE
from tools.openapi.samples import BODIES, UNMAPPABLE

SOURCE = "hr"

_DRAWN = ("0a1b2c3d", "4e5f6a7b")
"""What erasures are called in the examples, besides the time."""


@dataclass(frozen=True)
class Example:
    """A call as the document shows it."""

    operation: Operation
    address: str
    body: bytes | None = None


def responses() -> list[tuple[Example, Answer]]:
    """Every example and the response to it, one after the other on one service; moto must be active."""
    service = with_parked_call()
    found = []
    with patch("functions.erase.handler.token_hex", side_effect=_DRAWN):
        for example in examples():
            found.append((example, ask(service, example)))
            service.settle()
            service.tell()
    return found


def with_parked_call() -> Service:
    """A service that knows the HR system, of which a call stands parked; moto must be active."""
    service = in_memory()
    register(service, {SOURCE: SOURCES[SOURCE]})
    path = f"/v1/webhooks/{SOURCE}"
    call(service.ingest, http_event("POST", path, UNMAPPABLE, signed(service, UNMAPPABLE)))
    return service


def signed(service: Service, body: bytes) -> dict[str, str]:
    """The headers of a call of the HR system."""
    return {"Content-Type": "application/json"} | standard_headers(body, SOURCES[SOURCE]["secrets"][0], service.clock())


def ask(service: Service, example: Example) -> Answer:
    """The response of the function that has the operation; calls of tools are signed."""
    path, _, query = example.address.partition("?")
    headers = {"Authorization": f"Bearer {token()}", "Content-Type": "application/json"}
    if example.operation.id == "postWebhook":
        headers |= signed(service, example.body or b"")
    handler = {"ingest": service.ingest, "query": service.query, "erase": service.erase}[example.operation.function]
    return call(handler, http_event(example.operation.method, path, example.body, headers, query))


def examples() -> list[Example]:
    """Every operation, with each example of its body: what is sent comes before what is read."""
    made = []
    for operation in OPERATIONS:
        path, query = operation.path, {}
        for parameter in (PARAMETERS[name] for name in operation.parameters):
            if parameter.place == "path":
                path = path.replace(f"{{{parameter.name}}}", parameter.example or "")
            elif parameter.place == "query" and parameter.required:
                query[parameter.name] = parameter.example
        address = f"{path}?{urlencode(query)}".rstrip("?")
        bodies: list[bytes | None] = [
            json.dumps(example["value"]).encode() for example in BODIES.get(operation.id, {}).values()
        ]
        made += [Example(operation, address, body) for body in bodies or [None]]
    return made


def recorded(made: Iterable[tuple[Example, Answer]]) -> Mapping[str, Mapping[str, Any]]:
    """By operation and status: the first response to its examples. The document itself is left out."""
    found: dict[str, dict[str, Any]] = {}
    for example, response in made:
        if response.text and example.operation.id != "getOpenApi":
            found.setdefault(example.operation.id, {}).setdefault(str(response.status), response.json)
    return found


if __name__ == "__main__":
    with mock_aws():
        text = json.dumps(recorded(responses()), indent=1, ensure_ascii=False) + "\n"
        RESPONSES_FILE.write_text(text, encoding="utf-8")
