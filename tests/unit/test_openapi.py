import json
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest

from functions.query.handler import WRITES
from functions.query.openapi_document import FILE, get_openapi
from shared.http.requests import Request
from tests.support.template import document as template
from tools.openapi import document, text

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]


def routes() -> set[str]:
    """Every route of the document, as the template writes it."""
    return {f"{method.upper()} {path}" for path, calls in DOCUMENT["paths"].items() for method in calls}


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(part, list):
        for each in part:
            yield from references(each)


def test_the_served_file_is_what_the_code_says() -> None:
    assert FILE.read_text(encoding="utf-8") == text(), "python -m tools.openapi"


def test_every_route_of_the_template_is_described_and_no_other() -> None:
    declared = {
        resource["Properties"]["RouteKey"]
        for resource in template()["Resources"].values()
        if resource["Type"] == "AWS::ApiGatewayV2::Route"
    }
    called = {route for route in declared if " /v1/" in route and not route.startswith("HEAD ")}
    assert routes() - {"GET /v1/webhooks/{source}"} == called - {"ANY /v1/webhooks/{source}", "ANY /v1/{proxy+}"}


def test_what_the_query_function_leaves_to_ingest_is_described() -> None:
    assert {route for route in WRITES if not route.startswith("OPTIONS")} <= routes()


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


def test_the_document_is_served_without_a_token_and_not_again_to_who_holds_it() -> None:
    request = Request("GET", "/v1/openapi.json", {}, {})
    answer = get_openapi(request)
    again = get_openapi(Request("GET", "/v1/openapi.json", {"if-none-match": answer.headers["ETag"]}, {}))

    assert (answer.status, answer.document) == (200, json.loads(FILE.read_text(encoding="utf-8")))
    assert again.status == 304


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
