"""Whatever is sent: a problem document, never a 5xx, and nothing stored."""

import json
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import binary, call, stored
from tests.support.examples import VALID
from tests.support.service import Answer, Service, event, in_memory, responses

COUNTED = event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"})
RATED = event("nps.responded", {"response_id": "r-1", "score": 9, "responded_at": "2026-11-14T09:00:00Z"})

TITLES = {413: "Request Entity Too Large", 422: "Unprocessable Entity"}
"""What Python calls otherwise from one version to the next."""


@pytest.fixture(scope="module")
def refusing() -> Iterator[Service]:
    """One service for all that is refused: as nothing is stored, no test finds what another left."""
    with mock_aws():
        yield in_memory()


def problem(answer: Answer) -> Any:
    """The problem document of an answer that left nothing behind."""
    document = answer.json
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (document["type"], document["status"]) == ("about:blank", answer.status)
    assert document["title"] == TITLES.get(answer.status, HTTPStatus(answer.status).phrase)
    assert set(document) <= {"type", "title", "status", "detail", "errors"}
    assert document["detail"]
    assert stored() == []
    return document


def pointers(document: Mapping[str, Any]) -> list[str]:
    return [error["pointer"] for error in document["errors"]]


NOT_JSON: Mapping[str, bytes] = {
    "nothing": b"",
    "white_space": b" \n\t",
    "a_word": b"hello",
    "a_form": b"score=9&response_id=1",
    "xml": b"<event/>",
    "nan": b"[NaN]",
    "negative_nan": b"[-NaN]",
    "infinity": b"[Infinity]",
    "negative_infinity": b"[-Infinity]",
    "inf": b"[inf]",
    "capital_true": b"[True]",
    "capital_null": b"[NULL]",
    "half_a_literal": b"[tru]",
    "undefined": b"[undefined]",
    "trailing_comma_in_array": b"[1,]",
    "trailing_comma_in_object": b'{"a":1,}',
    "leading_comma": b"[,1]",
    "two_commas": b"[1,,2]",
    "no_comma": b"[1 2]",
    "no_colon": b'{"a" 1}',
    "comma_for_colon": b'{"a",1}',
    "two_colons": b'{"a"::1}',
    "no_value": b'{"a":}',
    "no_key": b"{:1}",
    "bare_key": b"{a:1}",
    "number_as_key": b"{1:1}",
    "single_quotes": b"{'a':1}",
    "open_array": b"[1",
    "open_object": b'{"a":1',
    "open_string": b'["a',
    "wrong_bracket": b"[1}",
    "extra_bracket": b"[1]]",
    "two_documents": b"{}{}",
    "garbage_behind": b"{}x",
    "line_comment": b"[1] // one",
    "block_comment": b"[1 /* one */]",
    "hash_comment": b"[1] # one",
    "plus_sign": b"[+1]",
    "leading_zero": b"[01]",
    "negative_leading_zero": b"[-01]",
    "bare_minus": b"[-]",
    "bare_fraction": b"[.5]",
    "open_fraction": b"[1.]",
    "open_exponent": b"[1e]",
    "signed_open_exponent": b"[1e+]",
    "hexadecimal": b"[0x1F]",
    "thousands": b"[1_000]",
    "full_width_digit": "[１]".encode(),  # noqa: RUF001 - the very point
    "five_thousand_digits": b"[" + b"9" * 5000 + b"]",
    "unknown_escape": b'["\\x41"]',
    "octal_escape": b'["\\101"]',
    "short_unicode_escape": b'["\\u12"]',
    "unicode_escape_of_no_hex": b'["\\uZZZZ"]',
    "escape_at_the_end": b'["\\"]',
    "raw_newline_in_string": b'["a\nb"]',
    "raw_tab_in_string": b'["a\tb"]',
    "raw_nul_in_string": b'["a\x00b"]',
    "nul_behind": b"[1]\x00",
    "nul_alone": b"\x00",
    "form_feed_as_space": b"[\x0c1]",
    "no_break_space": "[\u00a01]".encode(),
    "lone_high_surrogate": b'["\\ud800"]',
    "lone_low_surrogate": b'["\\udc00"]',
    "surrogates_swapped": b'["\\udc00\\ud800"]',
    "high_surrogate_then_letter": b'["\\ud800a"]',
    "two_high_surrogates": b'["\\ud800\\ud800"]',
    "lone_surrogate_as_key": b'{"\\ud800":1}',
    "surrogate_in_utf8": b'["\xed\xa0\x80"]',
    "overlong_slash": b'["\xc0\xaf"]',
    "overlong_nul": b'["\xe0\x80\x80"]',
    "lone_continuation": b'["\x81"]',
    "cut_sequence": b'["\xe2\x82"]',
    "beyond_unicode": b'["\xf4\xbf\xbf\xbf"]',
    "latin_1": "[é]".encode("latin-1"),
    "latin_1_in_string": '["é"]'.encode("latin-1"),
    "two_byte_order_marks": b"\xef\xbb\xbf" * 2 + b"{}",
    "utf_16": '{"a":1}'.encode("utf-16"),
    "utf_16_without_mark": '{"a":1}'.encode("utf-16-le"),
    "utf_32": '{"a":1}'.encode("utf-32"),
    "nested_arrays": b"[" * 100_000,
    "closed_nested_arrays": b"[" * 100_000 + b"]" * 100_000,
    "nested_objects": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
}


