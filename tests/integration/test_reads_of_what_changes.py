from datetime import timedelta

import pytest

from tests.support import readings
from tests.support.readings import PORTFOLIO, ROUTES, counted, points, walk
from tests.support.service import Service, responses


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
