from typing import TYPE_CHECKING, Any

import pytest

from tests.support.item_size import item_size, number_size, value_size
from tests.support.metering import metered

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KB = 1024
pytestmark = pytest.mark.usefixtures("tables")


def fact(name: str = "f", **attributes: Any) -> dict[str, Any]:
    return {"client_id": {"S": "acme"}, "fact_id": {"S": name}, **attributes}


def key(name: str = "f") -> dict[str, Any]:
    return fact(name)


def sized(size: int, name: str = "f") -> dict[str, Any]:
    """A fact of exactly so many bytes."""
    room = size - item_size(fact(name, comment={"S": ""}))
    return fact(name, comment={"S": "x" * room})


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "één"}, 5),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "1234"}, 3),
        ({"N": "12345"}, 4),
        ({"N": "-100"}, 2),
        ({"N": "0.00120"}, 2),
        ({"BOOL": True}, 1),
        ({"NULL": True}, 1),
        ({"B": b"abc"}, 3),
        ({"SS": ["ab", "c"]}, 3),
        ({"NS": ["1", "22"]}, 4),
        ({"L": []}, 3),
        ({"L": [{"S": "ab"}, {"N": "1"}]}, 3 + 1 + 2 + 1 + 2),
        ({"M": {"ab": {"S": "c"}}}, 3 + 1 + 2 + 1),
    ],
)
def test_sizes_of_values_follow_the_documented_rules(value: dict[str, Any], size: int) -> None:
    assert value_size(value) == size


def test_a_number_counts_its_significant_digits() -> None:
    assert number_size("12300000000000000000") == number_size("123") == 3


def test_names_count_in_an_item() -> None:
    assert item_size({"naïf": {"S": "x"}, "n": {"N": "1"}}) == 5 + 1 + 1 + 2


@pytest.mark.parametrize(("size", "units"), [(100, 1), (KB, 1), (KB + 1, 2)])
def test_a_write_costs_its_started_kilobytes(dynamodb: "DynamoDBClient", size: int, units: int) -> None:
    with metered(dynamodb) as meter:
        dynamodb.put_item(TableName="FactsTable", Item=sized(size))
    assert (meter.calls, meter.write_units, meter.read_units) == ({"PutItem": 1}, units, 0)


def test_a_write_costs_the_larger_of_old_and_new(dynamodb: "DynamoDBClient") -> None:
    dynamodb.put_item(TableName="FactsTable", Item=sized(3 * KB))
    with metered(dynamodb) as meter:
        dynamodb.put_item(TableName="FactsTable", Item=sized(100))
    assert meter.write_units == 3


def test_a_delete_costs_what_was_there(dynamodb: "DynamoDBClient") -> None:
    dynamodb.put_item(TableName="FactsTable", Item=sized(2 * KB) | {"lane_time": {"S": "2026"}})
    with metered(dynamodb) as meter:
        dynamodb.delete_item(TableName="FactsTable", Key=key())
        dynamodb.delete_item(TableName="FactsTable", Key=key())
    assert meter.write_units == (3 + 1) + 1


def test_an_update_costs_the_item_it_makes(dynamodb: "DynamoDBClient") -> None:
    with metered(dynamodb) as meter:
        dynamodb.update_item(
            TableName="FactsTable",
            Key=key(),
            UpdateExpression="SET lane_time = :at, #comment = :comment",
            ExpressionAttributeNames={"#comment": "comment"},
            ExpressionAttributeValues={":at": {"S": "2026"}, ":comment": {"S": "x" * KB}},
        )
    assert meter.write_units == 2 + 1


def test_an_index_costs_only_when_what_it_holds_changes(dynamodb: "DynamoDBClient") -> None:
    def units(**attributes: Any) -> int:
        with metered(dynamodb) as meter:
            dynamodb.put_item(TableName="FactsTable", Item=fact(**attributes))
        return meter.write_units

    at, later = {"S": "2026-01"}, {"S": "2026-02"}
    assert units(comment={"S": "a"}) == 1
    assert units(lane_time=at, answer={"N": "1"}) == 2
    assert units(lane_time=at, answer={"N": "1"}, comment={"S": "b"}) == 1
    assert units(lane_time=at, answer={"N": "2"}) == 2
    assert units(lane_time=later, answer={"N": "2"}) == 3
    assert units(answer={"N": "2"}) == 2


def test_a_failed_condition_is_charged_without_indexes(dynamodb: "DynamoDBClient") -> None:
    dynamodb.put_item(TableName="FactsTable", Item=sized(2 * KB))
    with metered(dynamodb) as meter, pytest.raises(dynamodb.exceptions.ConditionalCheckFailedException):
        dynamodb.put_item(
            TableName="FactsTable",
            Item=fact(lane_time={"S": "2026"}),
            ConditionExpression="attribute_not_exists(client_id)",
        )
    assert (meter.calls, meter.write_units) == ({"PutItem": 1}, 2)


