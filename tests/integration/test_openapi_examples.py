import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from moto import mock_aws

from tests.support.openapi_examples import Example, examples, recorded, responses
from tests.support.service import Answer
from tools.openapi import document
from tools.openapi.operations import RESPONSES_FILE

DOCUMENT = document()


@pytest.fixture(scope="module")
def responded() -> Iterator[list[tuple[Example, Answer]]]:
    with mock_aws():
        yield responses()


def closed(schema: Any) -> Any:
    """The same schema, taken at its word: an object has no properties but those that it names."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def described(example: Example) -> Any:
    """The operation of an example, as the document has it."""
    return DOCUMENT["paths"][example.operation.path][example.operation.method.lower()]


def valid(schema: Any, value: Any) -> None:
    whole = {"components": {"schemas": closed(DOCUMENT["components"]["schemas"])}, **closed(schema)}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)


def test_every_example_is_responded_to_as_the_document_says(responded: list[tuple[Example, Answer]]) -> None:
    for example, response in responded:
        expected = described(example)["responses"][str(response.status)]
        assert response.status < 300, example
        assert set(expected.get("headers", {})) <= set(response.headers)
        for media_type, content in expected.get("content", {}).items():
            assert response.headers["Content-Type"] == media_type
            valid(content["schema"], response.json)


def test_the_responses_that_the_document_shows_are_those_of_the_service(
    responded: list[tuple[Example, Answer]],
) -> None:
    shown = json.loads(RESPONSES_FILE.read_text(encoding="utf-8"))
    assert shown == recorded(responded), "python -m tests.support.openapi_examples && python -m tools.openapi"


def test_what_the_examples_send_is_as_the_document_says() -> None:
    for example in examples():
        if example.body is not None:
            body = described(example)["requestBody"]["content"]["application/json"]
            valid(body["schema"], json.loads(example.body))


def test_every_operation_has_an_example_of_its_response() -> None:
    shown = set(json.loads(RESPONSES_FILE.read_text(encoding="utf-8")))
    assert {example.operation.id for example in examples()} - shown == {"getOpenApi", "deleteParkedItem"}