@pytest.mark.parametrize("name", NOT_JSON)
def test_what_is_not_json_is_400(refusing: Service, name: str) -> None:
    document = problem(call(refusing.ingest, binary(NOT_JSON[name])))

    assert document["status"] == 400
    assert document["detail"].startswith("The body is not JSON: ")


JSON_BUT_NO_EVENT: Mapping[str, bytes] = {
    "null": b"null",
    "true": b"true",
    "number": b"42",
    "string": b'"event"',
    "empty_object": b"{}",
    "number_past_every_float": b'{"a":1e999}',
    "negative_number_past_every_float": b'{"a":-1e999}',
    "number_too_small_for_a_float": b'{"a":1e-999}',
    "forty_digits": b'{"a":1234567890123456789012345678901234567890}',
    "negative_zero": b'{"a":-0}',
    "duplicate_keys": b'{"a":1,"a":2}',
    "empty_key": b'{"":0}',
    "escaped_nul_as_key": b'{"\\u0000":0}',
    "surrogate_pair": b'{"a":"\\ud83d\\ude00"}',
    "noncharacter": b'{"a":"\\uffff"}',
    "escaped_slash": b'{"a":"\\/"}',
    "all_white_space": b' \r\n\t{ "a" : [ ] } \r\n\t',
    "delete_sign_in_string": b'{"a":"\x7f"}',
    "line_separator_in_string": '{"a":"\u2028"}'.encode(),
    "nested_as_deep_as_is_read": b'{"a":' * 150 + b"1" + b"}" * 150,
}


@pytest.mark.parametrize("name", JSON_BUT_NO_EVENT)
def test_json_that_is_no_event_is_422(refusing: Service, name: str) -> None:
    assert problem(call(refusing.ingest, binary(JSON_BUT_NO_EVENT[name])))["status"] == 422


def test_every_missing_attribute_is_told_at_once(refusing: Service) -> None:
    assert problem(refusing.post({})) == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "The event is not valid.",
        "errors": [
            {"pointer": f"/{name}", "detail": "is missing"}
            for name in ("specversion", "type", "source", "id", "subject", "time", "data")
        ],
    }


