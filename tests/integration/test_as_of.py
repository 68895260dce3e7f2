from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any

import pytest
from moto import mock_aws

from tests.support.oracle import Event, evaluate
from tests.support.plain_tables import plain_tables
from tests.support.portfolios import ZONE, digest
from tests.support.readings import as_told, problem
from tests.support.service import NOTHING_TO_DISCUSS, NOW, Service, in_memory
from tools.demo.portfolio import PORTFOLIO, client_ids, load_portfolio

TODAY = NOW.date()
MOST_IN_A_BATCH = 100


@pytest.fixture(scope="module")
def sample() -> list[dict[str, Any]]:
    return load_portfolio(PORTFOLIO, TODAY)


@pytest.fixture(scope="module")
def portfolio(sample: list[dict[str, Any]]) -> Iterator[Service]:
    """The sample portfolio; nothing here changes it but the clock."""
    with mock_aws(), plain_tables():
        service = in_memory()
        for start in range(0, len(sample), MOST_IN_A_BATCH):
            service.post(sample[start : start + MOST_IN_A_BATCH])
        service.settle()
        yield service


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


def card(service: Service, name: str, day: date | None = None) -> dict[str, Any]:
    answer = service.get(f"/v1/clients/{name}/score{f'?as_of={day}' if day else ''}")
    assert answer.status == 200, answer.text
    return dict(answer.json)


def test_any_day_of_the_sample_portfolio_is_as_the_rules_give_it(
    portfolio: Service, sample: list[dict[str, Any]]
) -> None:
    @cache
    def digest_of(place: int, question: str | None) -> str:
        return digest(sample[place], question)

    places = {id(sent): place for place, sent in enumerate(sample)}

    def known(event: Event, question: str | None = None) -> str:
        return digest_of(places[id(event)], question)

    rng = Random(0)
    for name in sorted(client_ids(sample)):
        for days in (1, *rng.sample(range(2, 420), 3)):
            said = as_told(card(portfolio, name, ago(days)))
            assert said == evaluate(sample, name, ago(days), ZONE, known), (name, days)


def test_today_is_the_scorecard_that_is_held_and_so_it_stays_once_the_day_is_over(
    portfolio: Service, sample: list[dict[str, Any]]
) -> None:
    names = sorted(client_ids(sample))
    rows = {row["client_id"]: row for row in portfolio.get("/v1/clients?status=all&limit=100").json["clients"]}
    held = {name: card(portfolio, name) for name in names}
    asked = {name: card(portfolio, name, TODAY) for name in names}
    portfolio.clock.now += timedelta(days=1)
    afterwards = {name: card(portfolio, name, TODAY) for name in names}  # now from the facts
    portfolio.clock.now -= timedelta(days=1)

    assert asked == held
    assert known_then(afterwards) == known_then(held)
    assert {name: row["digest"] for name, row in rows.items()} == {name: each["digest"] for name, each in held.items()}
    assert {name: row["discussion"]["due"] for name, row in rows.items()} == {
        name: each["discussion"]["due"] for name, each in held.items()
    }


def known_then(cards: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without the next talk: of a day gone by it is not told when the next one was planned for; that may have moved."""
    return {name: card | {"discussion": card["discussion"] | {"next_talk": None}} for name, card in cards.items()}


def test_a_total_that_fell_in_90_days_is_a_reason_to_talk_on_a_day_gone_by_where_nobody_talked(
    portfolio: Service, sample: list[dict[str, Any]]
) -> None:
    found = {}
    for name in sorted(client_ids(sample)):
        now, before = card(portfolio, name, ago(30)), card(portfolio, name, ago(120))
        reasons = [each["key"] for each in now["discussion"]["reasons"]]
        if now["discussion"]["last_talk"]:
            continue
        found[name] = now["total"] <= before["total"] - 2
        assert ("fell" in reasons) is found[name]
        assert now["discussion"]["due"] is bool(reasons)

    assert set(found.values()) == {True, False}


def test_a_day_that_has_not_come_is_refused(portfolio: Service) -> None:
    document = problem(portfolio.get(f"/v1/clients/snorrewind/score?as_of={ago(-1)}"), 422, "Unprocessable Entity")

    assert document["errors"] == [{"pointer": "/query/as_of", "detail": "must not lie behind 2026-11-24"}]


def test_before_the_first_fact_nothing_is_answered(portfolio: Service) -> None:
    before = card(portfolio, "snorrewind", date(1900, 1, 1))

    assert (before["total"], before["attainable"], before["discussion"]) == (0, 0, NOTHING_TO_DISCUSS)
    assert {each["points"] for each in before["dimensions"]} == {None}
