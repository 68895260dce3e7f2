"""What nights, rebuilds and daily looks write down for themselves: one item that cannot be read stops none of them."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from shared.storage.given_up import GivenUp, GivenUpClients
from shared.storage.runs import Runs
from tests.support.clients import dynamodb_client
from tests.support.damage import KINDS, REMOVED, at, damaged, item_of, lay_down, places
from tests.support.ledgers import ledger
from tests.support.readings import counted
from tests.support.said import metrics
from tests.support.service import Service

pytestmark = pytest.mark.usefixtures("plainly")

DAY = timedelta(days=1)


def damages(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The item with each kind of attribute in each place, with each missing, with none, and of another release."""
    attributes: Mapping[str, Any] = {
        **KINDS,
        "missing": REMOVED,
        "later": {"S": "zz"},
        "parts": {"SS": ["0:0:25:0:0:0:7"]},
    }
    for path in places(item):
        for attribute in attributes.values():
            if at(item, path) != attribute:
                yield damaged(item, path, attribute)
    keys = {name: item[name] for name in ("client_id", "item")}
    yield keys
    yield {**keys, "format": {"N": "2"}, "since": {"S": "x"}}


def given_up() -> GivenUpClients:
    return GivenUpClients(dynamodb_client(), "ScoresTable")


def finished(kind: Any) -> bool:
    run = Runs(dynamodb_client(), "ScoresTable").latest(kind)
    return run is not None and run.finished_at is not None


def test_who_was_given_up_is_made_anew_whatever_else_is_known_of_it_and_waits_no_more(service: Service) -> None:
    service.post(counted(3))
    service.settle()
    given_up().keep([GivenUp("acme", service.clock.now, "RetryAttemptsExhausted", "shard-1")])
    for number, item in enumerate(damages(item_of("#given-up", "acme"))):
        lay_down(item)
        waited = [one.name for one in given_up().waiting()]
        assert waited == (["acme"] if "healed_at" not in item else [])

        service.clock.now += DAY
        service.night() if number % 2 else service.rebuild()

        assert finished("night" if number % 2 else "rebuild"), item
        assert given_up().waiting() == [], item


@pytest.mark.parametrize("kind", ["night", "rebuild"])
@pytest.mark.parametrize("name", ["run", "scores.0", "facts.1", "given-up"])
def test_what_cannot_be_read_of_a_run_is_no_reason_not_to_finish_the_next(
    service: Service, kind: str, name: str
) -> None:
    service.post([counted(3, client) for client in ("acme", "beta", "gamma", "delta")])
    service.settle()

    def go() -> None:
        service.night() if kind == "night" else service.rebuild()

    go()
    assert finished(kind)
    for item in damages(item_of(f"#{kind}", name)):
        lay_down(item)
        service.clock.now += DAY
        go()
        assert finished(kind), item


@pytest.mark.parametrize("name", ["run", "scores.0", "given-up"])
def test_what_is_damaged_while_a_run_goes_on_costs_the_word_that_it_is_finished_at_most(
    service: Service, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    service.post([counted(3, client) for client in ("acme", "beta", "gamma", "delta")])
    service.settle()
    service.night()
    whole = item_of("#night", name)
    for item in damages(whole):
        service.clock.now += DAY
        service.score({"job": "nightly_refresh"}, None)
        today = service.clock.now.date().isoformat()
        lay_down({**item, "run": {"S": today}} if item.get("run") == whole["run"] else item)

        service.refreshes.deliver(service.score)

        assert service.refreshes.dead == [], item
    assert {len(ledger(service, client)) for client in ("acme", "beta")} == {1}
    assert metrics(capsys).get("RefreshFailed", 0) == 0
    service.clock.now += DAY
    service.night()
    assert finished("night")
