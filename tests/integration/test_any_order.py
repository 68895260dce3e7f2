"""Any permutation with repetitions of a set of events gives the scorecard of a naive evaluation of all facts."""

from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st
from moto import mock_aws

from tests.support.oracle import evaluate, left_by_all, status, was_described
from tests.support.plain_tables import plain_tables
from tests.support.portfolios import CLIENTS, ZONE, digest, events
from tests.support.readings import as_told, said
from tests.support.service import NOW, in_memory, post_in_any_order


def expected(sent: list[dict[str, Any]], name: str) -> dict[str, Any] | None:
    card = evaluate(sent, name, NOW.date(), ZONE, digest)
    about = {"status": status(sent, name, digest), "described": was_described(sent, name, digest)}
    return card and card | about


def known(sent: list[dict[str, Any]]) -> list[str]:
    """The names of clients that are known in whatever order the events come, and of those that nobody spoke of."""
    return [name for name in CLIENTS if not left_by_all(sent, name, digest)]


def play(sent: list[dict[str, Any]], rng: Random) -> dict[str, Any]:
    """Posts the events in a drawn order with drawn repetitions, the stream running at drawn moments in four lanes."""
    with mock_aws(), plain_tables():
        service = in_memory()
        stream = post_in_any_order(service, sent, rng)
        assert not stream.unscored
        rows = service.get("/v1/clients?status=all&limit=100").json["clients"]
        return {
            "cards": {name: said(service, name) for name in known(sent)},
            "digests": {name: service.get(f"/v1/clients/{name}").json.get("digest") for name in known(sent)},
            "listed": {row["client_id"]: row["total"] for row in rows},
        }


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events(), st.integers(0, 2**32))
def test_order_and_repetition_change_nothing(sent: list[dict[str, Any]], seed: int) -> None:
    rng = Random(seed)
    one, other = play(sent, rng), play(sent, rng)

    cards = {name: expected(sent, name) for name in known(sent)}
    note(f"expected {cards}")
    assert one["cards"] == cards
    assert one == other
    assert one["listed"] == {card["client_id"]: card["total"] for card in cards.values() if card}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(events(), st.integers(0, 430))
def test_any_day_gone_by_is_as_the_facts_of_today_give_it(sent: list[dict[str, Any]], days: int) -> None:
    day = NOW.date() - timedelta(days=days)
    with mock_aws(), plain_tables():
        service = in_memory()
        service.post(sent)
        service.settle()
        answers = {name: service.get(f"/v1/clients/{name}/score?as_of={day}") for name in known(sent)}

    for name, answer in answers.items():
        expected = evaluate(sent, name, day, ZONE, digest)
        assert (as_told(answer.json) if expected else answer.status) == (expected or 404)
