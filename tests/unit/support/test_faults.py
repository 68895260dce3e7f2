from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from tests.support.clients import unhooked
from tests.support.faults import ClientFaults, Crash, injected

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY: dict[str, Any] = {"client_id": {"S": "acme"}, "item": {"S": "scorecard"}}
pytestmark = pytest.mark.usefixtures("tables")


def put(client: "DynamoDBClient", version: str) -> None:
    client.put_item(
        TableName="ScoresTable",
        Item=KEY | {"version": {"N": version}},
        ConditionExpression="attribute_not_exists(version) OR version < :version",
        ExpressionAttributeValues={":version": {"N": version}},
    )


def transact(client: "DynamoDBClient", version: str) -> None:
    write: Any = {"Put": {"TableName": "ScoresTable", "Item": KEY | {"version": {"N": version}}}}
    client.transact_write_items(TransactItems=[write])


def stored(client: "DynamoDBClient") -> str | None:
    item = unhooked(client).get_item(TableName="ScoresTable", Key=KEY, ConsistentRead=True).get("Item")
    return item["version"]["N"] if item else None


def rng(seed: int = 1) -> Random:
    return Random(seed)


def test_a_crash_before_a_write_leaves_nothing(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(crash_before=1), rng()) as injector, pytest.raises(Crash, match="before PutI"):
        put(dynamodb, "1")
    assert stored(dynamodb) is None
    assert injector.fired == {"crash_before": 1}


def test_a_crash_after_a_write_leaves_it_done(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(crash_after=1), rng()), pytest.raises(Crash, match="after PutItem"):
        put(dynamodb, "1")
    assert stored(dynamodb) == "1"


def test_a_crash_passes_through_code_that_catches_exceptions() -> None:
    assert not issubclass(Crash, Exception)


def test_a_write_that_timed_out_lands_later(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(timeout=1, landing=0), rng()) as injector:
        with pytest.raises(ReadTimeoutError):
            put(dynamodb, "1")
        assert stored(dynamodb) is None
        injector.land()
        assert stored(dynamodb) == "1"


def test_a_late_write_lands_before_a_later_call(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(timeout=1, landing=1), rng()):
        with pytest.raises(ReadTimeoutError):
            put(dynamodb, "1")
        assert dynamodb.get_item(TableName="ScoresTable", Key=KEY)["Item"]["version"] == {"N": "1"}


def test_a_late_write_keeps_its_condition(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(timeout=1, landing=0), rng()):
        with pytest.raises(ReadTimeoutError):
            put(dynamodb, "2")
        put(unhooked(dynamodb), "3")
    assert stored(dynamodb) == "3"


def test_the_end_of_the_block_lets_late_writes_land(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(timeout=1, landing=0), rng()), pytest.raises(ReadTimeoutError):
        put(dynamodb, "1")
    assert stored(dynamodb) == "1"


def test_a_lost_write_never_lands(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(lost=1), rng()), pytest.raises(EndpointConnectionError):
        put(dynamodb, "1")
    assert stored(dynamodb) is None


def test_a_repeated_write_hears_the_answer_to_the_second(dynamodb: "DynamoDBClient") -> None:
    with (
        injected(dynamodb, ClientFaults(repeat=1), rng()),
        pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException),
    ):
        put(dynamodb, "1")
    assert stored(dynamodb) == "1"


def test_a_repeated_transaction_is_answered_like_the_first(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(repeat=1), rng()) as injector:
        transact(dynamodb, "1")
    assert stored(dynamodb) == "1"
    assert not injector.fired


def test_throttling_refuses_reads_too(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(throttle=1), rng()):
        with pytest.raises(dynamodb.exceptions.ProvisionedThroughputExceededException):
            put(dynamodb, "1")
        with pytest.raises(dynamodb.exceptions.ProvisionedThroughputExceededException):
            dynamodb.get_item(TableName="ScoresTable", Key=KEY)
    assert stored(dynamodb) is None


def test_a_transaction_that_meets_another_is_cancelled_with_a_reason(dynamodb: "DynamoDBClient") -> None:
    with (
        injected(dynamodb, ClientFaults(conflict=1), rng()),
        pytest.raises(dynamodb.exceptions.TransactionCanceledException) as raised,
    ):
        transact(dynamodb, "1")
    assert [reason["Code"] for reason in raised.value.response["CancellationReasons"]] == ["TransactionConflict"]
    with (
        injected(dynamodb, ClientFaults(conflict=1), rng()),
        pytest.raises(dynamodb.exceptions.TransactionConflictException),
    ):
        put(dynamodb, "1")
    assert stored(dynamodb) is None


def test_something_else_can_run_just_before_a_write(dynamodb: "DynamoDBClient") -> None:
    def other() -> None:
        put(unhooked(dynamodb), "5")

    with (
        injected(dynamodb, ClientFaults(overlap=1), rng(), meanwhile=other),
        pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException),
    ):
        put(dynamodb, "1")
    assert stored(dynamodb) == "5"


def test_reads_suffer_none_of_the_faults_of_writes(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(crash_before=1, overlap=1), rng(), meanwhile=lambda: put(dynamodb, "1")):
        assert "Item" not in dynamodb.get_item(TableName="ScoresTable", Key=KEY)


def outcomes(client: "DynamoDBClient", seed: int) -> list[str]:
    faults = ClientFaults(crash_before=0.2, crash_after=0.2, timeout=0.2, conflict=0.2)
    heard = []
    with injected(client, faults, rng(seed)):
        for version in range(30):
            try:
                put(client, str(version))
                heard.append("done")
            except (Exception, Crash) as problem:  # noqa: BLE001 - each of them is the outcome
                heard.append(type(problem).__name__)
    return heard


def test_the_same_seed_draws_the_same_faults(dynamodb: "DynamoDBClient") -> None:
    first = outcomes(dynamodb, 4)
    dynamodb.delete_item(TableName="ScoresTable", Key=KEY)
    assert outcomes(dynamodb, 4) == first
    assert {"done", "Crash", "ReadTimeoutError", "TransactionConflictException"} <= set(first)


def test_outside_its_block_the_client_is_whole_again(dynamodb: "DynamoDBClient") -> None:
    with injected(dynamodb, ClientFaults(crash_before=1), rng()):
        pass
    put(dynamodb, "1")
    assert stored(dynamodb) == "1"