def test_faults_of_attributes_and_of_data_are_told_at_once(refusing: Service) -> None:
    wrong = {**RATED, "specversion": "0.3", "subject": "Acme B.V.", "time": "2026-11-14T09:00:00"}
    wrong["data"] = {"score": 11, "responded_at": "yesterday", "comment": "x" * 4001, "a/b~c": 1}

    assert problem(refusing.post(wrong))["errors"] == [
        {"pointer": "/specversion", "detail": "must be '1.0'"},
        {"pointer": "/subject", "detail": "must be an id of small letters, digits and hyphens, at most 63 of them"},
        {
            "pointer": "/time",
            "detail": "must be an RFC 3339 date-time with an offset, such as 2026-11-20T08:00:00Z",
        },
        {"pointer": "/data/response_id", "detail": "is missing"},
        {"pointer": "/data/score", "detail": "must be at most 10"},
        {
            "pointer": "/data/responded_at",
            "detail": "must be an RFC 3339 date-time with an offset, such as 2026-11-20T08:00:00Z",
        },
        {"pointer": "/data/comment", "detail": "must have at most 4000 characters"},
        {"pointer": "/data/a~1b~0c", "detail": "is not a field of this event"},
    ]


@pytest.mark.parametrize("body", ["!", "ab=c", "YWJj*", "a", "é", "YQ==YQ=="])
def test_base64_that_is_none_is_400(refusing: Service, body: str) -> None:
    document = problem(call(refusing.ingest, binary(body)))

    assert (document["status"], document["detail"]) == (400, "The body cannot be decoded.")


def test_a_body_that_no_bytes_can_be_is_400(refusing: Service) -> None:
    assert problem(refusing.post('"\ud800"'))["detail"] == "The body cannot be decoded."


@pytest.mark.parametrize("fill", [" ", "é"])
def test_a_body_over_256_kib_is_413(refusing: Service, fill: str) -> None:
    body = json.dumps(RATED) + fill * 256 * 1024

    document = problem(refusing.post(body))

    assert (document["status"], document["title"]) == (413, "Request Entity Too Large")
    assert document["detail"] == f"The body has {len(body.encode())} bytes; at most 262144 are taken."


def test_more_than_100_events_are_413(refusing: Service) -> None:
    document = problem(refusing.post(responses([9] * 101)))

    assert (document["status"], document["detail"]) == (413, "The batch has 101 events; at most 100 are taken.")


@pytest.mark.parametrize(
    "media_type",
    ["", "text/plain", "application/xml", "application/x-www-form-urlencoded", "json", "application/jsonp", "*/*"],
)
def test_another_media_type_is_415(refusing: Service, media_type: str) -> None:
    assert problem(refusing.post(RATED, content_type=media_type))["status"] == 415


def test_a_missing_content_type_is_415(refusing: Service) -> None:
    request = binary(json.dumps(RATED).encode())
    del request["headers"]["content-type"]

    assert problem(call(refusing.ingest, request))["status"] == 415


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [("application/cloudevents+json", [RATED]), ("application/cloudevents-batch+json", RATED)],
)
def test_a_content_type_that_announces_another_shape_is_422(refusing: Service, media_type: str, sent: Any) -> None:
    document = problem(refusing.post(sent, content_type=media_type))

    assert (document["status"], document["errors"]) == (422, [{"pointer": "", "detail": "wrong type"}])


NO_INTEGER: Sequence[Any] = [True, False, "9", "", 9.5, 1e300, [], [9], {}, 10**40, -(10**40), 2**63]
NO_TEXT: Sequence[Any] = [True, 9, 9.5, [], ["a"], {}, 10**40]
NO_BOOLEAN: Sequence[Any] = ["true", 0, 1, 1.0, [], {}]
NO_TIME: Sequence[Any] = [
    *NO_TEXT,
    "",
    "now",
    "2026-11-14",
    "2026-11-14T09:00:00",
    "2026-11-14T09:00Z",
    "2026-02-30T09:00:00Z",
    "2026-11-14T25:00:00Z",
    "2026-11-14T09:00:60Z",
    "2026-11-14T09:00:00+25:00",
    "2026-11-14T09:00:00 Z",
    "20261114T090000Z",
    "1763110800",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "2026-11-14T09:00:00." + "0" * 100 + "Z",
    "２０２６-11-14T09:00:00Z",  # noqa: RUF001 - the very point
]
NO_DAY_EITHER = [value for value in NO_TIME if value != "2026-11-14"] + ["2026-13-01", "2026-02-29", "0000-01-01"]

