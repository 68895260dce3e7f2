"""Tables in plain dicts answer as moto does, call by call; where moto is known to be wrong, as the service does."""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.support.clients import dynamodb_client, streams_client
from tests.support.plain_tables import plain_tables
from tests.support.records import StreamReader
from tests.support.service import NOW
from tests.support.template import create_tables

SEEDS = range(5)
CALLS = 60
CONDITIONS = (
    "attribute_not_exists(client_id)",
    "attribute_exists(#n) AND NOT attribute_type(#n, :text)",
    "#n = :one OR #n < :two",
    "(#n >= :one AND #n <> :two) OR #m.deep = :one",
    "#n BETWEEN :one AND :two",
    "#n IN (:one, :text)",
    "contains(#s, :text) OR begins_with(fact_id, :text)",
)
UPDATES = (
    "SET #n = :one, #m = :map REMOVE #s",
    "SET #n = if_not_exists(#n, :one) + :two",
    "ADD #s :set SET also = :text",
    "DELETE #s :set",
    "ADD #n :two REMOVE #s",
    "SET lane_time = :text REMOVE #n",
)
VALUES: dict[str, Any] = {
    ":one": {"N": "1"},
    ":two": {"N": "2"},
    ":text": {"S": "2"},
    ":set": {"SS": ["2", "x"]},
    ":map": {"M": {"deep": {"N": "1"}, "list": {"L": [{"BOOL": True}, {"B": b"\x00"}]}}},
}
NAMES = {"#n": "number", "#m": "map", "#s": "set"}

Call = tuple[str, dict[str, Any]]


def key(rng: Random) -> dict[str, Any]:
    return {"client_id": {"S": rng.choice(["a", "b"])}, "fact_id": {"S": str(rng.randint(1, 12))}}


def item(rng: Random) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "number": {"N": str(rng.randint(0, 3))},
        "map": {"M": {"deep": {"N": str(rng.randint(0, 2))}}},
        "set": {"SS": ["2"]},
        "lane_time": {"S": f"lane#{rng.randint(1, 4)}"},
        "answer": {"M": {}},
    }
    return key(rng) | {name: attributes[name] for name in attributes if rng.random() < 0.7}


def told(*expressions: str) -> dict[str, Any]:
    text = " ".join(expressions)
    names = {name: NAMES[name] for name in NAMES if name in text}
    values = {value: VALUES[value] for value in VALUES if value in text}
    given = (("ExpressionAttributeNames", names), ("ExpressionAttributeValues", values))
    return {name: value for name, value in given if value}


def write(rng: Random, kinds: str) -> Call:
    """A put, an update or a deletion, most of them on a condition."""
    shown: dict[str, Any] = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"} if rng.random() < 0.5 else {}
    conditions = [rng.choice(CONDITIONS)] if rng.random() < 0.7 else []
    asked = {"TableName": "FactsTable", **shown, **({"ConditionExpression": conditions[0]} if conditions else {})}
    match rng.choice(kinds.split()):
        case "Put":
            return "Put", {**asked, "Item": item(rng), **told(*conditions)}
        case "Update":
            change = rng.choice(UPDATES)
            return "Update", {**asked, "Key": key(rng), "UpdateExpression": change, **told(change, *conditions)}
    return "Delete", {**asked, "Key": key(rng), **told(*conditions)}


def read(rng: Random) -> Call:
    if rng.random() < 0.2:
        return "GetItem", {"TableName": "FactsTable", "Key": key(rng), "ConsistentRead": True}
    asked: dict[str, Any] = {"TableName": "FactsTable", "Limit": rng.choice([1, 3, 100])}
    if rng.random() < 0.2:
        return "Scan", {**asked, "FilterExpression": CONDITIONS[2], **told(CONDITIONS[2])}
    values: dict[str, Any] = {":name": {"S": rng.choice(["a", "b", "c"])}}
    where = rng.choice(
        [
            *("", "begins_with(fact_id, :from)", "fact_id = :from", "fact_id <= :from"),
            *("lane_time BETWEEN :from AND :to", "lane_time > :from", "lane_time >= :from"),
        ]
    )
    if where:
        values[":from"] = {"S": "lane#2" if "lane" in where else "1"}
    if ":to" in where:
        values[":to"] = {"S": "lane#3"}
    indexed = "lane" in where or (not where and rng.random() < 0.5)
    return "Query", {
        **asked,
        **({"IndexName": "by_lane"} if indexed else {}),
        "KeyConditionExpression": " AND ".join(["client_id = :name", *([where] if where else [])]),
        "ExpressionAttributeValues": values,
        "ProjectionExpression": "client_id, fact_id, lane_time",
        "ScanIndexForward": rng.random() < 0.5,
    }


