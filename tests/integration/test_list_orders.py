from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from tests.support.readings import counted, points, problem, walk
from tests.support.service import Service, event, in_memory, responses, token

NAMES = {
    "a1": "Beheer",
    "a2": "Zand",
    "a3": "beheer",
    "a4": "Beheer Noord",
    "a5": "\u00c1laska",
    "a6": "Beheer!",
    "a7": "ab",
}
HAPPY = {"a1": 0, "a2": 11, "a3": 3, "a4": 5, "a5": 3, "a6": 0, "a7": 1}
COMPLETE = ("a2", "a5")
STALE = ("a3", "a5", "a7")
ENDED = ("a4",)
GRANTED = ("a3", "a4", "a5", "a6")


def about(client_id: str) -> list[dict[str, Any]]:
    """What is told of a client."""
    status = "ended" if client_id in ENDED else "active"
    head_count = counted(HAPPY[client_id], client_id)
    if client_id in STALE:
        head_count["data"]["as_of"] = "2026-09-01"
    told = [event("client.described", {"name": NAMES[client_id], "status": status}, subject=client_id), head_count]
    if client_id in COMPLETE:
        answers = {"specialisms": 1, "roadmap": "yes", "inspiration": "no"}
        survey = {"answered_at": "2026-11-10T08:00:00Z", "answers": answers}
        told += [*responses([9], subject=client_id), event("survey.answered", survey, subject=client_id)]
    return told


@pytest.fixture(scope="module")
def portfolio() -> Iterator[Service]:
    """Clients that changed in the order of their ids, minute by minute; nothing here changes them."""
    with mock_aws():
        service = in_memory()
        for client_id in NAMES:
            service.clock.now += timedelta(minutes=1)
            answer = service.post(about(client_id))
            assert {result["status"] for result in answer.json["results"]} == {"accepted"}
            service.settle()
        yield service


def total(name: str) -> int:
    return points(HAPPY[name]) + (1 + 3 + 2 + 4 if name in COMPLETE else 0)


ORDERS: dict[str, Callable[[], list[str]]] = {
    "total": lambda: sorted(NAMES, key=lambda name: (total(name), name)),
    "-total": lambda: sorted(NAMES, key=lambda name: (total(name), name), reverse=True),
    "name": lambda: ["a7", "a1", "a3", "a4", "a6", "a2", "a5"],
    "-changed_at": lambda: sorted(NAMES, reverse=True),
    "moved": lambda: sorted(NAMES),  # all were first measured of late, which is no movement
}
FILTERS: dict[str, Callable[[str], bool]] = {
    "": lambda _: True,
    "max_total=0": lambda name: total(name) == 0,
    "max_total=3": lambda name: total(name) <= 3,
    "complete=true": lambda name: name in COMPLETE,
    "complete=false": lambda name: name not in COMPLETE,
    "stale=true": lambda name: name in STALE,
    "stale=false&max_total=4": lambda name: name not in STALE and total(name) <= 4,
    "complete=true&stale=true&max_total=20": lambda name: name == "a5",
    "complete=true&max_total=1": lambda _: False,
}


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize("filters", FILTERS)
def test_pages_have_every_client_that_fits_once_in_order(portfolio: Service, sort: str, filters: str) -> None:
    fitting = [name for name in ORDERS[sort]() if FILTERS[filters](name)]

    for limit in (2, 100):
        query = f"limit={limit}&sort={sort}&{filters}"
        assert walk(portfolio, query) == [name for name in fitting if name not in ENDED]
        assert walk(portfolio, f"{query}&status=all") == fitting
    granted = [name for name in fitting if name in GRANTED]
    assert walk(portfolio, f"limit=1&sort={sort}&status=all&{filters}", token(clients=list(GRANTED))) == granted


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("max_total=-1", ["/query/max_total"]),
        ("max_total=21&complete=yes&stale=1", ["/query/max_total", "/query/complete", "/query/stale"]),
        ("sort=changed_at", ["/query/sort"]),
    ],
)
def test_a_filter_that_there_is_not_is_refused(portfolio: Service, query: str, pointers: list[str]) -> None:
    document = problem(portfolio.get(f"/v1/clients?{query}"), 422, "Unprocessable Entity")

    assert [error["pointer"] for error in document["errors"]] == pointers


def test_a_cursor_holds_for_its_own_filters(portfolio: Service) -> None:
    cursor = portfolio.get("/v1/clients?limit=1&stale=true").json["next"]

    assert portfolio.get(f"/v1/clients?limit=5&stale=true&cursor={cursor}").status == 200
    for query in ("stale=false", "max_total=20&stale=true", ""):
        problem(portfolio.get(f"/v1/clients?{query}&cursor={cursor}"), 422, "Unprocessable Entity")
