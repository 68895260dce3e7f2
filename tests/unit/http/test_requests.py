import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.problems import Fault, InvalidError, NotJsonError, TooLargeError
from shared.http.requests import MOST_BYTES, Request, Response, problem_response, request_of


def event(**parts: Any) -> dict[str, Any]:
    return {"requestContext": {"http": {"method": "POST"}}, "rawPath": "/v1/events", **parts}


def with_body(raw_body: str, *, is_base64: bool = False) -> Request:
    return Request("POST", "/v1/events", {}, {}, raw_body, is_base64)


def encoded(body: bytes) -> Request:
    return with_body(base64.b64encode(body).decode(), is_base64=True)


def test_a_request_is_read_from_the_event_of_the_gateway() -> None:
    read = request_of(
        event(
            requestContext={"http": {"method": "post"}},
            headers={"Content-Type": "application/json", "AUTHORIZATION": "Bearer x"},
            rawQueryString="status=all&name=a%20b&empty=&status=active",
            body="{}",
            isBase64Encoded=False,
        )
    )
    assert read == Request(
        method="POST",
        path="/v1/events",
        headers={"content-type": "application/json", "authorization": "Bearer x"},
        query={"status": "active", "name": "a b", "empty": ""},
        repeated=frozenset({"status"}),
        raw_query="status=all&name=a%20b&empty=&status=active",
        raw_body="{}",
        is_base64=False,
    )


@pytest.mark.parametrize(
    ("host", "scheme"),
    [("opmm.example.com", "https"), ("0a1b2c3d.execute-api.localhost:4566", "http"), ("localhost", "http")],
)
def test_the_address_is_the_one_that_was_called(host: str, scheme: str) -> None:
    called = event(rawPath="/v1/webhooks/nps", rawQueryString="a=%20&a=2", headers={"Host": host})

    assert request_of(called).uri == f"{scheme}://{host}/v1/webhooks/nps?a=%20&a=2"
    assert request_of(called | {"rawQueryString": ""}).uri == f"{scheme}://{host}/v1/webhooks/nps"


@pytest.mark.parametrize(
    "absent", [{}, {"headers": None, "rawQueryString": None, "body": None}], ids=["absent", "null"]
)
def test_an_event_may_have_neither_headers_nor_query_nor_body(absent: dict[str, Any]) -> None:
    assert request_of(event(**absent)) == Request("POST", "/v1/events", {}, {}, "", is_base64=False)


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        ("application/json", "application/json"),
        ("Application/CloudEvents+JSON; charset=utf-8", "application/cloudevents+json"),
        (" application/json ;x", "application/json"),
        ("", ""),
    ],
)
def test_the_media_type_is_the_content_type_without_parameters(content_type: str, media_type: str) -> None:
    assert Request("POST", "/", {"content-type": content_type}, {}).media_type == media_type


def test_without_content_type_there_is_no_media_type() -> None:
    assert Request("POST", "/", {}, {}).media_type == ""


@given(st.binary(max_size=100))
def test_a_body_in_base64_is_the_bytes_that_were_sent(body: bytes) -> None:
    assert encoded(body).body() == body


@given(st.text(max_size=100))
def test_a_body_in_text_is_utf_8(text: str) -> None:
    assert with_body(text).body() == text.encode()


@pytest.mark.parametrize("raw_body", ["e30", "e3", "*", "e30=e30=", "e3 0=", "e30=\n", "é", "\ud800"], ids=ascii)
def test_broken_base64_is_told(raw_body: str) -> None:
    with pytest.raises(NotJsonError, match="cannot be decoded"):
        with_body(raw_body, is_base64=True).body()


def test_text_that_is_no_unicode_is_told() -> None:
    with pytest.raises(NotJsonError, match="cannot be decoded"):
        with_body('"\ud800"').body()


def test_256_kib_are_taken_and_no_byte_more() -> None:
    assert len(encoded(b"x" * MOST_BYTES).body()) == MOST_BYTES == 262_144
    with pytest.raises(TooLargeError, match="has 262145 bytes; at most 262144 are taken"):
        encoded(b"x" * (MOST_BYTES + 1)).body()


def test_the_size_is_that_of_the_bytes_and_not_of_the_signs() -> None:
    assert len(with_body("é" * (MOST_BYTES // 2)).body()) == MOST_BYTES
    with pytest.raises(TooLargeError):
        with_body("é" * (MOST_BYTES // 2) + "x").body()


def test_an_answer_is_json_that_is_not_stored() -> None:
    assert Response(200, {"name": "Café", "total": 0}).as_event() == {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store"},
        "body": '{"name":"Café","total":0}',
        "isBase64Encoded": False,
    }


def test_headers_of_an_answer_win_over_the_usual_ones() -> None:
    assert Response(200, {}, {"Cache-Control": "private", "ETag": '"1"'}).as_event()["headers"] == {
        "Content-Type": "application/json",
        "Cache-Control": "private",
        "ETag": '"1"',
    }


def test_an_answer_without_document_has_no_body() -> None:
    assert Response(304, None).as_event()["body"] == ""


@pytest.mark.parametrize(("document", "body"), [({}, "{}"), ([], "[]"), (0, "0"), ("", '""')])
def test_an_empty_document_is_a_body(document: object, body: str) -> None:
    assert Response(200, document).as_event()["body"] == body


def test_a_problem_is_answered_as_problem_json_with_its_headers() -> None:
    problem = InvalidError("No.", [Fault("/data/score", "must be at most 10")], {"Retry-After": "5"})
    answered = problem_response(problem).as_event()
    assert (answered["statusCode"], json.loads(answered["body"])) == (422, problem.document())
    assert answered["headers"] == {
        "Content-Type": "application/problem+json",
        "Cache-Control": "no-store",
        "Retry-After": "5",
    }
