"""A person or a client is erased: from every table, and nothing that is delivered again brings anything back."""

import itertools
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from shared.storage.overviews import Kept, Mover, Overview, Overviews
from tests.support.browser_forms import opened
from tests.support.browser_forms import send as press
from tests.support.calls import call, in_memory_with_clients
from tests.support.clients import dynamodb_client
from tests.support.erasing import (
    COMMENT,
    HASH,
    ROBIN,
    ask,
    begin,
    canaries,
    erased,
    everything,
    evidence,
    full,
    names,
    post,
    response,
    work,
)
from tests.support.ledgers import adds_up, ledger
from tests.support.outages import OUTAGES, Wire, wired
from tests.support.readings import counted, said
from tests.support.service import Service, event, http_event, token


def test_a_person_goes_from_every_fact_and_the_bare_rating_stays(service: Service) -> None:
    post(service, response(1), response(2, "beta"), response(3, respondent="sam@example.com"))
    before = {name: said(service, name) for name in ("acme", "beta")}
    assert canaries() == {COMMENT, HASH}

    receipt = erased(service, respondent="ROBIN@example.com ")

    assert {name: said(service, name) for name in ("acme", "beta")} == before
    assert f"{COMMENT}-1" not in everything()
    assert HASH not in everything()
    assert f"{COMMENT}-3" in everything()
    assert receipt["counts"] == {"comments": 2, "responses": 2}
    told = {fact["fact_id"]: (fact["comment"], fact.get("erased")) for fact in evidence(service)}
    assert told == {"response#tests": (None, True), "response#tests#r3": (f"{COMMENT}-3", None)}
    assert [change["cause"] for change in ledger(service, "acme")] == ["new"] * len(ledger(service, "acme"))


def test_the_receipt_says_what_was_asked_what_has_gone_and_what_is_kept_until_when(service: Service) -> None:
    post(service, response(1))
    bearer = token(subject="ada", token_id="0123456789abcdef")
    asked = ask(service, "POST", "/v1/erasures", {"respondent": ROBIN}, bearer)

    assert (asked.status, asked.json["status"], asked.json["done_at"]) == (202, "running", None)
    receipt = work(service, asked.json["erasure_id"])

    kept = receipt.pop("kept")
    assert receipt == {
        "erasure_id": asked.json["erasure_id"],
        "status": "done",
        "of": "respondent",
        "ratings": False,
        "asked_at": "2026-11-24T12:00:00Z",
        "asked_by": {"subject": "ada", "token_id": "0123456789abcdef"},
        "done_at": "2026-11-24T12:00:00Z",
        "counts": {"comments": 1, "responses": 1},
    }
    assert [(row["what"], row["until"]) for row in kept] == [
        ("ratings", None),
        ("response_ids", None),
        ("parked_digests", "2026-12-24"),
        ("backups", "2026-12-29"),
    ]
    assert HASH not in everything("ErasuresTable")
    assert ask(service, "GET", "/v1/erasures").json == {"erasures": [receipt | {"kept": kept}], "next": None}


def test_receipts_are_listed_the_latest_first_page_by_page(service: Service) -> None:
    made = []
    for _ in range(3):
        made.append(begin(service, respondent=ROBIN))
        service.clock.now += timedelta(seconds=1)

    first = ask(service, "GET", "/v1/erasures?limit=2").json
    second = ask(service, "GET", f"/v1/erasures?limit=2&cursor={first['next']}").json

    assert [row["erasure_id"] for page in (first, second) for row in page["erasures"]] == made[::-1]
    assert second["next"] is None


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"respondent": ROBIN, "client_id": "acme"},
        {"respondent": ""},
        {"respondent": " "},
        {"respondent": 7},
        {"respondent": None},
        {"respondent": "x" * 321},
        {"respondent": ROBIN, "ratings": "yes"},
        {"client_id": "Not a slug"},
        {"client_id": "acme", "ratings": True},
        {"respondent": ROBIN, ROBIN: 1},
        [ROBIN],
        None,
        "text",
    ],
    ids=repr,
)
def test_a_wish_that_is_not_clear_is_refused_and_nothing_of_it_is_told(service: Service, wish: Any) -> None:
    headers = {"authorization": f"Bearer {token()}"}
    refused = call(service.erase, http_event("POST", "/v1/erasures", json.dumps(wish), headers))

    assert refused.status == 422
    assert ROBIN.casefold() not in refused.text.casefold()
    assert everything("ErasuresTable") == "[]"


