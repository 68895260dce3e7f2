"""The service after it was deployed with another model or another time zone, over facts and scorecards that stand."""

from typing import Any

import pytest

from shared.opmm.model_document import published_model
from tests.integration.test_healing import (
    HEALS,
    Heal,
    by_a_rebuild,
    by_an_event,
    failing,
    filled,
    told,
    version_of,
)
from tests.support.calls import look
from tests.support.damage import REMOVED, damaged, item_of, lay_down
from tests.support.ledgers import adds_up, ledger
from tests.support.models import test_model
from tests.support.service import Service, event

pytestmark = pytest.mark.usefixtures("plainly")

SIX, THREE = test_model("six"), test_model("three")


def card(service: Service) -> Any:
    return service.get("/v1/clients/acme").json


def points(service: Service) -> dict[str, int | None]:
    return {dimension["key"]: dimension["points"] for dimension in card(service)["dimensions"]}


def dropped(caplog: pytest.LogCaptureFixture) -> list[tuple[str, list[str]]]:
    """The clients of which the log tells that questions were dropped, and which."""
    return [
        (record.__dict__["client_id"], record.__dict__["questions"])
        for record in caplog.records
        if record.getMessage() == "the model drops questions that facts answer"
    ]


def test_what_moved_while_a_scorecard_could_not_be_read_is_in_the_ledger(service: Service) -> None:
    version = version_of(filled(service))
    lay_down(damaged(item_of("acme"), ("summary",), REMOVED))

    answers = {"answered_at": "2026-11-20T10:00:00Z", "survey_id": "winter", "answers": {"roadmap": "co_creating"}}
    service.post(event("survey.answered", answers))
    service.settle()

    latest = ledger(service, "acme")[-1]
    assert (latest["cause"], latest["facts"]) == ("rebuild", ["survey#tests#winter#roadmap"])
    assert (latest["total_before"], latest["total_after"]) == (16, 18)
    assert [move["key"] for move in latest["dimensions"]] == ["roadmap"]
    assert latest["version"] == version + 1
    assert adds_up(ledger(service, "acme"), 18)


def rated(score: int) -> list[dict[str, Any]]:
    """Five ratings at half past midnight in Amsterdam, which is noon in Auckland and the day before in Los Angeles."""
    data = [
        {"response_id": f"{score}-{place}", "score": score, "responded_at": "2026-11-12T23:30:00Z"}
        for place in range(5)
    ]
    return [event("nps.responded", rating) for rating in data]


@pytest.mark.parametrize("heal", HEALS)
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles"])
def test_days_that_begin_elsewhere_count_nobody_twice(service: Service, zone: str, heal: Heal) -> None:
    service.post(rated(10))
    service.settle()

    moved = service.redeployed(zone=zone)
    [row] = moved.get("/v1/clients").json["clients"]
    assert (row["total"], card(moved)["dimensions"][-1]["responses"]["count"]) == (4, 5)
    heal(moved)
    moved.post(rated(0))
    moved.settle()

    nps = card(moved)["dimensions"][-1]
    assert (nps["value"], nps["responses"]["count"]) == (0, 10)
    assert adds_up(ledger(moved, "acme"), card(moved)["total"])
    [counted] = [day for day in moved.get("/v1/clients/acme/nps?interval=day").json["intervals"] if day["count"]]
    assert (counted["count"], counted["from"]) == (10, "2026-11-12" if zone.startswith("America") else "2026-11-13")


BY_SIX = {
    "happy_consultants": 3,
    "roadmap": 2,
    "governance": None,
    "innovation_budget": None,
    "joint_cases": None,
    "nps": 4,
}