WRONG: Mapping[tuple[str, str], Sequence[Any]] = {
    ("nps.responded", "response_id"): [*NO_TEXT, None, "", "x" * 129],
    ("nps.responded", "score"): [*NO_INTEGER, None, -1, 11, 100],
    ("nps.responded", "responded_at"): [*NO_TIME, None],
    ("nps.responded", "respondent"): [*NO_TEXT, "", "x" * 321],
    ("nps.responded", "comment"): [*NO_TEXT, "x" * 4001],
    ("nps.responded", "excluded"): NO_BOOLEAN,
    ("nps.retracted", "response_id"): [*NO_TEXT, None, "", "x" * 129],
    ("nps.reported", "nps"): [*(value for value in NO_INTEGER if value != 9.5), None, -101, 101, 100.5, -100.01],
    ("nps.reported", "responses"): [*NO_INTEGER, -1],
    ("nps.reported", "measured_at"): [*NO_TIME, None],
    ("consultants.counted", "working"): [*NO_INTEGER, None, -1, 10_001],
    ("consultants.counted", "happy"): [*NO_INTEGER, -1, 9],
    ("consultants.counted", "as_of"): [*NO_DAY_EITHER, None],
    ("survey.answered", "answered_at"): [*NO_TIME, None],
    ("survey.answered", "survey_id"): [*NO_TEXT, "", "x" * 129],
    ("survey.answered", "answers"): [True, 9, "yes", [], None, {}, {"specialisms": None}],
    ("client.described", "name"): [*NO_TEXT, "", "x" * 201],
    ("client.described", "aliases"): [True, 9, "acme-old", {}, ["a"] * 21],
    ("client.described", "status"): [*NO_TEXT, "", "ACTIVE", "gone"],
}


@pytest.mark.parametrize(("type_", "field"), WRONG)
def test_a_wrong_value_is_pointed_at(refusing: Service, type_: str, field: str) -> None:
    found = {}
    for value in WRONG[type_, field]:
        sent = event(type_, {**VALID[type_], field: value})
        if field == "working":
            del sent["data"]["happy"]
        found[repr(value)] = pointers(problem(refusing.post(sent)))

    assert found == {repr(value): [f"/data/{field}"] for value in WRONG[type_, field]}


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("specialisms", [*NO_INTEGER[:10], {}, 10**40, -1, 101, [1], [""], [" "], [None], ["x"] * 101, ["x" * 201]]),
        ("roadmap", [*NO_TEXT, "", "Yes", "regularly"]),
        ("inspiration", [*NO_TEXT, "", "Regularly", "yes"]),
        ("happiness", [1]),
    ],
)
def test_a_wrong_answer_is_pointed_at(refusing: Service, field: str, values: Sequence[Any]) -> None:
    wrong = [value for value in values if value != []]  # no names at all are no specialisms: an answer
    found = {}
    for value in wrong:
        sent = event("survey.answered", {**VALID["survey.answered"], "answers": {"roadmap": "yes", field: value}})
        found[repr(value)] = pointers(problem(refusing.post(sent)))

    assert found == {repr(value): [f"/data/answers/{field}"] for value in wrong}


@pytest.mark.parametrize("alias", [True, 9, None, "", "!!!", " ", [], {}, "x" * 201])
def test_a_wrong_alias_is_pointed_at(refusing: Service, alias: Any) -> None:
    sent = event("client.described", {"aliases": ["fine", alias]})

    assert pointers(problem(refusing.post(sent))) == ["/data/aliases/1"]


