"""What looks wrong and is right: it is taken, and read back as it was sent."""
# ruff: noqa: RUF001 - letters that look like others are part of it

import json

import pytest

from tests.support.calls import binary, call, stored
from tests.support.service import Service, event, responses

COUNTED = event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"})

NAUGHTY = [
    "undefined",
    "null",
    "0",
    "-1e309",
    "1/0",
    "NaN",
    " leading and trailing ",
    "\t",
    "a\u0000b",
    "\u0001\u001f\u007f",
    "\u200b\u200e\ufeff",
    "\u2028\u2029",
    "Ω≈ç√∫˜µ≤≥÷",
    "田中さんにあげて下さい",
    "הָיְתָהtestالصفحات",
    "\u202etest\u202d",
    "😀👩‍👩‍👧‍👦🏳️‍🌈",
    "é" + "é",
    "Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮",
    "ﬃ ǆ ß İ ı",
    "\uffff\U0010ffff",
    "<script>alert(1)</script>",
    "'; DROP TABLE facts; --",
    "../../../etc/passwd",
    "%00%23#%25",
    "a#b%23c",
    "{{7*7}} ${7*7} #{7*7}",
    '"\\\b\f\n\r',
    "x" * 100,
    "😀" * 100,
]


NO_NAMES = {
    "\t",
    "\u200b\u200e\ufeff",
    "a\u0000b",
    "\u0001\u001f\u007f",
    "\u2028\u2029",
    "\u202etest\u202d",
    '"\\\b\f\n\r',
}
"""Texts of those above that nobody is called: their names stay what they were."""


def test_texts_are_stored_and_read_back_unchanged(service: Service) -> None:
    rated = {"score": 9, "responded_at": "2026-11-14T09:00:00Z"}
    names = {f"c-{place:02d}": text for place, text in enumerate(NAUGHTY)}
    sources = {name: name if text in NO_NAMES else text for name, text in names.items()}
    for name, text in names.items():
        named = sources[name]
        rating = {**rated, "response_id": named, "comment": text}
        sent = [event("nps.responded", rating, id=named, source=named), event("client.described", {"name": text})]
        answer = service.post([{**each, "subject": name} for each in sent])
        assert answer.json["results"][0] == {
            "id": named,
            "client_id": name,
            "status": "accepted",
            "new_client": True,
        }
        assert answer.json["results"][1]["status"] == ("rejected" if text in NO_NAMES else "accepted")
    service.settle()

    facts = stored("FactsTable")
    assert {fact["client_id"]: fact["comment"] for fact in facts if fact["kind"] == "response"} == names
    assert {fact["client_id"]: fact["source"] for fact in facts if fact["kind"] == "response"} == sources
    called = {name: name if text in NO_NAMES else text for name, text in names.items()}
    assert {row["client_id"]: row["name"] for row in service.get("/v1/clients?limit=100").json["clients"]} == called
    cards = {name: service.get(f"/v1/clients/{name}").json for name in names}
    assert {name: (card["name"], card["dimensions"][4]["source"]) for name, card in cards.items()} == {
        name: (called[name], sources[name]) for name in names
    }


@pytest.mark.parametrize("text", sorted(NO_NAMES))
def test_sources_and_identifiers_are_refused_where_they_cannot_be_shown(service: Service, text: str) -> None:
    rated = {"response_id": text, "score": 9, "responded_at": "2026-11-14T09:00:00Z"}
    surveyed = {"survey_id": text, "answered_at": "2026-11-14T09:00:00Z"}
    answers = [
        service.post(event("nps.responded", rated, id=text, source=text)),
        service.post(event("talk.recorded", {"talk_id": text, "on": "2026-11-14"})),
        service.post(event("survey.answered", {**surveyed, "answers": {"specialisms": ["design", text]}})),
    ]

    assert [answer.status for answer in answers] == [422] * 3
    faults = [[fault["pointer"] for fault in answer.json["errors"]] for answer in answers]
    assert sorted(faults[0]) == ["/data/response_id", "/id", "/source"]
    assert faults[1] == ["/data/talk_id"]
    assert {"/data/survey_id", "/data/answers/specialisms"} <= set(faults[2])
    assert stored() == []


