"""What goes wrong with webhooks elsewhere, and the rule that it made here."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.calls import stored
from tests.support.service import Service
from tests.support.webhooks import SOURCES, connected, post, sample, send, signed, values

NEWER = 1793700001
"""A second after the last change of Delighted's sample."""


@pytest.fixture
def service() -> Iterator[Service]:
    with connected() as connected_service:
        yield connected_service


def delighted(**changes: Any) -> Any:
    payload = values("delighted")
    payload["event_data"] |= changes
    return payload


def wootric(event_name: str = "updated", **changes: Any) -> Any:
    payload = values("wootric") | {"event_name": event_name, "timestamp": changes.get("updated_at")}
    payload["response"] |= changes
    return payload


def status(service: Service, provider: str, payload: Any) -> str:
    answer = send(service, provider, payload)
    assert answer.status == 200, answer.text
    told: str = answer.json["status"]
    return told


def nps(service: Service, client: str) -> tuple[int | None, int]:
    """The NPS of a client, and of how many responses."""
    service.settle()
    answer = service.get(f"/v1/clients/{client}")
    if answer.status == 404:
        return None, 0
    dimension = answer.json["dimensions"][4]
    return dimension["value"], (dimension.get("responses") or {"count": 0})["count"]


def test_the_same_response_several_times_also_at_the_same_moment_has_one_effect(service: Service) -> None:
    told = [
        status(service, "formbricks", values("formbricks") | {"event": event}) for event in ("responseFinished",) * 3
    ]

    assert told == ["accepted", "duplicate", "duplicate"]
    assert nps(service, "averland-wonen") == (100, 1)


def test_a_first_event_without_a_score_has_no_effect_and_the_later_one_counts_once(service: Service) -> None:
    first = values("formbricks") | {"event": "responseCreated"}
    first["data"] |= {"data": {"q-why": "..."}, "updatedAt": "2026-11-13T10:15:30Z"}

    assert status(service, "formbricks", first) == "ignored"
    assert nps(service, "averland-wonen") == (None, 0)
    assert status(service, "formbricks", values("formbricks") | {"event": "responseUpdated"}) == "accepted"
    assert nps(service, "averland-wonen") == (100, 1)


def test_a_score_changed_later_is_replaced_and_an_older_version_that_comes_later_changes_nothing(
    service: Service,
) -> None:
    assert status(service, "delighted", delighted(score=3, updated_at=NEWER)) == "accepted"
    assert status(service, "delighted", delighted(score=9)) == "superseded"
    assert nps(service, "gloeiwijk") == (-100, 1)


def test_versions_that_are_counted_replace_each_other_by_count_in_any_order(service: Service) -> None:
    later = values("asknicely") | {"count": "10"}
    later["question"]["score"] = "2"

    assert status(service, "asknicely", later) == "accepted"
    assert status(service, "asknicely", values("asknicely") | {"count": "9"}) == "superseded"
    assert nps(service, "kruidpunt") == (-100, 1)


@pytest.mark.parametrize("delete_first", [False, True])
def test_a_deleted_response_leaves_the_score_as_if_it_had_never_been(service: Service, *, delete_first: bool) -> None:
    deleted = wootric("deleted", updated_at="2026-11-10T02:00:00-07:00")
    events = [values("wootric"), deleted]

    for payload in reversed(events) if delete_first else events:
        send(service, "wootric", payload)

    assert nps(service, "snorrewind") == (None, 0)


def test_a_response_that_is_excluded_leaves_the_score_and_may_come_back(service: Service) -> None:
    send(service, "wootric", values("wootric"))
    assert nps(service, "snorrewind") == (0, 1)

    send(service, "wootric", wootric(excluded_from_calculations=True, updated_at="2026-11-11T00:00:00-07:00"))
    assert nps(service, "snorrewind") == (None, 0)

    send(service, "wootric", wootric(excluded_from_calculations=False, updated_at="2026-11-12T00:00:00-07:00"))
    assert nps(service, "snorrewind") == (0, 1)


