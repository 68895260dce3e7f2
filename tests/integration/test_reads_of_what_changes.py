from datetime import timedelta

import pytest
from moto import mock_aws

from tests.support import readings
from tests.support.calls import in_memory_with_clients
from tests.support.metering import metered
from tests.support.readings import PORTFOLIO, ROUTES, counted, points, walk
from tests.support.service import Service, event, responses

pytestmark = pytest.mark.usefixtures("plainly")


@pytest.fixture
def acme(service: Service) -> Service:
    return readings.described(service)


@pytest.fixture
def thirty(service: Service) -> Service:
    return readings.thirty(service)


@pytest.mark.parametrize("path", ROUTES)
def test_who_holds_the_answer_gets_304_until_it_changes(acme: Service, path: str) -> None:
    tag = acme.get(path).headers["ETag"]

    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        answer = acme.get(path, headers={"If-None-Match": held})
        assert (answer.status, answer.text, answer.headers["ETag"]) == (304, "", tag)
    assert acme.get(path, headers={"If-None-Match": '"other"'}).status == 200
    acme.post([counted(11, time="2026-11-23T13:00:00Z"), *responses([0], time="2026-11-23T13:00:00Z")])
    acme.settle()
    assert acme.get(path, headers={"If-None-Match": tag}).status == (304 if path == "/v1/model" else 200)


@pytest.mark.parametrize("path", ["/v1/clients/acme", "/v1/clients/acme/score"])
def test_the_tag_changes_when_only_the_day_moves_on(acme: Service, path: str) -> None:
    before = acme.get(path)
    acme.clock.now += timedelta(days=1)
    after = acme.get(path, headers={"If-None-Match": before.headers["ETag"]})

    assert (before.json["as_of"], after.json["as_of"]) == ("2026-11-25", "2026-11-26")
    assert (after.status, after.json["total"], after.json["version"]) == (200, 6, 2)
    assert after.json["digest"] != before.json["digest"]


def test_the_tag_of_a_year_of_responses_changes_with_the_day(acme: Service) -> None:
    before = acme.get("/v1/clients/acme/nps")
    acme.clock.now += timedelta(days=1)
    after = acme.get("/v1/clients/acme/nps", headers={"If-None-Match": before.headers["ETag"]})

    assert (before.json["intervals"][-1]["to"], after.json["intervals"][-1]["to"]) == ("2026-11-25", "2026-11-26")


@pytest.mark.parametrize("sort", ["total", "-total"])
def test_a_client_that_changes_between_pages_costs_no_other_its_place(thirty: Service, sort: str) -> None:
    def between() -> None:
        thirty.post(counted(12 if sort == "total" else 0, "c-00", time="2026-11-23T13:00:00Z"))
        thirty.post(counted(0 if sort == "total" else 12, "c-29", time="2026-11-23T13:00:00Z"))
        thirty.settle()

    ids = walk(thirty, f"limit=4&sort={sort}", between=between)

    still = [name for name in ids if name not in ("c-00", "c-29")]
    ordered = sorted(PORTFOLIO, key=lambda name: (points(PORTFOLIO[name]), name), reverse=sort == "-total")
    assert still == [name for name in ordered if name not in ("c-00", "c-29")]


def test_a_step_that_is_taken_gives_its_points(service: Service) -> None:
    service.post([counted(6), *responses([9])])
    service.settle()
    first = service.get("/v1/clients/acme/next-steps").json
    [more] = [each for each in first["steps"] if each["change"] == {"happy": 5}]

    service.post(counted(11, time="2026-11-24T08:00:00Z"))
    service.settle()

    assert service.get("/v1/clients/acme/next-steps").json["total"] == first["total"] + more["points"]


def test_an_empty_portfolio_counts_nothing(service: Service) -> None:
    answer = service.get("/v1/portfolio").json

    assert (answer["count"], answer["movers"], answer["due"]) == (0, [], 0)
    assert {each["clients"] for each in answer["totals"]} == {0}


def test_an_excluded_or_retracted_response_is_no_evidence(service: Service) -> None:
    service.post(responses([9, 8, 7]))
    excluded = responses([9, 8], time="2026-11-24T08:00:00Z")[1]
    excluded["data"]["excluded"] = True
    service.post([excluded, event("nps.retracted", {"response_id": "r-2"}, time="2026-11-24T08:00:00Z")])
    service.settle()

    facts = service.get("/v1/clients/acme/evidence").json["facts"]
    assert [fact["fact_id"] for fact in facts] == ["response#tests#r-0"]


@pytest.mark.parametrize("path", ["/v1/clients/acme", "/v1/clients/acme/score", "/v1/clients/acme/next-steps"])
def test_a_scorecard_is_one_item_and_that_of_an_alias_two(path: str) -> None:
    with mock_aws():
        service, clients = in_memory_with_clients()
        readings.described(service)
        with metered(clients.query) as meter:
            assert service.get(path).status == 200
        with metered(clients.query) as by_alias:
            assert service.get(path.replace("acme", "acme-old")).status == 200

    assert (meter.calls, by_alias.calls) == ({"GetItem": 1}, {"GetItem": 2})