def test_sources_and_ids_that_look_alike_are_different_facts(service: Service) -> None:
    pairs = [("a", "b#c"), ("a#b", "c"), ("a%23b", "c"), ("a", "b%23c"), ("a", "B#c")]
    rated = {"score": 9, "responded_at": "2026-11-14T09:00:00Z"}

    service.post([event("nps.responded", {**rated, "response_id": id_}, source=source) for source, id_ in pairs])

    assert len(stored("FactsTable")) == len(pairs)


def test_a_body_of_exactly_256_kib_is_taken(service: Service) -> None:
    body = json.dumps(COUNTED).ljust(256 * 1024)

    assert service.post(body).status == 202


def test_a_batch_of_exactly_100_events_is_taken(service: Service) -> None:
    answer = service.post(responses([9] * 100))

    assert (answer.status, len(answer.json["results"])) == (200, 100)


def test_an_empty_batch_is_answered_with_no_results(service: Service) -> None:
    answer = service.post([])

    assert (answer.status, answer.json) == (200, {"results": []})


@pytest.mark.parametrize(
    ("media_type", "sent", "status"),
    [
        ("application/json", COUNTED, 202),
        ("application/json", [COUNTED], 200),
        ("application/cloudevents+json", COUNTED, 202),
        ("application/cloudevents-batch+json", [COUNTED], 200),
        ("Application/JSON ; charset=utf-8", COUNTED, 202),
    ],
)
def test_the_media_types_of_cloudevents_and_plain_json_are_taken(
    service: Service, media_type: str, sent: object, status: int
) -> None:
    assert service.post(sent, content_type=media_type).status == status


def test_a_body_in_base64_is_taken(service: Service) -> None:
    assert call(service.ingest, binary(json.dumps(COUNTED).encode())).status == 202


def test_attributes_that_cloudevents_allows_besides_ours_are_not_looked_at(service: Service) -> None:
    more = {"datacontenttype": "application/json", "dataschema": "x", "traceparent": 1, "anything": [{}]}

    assert service.post({**COUNTED, **more}).status == 202


def test_of_a_key_that_comes_twice_the_last_counts(service: Service) -> None:
    body = json.dumps(COUNTED).replace('"happy": 6', '"happy": 99, "happy": 3')

    assert service.post(body).status == 202
    assert stored()[0]["answer"] == {"working": 8, "happy": 3}


def test_null_is_an_optional_field_that_was_not_told(service: Service) -> None:
    assert (
        service.post(event("consultants.counted", {"working": 8, "happy": None, "as_of": "2026-11-01"})).status == 202
    )
    assert stored()[0]["answer"] == {"working": 8}


@pytest.mark.parametrize("time", ["2026-11-24T12:05:00Z", "2026-11-24T13:05:00+01:00", "2026-11-24t12:05:00.000z"])
def test_a_clock_five_minutes_ahead_is_forgiven(service: Service, time: str) -> None:
    rated = {"response_id": "r-1", "score": 9, "responded_at": time}

    assert service.post(event("nps.responded", rated, time=time)).status == 202


@pytest.mark.parametrize("as_of", ["2026-11-24", "2026-11-24T12:00:00Z", "0001-01-02", "0001-01-01T00:00:00Z"])
def test_a_head_count_is_of_a_day_or_of_an_instant(service: Service, as_of: str) -> None:
    service.post(event("consultants.counted", {"working": 3, "as_of": as_of}))
    service.settle()

    assert service.get("/v1/clients/acme").json["dimensions"][0]["observed_at"] == as_of


@pytest.mark.parametrize("data", [{}, {"name": None}, {"name": None, "aliases": None, "status": None}])
def test_a_description_that_says_nothing_is_refused(service: Service, data: dict[str, None]) -> None:
    refused = service.post(event("client.described", data))

    assert refused.status == 422
    assert refused.json["errors"] == [
        {"pointer": "/data", "detail": "needs at least one of name, aliases, status, owner"}
    ]


def test_a_description_that_takes_every_alias_back_says_something(service: Service) -> None:
    assert service.post(event("client.described", {"aliases": []})).status == 202


def test_no_specialism_by_name_is_an_answer(service: Service) -> None:
    service.post(event("survey.answered", {"answered_at": "2026-11-14T09:00:00Z", "answers": {"specialisms": []}}))
    service.settle()

    answer = service.get("/v1/clients/acme").json["dimensions"][1]
    assert (answer["points"], answer["value"], answer["band"]) == (0, 0, "none")
