"""What the portfolio and the agreements read does not grow with the number of clients, once a function is warm."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from shared.storage.overviews import Overviews
from tests.support.calls import another_with_clients, in_memory_with_clients, look
from tests.support.clients import dynamodb_client
from tests.support.metering import metered
from tests.support.plain_tables import plain_tables
from tests.support.readings import counted
from tests.support.service import Service, event, token

FEW, MANY = 20, 2000
PATHS = {"/": 25, "/?sort=happy_consultants&limit=50": 50, "/agreements": 25}
"""How many clients each page shows at most."""
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
    for path, shown in PATHS.items():
        assert many.units[path] / shown <= AT_MOST * few.units[path] / FEW


@mock_aws
def test_the_portfolio_as_json_reads_few_clients_each_time_and_many_every_half_minute() -> None:
    service, clients = in_memory_with_clients()
    fill(service, FEW)
    with metered(clients.query) as few:
        assert service.get("/v1/portfolio").json["count"] == FEW
        assert service.get("/v1/portfolio").headers.get("Age") is None
    assert few.calls == {"Query": 2, "GetItem": 1}  # whether there is one of many is looked up once
    assert few.write_units == 0

    fill(service, 150)
    assert service.get("/v1/portfolio").json["count"] == 150
    service.clock.now += timedelta(seconds=12)
    with metered(clients.query) as many:
        again = service.get("/v1/portfolio")
    assert many.calls == {}
    assert (again.json["count"], again.headers["Age"]) == (150, "12")

    service.post(counted(3, "beta"))
    service.settle()
    assert service.get("/v1/portfolio").json["count"] == 150
    service.clock.now += timedelta(seconds=18)
    assert service.get("/v1/portfolio").json["count"] == 151


def test_of_many_clients_one_function_reads_for_all() -> None:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        fill(service, MANY)
        with metered(clients.query) as first:
            counted_once = service.get("/v1/portfolio")
        service.clock.now += timedelta(seconds=59)
        other, others = another_with_clients(service)
        with metered(others.query) as second:
            told = other.get("/v1/portfolio")
        assert (told.json, told.headers["Age"]) == (counted_once.json, "59")
        assert (second.calls, second.read_units, second.write_units) == ({"GetItem": 1}, 0.5, 0)
        assert first.write_units <= 2

        service.clock.now += timedelta(seconds=1)
        with metered(others.query) as third:
            assert other.get("/v1/portfolio").headers.get("Age") is None
        assert third.calls["Query"] > 1


def test_while_somebody_counts_anew_others_tell_what_is_kept_and_a_limited_token_its_own_clients() -> None:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        fill(service, 150)
        assert service.get("/v1/portfolio").json["count"] == 150
        service.clock.now += timedelta(seconds=40)
        assert Overviews(clients.query, "ScoresTable").claim(service.clock.now)
        with metered(clients.query) as meter:
            assert service.get("/v1/portfolio").headers["Age"] == "40"
            assert service.get("/v1/portfolio", bearer=token(clients=["acme", "c0001"])).json["count"] == 2
        assert meter.calls == {"GetItem": 1, "UpdateItem": 1, "BatchGetItem": 1}

        service.clock.now += timedelta(seconds=21)  # who claimed has died
        assert service.get("/v1/portfolio").headers.get("Age") is None


def test_an_overview_that_cannot_be_kept_is_told_all_the_same() -> None:
    with mock_aws(), plain_tables():
        service, clients = in_memory_with_clients()
        fill(service, 150)
        clients.query.meta.events.register("before-call.dynamodb.PutItem", _throttled)
        assert service.get("/v1/portfolio").json["count"] == 150


def _throttled(**_: Any) -> None:
    error: Any = {"Error": {"Code": "ThrottlingException"}}
    raise ClientError(error, "PutItem")
