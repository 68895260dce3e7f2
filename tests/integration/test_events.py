import json
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import jwt
import pytest
from aws_lambda_powertools import Logger
from moto import mock_aws

from shared.storage.secrets import Secret, token_keys
from tests.support.calls import call, in_memory_with_clients, stored
from tests.support.clients import secrets_client
from tests.support.examples import VALID
from tests.support.metering import metered
from tests.support.service import TOKEN_KEY, Service, event, http_event, in_memory, responses, token

SAMPLES = Path(__file__).parents[2] / "events"

RATED = event("nps.responded", {"response_id": "r-1", "score": 9, "responded_at": "2026-11-14T09:00:00Z"})
RETRACTED = event("nps.retracted", {"response_id": "r-1"}, id="e-2", time="2026-11-23T13:00:00Z")


def rated(score: int, **attributes: Any) -> dict[str, Any]:
    return event("nps.responded", {**RATED["data"], "score": score}, **attributes)


def nps(service: Service, name: str = "acme") -> dict[str, Any]:
    dimension: dict[str, Any] = service.get(f"/v1/clients/{name}").json["dimensions"][4]
    return dimension


FACT_IDS = {
    "nps.responded": ["response#tests#r-1"],
    "nps.retracted": ["response#tests#r-1"],
    "nps.reported": ["reported#tests#2026-11-14T09:00:00Z"],
    "consultants.counted": ["count#tests#2026-11-01"],
    "survey.answered": [f"survey#tests#s-1#{question}" for question in ("inspiration", "roadmap", "specialisms")],
    "client.described": ["description#tests"],
}


@pytest.mark.parametrize("type_", VALID)
def test_an_event_is_accepted_once_then_a_duplicate_and_superseded_when_older(service: Service, type_: str) -> None:
    sent = event(type_, VALID[type_])
    older = {**sent, "time": "2026-11-22T12:00:00Z"}

    answers = [service.post(each) for each in (sent, sent, older)]

    assert [(answer.status, answer.json) for answer in answers] == [
        (202, {"id": "e-1", "client_id": "acme", "status": "accepted", "new_client": True}),
        (200, {"id": "e-1", "client_id": "acme", "status": "duplicate"}),
        (200, {"id": "e-1", "client_id": "acme", "status": "superseded"}),
    ]
    assert [fact["fact_id"] for fact in stored()] == FACT_IDS[type_]


def test_a_batch_is_answered_item_by_item(service: Service) -> None:
    newer = {**RATED, "id": "e-3", "time": "2026-11-23T14:00:00Z"}

    answer = service.post([RATED, RATED, newer, {**RATED, "id": "e-4"}])

    assert (answer.status, answer.json) == (
        200,
        {
            "results": [
                {"id": "e-1", "client_id": "acme", "status": "accepted", "new_client": True},
                {"id": "e-1", "client_id": "acme", "status": "duplicate"},
                {"id": "e-3", "client_id": "acme", "status": "accepted"},
                {"id": "e-4", "client_id": "acme", "status": "superseded"},
            ]
        },
    )


def test_of_a_batch_the_good_items_are_kept(service: Service) -> None:
    answer = service.post([RATED, {**RATED, "id": 7}, "text", {**RATED, "id": "e-2", "subject": "A"}])

    refused = {"type": "about:blank", "title": "Unprocessable Entity", "status": 422}
    wrong = refused | {"detail": "The event is not valid."}
    slug = "must be an id of small letters, digits and hyphens, at most 63 of them"
    assert (answer.status, answer.json["results"]) == (
        207,
        [
            {"id": "e-1", "client_id": "acme", "status": "accepted", "new_client": True},
            {
                "id": None,
                "status": "rejected",
                "problem": wrong | {"errors": [{"pointer": "/id", "detail": "must be text"}]},
            },
            {
                "id": None,
                "status": "rejected",
                "problem": refused
                | {
                    "detail": "An event is a JSON object.",
                    "errors": [{"pointer": "", "detail": "must be an object"}],
                },
            },
            {
                "id": "e-2",
                "status": "rejected",
                "problem": wrong | {"errors": [{"pointer": "/subject", "detail": slug}]},
            },
        ],
    )
    assert [fact["fact_id"] for fact in stored()] == ["response#tests#r-1"]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_the_sample_events_are_taken(service: Service, path: Path) -> None:
    answer = service.post(path.read_text(encoding="utf-8"))

    assert answer.status in {200, 202}, answer.text


