"""Makes every call of the OpenAPI document as its examples say, on the service in memory; recorded as a command."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from moto import mock_aws

import tests.conftest  # noqa: F401 - as a command there is no pytest to read it: the environment of the handlers
from tests.support.calls import call
from tests.support.service import Answer, Service, http_event, in_memory, token
from tests.support.webhooks import SOURCES, register, standard_headers
from tools.openapi.document import CALLS
from tools.openapi.examples import ANSWERS_FILE
from tools.openapi.parameters import PARAMETERS
from tools.openapi.samples import BODIES, UNMAPPABLE

SOURCE = "hr"
INGESTED = ("/v1/events", "/v1/webhooks", "/v1/parked")


@dataclass(frozen=True)
class Example:
    """A call as the document shows it."""

    operation: str
    method: str
    address: str
    body: bytes | None = None
    content_type: str = ""


def answers() -> list[tuple[Example, Answer]]:
    """Every example and its answer, one after the other on one service; moto must be active.

    A call of the HR system stands parked from the beginning.
    """
    service = in_memory()
    register(service, {SOURCE: SOURCES[SOURCE]})
    ask(service, Example("", "POST", f"/v1/webhooks/{SOURCE}", UNMAPPABLE, "application/json"))
    found = []
    for example in examples():
        found.append((example, ask(service, example)))
        service.settle()
    return found


def ask(service: Service, example: Example) -> Answer:
    """The answer of the function that the template routes the call to; calls of tools are signed."""
    route, _, query = example.address.partition("?")
    headers = {"Authorization": f"Bearer {token()}", "Content-Type": example.content_type}
    if example.method == "POST" and route.startswith("/v1/webhooks/"):
        headers |= standard_headers(example.body or b"", SOURCES[SOURCE]["secrets"][0], service.clock())
    handler = service.ingest if route.startswith(INGESTED) else service.query
    return call(handler, http_event(example.method, route, example.body, headers, query))


def examples() -> list[Example]:
    """Every call of the document, with each example of its body: what is sent comes before what is read."""
    made = []
    for each in CALLS:
        path, query = each.path, {}
        for name in each.parameters:
            parameter = PARAMETERS[name]
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", parameter["example"])
            elif "example" in parameter and parameter["in"] == "query":
                query[parameter["name"]] = parameter["example"]
        address = f"{path}?{urlencode(query)}".rstrip("?")
        bodies: list[tuple[bytes | None, str]] = [
            (json.dumps(example["value"]).encode(), media_type)
            for media_type, named in BODIES.get(each.name, {}).items()
            for example in named.values()
        ]
        made += [Example(each.name, each.method.upper(), address, *body) for body in bodies or [(None, "")]]
    return made


def recorded(made: Iterable[tuple[Example, Answer]]) -> Mapping[str, Mapping[str, Any]]:
    """By operation and status: the first answer to its examples. The document itself is left out."""
    found: dict[str, dict[str, Any]] = {}
    for example, answer in made:
        if answer.text and example.operation != "getOpenApi":
            found.setdefault(example.operation, {}).setdefault(str(answer.status), answer.json)
    return found


if __name__ == "__main__":
    with mock_aws():
        ANSWERS_FILE.write_text(json.dumps(recorded(answers()), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
