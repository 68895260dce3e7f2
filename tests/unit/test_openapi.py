import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from functions.query.service_endpoints import get_openapi
from shared.api.description import DESCRIPTION_FILE
from shared.api.operations import OPERATIONS
from shared.http.requests import Request
from shared.opmm.model_document import load_model, published_model
from tests.support.template import document as template
from tools.openapi import document, text

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(part, list):
        for item in part:
            yield from references(item)


def test_the_served_file_is_what_the_code_says() -> None:
    assert DESCRIPTION_FILE.read_text(encoding="utf-8") == text(), "python -m tools.openapi"


def test_the_template_routes_every_operation_to_its_function() -> None:
    declared = {
        resource["Properties"]["RouteKey"]: resource["Properties"]["Target"]["Fn::Sub"]
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Route" and " /v1/" in resource["Properties"]["RouteKey"]
    }
    integrations = {name: f"integrations/${{{name.capitalize()}Integration}}" for name in ("ingest", "query", "erase")}
    # A webhook's address takes any method, so that a probe is told what it may do; what has no route goes to query.
    expected = {"ANY /v1/webhooks/{source}": integrations["ingest"], "ANY /v1/{proxy+}": integrations["query"]}
    for operation in OPERATIONS:
        if operation.id != "probeWebhook":
            expected[operation.route] = integrations[operation.function]
        if operation.method == "GET" and operation.function != "query" and operation.id != "probeWebhook":
            expected[f"HEAD {operation.path}"] = integrations[operation.function]
    assert declared == expected


def test_every_reference_leads_somewhere_and_everything_is_referred_to() -> None:
    used = set(references(DOCUMENT))
    held = {
        f"#/components/{kind}/{name}"
        for kind in ("schemas", "parameters", "responses")
        for name in DOCUMENT["components"][kind]
    }
    assert used == held


def test_schemas_are_schemas() -> None:
    for schema in SCHEMAS.values():
        jsonschema_rs.meta.validate(schema)


def test_no_response_knows_how_many_questions_there_are() -> None:
    """What surveys answer, and what people expect of questions, is told by the model; nothing else changes with it."""
    published = published_model()
    kept = [dimension for dimension in published.document["dimensions"] if dimension["key"] != "roadmap"]
    fewer = load_model(
        {**published.document, "dimensions": kept, "max_total": sum(dimension["max"] for dimension in kept)}
    )
    other = document(fewer)
    schemas = other["components"]["schemas"]
    answers, published_answers = schemas["Answers"], SCHEMAS["Answers"]

    assert set(published_answers["properties"]) - set(answers["properties"]) == {"roadmap"}
    asked = {"Answers", "Expects", "GoalSet", "NoteWritten"}
    assert {name for name in SCHEMAS if schemas[name] != SCHEMAS[name]} == asked
    assert schemas.keys() == SCHEMAS.keys()
    assert other["paths"] == DOCUMENT["paths"]


def test_no_operation_takes_more_than_one_media_type_nor_an_enum_the_same_value_twice() -> None:
    for operation in OPERATIONS:
        described = DOCUMENT["paths"][operation.path][operation.method.lower()]
        assert list(described.get("requestBody", {}).get("content", ["application/json"])) == ["application/json"]
    for part in parts(DOCUMENT):
        choices = part.get("enum", [])
        assert len(choices) == len(set(choices))


def parts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        yield part
    for inner in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from parts(inner)


@pytest.mark.parametrize(
    ("change", "fits"),
    [
        ({}, True),
        ({"happy": 6.5}, False),
        ({"happy": True}, False),
        ({"happy": None}, True),
        ({"as_of": "2026-11-01T09:00:00+01:00"}, True),
        ({"as_of": "yesterday"}, False),
        ({"cheerful": 6}, False),
    ],
)
def test_the_schema_of_an_event_is_that_of_its_type(change: dict[str, Any], *, fits: bool) -> None:
    event = {
        "specversion": "1.0",
        "type": "consultants.counted",
        "source": "hr",
        "id": "count-2026-11",
        "subject": "acme",
        "time": "2026-11-02T06:00:00Z",
        "data": {"working": 8, "happy": 6, "as_of": "2026-11-01"} | change,
    }
    whole = {"components": {"schemas": SCHEMAS}, "$ref": "#/components/schemas/Event"}
    assert jsonschema_rs.Draft202012Validator(whole, validate_formats=True).is_valid(event) is fits


def test_the_document_is_served_as_it_was_made() -> None:
    response = get_openapi(Request("GET", "/v1/openapi.json", {}, {}))
    assert (response.status, response.document) == (200, json.loads(DESCRIPTION_FILE.read_text(encoding="utf-8")))


def test_no_page_of_another_origin_may_call_unless_origins_are_given() -> None:
    whole = template()
    assert whole["Parameters"]["CorsOrigins"]["Default"] == ""
    assert whole["Conditions"]["AnsweredToBrowsers"] == {
        "Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "CorsOrigins"}]}, ""]}]
    }
    condition, given, otherwise = whole["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]["Fn::If"]
    assert (condition, given["AllowOrigins"], otherwise) == (
        "AnsweredToBrowsers",
        {"Ref": "CorsOrigins"},
        {"Ref": "AWS::NoValue"},
    )