def test_the_first_event_of_a_client_creates_it(service: Service) -> None:
    assert service.get("/v1/clients/acme").status == 404

    service.post(RATED)
    service.settle()

    assert service.get("/v1/clients/acme").json["total"] == 4


def test_of_two_versions_of_the_same_instant_the_same_one_stands_in_either_order() -> None:
    versions = [rated(3), rated(9), rated(10)]
    stand = []
    for order in (versions, versions[::-1]):
        with mock_aws():
            service = in_memory()
            service.post(order)
            stand.append(stored("FactsTable"))
            again = service.post(versions).json["results"]

    assert stand[0] == stand[1]
    assert sorted(result["status"] for result in again) == ["duplicate", "superseded", "superseded"]


def test_a_later_version_replaces_an_earlier_one(service: Service) -> None:
    service.post([rated(0), rated(10, time="2026-11-23T12:00:00.000001Z")])
    service.settle()

    assert nps(service)["responses"] == {"promoters": 1, "passives": 0, "detractors": 0, "count": 1}


def test_a_time_is_the_same_instant_whatever_its_offset(service: Service) -> None:
    service.post(RATED)

    answer = service.post({**RATED, "time": "2026-11-23T13:00:00+01:00"})

    assert answer.json["status"] == "duplicate"


@pytest.mark.parametrize("order", [[RATED, RETRACTED], [RETRACTED, RATED]])
def test_a_retraction_holds_whichever_comes_first(service: Service, order: list[dict[str, Any]]) -> None:
    for sent in order:
        service.post(sent)
        service.settle()

    assert (nps(service)["points"], nps(service)["responses"]) == (None, None)


def test_a_response_sent_anew_after_its_retraction_counts(service: Service) -> None:
    service.post([RATED, RETRACTED, {**RATED, "time": "2026-11-23T14:00:00Z"}])
    service.settle()

    assert nps(service)["responses"]["count"] == 1


def test_an_excluded_response_does_not_count(service: Service) -> None:
    service.post(responses([0, 9]))
    service.post(event("nps.responded", {**responses([0])[0]["data"], "excluded": True}, time="2026-11-23T13:00:00Z"))
    service.settle()

    assert nps(service)["responses"] == {"promoters": 1, "passives": 0, "detractors": 0, "count": 1}


def test_a_respondent_is_stored_as_a_keyed_hash(service: Service) -> None:
    for place, address in enumerate(["Jo.Smith@Example.com", " jo.smith@example.com ", "someone@example.com"]):
        data = {**RATED["data"], "response_id": f"r-{place}", "respondent": address}
        service.post(event("nps.responded", data))
    service.settle()

    facts = stored("FactsTable")
    one, same, other = (fact["respondent"] for fact in facts)
    assert one == same != other
    assert {len(one), len(other)} == {64}
    held = json.dumps(stored(), default=repr).casefold()
    assert "example.com" not in held
    assert "smith" not in held


@pytest.fixture
def logs() -> Iterator[StringIO]:
    """What every logger of the functions writes: they share one handler, made when they were imported."""
    written = StringIO()
    named = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)]
    handlers = [each for logger in named for each in logger.handlers if isinstance(each, logging.StreamHandler)]
    streams = [handler.setStream(written) for handler in handlers]
    yield written
    for handler, stream in zip(handlers, streams, strict=True):
        handler.setStream(stream)


