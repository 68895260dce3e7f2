from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from tests.support.readings import problem
from tests.support.service import NOTHING_TO_DISCUSS, Service, event, in_memory, token


def counted(subject: str, happy: int, as_of: str) -> dict[str, Any]:
    data = {"working": 50, "happy": happy, "as_of": as_of}
    return event("consultants.counted", data, subject=subject, id=f"{subject}-{as_of}")


POINTS = {0: 0, 1: 1, 2: 2, 5: 3, 11: 4}
MOVES = {  # happy consultants in July, and on the first of November
    "fell-by-4": (11, 0),
    "fell-by-3": (11, 1),
    "fell-by-2": (11, 2),
    "fell-by-2-too": (5, 1),
    "fell-by-1": (11, 5),
    "fell-by-1-too": (5, 2),
    "rose-by-4": (0, 11),
    "rose-by-1": (5, 11),
    "stayed": (5, 5),
    "ended": (11, 0),
}
ACTIVE = {name: (POINTS[before], POINTS[after]) for name, (before, after) in MOVES.items() if name != "ended"}


@pytest.fixture(scope="module")
def portfolio() -> Iterator[Service]:
    """Ten clients that moved, one of which has ended; nothing here changes them."""
    with mock_aws():
        service = in_memory()
        service.post([counted(name, before, "2026-07-01") for name, (before, _) in MOVES.items()])
        service.post([counted(name, after, "2026-11-01") for name, (_, after) in MOVES.items()])
        # Out of date: neither moved nor counted of late.
        service.post(counted("old", 2, "2026-07-01"))
        service.post([event("client.described", {"status": "ended"}, subject="ended")])
        service.settle()
        yield service


def mover(name: str) -> dict[str, Any]:
    before, after = ACTIVE[name]
    return {"client_id": name, "name": name, "total_before": before, "total": after, "points": after - before}


def test_the_portfolio_at_a_glance(portfolio: Service) -> None:
    totals = [after for _, after in ACTIVE.values()] + [2]

    answer = portfolio.get("/v1/portfolio").json
    movers = answer.pop("movers")
    assert answer == {
        "count": 10,
        "totals": [{"total": total, "clients": totals.count(total)} for total in range(21)],
        "incomplete": 10,
        "stale": 1,
        # Four that fell by two or more, three of which are low as well; and the one that is out of date.
        "due": 5,
        "undescribed": 10,
        "days": 90,
    }
    names = ["fell-by-4", "rose-by-4", "fell-by-3", "fell-by-2", "fell-by-2-too", "fell-by-1", "rose-by-1"]
    assert movers == [mover(name) for name in names]


def test_a_token_for_some_clients_sees_a_portfolio_of_those(portfolio: Service) -> None:
    answer = portfolio.get("/v1/portfolio", bearer=token(clients=["fell-by-3", "stayed", "ended", "absent"])).json

    assert (answer["count"], answer["movers"]) == (2, [mover("fell-by-3")])
    assert [each["total"] for each in answer["totals"] for _ in range(each["clients"])] == [1, 3]


CALLS = ["", "/score", "/score?as_of=2026-10-01", "/history", "/next-steps", "/evidence", "/nps"]


@pytest.mark.parametrize("call", CALLS)
def test_a_token_for_some_clients_reads_nothing_of_others(portfolio: Service, call: str) -> None:
    bearer = token(clients=["stayed", "absent"])

    assert portfolio.get(f"/v1/clients/stayed{call}", bearer=bearer).status == 200
    problem(portfolio.get(f"/v1/clients/old{call}", bearer=bearer), 403, "Forbidden")
    problem(portfolio.get(f"/v1/clients/nobody{call}", bearer=bearer), 403, "Forbidden")
    problem(portfolio.get(f"/v1/clients/absent{call}", bearer=bearer), 404, "Not Found")
    problem(portfolio.get(f"/v1/clients/nobody{call}"), 404, "Not Found")


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["The total fell by 4 points in 90 days.", "Happy consultants: 0 of 4."]),
        ("nl", ["Het totaal daalde in 90 dagen met 4 punten.", "Blije consultants: 0 van 4."]),
    ],
)
def test_reasons_to_talk_follow_the_language_the_caller_accepts(
    portfolio: Service, language: str, texts: list[str]
) -> None:
    card = portfolio.get("/v1/clients/fell-by-4", headers={"Accept-Language": language}).json

    assert [(each["key"], each["dimension"]) for each in card["discussion"]["reasons"]] == [
        ("fell", None),
        ("low", "happy_consultants"),
    ]
    assert [each["text"] for each in card["discussion"]["reasons"]] == texts


def reason(key: str, dimension: str | None = None, points: int | None = None) -> dict[str, Any]:
    return {"key": key, "dimension": dimension, "points": points, "days": None}


def test_a_row_names_each_reason_to_talk_with_its_question(portfolio: Service) -> None:
    rows = {row["client_id"]: row["discussion"] for row in portfolio.get("/v1/clients").json["clients"]}

    assert rows["fell-by-4"] == NOTHING_TO_DISCUSS | {
        "due": True,
        "reasons": [reason("fell", points=4), reason("low", "happy_consultants", 0)],
    }
    assert rows["old"] == NOTHING_TO_DISCUSS | {"due": True, "reasons": [reason("stale", "happy_consultants")]}
    assert rows["stayed"] == NOTHING_TO_DISCUSS
