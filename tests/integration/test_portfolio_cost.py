"""What the portfolio and the agreements read does not grow with the number of clients, once a function is warm."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import in_memory_with_clients, look
from tests.support.clients import dynamodb_client
from tests.support.metering import metered
from tests.support.plain_tables import plain_tables
from tests.support.readings import counted
from tests.support.service import Service, event

FEW, MANY = 20, 2000
PATHS = ("/", "/?sort=happy_consultants&limit=50", "/agreements")
AT_MOST = 1.5


@dataclass(frozen=True)
class Measured:
    """Of one look at each page by a warm function."""

    reads: dict[str, dict[str, int]]
    units: dict[str, float]


def fill(service: Service, count: int) -> None:
    """Clients that are copies of one, under names of their own."""
    agreed = {"action_id": "a", "title": "Something", "side": "agency", "due": "2026-12-20"}
    service.post([counted(3, "acme"), event("action.agreed", agreed)])
    service.settle()
    key = {"client_id": {"S": "acme"}, "item": {"S": "scorecard"}}
    item = dynamodb_client().get_item(TableName="ScoresTable", Key=key)["Item"]
    for start in range(0, count - 1, 25):
        puts: list[Any] = [
            {"PutRequest": {"Item": named(item, f"c{number:04}")}}
            for number in range(start, min(start + 25, count - 1))
        ]
        dynamodb_client().batch_write_item(RequestItems={"ScoresTable": puts})


def named(item: Any, name: str) -> Any:
    """The same scorecard of another client."""
    placed = {key: {"S": item[key]["S"].replace("acme", name)} for key in item if key.startswith("by_")}
    summary = {"M": {**item["summary"]["M"], "name": {"S": name}}}
    return {**item, **placed, "client_id": {"S": name}, "name_key": {"S": name}, "summary": summary}


def measured(count: int) -> Measured:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        fill(service, count)
        reads, units = {}, {}
        for path in PATHS:
            assert look(service, path).status == 200
            with metered(clients.pages) as meter:
                assert f"{count} " in look(service, path).text
            reads[path], units[path] = dict(meter.calls), meter.read_units
        return Measured(reads, units)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of rows take moto longer than a request may last."""
    monkeypatch.setattr("shared.storage.deadline.monotonic", lambda: 0.0)


def test_a_warm_function_reads_as_much_for_two_thousand_clients_as_for_twenty() -> None:
    few, many = measured(FEW), measured(MANY)

    assert few.reads == many.reads
    assert few.reads["/"] == {"BatchGetItem": 1}
    for path in PATHS:
        # A page of 25 or 50 rows of many, where few are 20: no more than for as many as it shows.
        assert many.units[path] / 50 <= AT_MOST * few.units[path] / FEW


@mock_aws
def test_the_portfolio_as_json_reads_few_clients_each_time_and_many_every_half_minute() -> None:
    service, clients = in_memory_with_clients()
    fill(service, FEW)
    with metered(clients.query) as few:
        assert service.get("/v1/portfolio").json["count"] == FEW
        assert service.get("/v1/portfolio").headers.get("Age") is None
    assert few.calls == {"Query": 2}

    fill(service, 150)
    with metered(clients.query) as many:
        first = service.get("/v1/portfolio")
        service.clock.now += timedelta(seconds=12)
        again = service.get("/v1/portfolio")
    assert many.calls == {"Query": 1}
    assert (first.json["count"], again.json) == (150, first.json)
    assert (first.headers.get("Age"), again.headers["Age"]) == (None, "12")

    service.post(counted(3, "beta"))
    service.settle()
    assert service.get("/v1/portfolio").json["count"] == 150
    service.clock.now += timedelta(seconds=18)
    assert service.get("/v1/portfolio").json["count"] == 151
