"""Parked items: listed, replayed, deleted."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.support.calls import stored
from tests.support.clients import dynamodb_client
from tests.support.service import Answer, Service, token
from tests.support.webhooks import SOURCES, connected, post, register, sample, send, signed, store, values

UNMAPPED = SOURCES | {"nps": SOURCES["nps"] | {"client": "event_data.client"}}
"""The client is not where the source says."""


@pytest.fixture
def service() -> Iterator[Service]:
    with connected(UNMAPPED) as connected_service:
        yield connected_service


def mend(service: Service) -> None:
    """As an operator does, and a minute passes."""
    store(SOURCES)
    service.clock.now += timedelta(minutes=1)


def response(number: int) -> Any:
    payload = values("delighted")
    payload["event_data"] |= {"id": f"r-{number}"}
    return payload


def parked_id(answer: Answer) -> str:
    told: str = answer.json["results"][0]["parked_id"]
    return told


def listed(service: Service, query: str = "", bearer: str | None = None) -> list[Any]:
    items: list[Any] = service.get_ingest(f"/v1/parked{query}", bearer=bearer).json["parked"]
    return items


def replay(service: Service, item: str, bearer: str | None = None) -> Answer:
    return service.post("", path=f"/v1/parked/{item}/replay", bearer=bearer)


def replay_all(service: Service, query: str, bearer: str | None = None) -> Answer:
    return service.get_ingest(f"/v1/parked/replay{query}", method="POST", bearer=bearer)


def test_a_payload_without_a_client_is_parked_and_replayed_once_the_mapping_is_mended(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))
    assert listed(service) == [
        {
            "id": item,
            "source": "nps",
            "reason": "unknown_client",
            "detail": "the payload names no client where the source expects one",
            "received_at": "2026-11-24T12:00:00Z",
            "count": 1,
        }
    ]

    assert replay(service, item).json["status"] == "parked"
    mend(service)
    assert replay(service, item).json["status"] == "accepted"

    assert (listed(service), replay(service, item).status) == ([], 404)


@pytest.mark.parametrize("client", ["", "%20", "%0C", "a" * 201])
def test_a_client_that_says_nothing_is_refused_whatever_is_parked(service: Service, client: str) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))
    refused = service.get_ingest(f"/v1/parked/{item}/replay?client={client}", method="POST")

    assert (refused.status, [error["pointer"] for error in refused.json["errors"]]) == (422, ["/query/client"])
    assert [each["id"] for each in listed(service)] == [item]


def test_the_same_body_twice_is_one_item_counted_twice_and_a_replay_is_no_delivery(service: Service) -> None:
    for _ in range(2):
        item = parked_id(send(service, "delighted", sample("delighted")))
    replay(service, item)

    assert [(parked["id"], parked["count"]) for parked in listed(service)] == [(item, 2)]


def test_a_replay_changes_nothing_that_is_stored_already(service: Service) -> None:
    register(service, SOURCES)
    send(service, "delighted", sample("delighted"))
    facts = stored("FactsTable")
    register(service, UNMAPPED)
    item = parked_id(send(service, "delighted", sample("delighted")))
    register(service, SOURCES)

    assert (replay(service, item).json["status"], stored("FactsTable")) == ("duplicate", facts)


def test_a_whole_source_is_replayed_page_by_page(service: Service) -> None:
    for number in range(103):
        send(service, "delighted", response(number))
    send(service, "surveymonkey", sample("surveymonkey"))
    mend(service)

    first = replay_all(service, "?source=nps").json
    second = replay_all(service, f"?source=nps&cursor={first['next']}").json

    assert (first["replayed"], first["statuses"]) == (100, {"accepted": 100})
    assert second == {"replayed": 3, "statuses": {"accepted": 3}, "next": None}
    assert [item["source"] for item in listed(service)] == ["forms"]
    assert len(stored("FactsTable")) == 103


def test_an_item_whose_source_is_gone_stays_parked(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))
    register(service, {})

    assert replay(service, item).json == {
        "status": "parked",
        "results": [{"status": "parked", "reason": "unknown_source"}],
    }
    assert len(listed(service)) == 1


def test_an_item_is_forgotten_on_request(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))

    answers = [service.get_ingest(f"/v1/parked/{item}", method="DELETE") for _ in range(2)]

    assert ([answer.status for answer in answers], listed(service)) == ([204, 404], [])


def test_nothing_of_what_was_sent_is_listed(service: Service) -> None:
    stranger = {
        "specversion": "1.0",
        "type": "nps.responded",
        "subject": "Sanne de Wit",
        "data": {"sanne@x.nl": "Sanne"},
    }
    for provider, payload in (
        ("delighted", sample("delighted")),
        ("standard", stranger),
        ("standard", {"sanne": 1}),
        ("asknicely", values("asknicely") | {"question": {"score": "Sanne"}}),
    ):
        answer = send(service, provider, payload)
        assert (answer.json["status"], "anne" in answer.text) == ("parked", False)

    text = service.get_ingest("/v1/parked").text

    assert len(listed(service)) == 4
    assert "anne" not in text
    assert "never-use-it" not in text


def test_an_item_is_kept_for_30_days_after_it_was_last_delivered(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))
    service.clock.now += timedelta(days=10)
    replay(service, item)

    [kept] = dynamodb_client().scan(TableName="ParkedTable")["Items"]

    assert int(kept["expires_at"]["N"]) == int((service.clock.now + timedelta(days=20)).timestamp())


def test_a_bad_event_of_a_batch_is_an_item_of_its_own_and_can_be_replayed(service: Service) -> None:
    good, other = values("standard")
    early = other | {"time": "2026-11-25T00:00:00Z"}
    item = send(service, "standard", [good, early]).json["results"][1]["parked_id"]

    service.clock.now += timedelta(days=1)

    assert replay(service, item).json["status"] == "accepted"


@pytest.mark.parametrize(
    ("claims", "statuses"),
    [
        ({"scopes": ["parked:read"]}, (200, 403, 403, 403)),
        ({"scopes": ["parked:write"]}, (403, 200, 200, 204)),
        ({"scopes": ["parked:read", "parked:write"], "clients": ["gloeiwijk"]}, (403, 403, 403, 403)),
        ({"scopes": ["parked:read", "parked:write"], "sources": ["nps"]}, (200, 200, 200, 204)),
        ({"scopes": ["parked:read", "parked:write"], "sources": ["hr"]}, (403, 404, 403, 404)),
        ({"scopes": ["events:write", "scores:read"]}, (403, 403, 403, 403)),
    ],
)
def test_a_token_reaches_what_it_grants(service: Service, claims: Any, statuses: tuple[int, ...]) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))
    bearer = token(**claims)

    answers = (
        service.get_ingest("/v1/parked?source=nps", bearer=bearer),
        replay(service, item, bearer),
        replay_all(service, "?source=nps", bearer),
        service.get_ingest(f"/v1/parked/{item}", method="DELETE", bearer=bearer),
    )

    assert tuple(answer.status for answer in answers) == statuses


def test_a_token_for_one_source_lists_that_source_only(service: Service) -> None:
    send(service, "delighted", sample("delighted"))
    send(service, "surveymonkey", sample("surveymonkey"))

    bearer = token(sources=["forms"])

    assert [item["source"] for item in listed(service, bearer=bearer)] == ["forms"]


def test_without_a_token_nothing_is_listed(service: Service) -> None:
    assert service.get_ingest("/v1/parked", bearer="none").status == 401


@pytest.mark.parametrize(
    "path", ["/v1/parked?source=", "/v1/parked?source=No", "/v1/parked?limit=0", "/v1/parked?cursor=x"]
)
def test_a_query_that_makes_no_sense_is_told_so(service: Service, path: str) -> None:
    assert service.get_ingest(path).status == 422


@pytest.mark.parametrize("query", ["", "?source=", f"?source={'n' * 3000}", "?source=nps&cursor=x"])
def test_a_replay_of_no_source_is_told_so(service: Service, query: str) -> None:
    assert replay_all(service, query).status == 422


@pytest.mark.parametrize("item", ["x", ".", "nps.", ".abc", f"nps.{'a' * 3000}", f"{'n' * 3000}.abc", "nps.ü"])
def test_an_item_that_there_cannot_be_is_not_found(service: Service, item: str) -> None:
    assert (replay(service, item).status, service.get_ingest(f"/v1/parked/{item}", method="DELETE").status) == (
        404,
        404,
    )


def test_bytes_that_are_no_json_are_parked_as_they_came(service: Service) -> None:
    body = b"\xff\x00not json"

    answer = post(service, "nps", body, signed("delighted", body, SOURCES["nps"]["secrets"][0]))

    assert answer.json["results"][0]["reason"] == "not_readable"
    [kept] = dynamodb_client().scan(TableName="ParkedTable")["Items"]
    assert kept["body"]["B"] == body


def test_pages_of_a_list_hold_every_item_once(service: Service) -> None:
    for number in range(5):
        send(service, "delighted", response(number))

    found, cursor = [], ""
    while True:
        page = json.loads(service.get_ingest(f"/v1/parked?source=nps&limit=2{cursor}").text)
        found += [item["id"] for item in page["parked"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert (len(found), len(set(found))) == (5, 5)


def test_an_item_is_shown_with_the_names_in_it_and_no_values(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))

    shown = service.get_ingest(f"/v1/parked/{item}")

    assert (shown.status, shown.json["reason"]) == (200, "unknown_client")
    assert {"event_data.person.email", "event_data.person_properties.client"} <= set(shown.json["shape"])
    assert not [text for text in ("sanne@example.com", "Gloeiwijk", "Fijne") if text in shown.text]
    assert service.get_ingest("/v1/parked/nps.00").status == 404
    assert service.get_ingest(f"/v1/parked/{item}", bearer=token(scopes=["scores:read"])).status == 403
    assert service.get_ingest(f"/v1/parked/{item}", bearer=token(sources=["hr"])).status == 404


def test_somebody_who_knows_whom_an_item_is_about_mends_it_by_saying_so(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))

    taken = service.get_ingest(f"/v1/parked/{item}/replay?client=Gloeiwijk%20Energie", method="POST")

    assert taken.json["results"][0] | {"id": None, "new_client": None} == {
        "status": "accepted",
        "client_id": "gloeiwijk-energie",
        "id": None,
        "new_client": None,
    }
    assert listed(service) == []


def test_what_names_nobody_mends_nothing(service: Service) -> None:
    item = parked_id(send(service, "delighted", sample("delighted")))

    answers = [
        service.get_ingest(f"/v1/parked/{item}/replay?client={name}", method="POST")
        for name in ("%E2%80%AE", "a" * 201)
    ]

    assert [answer.status for answer in answers] == [200, 422]
    assert answers[0].json["results"][0]["reason"] == "unknown_client"
    assert len(listed(service)) == 1


def test_a_source_that_is_limited_to_clients_stays_so_when_an_item_is_mended(service: Service) -> None:
    register(service, {"nps": UNMAPPED["nps"] | {"clients": ["acme"]}})
    body = sample("delighted")
    headers = signed("delighted", body, SOURCES["nps"]["secrets"][0])
    item = parked_id(post(service, "nps", body, headers))

    refused = service.get_ingest(f"/v1/parked/{item}/replay?client=beta", method="POST")
    taken = service.get_ingest(f"/v1/parked/{item}/replay?client=acme", method="POST")

    assert refused.json["results"][0]["reason"] == "client_not_allowed"
    assert taken.json["results"][0]["client_id"] == "acme"


def sources_of(service: Service, **claims: Any) -> dict[str, Any]:
    answer = service.get_ingest("/v1/sources", bearer=token(**claims))
    assert answer.status == 200, answer.text
    return {source["name"]: source for source in answer.json["sources"]}


def test_every_source_is_listed_with_how_it_fares_and_without_its_secret(service: Service) -> None:
    send(service, "delighted", sample("delighted"))
    send(service, "wootric", sample("wootric"))
    found = sources_of(service)

    nps, webshop = found["nps"], found["webshop"]
    assert found.keys() == SOURCES.keys()
    assert (nps["finding"], nps["parked"], nps["client"]) == (
        "client_not_found",
        {"unknown_client": 1},
        "event_data.client",
    )
    assert "event_data.person_properties.client" in nps["sample"]["shape"]
    assert (webshop["finding"], webshop["counts"], webshop["sample"]) == (None, {"accepted": 1}, None)
    assert (found["hr"]["heard_at"], found["hr"]["finding"]) == (None, None)
    text = json.dumps(found)
    assert not [secret for settings in SOURCES.values() for secret in settings["secrets"] if secret in text]
    assert "sanne@example.com" not in text


def test_who_may_not_see_parked_calls_sees_no_sources(service: Service) -> None:
    assert list(sources_of(service, sources=["hr"])) == ["hr"]
    for claims in ({"scopes": ["scores:read"]}, {"clients": ["acme"]}):
        assert service.get_ingest("/v1/sources", bearer=token(**claims)).status == 403