def test_nothing_personal_is_logged_or_measured_or_told_in_an_error(
    capsys: pytest.CaptureFixture[str], logs: StringIO
) -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        particulars = {"respondent": "jo@example.com", "comment": "secret remark"}
        right = event("nps.responded", {**RATED["data"], **particulars})
        wrong = event("nps.responded", {**RATED["data"], **particulars, "score": "jo@example.com secret remark"})
        ill = event("nps.responded", {**RATED["data"], "respondent": ["jo@example.com"], "comment": ["secret remark"]})
        unreadable = json.dumps(right)[:-1]
        answers = [service.post(each) for each in (right, wrong, ill, unreadable, [right, wrong, ill])]
        clients.ingest.delete_table(TableName="FactsTable")
        answers.append(service.post(right))

    assert [answer.status for answer in answers] == [202, 422, 422, 400, 207, 500]
    said = "".join([logs.getvalue(), *capsys.readouterr(), *(answer.text for answer in answers)])
    assert logs.getvalue().count('"message":"responded"') == len(answers)
    assert '"source":"api","service"' in said
    assert '"EventsAccepted":[1.0]' in said
    assert "jo@example" not in said
    assert "secret remark" not in said


@pytest.mark.parametrize(
    ("granted", "detail"),
    [
        ({"scopes": ["scores:read", "admin"]}, "The token does not grant events:write."),
        ({"clients": ["beta"]}, "The token does not grant this client."),
        ({"sources": ["hr"]}, "The token does not grant this source."),
    ],
)
def test_what_a_token_does_not_grant_is_403(service: Service, granted: dict[str, Any], detail: str) -> None:
    answer = service.post(RATED, bearer=token(**granted))

    assert (answer.status, answer.headers["Content-Type"]) == (403, "application/problem+json")
    assert answer.json == {"type": "about:blank", "title": "Forbidden", "status": 403, "detail": detail}
    assert stored() == []


def test_what_a_token_grants_is_taken(service: Service) -> None:
    bearer = token(scopes=["events:write"], clients=["acme"], sources=["tests"])

    answer = service.post([RATED, {**RATED, "subject": "beta"}, {**RATED, "source": "hr"}], bearer=bearer)

    assert [each["status"] for each in answer.json["results"]] == ["accepted", "rejected", "rejected"]
    assert [each["problem"]["status"] for each in answer.json["results"][1:]] == [403, 403]


def test_a_token_for_one_client_cannot_join_another_to_it(service: Service) -> None:
    joined = event("client.described", {"aliases": ["beta"]})
    own = token(clients=["acme"])

    assert service.post(joined, bearer=own).status == 403
    assert service.post({**joined, "subject": "beta", "data": {"aliases": ["acme"]}}, bearer=own).status == 403
    assert stored() == []
    assert service.post(joined, bearer=token(clients=["acme", "beta"])).status == 202


def test_who_describes_needs_the_scope_for_it(service: Service) -> None:
    bearer = token(scopes=["events:write"])
    described = event("client.described", {"name": "Acme"})

    alone = service.post(described, bearer=bearer)
    batch = service.post([RATED, described], bearer=bearer)

    assert (alone.status, alone.json["detail"]) == (403, "The token does not grant clients:write.")
    assert (batch.status, [result["status"] for result in batch.json["results"]]) == (207, ["accepted", "rejected"])
    assert batch.json["results"][1]["problem"] == alone.json
    assert service.post(described, bearer=token(scopes=["events:write", "clients:write"])).status == 202


@pytest.mark.parametrize("data", [{"name": "Ours"}, {"status": "ended"}, {"aliases": ["acme"]}])
def test_a_token_for_one_client_neither_names_nor_ends_nor_joins_another(
    service: Service, data: dict[str, Any]
) -> None:
    assert service.post(event("client.described", data, subject="beta"), bearer=token(clients=["acme"])).status == 403
    assert stored() == []