@pytest.mark.parametrize("limit", [{"clients": ["acme"]}, {"sources": ["nps"]}])
def test_a_token_that_is_limited_erases_nothing_and_is_told_nothing(service: Service, limit: dict[str, Any]) -> None:
    bearer = token(**limit)

    calls = [
        ("POST", "/v1/erasures", {"respondent": ROBIN}),
        ("GET", "/v1/erasures", None),
        ("GET", "/v1/erasures/20261124T120000-0a1b2c3d", None),
        ("GET", "/v1/subjects?respondent=x", None),
    ]
    assert [ask(service, *each, bearer=bearer).status for each in calls] == [403] * 4


def test_what_is_held_of_a_person_is_told_beforehand_in_counts(service: Service) -> None:
    post(service, response(1), response(2), response(3, "beta"))
    post(service, response(4, "beta", respondent="sam@example.com", comment=f"Ask <{ROBIN}>!"))

    held = ask(service, "GET", "/v1/subjects?respondent=robin%40example.com").json

    assert held == {
        "clients": [
            {"client_id": "acme", "responses": 2, "mentions": 0},
            {"client_id": "beta", "responses": 1, "mentions": 1},
        ],
        "sources": [],
        "next": None,
    }
    erased(service, respondent=ROBIN)
    assert ask(service, "GET", "/v1/subjects?respondent=robin%40example.com").json["clients"] == []
    assert ask(service, "GET", "/v1/subjects").status == 422


def test_a_comment_of_somebody_else_that_holds_the_address_goes_and_their_rating_stays(service: Service) -> None:
    post(service, response(4, respondent="sam@example.com", comment=f"Ask {ROBIN}, please"))

    receipt = erased(service, respondent=ROBIN, ratings=True)

    assert receipt["counts"] == {"comments": 1, "responses": 1}
    assert [fact["answer"] for fact in evidence(service)] == [{"score": 9}]


@pytest.mark.parametrize("ratings", [False, True])
def test_no_later_delivery_brings_a_comment_back(service: Service, *, ratings: bool) -> None:
    deliveries = [response(1), response(1, minute=5, score=3), response(1, "beta", minute=9), response(1, minute=7)]
    post(service, deliveries[0])
    erased(service, respondent=ROBIN, ratings=ratings)

    for delivery in itertools.chain(deliveries, deliveries[::-1]):
        post(service, delivery)
        service.restart_ingest()

        assert canaries() == set()
    counted_at = [len(evidence(service, name)) for name in ("acme", "beta") if said(service, name)]
    assert sum(counted_at) == (0 if ratings else 1)


def test_a_later_rating_of_an_erased_response_counts_without_the_person(service: Service) -> None:
    post(service, response(1))
    erased(service, respondent=ROBIN)

    assert post(service, response(1, minute=5, score=0), response(1, minute=5, score=0), response(1)) == [
        "accepted",
        "duplicate",
        "superseded",
    ]
    assert service.get("/v1/clients/acme").json["dimensions"][4]["value"] == -100


def test_a_rating_that_is_erased_leaves_the_score_and_the_ledger_says_why(service: Service) -> None:
    post(service, response(1), response(2, respondent="sam@example.com", score=0))

    receipt = erased(service, respondent=ROBIN, ratings=True)

    assert receipt["counts"] == {"comments": 1, "ratings": 1}
    latest = service.get("/v1/clients/acme/history").json["changes"][0]
    assert (latest["cause"], latest["facts"]) == ("erasure", ["response#tests#r1"])
    assert service.get("/v1/clients/acme").json["dimensions"][4]["value"] == -100
    assert adds_up(ledger(service, "acme"), service.get("/v1/clients/acme").json["total"])
    assert post(service, response(1, minute=9)) == ["superseded"]


def test_a_response_that_has_moved_is_erased_under_both_names(service: Service) -> None:
    post(service, response(1), response(1, "beta", minute=1))
    erased(service, respondent=ROBIN)

    post(service, response(1, "acme", minute=2), response(1, "core", minute=3), response(1, "beta", minute=4))

    assert canaries() == set()
    assert len(evidence(service, "beta")) == 1
    # Nothing ever counted at the others.
    assert [service.get(f"/v1/clients/{name}").status for name in ("acme", "core")] == [404, 404]