@pytest.mark.parametrize("heal", HEALS)
def test_another_model_makes_scorecards_anew_from_the_facts(
    service: Service, heal: Heal, caplog: pytest.LogCaptureFixture
) -> None:
    version, before = version_of(filled(service)), ledger(service, "acme")
    six = service.redeployed(model=SIX)

    assert failing(six) == []
    assert points(six) == BY_SIX
    assert (card(six)["total"], card(six)["attainable"], card(six)["max_total"]) == (9, 12, 24)
    assert {row["model"] for row in six.get("/v1/clients").json["clients"]} == {"opmm-1"}
    heal(six)

    assert dropped(caplog) == [("acme", ["specialisms", "inspiration"])]
    assert points(six) == BY_SIX
    [row] = [row for row in six.get("/v1/clients").json["clients"] if row["client_id"] == "acme"]
    assert (row["model"], row["total"], row["max_total"]) == ("six", 9, 24)
    changes = ledger(six, "acme")
    assert changes[:-1] == [
        {**change, "dimensions": [_without_bands_of_dropped(move) for move in change["dimensions"]]}
        for change in before
    ]
    nothing = {"points": None, "value": None, "band": None}
    assert changes[-1] == {
        "version": version + 1,
        "at": changes[-1]["at"],
        "cause": "model",
        "total_before": 16,
        "total_after": 9,
        "facts": [],
        "dimensions": [
            {"key": "specialisms", "before": {"points": 3, "value": 3, "band": None}, "after": nothing},
            {"key": "inspiration", "before": {"points": 4, "value": "regularly", "band": None}, "after": nothing},
        ],
    }
    assert failing(six) == []
    assert adds_up(changes, 9)


def _without_bands_of_dropped(move: dict[str, Any]) -> dict[str, Any]:
    if SIX.find(move["key"]):
        return move
    return {**move, "before": {**move["before"], "band": None}, "after": {**move["after"], "band": None}}


@pytest.mark.parametrize("heal", HEALS)
@pytest.mark.parametrize("between", [SIX, THREE])
def test_back_again_everything_is_told_as_before(service: Service, between: Any, heal: Heal) -> None:
    before = told(filled(service))
    other = service.redeployed(model=between)
    by_a_rebuild(other)
    assert other.get("/v1/clients/acme/history").json["changes"][0]["cause"] == "model"

    back = other.redeployed(model=published_model())
    assert failing(back) == []
    heal(back)
    if heal is by_an_event:  # it mends the client that it is about
        heal(back, "beta")

    assert told(back) == before
    causes = [change["cause"] for change in ledger(back, "acme")]
    assert causes[-2:] == ["model", "model"]
    assert adds_up(ledger(back, "acme"), 16)
    assert all(move["before"]["band"] for move in ledger(back, "acme")[-2]["dimensions"] if move["before"]["points"])


def test_facts_that_come_with_another_model_are_told_with_it(service: Service) -> None:
    filled(service)
    six = service.redeployed(model=SIX)
    six.post(
        event("survey.answered", {"answered_at": "2026-11-20T10:00:00Z", "answers": {"governance": "monthly"}}, id="g")
    )
    six.settle()

    latest = ledger(six, "acme")[-1]
    assert (latest["cause"], latest["total_after"]) == ("model", 12)
    assert "survey#tests#g#governance" in latest["facts"]
    assert adds_up(ledger(six, "acme"), 12)
    assert "specialisms" in look(six, "/clients/acme").text


@pytest.mark.parametrize("unreadable", ["another model", "damaged"])
def test_an_alias_that_leaves_a_client_that_cannot_be_read_is_a_client_at_once(
    service: Service, unreadable: str
) -> None:
    service.post(event("client.described", {"aliases": ["acme-old"]}, time="2026-11-20T08:00:00Z"))
    service.post(event("consultants.counted", {"working": 3, "as_of": "2026-11-01"}, subject="acme-old"))
    service.settle()
    assert service.get("/v1/clients/acme-old").json["client_id"] == "acme"
    if unreadable == "damaged":
        lay_down(damaged(item_of("acme"), ("summary",), REMOVED))
    else:
        service = service.redeployed(model=SIX)

    service.post(event("client.described", {"aliases": []}, time="2026-11-20T09:00:00Z", id="apart"))
    service.settle()

    alone = service.get("/v1/clients/acme-old").json
    assert (alone["client_id"], alone["dimensions"][0]["value"]) == ("acme-old", 3)
    assert service.get("/v1/clients/acme").json["dimensions"][0]["value"] is None