def test_a_name_that_leads_to_another_client_is_not_claimed_by_a_limited_token(service: Service) -> None:
    """Though the name itself is granted: what it leads to is not."""
    service.post(event("client.described", {"aliases": ["shared"]}, subject="beta"))
    service.settle()
    service.restart_ingest()
    claimed = event("client.described", {"aliases": ["shared"]})
    before = stored()

    assert service.post(claimed, bearer=token(clients=["acme", "shared"])).status == 403
    assert stored() == before
    assert service.post(claimed, bearer=token(clients=["acme", "shared", "beta"])).status == 202


@pytest.mark.parametrize("name", ["Acme\n", "\x00", "Ac\u202eem", "Acme\u2066", "A\u2028B", "\x85"])
def test_a_name_that_cannot_be_shown_is_refused_where_it_stands(service: Service, name: str) -> None:
    answers = [
        service.post(event("client.described", data)) for data in ({"name": name}, {"aliases": ["a", name + "x"]})
    ]

    assert [answer.status for answer in answers] == [422, 422]
    assert [[fault["pointer"] for fault in answer.json["errors"]] for answer in answers] == [
        ["/data/name"],
        ["/data/aliases/1"],
    ]
    assert stored() == []


@pytest.mark.parametrize("name", ["Crème & Kruimel", "日本電気", "أكمي \u200f(BV)", "\u200eבת", "C++", "👩‍👩‍👧"])
def test_a_name_in_any_script_is_taken(service: Service, name: str) -> None:
    assert service.post(event("client.described", {"name": name})).status == 202


def test_a_token_for_a_client_may_write_under_its_aliases(service: Service) -> None:
    service.post(event("client.described", {"aliases": ["acme-old"]}))

    answer = service.post({**RATED, "subject": "acme-old"}, bearer=token(clients=["acme"]))

    assert (answer.status, answer.json["client_id"]) == (202, "acme")


def signed(key: str = TOKEN_KEY, algorithm: str = "HS256", **claims: Any) -> str:
    later = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251 - tokens are checked against the real time
    held = {"sub": "tests", "scope": "events:write scores:read", "exp": later, **claims}
    return jwt.encode({name: claim for name, claim in held.items() if claim is not None}, key, algorithm=algorithm)


REFUSED: Mapping[str, Callable[[], str | None]] = {
    "no header": lambda: None,
    "nothing": lambda: "",
    "another scheme": lambda: f"Basic {signed()}",
    "no token": lambda: "Bearer ",
    "no JWT": lambda: "Bearer token",
    "letters no JWT has": lambda: "Bearer é.é.é",
    "alg none": lambda: f"Bearer {signed('', 'none')}",
    "another algorithm": lambda: f"Bearer {signed(algorithm='HS512')}",
    "another key": lambda: f"Bearer {signed('x' * 64)}",
    "expired": lambda: f"Bearer {signed(exp=1)}",
    "without exp": lambda: f"Bearer {signed(exp=None)}",
    "without sub": lambda: f"Bearer {signed(sub=None)}",
    "not yet": lambda: f"Bearer {signed(nbf=2**40)}",
    "cut": lambda: f"Bearer {signed()[:-5]}",
}


