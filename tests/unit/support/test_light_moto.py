from typing import TYPE_CHECKING, Any

import pytest

from tests.support.records import StreamReader
from tests.support.service import NOW
from tests.support.template import Tables

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodbstreams import DynamoDBStreamsClient

EVERY_KIND: dict[str, Any] = {
    "text": {"S": "é"},
    "number": {"N": "12345678901234567890.5"},
    "bytes": {"B": b"\x00\xff"},
    "flag": {"BOOL": False},
    "nothing": {"NULL": True},
    "texts": {"SS": ["a", "b"]},
    "numbers": {"NS": ["1", "2"]},
    "many_bytes": {"BS": [b"\x00", b"\xff"]},
    "list": {"L": [{"S": ""}, {"B": b"\xfe"}, {"L": []}, {"M": {}}]},
    "map": {"M": {"bytes": {"B": b"\x01"}, "deep": {"M": {"set": {"SS": ["x"]}, "number": {"N": "-1"}}}}},
}


def key(client: str, fact: str) -> dict[str, Any]:
    return {"client_id": {"S": client}, "fact_id": {"S": fact}}


def put(dynamodb: "DynamoDBClient", client: str, fact: str, **attributes: Any) -> None:
    dynamodb.put_item(TableName="FactsTable", Item={**key(client, fact), **attributes})


def stored(dynamodb: "DynamoDBClient") -> list[Any]:
    return dynamodb.scan(TableName="FactsTable")["Items"]


@pytest.mark.usefixtures("tables")
def test_an_item_comes_back_as_it_was_put_by_every_way_to_read_it(dynamodb: "DynamoDBClient") -> None:
    put(dynamodb, "acme", "1", **EVERY_KIND)
    item = {**key("acme", "1"), **EVERY_KIND}
    of_acme: Any = {"KeyConditionExpression": "client_id = :c", "ExpressionAttributeValues": {":c": {"S": "acme"}}}

    assert dynamodb.get_item(TableName="FactsTable", Key=key("acme", "1"))["Item"] == item
    assert stored(dynamodb) == [item]
    assert dynamodb.query(TableName="FactsTable", **of_acme)["Items"] == [item]


def test_a_transaction_that_fails_leaves_items_and_stream_as_they_were(
    dynamodb: "DynamoDBClient", streams: "DynamoDBStreamsClient", tables: Tables
) -> None:
    put(dynamodb, "acme", "changed", map={"M": {"deep": {"N": "1"}}})
    put(dynamodb, "acme", "deleted")
    put(dynamodb, "acme", "replaced", number={"N": "1"})
    before = stored(dynamodb)
    reader = StreamReader(streams, tables.stream_arn, lambda: NOW)
    assert len(list(reader.read())) == 3
    one: Any = {":one": {"N": "1"}}
    table = {"TableName": "FactsTable"}
    actions: list[Any] = [
        {"Put": {**table, "Item": key("beta", "new")}},
        {"Put": {**table, "Item": key("acme", "replaced")}},
        {"Delete": {**table, "Key": key("acme", "deleted")}},
        {
            "Update": {
                **table,
                "Key": key("acme", "changed"),
                "UpdateExpression": "SET #m.deep = #m.deep + :one, also_one = :one",
                "ExpressionAttributeNames": {"#m": "map"},
                "ExpressionAttributeValues": one,
            }
        },
    ]
    refused: Any = {**table, "Key": key("acme", "absent"), "ConditionExpression": "attribute_exists(fact_id)"}

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException):
        dynamodb.transact_write_items(TransactItems=[*actions, {"ConditionCheck": refused}])

    assert stored(dynamodb) == before
    assert list(reader.read()) == []

    dynamodb.transact_write_items(TransactItems=actions)

    assert [item["fact_id"]["S"] for item in stored(dynamodb)] == ["changed", "replaced", "new"]
    assert stored(dynamodb)[0]["map"] == {"M": {"deep": {"N": "2"}}}
    assert [record.event["eventName"] for record in reader.read()] == ["INSERT", "MODIFY", "REMOVE", "MODIFY"]


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(("index", "order"), [({}, "1 2 20 3"), ({"IndexName": "by_lane"}, "3 2 20 1")])
def test_a_query_finds_its_partition_alone_in_order_and_in_pages(
    dynamodb: "DynamoDBClient", index: dict[str, str], order: str
) -> None:
    for client in ("beta", "acme", "core"):
        for fact in ("3", "1", "20", "2"):
            put(dynamodb, client, fact, lane_time={"S": f"{9 - int(fact[0])}#{fact}"})
    asked: Any = {"TableName": "FactsTable", "KeyConditionExpression": "client_id = :c", "Limit": 3, **index}

    first = dynamodb.query(**asked, ExpressionAttributeValues={":c": {"S": "acme"}})
    start = first["LastEvaluatedKey"]
    rest = dynamodb.query(**asked, ExpressionAttributeValues={":c": {"S": "acme"}}, ExclusiveStartKey=start)

    found = [*first["Items"], *rest["Items"]]
    assert [(item["client_id"]["S"], item["fact_id"]["S"]) for item in found] == [("acme", at) for at in order.split()]
    assert dynamodb.query(**asked, ExpressionAttributeValues={":c": {"S": "nobody"}})["Items"] == []