@pytest.mark.parametrize(
    ("attribute", "values"),
    [
        ("specversion", [*NO_TEXT, None, "", "0.3", "1", "1.1", 1.0]),
        ("type", [*NO_TEXT, None, "", "nps.Responded", "score.told"]),
        ("source", [*NO_TEXT, None, "", "x" * 256]),
        ("id", [*NO_TEXT, None, "", "x" * 129]),
        ("subject", [*NO_TEXT, None, "", "Acme", "acme b.v.", "-acme", "acme\n", "a" * 64, "acmé", "a/b", "a#b"]),
        ("time", [*NO_TIME, None]),
        ("data", [True, 9, "data", [], None]),
    ],
)
def test_a_wrong_attribute_is_pointed_at(refusing: Service, attribute: str, values: Sequence[Any]) -> None:
    found = {repr(value): pointers(problem(refusing.post({**COUNTED, attribute: value}))) for value in values}

    assert found == {repr(value): [f"/{attribute}"] for value in values}


@pytest.mark.parametrize("type_", VALID)
def test_an_unknown_field_is_refused_by_an_escaped_pointer(refusing: Service, type_: str) -> None:
    names = {"extra": "extra", "a/b": "a~1b", "a~b": "a~0b", "~1": "~01", "": "", "é\u0000": "é\u0000"}
    found = {name: problem(refusing.post(event(type_, {**VALID[type_], name: 1})))["errors"] for name in names}

    assert found == {
        name: [{"pointer": f"/data/{escaped}", "detail": "is not a field of this event"}]
        for name, escaped in names.items()
    }


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        ("nps.responded", "responded_at"),
        ("nps.reported", "measured_at"),
        ("consultants.counted", "as_of"),
        ("survey.answered", "answered_at"),
    ],
)
def test_a_business_time_six_minutes_ahead_is_refused(refusing: Service, type_: str, field: str) -> None:
    ahead = event(type_, {**VALID[type_], field: "2026-11-24T13:06:00+01:00"})

    assert problem(refusing.post(ahead))["errors"] == [{"pointer": f"/data/{field}", "detail": "lies in the future"}]


def test_a_recording_six_minutes_ahead_is_refused(refusing: Service) -> None:
    ahead = {**COUNTED, "time": "2026-11-24T12:06:00Z"}

    assert problem(refusing.post(ahead))["errors"] == [{"pointer": "/time", "detail": "lies in the future"}]


def test_a_head_count_for_tomorrow_is_refused(refusing: Service) -> None:
    ahead = event("consultants.counted", {"working": 1, "as_of": "2026-11-25"})

    assert problem(refusing.post(ahead))["errors"] == [{"pointer": "/data/as_of", "detail": "lies in the future"}]


def test_more_happy_ones_than_there_are_are_refused(refusing: Service) -> None:
    sent = event("consultants.counted", {"working": 5, "happy": 6, "as_of": "2026-11-01"})

    assert problem(refusing.post(sent))["errors"] == [
        {"pointer": "/data/happy", "detail": "more are happy than work there"}
    ]


def test_a_survey_without_an_answer_is_refused(refusing: Service) -> None:
    sent = event("survey.answered", {"answered_at": "2026-11-14T09:00:00Z", "answers": {}})

    assert problem(refusing.post(sent))["errors"] == [
        {"pointer": "/data/answers", "detail": "needs at least one of specialisms, roadmap, inspiration"}
    ]


def test_no_client_is_an_alias_of_itself(refusing: Service) -> None:
    sent = event("client.described", {"aliases": ["other", "ACME"]})

    assert problem(refusing.post(sent))["errors"] == [
        {"pointer": "/data/aliases/1", "detail": "would make the client an alias of itself"}
    ]


def test_a_head_count_with_more_happy_than_working_is_told_beside_everything_else(refusing: Service) -> None:
    counted = event("consultants.counted", {"working": 8, "happy": 9, "as_of": "2026-11-01", "mood": 1}, time="soon")

    answer = refusing.post(counted)

    assert {error["pointer"] for error in answer.json["errors"]} == {"/time", "/data/happy", "/data/mood"}
