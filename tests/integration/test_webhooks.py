"""Webhooks through the handler: what is taken, ignored, parked and refused."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import in_memory_with_clients, stored
from tests.support.metering import metered
from tests.support.readings import problem
from tests.support.service import Answer, Service, event, http_event
from tests.support.webhooks import (
    NAMES,
    SECRET,
    SOURCES,
    connected,
    post,
    register,
    sample,
    send,
    signature,
    signed,
    standard_headers,
    store,
    values,
)

SURVEYS = ("delighted", "typeform", "formbricks", "wootric", "asknicely", "tally", "survicate", "custom", "standard")


@pytest.fixture
def service() -> Iterator[Service]:
    with connected() as connected_service:
        yield connected_service


def kept(*tables: str) -> list[dict[str, Any]]:
    return stored(*(tables or ("FactsTable",)))


def statuses(answer: Answer) -> list[str]:
    assert answer.status == 200, answer.text
    return [result["status"] for result in answer.json["results"]]


@pytest.mark.parametrize("provider", SURVEYS)
def test_what_a_tool_posts_is_stored_once(service: Service, provider: str) -> None:
    first, second = send(service, provider, sample(provider)), send(service, provider, sample(provider))

    assert (first.json["status"], set(statuses(first))) == ("accepted", {"accepted"})
    assert (second.json["status"], set(statuses(second))) == ("duplicate", {"duplicate"})
    # A survey leaves a fact for each question.
    identities = {(fact["client_id"], *fact["fact_id"].split("#")[:3]) for fact in kept()}
    assert len(identities) == len(statuses(first))


def test_a_signed_response_becomes_a_score(service: Service) -> None:
    answer = send(service, "delighted", sample("delighted"))
    service.settle()

    assert answer.json == {
        "status": "accepted",
        "results": [{"status": "accepted", "id": "5c4f3e2d1b0a", "client_id": "gloeiwijk", "new_client": True}],
    }
    assert service.get("/v1/clients/gloeiwijk").json["total"] == 4


def test_a_submission_moves_every_dimension_that_it_answers(service: Service) -> None:
    send(service, "typeform", sample("typeform"))
    service.settle()

    dimensions = service.get("/v1/clients/halmvelt").json["dimensions"]
    assert {dimension["key"]: dimension["points"] for dimension in dimensions} == {
        "happy_consultants": None,
        "specialisms": 3,
        "roadmap": 4,
        "inspiration": None,
        "nps": 4,
    }


def test_an_hr_system_pushes_head_counts_as_events_and_speaks_for_itself_only(service: Service) -> None:
    batch = values("standard")
    batch[0]["source"] = "somebody-else"

    send(service, "standard", batch)
    service.settle()

    assert {fact["source"] for fact in kept()} == {"hr"}
    assert service.get("/v1/clients/gloeiwijk").json["dimensions"][0]["points"] == 4


@pytest.mark.parametrize("method", ["HEAD", "GET", "OPTIONS"])
@pytest.mark.parametrize("source", ["nps", "nobody"])
def test_a_look_whether_somebody_is_there_gets_a_200(service: Service, method: str, source: str) -> None:
    answer = service.ask_ingest(http_event(method, f"/v1/webhooks/{source}"))

    assert (answer.status, kept("FactsTable", "ScoresTable"), parked(service)) == (200, [], [])
    assert (answer.text == "") == (method == "HEAD")


@pytest.mark.parametrize(
    "body",
    [
        b'"Ping test"',
        b"Ping test",
        b'{"text": "Ping test"}',
        b'{"event": "testEndpoint"}',
        b'{"event":"test.executed"}',
    ],
)
@pytest.mark.parametrize("source", ["product-survey", "nobody"])
def test_an_unsigned_probe_gets_a_200_and_changes_nothing(service: Service, body: bytes, source: str) -> None:
    answer = post(service, source, body, {})

    assert (answer.status, answer.json) == (200, {"status": "ignored"})
    assert (kept("FactsTable", "ScoresTable"), parked(service)) == ([], [])


def test_an_unknown_source_cannot_be_told_from_a_bad_signature(service: Service) -> None:
    body = sample("delighted")
    headers = signed("delighted", body, "wrong")

    answers = [post(service, source, body, headers) for source in ("nobody", "nps", "hr", "pulse", "helpdesk", "%00")]

    assert {(answer.status, answer.text, str(answer.headers)) for answer in answers} == {
        (401, answers[0].text, str(answers[0].headers))
    }
    assert (kept(), parked(service)) == ([], [])


def test_a_source_that_is_broken_by_hand_stops_no_other(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    broken = {**SOURCES["webshop"], "client": "a[", "secret": "pasted-into-the-wrong-place"}
    register(service, {**SOURCES, "webshop": broken})

    body = sample(SOURCES["webshop"]["provider"])
    refused = send(service, SOURCES["webshop"]["provider"], body)
    document = problem(refused, 503, "Service Unavailable")
    logged = [vars(record) for record in caplog.records if record.levelname == "ERROR"]

    assert (refused.headers["Retry-After"], document["detail"]) == ("60", "This source cannot be read.")
    assert [(line["message"], line["source"], line["faults"]) for line in logged] == [
        ("a source cannot be read", "webshop", 2)
    ]
    assert "pasted" not in str(logged)
    assert send(service, "delighted", sample("delighted")).json["status"] == "accepted"
    unknown, bad = (post(service, name, body, {}) for name in ("nobody", "nps"))
    assert (unknown.status, unknown.text) == (bad.status, bad.text) == (401, bad.text)


@pytest.mark.parametrize("malformed", ["", "v1", "v1,", "v1,!!!", "sha256=", "é", "\udcff", "x" * 9000])
def test_a_malformed_signature_is_a_401_from_every_source(service: Service, malformed: str) -> None:
    for provider, name in NAMES.items():
        headers = dict.fromkeys(signed(provider, b"{}", "c2VjcmV0"), malformed)

        assert post(service, name, b"{}", headers).status == 401


def test_a_signature_holds_for_text_bodies_as_well_as_for_base64(service: Service) -> None:
    body = sample("tally")
    headers = signed("tally", body, SOURCES["partner-check"]["secrets"][0])

    answer = service.ask_ingest(http_event("POST", "/v1/webhooks/partner-check", body, headers))

    assert answer.json["status"] == "accepted"


def test_a_secret_can_be_rotated_without_losing_a_webhook(service: Service) -> None:
    register(service, {"nps": SOURCES["nps"] | {"secrets": ["new", SECRET]}})
    body = sample("delighted")

    answers = [post(service, "nps", body, signed("delighted", body, key)) for key in (SECRET, "new", "older")]

    assert [answer.status for answer in answers] == [200, 200, 401]


def test_a_changed_document_is_seen_by_a_warm_function_within_a_minute(service: Service) -> None:
    assert send(service, "delighted", sample("delighted")).status == 200
    store({"nps": SOURCES["nps"] | {"secrets": ["new"]}})

    service.clock.now += timedelta(seconds=59)
    assert send(service, "delighted", sample("delighted")).status == 200
    service.clock.now += timedelta(seconds=1)
    assert send(service, "delighted", sample("delighted")).status == 401


def test_a_new_response_costs_two_writes_its_later_versions_one_and_a_name_one_look_up_a_minute() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        store(SOURCES)
        with metered(clients.ingest) as first:
            send(service, "delighted", sample("delighted"))
        changed = values("delighted")
        changed["event_data"] |= {"score": 3, "updated_at": 1793700001}
        with metered(clients.ingest) as second:
            send(service, "delighted", changed)

    # Whether a name that is no id is anybody's display name is asked once.
    # A response that was never seen before is also noted where all clients' responses are known; and that a source was
    # heard, with its first call in a minute.
    assert (first.calls, second.calls) == (
        {"GetItem": 1, "Query": 1, "PutItem": 1, "UpdateItem": 1 + 1},
        {"PutItem": 1},
    )


def test_what_cannot_be_mapped_costs_one_write() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        store(SOURCES)
        send(service, "surveymonkey", sample("surveymonkey"))
        with metered(clients.ingest) as meter:
            send(service, "surveymonkey", sample("surveymonkey"))

    assert meter.calls == {"UpdateItem": 1}


def parked(service: Service) -> list[Any]:
    listed: list[Any] = service.get_ingest("/v1/parked").json["parked"]
    return listed


def test_half_a_submission_lands_when_the_other_half_cannot_be_read(service: Service) -> None:
    payload = values("typeform")
    payload["form_response"]["answers"][0]["number"] = 11

    answer = send(service, "typeform", payload)

    assert (answer.json["status"], statuses(answer)) == ("parked", ["accepted", "parked"])
    assert [item["reason"] for item in parked(service)] == ["no_usable_score"]
    assert {fact["kind"] for fact in kept()} == {"survey"}


def test_a_body_that_is_too_large_is_told_so(service: Service) -> None:
    assert post(service, "nps", json.dumps("x" * 300_000).encode(), {}).status == 413


def test_a_signed_event_is_ordered_by_its_count_as_a_posted_one_is(service: Service) -> None:
    connect = {"hr": {"provider": "standard", "secrets": ["whsec_c2VjcmV0"]}}
    register(service, connect)
    statuses = []
    for count, happy in (("2", 2), ("1", 1)):
        sent = event(
            "consultants.counted", {"working": 3, "happy": happy, "as_of": "2026-11-01"}, sequence=count, source="hr"
        )
        body = json.dumps(sent).encode()
        answer = post(service, "hr", body, standard_headers(body, "whsec_c2VjcmV0", service.clock(), f"msg_{count}"))
        statuses.append(answer.json["status"])

    assert statuses == ["accepted", "superseded"]


def test_a_signed_batch_beyond_all_measure_is_parked_whole(service: Service) -> None:
    register(service, {"hr": {"provider": "standard", "secrets": ["whsec_c2VjcmV0"]}})
    body = json.dumps([0] * 101).encode()

    answer = post(service, "hr", body, standard_headers(body, "whsec_c2VjcmV0", service.clock()))

    assert [result["status"] for result in answer.json["results"]] == ["parked"]


def test_a_sender_of_cloudevents_gets_leave_to_send_and_nobody_calls_it_back(service: Service) -> None:
    asked = {
        "WebHook-Request-Origin": "eventemitter.example.com",
        "WebHook-Request-Callback": "https://eventemitter.example.com/confirm?id=1",
        "WebHook-Request-Rate": "120",
    }
    answers = [
        service.ask_ingest(http_event("OPTIONS", f"/v1/webhooks/{source}", headers=asked))
        for source in ("hr", "nobody")
    ]

    for answer in answers:
        assert answer.status == 200
        assert "POST" in answer.headers["Allow"]
        assert (answer.headers["WebHook-Allowed-Origin"], answer.headers["WebHook-Allowed-Rate"]) == ("*", "*")
    assert str(answers[0].headers) == str(answers[1].headers)


def test_without_being_asked_nobody_gets_leave(service: Service) -> None:
    for method, headers in (("OPTIONS", {}), ("GET", {"WebHook-Request-Origin": "eventemitter.example.com"})):
        answer = service.ask_ingest(http_event(method, "/v1/webhooks/hr", headers=headers))
        assert not [name for name in answer.headers if name.lower().startswith("webhook-")]


def test_hibob_gets_exactly_200_for_what_it_signs(service: Service) -> None:
    register(service, {"bob": {"provider": "hibob", "secrets": [SECRET]}})
    body = b'{"type": "employee.updated", "employee": {"id": "1"}}'

    answers = [post(service, "bob", body, signed("hibob", body)) for _ in range(2)]

    assert [(answer.status, answer.json["status"]) for answer in answers] == [(200, "parked")] * 2


def test_gusto_hands_its_token_over_to_a_source_that_has_none_and_an_operator_looks_at_it(service: Service) -> None:
    register(service, {"payroll": {"provider": "gusto", "secrets": []}})
    body = b'{"verification_token": "token-of-gusto-1234567890", "webhook_subscription_uuid": "u-1"}'
    event_body = b'{"event_type": "company.provisioned"}'

    handed_over = post(service, "payroll", body, {})
    early = post(service, "payroll", event_body, signed("gusto", event_body, "token-of-gusto-1234567890"))

    assert (handed_over.status, handed_over.json["results"][0]["reason"]) == (200, "handed_over")
    assert early.status == 401
    assert [(item["reason"], "token-of" in str(item)) for item in parked(service)] == [("handed_over", False)]
    register(service, {"payroll": {"provider": "gusto", "secrets": ["token-of-gusto-1234567890"]}})
    assert post(service, "payroll", body, {}).status == 401
    signed_now = post(service, "payroll", event_body, signed("gusto", event_body, "token-of-gusto-1234567890"))
    assert (signed_now.status, signed_now.json["results"][0]["reason"]) == (200, "thin")
    assert kept() == []


def test_strangers_who_hand_over_tokens_fill_nothing(service: Service) -> None:
    register(service, {"payroll": {"provider": "gusto", "secrets": []}})
    bodies = [json.dumps({"verification_token": f"forged-{number}"}).encode() for number in range(7)]

    told = [post(service, "payroll", body, {}).json["status"] for body in bodies]

    assert told == ["parked"] * 5 + ["ignored"] * 2
    assert len(parked(service)) == 5
    assert post(service, "payroll", json.dumps({"verification_token": "x" * 3000}).encode(), {}).status == 401
    assert [post(service, name, bodies[0], {}).status for name in ("nobody", "nps")] == [401, 401]


def test_a_signature_over_the_address_holds_for_the_address_that_was_called(service: Service) -> None:
    hubspot = SOURCES["helpdesk"] | {
        "secrets": [SECRET],
        "signature": {
            "header": "X-HubSpot-Signature-v3",
            "encoding": "base64",
            "message": "{method}{uri}{body}{timestamp}",
            "timestamp_header": "X-HubSpot-Request-Timestamp",
            "timestamp": "milliseconds",
        },
    }
    register(service, {"helpdesk": hubspot})
    body, sent = sample("custom"), str(int(service.clock().timestamp() * 1000))
    message = f"POSThttps://opmm.example.com/v1/webhooks/helpdesk{body.decode()}{sent}".encode()
    headers = {
        "Host": "opmm.example.com",
        "X-HubSpot-Request-Timestamp": sent,
        "X-HubSpot-Signature-v3": signature(message, encoding="base64"),
    }

    assert post(service, "helpdesk", body, headers).json["status"] == "accepted"
    assert post(service, "helpdesk", body, headers | {"Host": "elsewhere.example.com"}).status == 401