def test_a_transaction_costs_double_but_not_in_the_index(dynamodb: "DynamoDBClient") -> None:
    writes: Any = [
        {"Put": {"TableName": "FactsTable", "Item": fact("a", lane_time={"S": "2026"})}},
        {"Put": {"TableName": "FactsTable", "Item": sized(KB + 1, "b")}},
    ]
    with metered(dynamodb) as meter:
        dynamodb.transact_write_items(TransactItems=writes)
    assert (meter.calls, meter.write_units) == ({"TransactWriteItems": 1}, (2 + 1) + 4)


def test_a_cancelled_transaction_is_charged(dynamodb: "DynamoDBClient") -> None:
    dynamodb.put_item(TableName="FactsTable", Item=sized(KB + 1))
    put: Any = {"TableName": "FactsTable", "Item": key(), "ConditionExpression": "attribute_not_exists(client_id)"}
    with metered(dynamodb) as meter, pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=[{"Put": put}])
    assert meter.write_units == 4


@pytest.mark.parametrize(("consistent", "units"), [(True, 2), (False, 1)])
def test_a_read_costs_its_started_four_kilobytes(dynamodb: "DynamoDBClient", consistent: bool, units: float) -> None:  # noqa: FBT001
    dynamodb.put_item(TableName="FactsTable", Item=sized(4 * KB + 1))
    with metered(dynamodb) as meter:
        dynamodb.get_item(
            TableName="FactsTable", Key=key(), ConsistentRead=consistent, ProjectionExpression="client_id"
        )
    assert (meter.calls, meter.read_units) == ({"GetItem": 1}, units)


def test_an_item_that_is_not_there_costs_a_read(dynamodb: "DynamoDBClient") -> None:
    with metered(dynamodb) as meter:
        dynamodb.get_item(TableName="FactsTable", Key=key(), ConsistentRead=True)
    assert meter.read_units == 1


def test_a_batch_of_reads_costs_per_item(dynamodb: "DynamoDBClient") -> None:
    dynamodb.put_item(TableName="FactsTable", Item=sized(5 * KB, "a"))
    with metered(dynamodb) as meter:
        dynamodb.batch_get_item(
            RequestItems={"FactsTable": {"Keys": [key("a"), key("b")], "ConsistentRead": True}},
        )
    assert (meter.calls, meter.read_units) == ({"BatchGetItem": 1}, 3)


def test_a_query_costs_the_sum_of_what_it_reads_filtered_or_not(dynamodb: "DynamoDBClient") -> None:
    for name in "abcd":
        dynamodb.put_item(TableName="FactsTable", Item=sized(1500, name))
    with metered(dynamodb) as meter:
        dynamodb.query(
            TableName="FactsTable",
            KeyConditionExpression="client_id = :client",
            FilterExpression="#comment = :none",
            ProjectionExpression="#id",
            ExpressionAttributeNames={"#comment": "comment", "#id": "fact_id"},
            ExpressionAttributeValues={":client": {"S": "acme"}, ":none": {"S": ""}},
            ConsistentRead=True,
        )
    assert (meter.calls, meter.read_units) == ({"Query": 1}, 2)


def test_a_limited_query_costs_what_the_limit_lets_it_read(dynamodb: "DynamoDBClient") -> None:
    for name in "abcd":
        dynamodb.put_item(TableName="FactsTable", Item=sized(3 * KB, name))
    with metered(dynamodb) as meter:
        dynamodb.query(
            TableName="FactsTable",
            KeyConditionExpression="client_id = :client",
            ExpressionAttributeValues={":client": {"S": "acme"}},
            Limit=1,
        )
    assert meter.read_units == 0.5


def test_a_query_of_an_index_costs_what_the_index_holds(dynamodb: "DynamoDBClient") -> None:
    for name in "abcd":
        dynamodb.put_item(TableName="FactsTable", Item=sized(3 * KB, name) | {"lane_time": {"S": name}})
    query: dict[str, Any] = {
        "TableName": "FactsTable",
        "IndexName": "by_lane",
        "KeyConditionExpression": "client_id = :client",
        "ExpressionAttributeValues": {":client": {"S": "acme"}},
        "ConsistentRead": True,
    }
    with metered(dynamodb) as meter:
        dynamodb.query(**query)
        assert meter.read_units == 1
        with pytest.raises(AssertionError, match="comment"):
            dynamodb.query(**query, ProjectionExpression="fact_id, #c", ExpressionAttributeNames={"#c": "comment"})


def test_metering_ends_with_its_block_and_leaves_no_trace_in_its_counts(dynamodb: "DynamoDBClient") -> None:
    with metered(dynamodb) as meter:
        dynamodb.put_item(TableName="FactsTable", Item=fact())
    dynamodb.put_item(TableName="FactsTable", Item=fact(comment={"S": "more"}))
    assert (meter.calls, meter.write_units, meter.read_units) == ({"PutItem": 1}, 1, 0)
