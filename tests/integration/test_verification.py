"""Whether what is stored says what the facts give."""

from datetime import timedelta

import pytest

from tests.integration.test_nightly import fallen, lost
from tests.support.damage import item_of, lay_down, remove
from tests.support.readings import counted
from tests.support.service import Service, event, responses, token

pytestmark = pytest.mark.usefixtures("plainly")

VERIFY = "/v1/clients/acme/verify"


def test_what_is_stored_says_what_the_facts_give(service: Service) -> None:
    service.post([*responses([9, 0, 7]), counted(3), event("client.described", {"aliases": ["acme-old"]})])
    service.post(responses([10], subject="acme-old"))
    service.settle()
    service.clock.now += timedelta(days=40)

    found = service.get(VERIFY).json

    digest = service.get("/v1/clients/acme").json["digest"]
    assert found == {
        "client_id": "acme",
        "as_of": "2027-01-03",
        "stored": digest,
        "fresh": digest,
        "equal": True,
        "differs": [],
    }
    assert service.get("/v1/clients/acme-old/verify").json == found


def test_what_lost_records_told_is_found_and_nothing_is_stored(service: Service) -> None:
    fallen(service)
    held = item_of("acme")

    found = service.get(VERIFY).json

    assert (found["equal"], found["differs"]) == (False, ["responses"])
    assert found["stored"] == service.get("/v1/clients/acme").json["digest"] != found["fresh"]
    assert item_of("acme") == held
    service.night()
    assert service.get(VERIFY).json["stored"] == found["fresh"]


def test_a_lost_agreement_is_found_though_no_digest_covers_it(service: Service) -> None:
    service.post(counted(3))
    service.settle()
    agreed = {"action_id": "a", "title": "Call", "side": "agency", "agreed_on": "2026-11-20", "due": "2026-12-20"}
    service.post(event("action.agreed", agreed))
    lost(service)

    found = service.get(VERIFY).json

    assert (found["equal"], found["differs"]) == (True, ["agenda"])


def test_where_nothing_is_stored_that_can_be_read_there_is_no_digest(service: Service) -> None:
    service.post(counted(3))
    service.settle()
    fresh = service.get(VERIFY).json["fresh"]
    item = item_of("acme")
    expected = {"stored": None, "fresh": fresh, "equal": False, "differs": ["scorecard"]}

    lay_down(item | {"format": {"N": "2"}})
    assert {key: service.get(VERIFY).json[key] for key in expected} == expected
    remove("acme")
    assert {key: service.get(VERIFY).json[key] for key in expected} == expected


def test_a_client_that_nobody_told_of_is_not_found(service: Service) -> None:
    assert service.get("/v1/clients/nobody/verify").status == 404
    assert service.get("/v1/clients/No%20Body/verify").status == 404
    assert service.get("/v1/clients/nobody/verify", bearer=token(clients=["acme"])).status == 403


@pytest.mark.parametrize(
    "under", [("acme", "acme"), ("acme", "acme-old"), ("acme-old", "acme"), ("acme-old", "old-acme")]
)
@pytest.mark.parametrize("sources", [("a", "b"), ("b", "a")])
@pytest.mark.parametrize("at_once", [True, False])
def test_responses_that_say_the_same_at_one_instant_are_no_drift(
    service: Service, under: tuple[str, str], sources: tuple[str, str], *, at_once: bool
) -> None:
    service.post(event("client.described", {"aliases": ["acme-old", "old-acme"]}, subject="acme"))
    service.settle()
    for name, source in zip(under, sources, strict=True):
        data = {"response_id": f"of-{source}", "score": 9, "responded_at": "2026-11-20T10:00:00Z"}
        service.post(event("nps.responded", data, subject=name, source=source, time="2026-11-20T11:00:00Z"))
        if not at_once:
            service.settle()
    service.settle()

    assert service.get(VERIFY).json["differs"] == []