def test_retractions_and_exclusions_go_on_counting(service: Service) -> None:
    post(service, response(1))
    erased(service, respondent=ROBIN)
    gone = event("nps.retracted", {"response_id": "r1"}, time="2026-11-23T13:00:00Z")

    assert post(service, gone, response(1, minute=5)) == ["accepted", "superseded"]
    assert evidence(service) == []


def test_an_erasure_that_is_given_up_says_so_and_its_message_goes_on_with_it() -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        post(service, response(1))
        erasure_id = begin(service, respondent=ROBIN)
        record = {
            "messageId": "m-5",
            "body": json.dumps({"erasure_id": erasure_id}),
            "attributes": {"ApproximateReceiveCount": "5"},
        }

        def refused(model: Any, **_: Any) -> None:
            if model.name == "Scan":
                raise EndpointConnectionError(endpoint_url="https://dynamodb")

        clients.erase.meta.events.register("before-call.dynamodb", refused)
        failed = service.erase({"Records": [record]}, None)
        clients.erase.meta.events.unregister("before-call.dynamodb", refused)

        assert failed == {"batchItemFailures": [{"itemIdentifier": "m-5"}]}
        assert ask(service, "GET", f"/v1/erasures/{erasure_id}").json["status"] == "failed"
        assert work(service, erasure_id)["counts"] == {"comments": 1, "responses": 1}


def test_a_process_that_is_overtaken_leaves_the_erasure_to_the_other(service: Service) -> None:
    post(service, response(1))
    erasure_id = begin(service, respondent=ROBIN)
    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id}), "attributes": {}}

    for _ in range(3):
        assert service.erase({"Records": [record, record]}, None) == {"batchItemFailures": []}
    assert work(service, erasure_id)["counts"] == {"comments": 1, "responses": 1}


def addresses(name: str) -> list[str]:
    return [f"/v1/clients/{name}{rest}" for rest in ("", "/score", "/history", "/evidence", "/nps", "/next-steps")]


@pytest.mark.parametrize("asked", ["acme", "acme-old"])
def test_a_client_goes_with_everything(service: Service, asked: str) -> None:
    full(service)

    receipt = erased(service, client_id=asked)

    assert receipt["client_id"] == "acme"
    assert receipt["counts"] == {"changes": 1, "counts": 1, "descriptions": 1, "names": 2, "responses": 2}
    for name in ("acme", "acme-old"):
        assert [service.get(path).status for path in addresses(name)] == [404] * 6
    assert names(service) == ["beta"]
    assert service.get("/v1/portfolio").json["count"] == 1
    assert "Acme B.V." not in everything()
    assert f"{COMMENT}-1" not in everything()
    assert f"{COMMENT}-3" in everything()
    assert not [key for key in stored_keys("FactsTable") if key[0].startswith("acme") or "#r1" in key[0]]


def test_the_overview_that_is_kept_for_all_goes_with_a_client(service: Service) -> None:
    full(service)
    overviews = Overviews(dynamodb_client(), "ScoresTable")
    mover = Mover("acme", "Acme B.V.", 3, 12)
    overview = Overview(150, (50, 100), incomplete=0, stale=0, due=0, undescribed=0, movers=(mover,), up=1, down=0)
    overviews.keep(Kept(overview, "a-model", service.clock.now))

    erased(service, client_id="acme")
    overviews.keep(Kept(overview, "a-model", service.clock.now))  # by who had read the rows before

    assert "Acme B.V." not in everything()


def stored_keys(table: str) -> list[tuple[str, str]]:
    found = dynamodb_client().scan(TableName=table)["Items"]
    return [(item["client_id"]["S"], item["fact_id"]["S"]) for item in map(dict, found)]


def test_drafts_about_a_client_go_with_it_whoever_keeps_them_and_others_stay(service: Service) -> None:
    post(service, counted(6), counted(3, subject="beta"))
    for client, name in (("acme", "Ada"), ("acme", "Noor"), ("beta", "Ada")):
        form = opened(service, f"/clients/{client}/talk", "talk", name=name)
        form.fields["internal"] = f"canary-{client}"
        assert press(service, f"/clients/{client}/talk", form, claims={"name": name}, keep="later").status == 303

    receipt = erased(service, client_id="acme")

    assert receipt["counts"]["drafts"] == 2
    assert "canary-acme" not in everything()
    assert "canary-beta" in everything("DraftsTable")


