import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from moto import mock_aws

from tests.support.openapi_examples import Example, answers, examples, recorded
from tests.support.service import Answer
from tools.openapi import document
from tools.openapi.examples import ANSWERS_FILE

DOCUMENT = document()


@pytest.fixture(scope="module")
def answered() -> Iterator[list[tuple[Example, Answer]]]:
    with mock_aws():
        yield answers()


def closed(schema: Any) -> Any:
    """The same schema, taken at its word: an object has no properties but those that it names."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    return made


def at(example: Example) -> Any:
    """The operation of an example."""
    return next(
        operation
        for path in DOCUMENT["paths"].values()
        for operation in path.values()
        if operation["operationId"] == example.operation
    )


def valid(schema: Any, value: Any) -> None:
    whole = {"components": {"schemas": closed(DOCUMENT["components"]["schemas"])}, **closed(schema)}
    jsonschema_rs.Draft202012Validator(whole, validate_formats=True).validate(value)


def test_every_example_is_answered_as_the_document_says(answered: list[tuple[Example, Answer]]) -> None:
    for example, answer in answered:
        response = at(example)["responses"][str(answer.status)]
        assert answer.status < 300, example
        assert set(response.get("headers", {})) <= set(answer.headers)
        for media_type, content in response.get("content", {}).items():
            assert answer.headers["Content-Type"] == media_type
            valid(content["schema"], answer.json)


def test_the_answers_that_the_document_shows_are_those_of_the_service(answered: list[tuple[Example, Answer]]) -> None:
    told = json.loads(ANSWERS_FILE.read_text(encoding="utf-8"))
    assert told == recorded(answered), "python -m tests.support.openapi_examples && python -m tools.openapi"


def test_what_the_examples_send_is_as_the_document_says() -> None:
    for example in examples():
        if example.body is not None:
            body = at(example)["requestBody"]["content"][example.content_type]
            valid(body["schema"], json.loads(example.body))


def test_every_call_has_an_example_of_its_answer() -> None:
    shown = set(json.loads(ANSWERS_FILE.read_text(encoding="utf-8")))
    assert {example.operation for example in examples()} - shown == {"getOpenApi", "deleteParkedItem"}