@pytest.mark.parametrize("name", REFUSED)
def test_without_a_good_token_it_is_401(service: Service, name: str) -> None:
    held = REFUSED[name]()
    headers = {"content-type": "application/json"} | ({} if held is None else {"authorization": held})

    answer = call(service.ingest, http_event("POST", "/v1/events", json.dumps(RATED), headers))

    assert (answer.status, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="opmm"'
    assert answer.json["title"] == "Unauthorized"
    assert stored() == []


def test_a_claim_of_the_wrong_type_grants_nothing(service: Service) -> None:
    claims: list[dict[str, Any]] = [{"scope": ["events:write"]}, {"clients": "acme"}, {"sources": {"tests": True}}]

    assert [service.post(RATED, bearer=signed(**claim)).status for claim in claims] == [403, 403, 403]


def test_the_previous_key_is_still_taken_and_an_older_one_is_not() -> None:
    with mock_aws():
        keys = {"current": "new" * 20, "previous": "old" * 20}
        before = in_memory()
        secrets = secrets_client()
        secrets.put_secret_value(SecretId="opmm/token-keys", SecretString=json.dumps(keys))
        service = Service(before.tables)  # functions that start now

        bearers = [signed(keys["current"]), signed(keys["previous"]), signed(TOKEN_KEY)]

        assert [service.post(RATED, bearer=bearer).status for bearer in bearers] == [202, 200, 401]


@pytest.mark.usefixtures("service")
def test_keys_are_read_anew_after_a_minute() -> None:
    secrets = secrets_client()
    now = 0.0
    keys = Secret(secrets, "opmm/token-keys", Logger(), clock=lambda: now)
    assert token_keys(keys) == [TOKEN_KEY]
    secrets.put_secret_value(SecretId="opmm/token-keys", SecretString=json.dumps({"current": "a", "previous": "b"}))

    now = 59.9
    assert token_keys(keys) == [TOKEN_KEY]
    now = 60.0
    assert token_keys(keys) == ["a", "b"]


@pytest.mark.parametrize("type_", VALID)
def test_an_event_costs_one_write_and_a_look_up_a_minute_for_its_subject(type_: str) -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        costs = []
        for sent in (RATED, event(type_, VALID[type_], source="other"), event(type_, VALID[type_], source="other")):
            with metered(clients.ingest) as meter:
                service.post(sent)
            costs.append(meter.calls)

    # The first call of a source in a minute also leaves word that it was heard.
    assert costs[0] == {"GetItem": 1, "PutItem": 1, "UpdateItem": 1 + 1}
    assert tuple(costs[1:]) == COSTS[type_]


PUT = {"PutItem": 1}
LOCATED = {"PutItem": 1, "UpdateItem": 1}
LOOKED_UP = {"PutItem": 1, "GetItem": 1}
NAMED = {"UpdateItem": 1, "GetItem": 3, "Query": 2}
"""A description never trusts what is remembered; and one with an alias looks at all names of the client."""

COSTS = {
    "nps.responded": (LOCATED, LOOKED_UP),
    "nps.retracted": (LOCATED, LOOKED_UP),
    "nps.reported": (PUT, PUT),
    "consultants.counted": (PUT, PUT),
    "survey.answered": ({"PutItem": 3}, {"PutItem": 3}),
    "client.described": (NAMED, NAMED),
}
"""By type: what a new event costs, and the same once more."""


def test_a_batch_about_one_client_costs_one_look_up_and_two_writes_for_a_response_never_seen_before() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        with metered(clients.ingest) as meter:
            service.post(responses([9] * 100))
        with metered(clients.ingest) as again:
            service.post(responses([8] * 100, time="2026-11-23T12:00:01Z"))

    # And one says that the source was heard.
    assert meter.calls == {"PutItem": 100, "UpdateItem": 100 + 1, "GetItem": 1}
    assert again.calls == {"PutItem": 100, "UpdateItem": 1}


def test_a_sender_that_counts_versions_orders_them_by_its_count(service: Service) -> None:
    first, second = (
        event(
            "nps.responded",
            {"response_id": "r-1", "score": score, "responded_at": "2026-11-14T09:00:00Z"},
            sequence=count,
            time=time,
        )
        for score, count, time in ((3, "9", "2026-11-20T00:00:00Z"), (10, "10", "2026-11-14T09:00:00Z"))
    )

    statuses = [service.post(each).json["status"] for each in (second, first, second)]

    assert statuses == ["accepted", "superseded", "duplicate"]