@pytest.mark.parametrize("job", [Service.night, Service.rebuild])
def test_an_erased_client_stays_away(service: Service, job: Callable[[Service], None]) -> None:
    full(service)
    erased(service, client_id="acme")

    for _ in range(2):
        job(service)

    assert names(service) == ["beta"]
    assert service.get("/v1/clients/acme").status == 404


def test_a_view_that_is_lost_is_made_anew_without_the_client(service: Service) -> None:
    full(service)
    erased(service, client_id="acme")
    client = dynamodb_client()
    for item in client.scan(TableName="ScoresTable")["Items"]:
        client.delete_item(TableName="ScoresTable", Key={key: item[key] for key in ("client_id", "item")})

    service.rebuild()
    service.restart_ingest()

    assert names(service) == ["beta"]
    assert post(service, response(1)) == ["superseded"]


def test_what_was_recorded_before_is_superseded_and_what_comes_later_makes_a_new_client(service: Service) -> None:
    full(service)
    erased(service, client_id="acme")
    service.restart_ingest()  # what was looked up before is remembered for a minute, and the last look comes later

    assert post(service, response(1), response(2, "acme-old"), counted(6), response(9)) == ["superseded"] * 4
    service.restart_ingest()
    assert post(service, response(1)) == ["superseded"]
    assert names(service) == ["beta"]
    later = counted(2) | {"time": "2026-11-24T12:01:00Z", "id": "later"}
    answer = service.post(later)
    service.settle()

    assert answer.json == {"id": "later", "client_id": "acme", "status": "accepted", "new_client": True}
    assert service.get("/v1/clients/acme").json["total"] == 2
    assert [change["cause"] for change in ledger(service, "acme")] == ["new"]
    assert post(service, response(1)) == ["superseded"]
    service.restart_ingest()
    assert post(service, response(1)) == ["superseded"]


def test_a_function_that_remembers_the_name_brings_nothing_back(service: Service) -> None:
    """It stores under a name that it looked up before the erasure; the last look takes that away."""
    full(service)
    warm = Service(service.tables, service.clock)
    warm.post(counted(6, subject="acme"))
    erasure_id = begin(service, client_id="acme")
    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id}), "attributes": {}}
    service.erase({"Records": [record]}, None)

    assert warm.post(response(1)).json["status"] == "accepted"
    service.settle()
    assert service.get("/v1/clients/acme").status == 404
    later = counted(2) | {"time": "2026-11-24T12:01:00Z", "id": "later"}
    warm.post(later)
    work(service, erasure_id)

    assert f"{COMMENT}-1" not in everything()
    assert service.get("/v1/clients/acme").json["dimensions"][0]["value"] == 2


def test_a_name_that_another_client_takes_afterwards_still_takes_nothing_from_before(service: Service) -> None:
    full(service)
    erased(service, client_id="acme")
    joined = event("client.described", {"aliases": ["acme-old"]}, subject="beta", time="2026-11-24T12:02:00Z", id="j")
    post(service, joined)

    assert post(service, response(2, "acme-old")) == ["superseded"]
    service.restart_ingest()
    assert post(service, response(2, "acme-old")) == ["superseded"]


def test_a_client_that_there_is_not_is_told_as_such(service: Service) -> None:
    assert ask(service, "POST", "/v1/erasures", {"client_id": "nobody"}).status == 404


def test_an_erasure_whose_message_could_not_be_sent_is_not_said_to_run(service: Service) -> None:
    post(service, response(1))

    with wired(Wire(lambda operation, _: OUTAGES["ServiceUnavailable"] if operation == "SendMessage" else None)):
        answer = ask(service, "POST", "/v1/erasures", {"respondent": ROBIN})

    assert answer.status == 503
    [receipt] = ask(service, "GET", "/v1/erasures").json["erasures"]
    assert receipt["status"] == "failed"
    assert work(service, receipt["erasure_id"])["counts"] == {"comments": 1, "responses": 1}


# An older erasure that goes on after a newer one of the same client.