def test_a_score_of_0_is_a_detractor_and_null_is_absent(service: Service) -> None:
    assert status(service, "delighted", delighted(score=None)) == "ignored"
    assert status(service, "delighted", delighted(score=0)) == "accepted"
    assert nps(service, "gloeiwijk") == (-100, 1)


def test_a_score_of_10_as_text_is_taken_where_the_tool_sends_text(service: Service) -> None:
    payload = values("asknicely")
    payload["question"]["score"] = "10"

    assert status(service, "asknicely", payload) == "accepted"
    assert nps(service, "kruidpunt") == (100, 1)


@pytest.mark.parametrize("provider", ["delighted", "asknicely", "custom"])
def test_a_score_that_is_none_is_parked(service: Service, provider: str) -> None:
    payload = values(provider)
    place, name = {
        "delighted": (payload.get("event_data"), "score"),
        "asknicely": (payload.get("question"), "score"),
        "custom": (payload, "rating"),
    }[provider]

    for score in ("", "N/A", 10.5, True, 11, -1):
        place[name] = score
        assert status(service, provider, payload) == "parked"

    reasons = [item["reason"] for item in service.get_ingest("/v1/parked").json["parked"]]
    assert (reasons, stored("FactsTable")) == (["no_usable_score"] * 6, [])


def test_the_category_is_derived_from_the_score_and_not_taken_from_the_tool(service: Service) -> None:
    send(service, "delighted", delighted(score=9, category="passive", nps_category="passive"))

    assert nps(service, "gloeiwijk") == (100, 1)


@pytest.mark.parametrize(
    "body",
    [
        '{"version": 1,  "rating": 9, "id": "1", "date": "2026-11-16T11:20:00Z", "account":{"code":"Crème & Kruimel"}}',
        '{"account":{"code":"Cr\\u00e8me & Kruimel"},"id":"1","date":"2026-11-16T11:20:00Z","rating":9}\r\n',
    ],
)
def test_a_signature_is_over_the_bytes_as_they_were_sent(service: Service, body: str) -> None:
    raw = body.encode()
    headers = signed("custom", raw, SOURCES["helpdesk"]["secrets"][0])

    assert post(service, "helpdesk", json.dumps(json.loads(raw)).encode(), headers).status == 401
    assert post(service, "helpdesk", raw, headers).json["results"][0]["client_id"] == "creme-kruimel"


def test_ids_of_19_digits_never_go_through_a_float(service: Service) -> None:
    for last in (b"789", b"790"):
        send(service, "custom", sample("custom").replace(b"1234567890123456789", b"1234567890123456" + last))

    assert sorted(fact["fact_id"].rpartition("#")[2] for fact in stored("FactsTable")) == [
        "1234567890123456789",
        "1234567890123456790",
    ]


def test_the_good_ones_of_a_batch_land_and_the_bad_one_is_parked(service: Service) -> None:
    good, other = values("standard")
    bad = good | {"id": "bad", "data": {"working": 3, "happy": 4, "as_of": "2026-11-01"}}

    answer = send(service, "standard", [good, bad, other])

    assert [result["status"] for result in answer.json["results"]] == ["accepted", "parked", "accepted"]
    assert len(stored("FactsTable")) == 2
    [item] = service.get_ingest("/v1/parked").json["parked"]
    assert (item["reason"], item["detail"]) == ("not_valid", "/data/happy more are happy than work there")


def test_importing_an_export_later_gives_the_state_that_the_webhooks_would_have_given() -> None:
    versions = [
        delighted(score=None, updated_at=1793696400),
        delighted(),
        delighted(id="9002", score=2, updated_at=NEWER),
        delighted(id="9001", score=10, updated_at=NEWER + 60),
    ]
    kept = []
    for sent in (versions, [versions[3], versions[2]]):  # an export holds what is true by now
        with connected() as service:
            for payload in sent:
                send(service, "delighted", payload)
            kept.append(stored("FactsTable"))

    assert kept[0] == kept[1]
    assert len(kept[0]) == 2