def calls(rng: Random, kinds: str) -> Iterator[Call]:
    for _ in range(CALLS):
        draw = rng.random()
        if draw < 0.4:
            kind, asked = write(rng, kinds)
            returned = {} if kind == "Update" else {"ReturnValues": "ALL_OLD"}
            yield f"{kind}Item", asked | (returned or {"ReturnValues": "ALL_NEW"})
        elif draw < 0.55:
            writes = {str(asked.get("Key") or (asked["Item"]["client_id"], asked["Item"]["fact_id"])): (kind, asked)
                      for kind, asked in (write(rng, kinds) for _ in range(rng.randint(1, 3)))}  # fmt: skip
            if len({_key_of(asked) for _, asked in writes.values()}) == len(writes):
                yield "TransactWriteItems", {"TransactItems": [{kind: asked} for kind, asked in writes.values()]}
        else:
            yield read(rng)


def _key_of(asked: dict[str, Any]) -> tuple[str, str]:
    named = asked.get("Key") or asked["Item"]
    return named["client_id"]["S"], named["fact_id"]["S"]


def answer(operation: str, asked: dict[str, Any]) -> Any:
    """What comes back: all pages of a read at once, and of a refusal why."""
    client: Any = dynamodb_client()
    call = getattr(client, xform_name(operation))
    try:
        if operation not in ("Query", "Scan"):
            found = call(**asked)
            return {name: sorted_sets(found[name]) for name in ("Item", "Attributes") if name in found}
        pages = client.get_paginator(xform_name(operation)).paginate(**asked)
        return [item for page in pages for item in page["Items"]]
    except ClientError as refused:
        return _refusal(refused.response)


def _refusal(response: Any) -> Any:
    reasons = [(reason["Code"], reason.get("Item")) for reason in response.get("CancellationReasons", [])]
    return response["Error"]["Code"], sorted_sets(response.get("Item")), sorted_sets(reasons)


def sorted_sets(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: sorted(held) if key == "SS" else sorted_sets(held) for key, held in value.items()}
    return [sorted_sets(each) for each in value] if isinstance(value, list | tuple) else value


def played(seed: int, kinds: str) -> tuple[list[Any], list[Any]]:
    """What each call answers, and what the stream tells in the end."""
    tables = create_tables(dynamodb_client())
    reader = StreamReader(streams_client(), tables.stream_arn, lambda: NOW)
    answers = [(operation, answer(operation, asked)) for operation, asked in calls(Random(seed), kinds)]
    records = [(record.event["eventName"], record.event["dynamodb"]) for record in reader.read()]
    images = ("Keys", "OldImage", "NewImage")
    return answers, [(name, {image: sorted_sets(told.get(image)) for image in images}) for name, told in records]


def both(seed: int, kinds: str) -> tuple[tuple[list[Any], list[Any]], tuple[list[Any], list[Any]]]:
    with mock_aws():
        theirs = played(seed, kinds)
    with plain_tables():
        ours = played(seed, kinds)
    return theirs, ours


@pytest.mark.parametrize("seed", SEEDS)
def test_every_call_is_answered_as_by_moto(seed: int) -> None:
    (theirs, _), (ours, records) = both(seed, "Put Update Update Delete")

    assert ours == theirs
    assert len(records) >= 2


@pytest.mark.parametrize("seed", SEEDS)
def test_the_stream_tells_what_that_of_moto_tells(seed: int) -> None:
    """Updates aside: of one that makes an item moto tells the keys alone."""
    (_, theirs), (_, ours) = both(seed, "Put Put Delete")

    assert ours == theirs
    assert len(ours) >= 2


def written_once(view: str) -> list[tuple[str, list[str]]]:
    """What the stream of a table tells of an item that is put, replaced and deleted: the parts of each record."""
    client: Any = dynamodb_client()
    keys: Any = {"KeySchema": [{"AttributeName": "client_id", "KeyType": "HASH"}], "BillingMode": "PAY_PER_REQUEST"}
    keys["AttributeDefinitions"] = [{"AttributeName": "client_id", "AttributeType": "S"}]
    streaming = {"StreamEnabled": True, "StreamViewType": view}
    client.create_table(TableName="Told", **keys, StreamSpecification=streaming)
    for number in ("1", "2"):
        client.put_item(TableName="Told", Item={"client_id": {"S": "a"}, "number": {"N": number}})
    client.delete_item(TableName="Told", Key={"client_id": {"S": "a"}})
    arn = client.describe_table(TableName="Told")["Table"]["LatestStreamArn"]
    records = StreamReader(streams_client(), arn, lambda: NOW).read()
    return [
        (record.event["eventName"], sorted({"Keys", "OldImage", "NewImage"} & record.event["dynamodb"].keys()))
        for record in records
    ]


@pytest.mark.parametrize("view", ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"])
def test_a_stream_holds_the_images_that_its_table_asks_for(view: str) -> None:
    with mock_aws():
        theirs = written_once(view)
    with plain_tables():
        ours = written_once(view)

    assert ours == theirs
    assert len(ours) >= 2  # the reader leaves out a change that it cannot see
