"""The forms in which CloudEvents travel over HTTP, and what none of them is."""

import base64
import json
from typing import Any

import pytest

from tests.support.calls import call, stored
from tests.support.service import Answer, Service, event, http_event, token

DATA = {"working": 8, "happy": 6, "as_of": "2026-11-01"}
COUNTED = event("consultants.counted", DATA)
BOM = "\ufeff"


def post(service: Service, body: str | bytes, content_type: str = "application/json", **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    sent |= {"content-type": content_type, "authorization": f"Bearer {token()}"}
    return call(service.ingest, http_event("POST", "/v1/events", body, sent))


def in_binary_mode(
    service: Service, data: Any = DATA, content_type: str = "application/json", **changed: str
) -> Answer:
    attributes = {name: value for name, value in COUNTED.items() if name != "data"} | changed
    headers = {f"ce_{name}": str(value) for name, value in attributes.items()}
    return post(service, data if isinstance(data, str) else json.dumps(data), content_type, **headers)


def in_base64(data: Any, **more: Any) -> dict[str, Any]:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    sent = {name: value for name, value in COUNTED.items() if name != "data"}
    return {**sent, "data_base64": base64.b64encode(raw).decode(), **more}


def faults(answer: Answer) -> list[tuple[str, str]]:
    assert answer.status == 422, answer.text
    return [(fault["pointer"], fault["detail"]) for fault in answer.json["errors"]]


def test_every_form_of_an_event_leaves_the_same_fact(service: Service) -> None:
    assert service.post(COUNTED).json["status"] == "accepted"

    again = [
        in_binary_mode(service),
        in_binary_mode(service, content_type="application/vnd.hr+json; charset=utf-8"),
        in_binary_mode(service, BOM + json.dumps(DATA)),
        post(service, json.dumps(in_base64(DATA))),
        post(service, json.dumps(in_base64(BOM.encode() + json.dumps(DATA).encode()))),
        post(service, BOM + json.dumps(COUNTED)),
        post(service, json.dumps(COUNTED), "application/cloudevents+json; charset=UTF-8"),
        post(service, json.dumps({**COUNTED, "data": {**DATA, "working": 8.0, "happy": 6.0}})),
    ]

    assert [(answer.status, answer.json["status"]) for answer in again] == [(200, "duplicate")] * len(again)
    assert len(stored("FactsTable")) == 1


def test_attributes_in_headers_are_percent_encoded_utf_8(service: Service) -> None:
    answer = in_binary_mode(service, source="Caf%C3%A9 %22HR%22", id="%E2%82%AC-1")

    assert answer.json == {
        "id": "\N{EURO SIGN}-1",
        "client_id": "acme",
        "status": "accepted",
        "new_client": True,
    }
    assert [fact["source"] for fact in stored("FactsTable")] == ['Café "HR"']


def test_a_sender_may_count_its_versions_in_a_header(service: Service) -> None:
    statuses = [in_binary_mode(service, sequence=count).json["status"] for count in ("2", "1", "2", "3")]

    assert statuses == ["accepted", "superseded", "duplicate", "accepted"]


def test_all_faults_of_an_event_in_binary_mode_are_told_at_once(service: Service) -> None:
    answer = in_binary_mode(service, {"working": -1}, subject="Acme B.V.", time="yesterday")

    assert [pointer for pointer, _ in faults(answer)] == ["/subject", "/time", "/data/working", "/data/as_of"]
    assert stored() == []


@pytest.mark.parametrize(
    ("data", "content_type", "expected"),
    [
        ("", "application/json", (422, [("/data", "is missing")])),
        ("[1]", "application/json", (422, [("/data", "must be an object")])),
        ("{", "application/json", (400, None)),
        (json.dumps(DATA), "text/plain", (415, None)),
        (json.dumps(DATA), "application/xml", (415, None)),
    ],
)
def test_a_body_that_is_no_data_is_refused(
    service: Service, data: str, content_type: str, expected: tuple[int, Any]
) -> None:
    answer = in_binary_mode(service, data, content_type)

    assert (answer.status, faults(answer) if answer.status == 422 else None) == expected
    assert stored() == []


def test_a_header_that_is_no_text_is_told_with_its_attribute(service: Service) -> None:
    assert faults(in_binary_mode(service, source="%ff%fe", id="%c3")) == [
        ("/source", "is no percent-encoded UTF-8"),
        ("/id", "is no percent-encoded UTF-8"),
    ]


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (in_base64(DATA, data_base64="no base64!"), ("/data_base64", "must be base64 of JSON")),
        (in_base64(b"\xff"), ("/data_base64", "must be base64 of JSON")),
        (in_base64(b"[" * 100_000), ("/data_base64", "must be base64 of JSON")),
        (in_base64(DATA, data_base64=7), ("/data_base64", "must be base64 of JSON")),
        (in_base64([1]), ("/data_base64", "must be an object")),
        ({**in_base64(DATA), "data": DATA}, ("/data_base64", "stands beside data; send one of them")),
        (in_base64({**DATA, "happy": 9}), ("/data/happy", "more are happy than work there")),
    ],
)
def test_data_in_base64_is_looked_at_like_any_other(
    service: Service, sent: dict[str, Any], expected: tuple[str, str]
) -> None:
    assert faults(post(service, json.dumps(sent))) == [expected]
    assert stored() == []


def test_a_source_may_be_a_uri_of_255_characters(service: Service) -> None:
    uri = "https://hr.example.com/" + "x" * 232

    assert len(uri) == 255
    assert service.post({**COUNTED, "source": uri}).status == 202
    assert faults(service.post({**COUNTED, "source": uri + "x"}))[0][0] == "/source"


@pytest.mark.parametrize(
    ("figure", "told"),
    [(0.5, 1), (-0.5, -1), (9.5, 10), (9.49, 9), (64.5, 65), (-100.0, -100), (0.4, 0), (100, 100)],
)
def test_a_reported_nps_may_have_decimals_and_is_rounded_half_away_from_zero(
    service: Service, figure: float, told: int
) -> None:
    service.post(event("nps.reported", {"nps": figure, "measured_at": "2026-11-14T09:00:00Z"}))
    service.settle()

    asked = service.get("/v1/clients/acme").json["dimensions"][4]
    [fact] = service.get("/v1/clients/acme/evidence?dimension=nps").json["facts"]
    assert (asked["value"], asked["basis"]) == (told, "reported")
    assert fact["answer"] == {"nps": told} | ({} if figure == told else {"exact": str(figure)})
