"""The operations, and how calls of botocore's clients reach them."""

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore import xform_name
from botocore.awsrequest import AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders

from tests.support.copies import copied
from tests.support.plain_tables.expressions import (
    ExpressionError,
    Item,
    Placeholders,
    condition,
    placeholders_in,
    projection,
    update,
)
from tests.support.plain_tables.table import Place, Table

MOST_OF_A_PAGE = 1024 * 1024
"""Bytes that a query or scan goes through: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html"""

_EXPRESSIONS = (
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
    "UpdateExpression",
)
_UNDERSTOOD = {
    *_EXPRESSIONS,
    "TableName",
    "IndexName",
    "Item",
    "Key",
    "Keys",
    "ConsistentRead",
    "ExpressionAttributeNames",
    "ExpressionAttributeValues",
    "ReturnValues",
    "ReturnValuesOnConditionCheckFailure",
    "ScanIndexForward",
    "Limit",
    "ExclusiveStartKey",
    "Segment",
    "TotalSegments",
}


class RefusedError(Exception):
    """What the service answers instead: a code, and what comes with it."""

    def __init__(self, code: str, message: str = "refused", **members: Any) -> None:
        super().__init__(code)
        self.answer = {
            "Error": {"Code": code, "Message": message},
            "ResponseMetadata": {"HTTPStatusCode": 400, "RetryAttempts": 0},
            **members,
        }


class PlainTables:
    """All tables of one block; operations are methods."""

    def __init__(self) -> None:
        self._tables: dict[str, Table] = {}

    def table(self, name: str) -> Table:
        """One of them, to be watched."""
        return self._tables[name]

    def answer(self, operation: str, params: dict[str, Any]) -> dict[str, Any]:
        """What an operation answers. Raises RefusedError."""
        method: Callable[[dict[str, Any]], dict[str, Any]] | None = getattr(self, f"_{xform_name(operation)}", None)
        if method is None:
            raise NotImplementedError(f"{operation} is not known here")
        try:
            return method(params)
        except ExpressionError as error:
            raise RefusedError("ValidationException", str(error)) from error

    def _create_table(self, params: dict[str, Any]) -> dict[str, Any]:
        table = self._tables[params["TableName"]] = Table(params)
        return {"TableDescription": table.description}

    def _describe_table(self, params: dict[str, Any]) -> dict[str, Any]:
        return {"Table": self._table(params).description}

    def _get_item(self, params: dict[str, Any]) -> dict[str, Any]:
        told = _placeholders(params)
        table = self._table(params)
        found = table.get(table.key_of(params["Key"]))
        return {"Item": copied(_projected(found, params, told))} if found else {}

    def _batch_get_item(self, params: dict[str, Any]) -> dict[str, Any]:
        responses: dict[str, list[Item]] = {}
        for name, asked in params["RequestItems"].items():
            table, told = self._table({"TableName": name}), _placeholders(asked)
            found = [table.get(table.key_of(key)) for key in asked["Keys"]]
            responses[name] = [copied(_projected(item, asked, told)) for item in found if item]
        return {"Responses": responses, "UnprocessedKeys": {}}

    def _put_item(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._written(params, lambda: copied(params["Item"]))

    def _update_item(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._written(params, lambda: self._updated(params))

    def _delete_item(self, params: dict[str, Any]) -> dict[str, Any]:
        return self._written(params, lambda: None)

    def _batch_write_item(self, params: dict[str, Any]) -> dict[str, Any]:
        for name, entries in params["RequestItems"].items():
            for entry in entries:
                for kind, request in entry.items():
                    item = copied(request["Item"]) if kind == "PutRequest" else None
                    self._table({"TableName": name}).put(self._key({"TableName": name, **request}), item)
        return {"UnprocessedItems": {}}

    def _transact_write_items(self, params: dict[str, Any]) -> dict[str, Any]:
        """All or none: every condition is looked at before the first write. No item may be named twice."""
        actions = [(kind, action) for entry in params["TransactItems"] for kind, action in entry.items()]
        keys = [(action["TableName"], self._key(action)) for _, action in actions]
        if len({*keys}) < len(keys):
            raise RefusedError("ValidationException", "Transaction request cannot include multiple operations on one")
        reasons = [self._refusal(action) for _, action in actions]
        if any(reason["Code"] != "None" for reason in reasons):
            raise RefusedError("TransactionCanceledException", CancellationReasons=reasons)
        items = [
            copied(action["Item"]) if kind == "Put" else self._updated(action) if kind == "Update" else None
            for kind, action in actions
        ]
        for (kind, action), item in zip(actions, items, strict=True):
            if kind != "ConditionCheck":
                self._table(action).put(self._key(action), item)
        return {}

    def _query(self, params: dict[str, Any]) -> dict[str, Any]:
        table, index = self._table(params), params.get("IndexName", "")
        told, order = _placeholders(params), table.order(params.get("IndexName", ""))
        partition, first, last, counts = _span(params["KeyConditionExpression"], told, order.hash_key)
        places = [place for place in order.between(partition, first, last) if counts is None or counts(place[0])]
        if not params.get("ScanIndexForward", True):
            places.reverse()
        start = params.get("ExclusiveStartKey")
        if start:
            placed = order.place(start, table.key_of(start))
            after = placed[1] if placed else ("",)
            forwards = params.get("ScanIndexForward", True)
            places = [place for place in places if (place > after if forwards else place < after)]
        held = (table.held_in(index, place) for place in places)
        keys = list(dict.fromkeys(key for key in (order.hash_key, order.sort_key, *table.keys) if key))
        return _page(table, held, params, told, keys)

    def _scan(self, params: dict[str, Any]) -> dict[str, Any]:
        table = self._table(params)
        start = params.get("ExclusiveStartKey")
        after = table.key_of(start) if start else None
        part, parts = params.get("Segment", 0), params.get("TotalSegments", 1)
        held = (
            item
            for item in table.scanned()
            if (after is None or table.key_of(item) > after)
            and zlib.crc32(item[table.keys[0]]["S"].encode()) % parts == part
        )
        return _page(table, held, params, _placeholders(params), table.keys)

    def _describe_stream(self, params: dict[str, Any]) -> dict[str, Any]:
        table = self._streaming(params["StreamArn"])
        return {"StreamDescription": {"StreamArn": params["StreamArn"], "Shards": [{"ShardId": f"shard-{table.name}"}]}}

    def _get_shard_iterator(self, params: dict[str, Any]) -> dict[str, Any]:
        records = self._streaming(params["StreamArn"]).records
        match params["ShardIteratorType"]:
            case "TRIM_HORIZON":
                at = 0
            case "LATEST":
                at = len(records)
            case "AFTER_SEQUENCE_NUMBER":
                numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
                at = numbers.index(params["SequenceNumber"]) + 1
            case "AT_SEQUENCE_NUMBER":
                numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
                at = numbers.index(params["SequenceNumber"])
            case other:
                raise NotImplementedError(other)
        return {"ShardIterator": f"{params['StreamArn']}|{at}"}

    def _get_records(self, params: dict[str, Any]) -> dict[str, Any]:
        arn, _, at = params["ShardIterator"].rpartition("|")
        records = self._streaming(arn).records[int(at) :][: params.get("Limit", 1000)]
        following = f"{arn}|{int(at) + len(records)}"
        return {
            "Records": [record | {"dynamodb": copied(record["dynamodb"])} for record in records],
            "NextShardIterator": following,
        }

    def _table(self, params: Mapping[str, Any]) -> Table:
        table = self._tables.get(params["TableName"])
        if table is None:
            raise RefusedError("ResourceNotFoundException", f"there is no {params['TableName']}")
        return table

    def _streaming(self, arn: str) -> Table:
        return next(table for table in self._tables.values() if table.description.get("LatestStreamArn") == arn)

    def _key(self, params: Mapping[str, Any]) -> Place:
        return self._table(params).key_of(params["Key"] if "Key" in params else params["Item"])

    def _refusal(self, params: dict[str, Any]) -> dict[str, Any]:
        """Why a write is refused, as a transaction words it."""
        told, held = _placeholders(params), self._table(params).get(self._key(params))
        expression = params.get("ConditionExpression")
        if expression is None or condition(expression)(held or {}, told):
            return {"Code": "None"}
        reason: dict[str, Any] = {"Code": "ConditionalCheckFailed", "Message": "The conditional request failed"}
        if held and params.get("ReturnValuesOnConditionCheckFailure") == "ALL_OLD":
            reason["Item"] = copied(held)
        return reason

    def _updated(self, params: dict[str, Any]) -> Item:
        """What an update makes of an item."""
        told, table = _placeholders(params), self._table(params)
        before = table.get(self._key(params)) or {}
        item: Item = copied(before) or copied(params["Key"])
        values = {name: copied(value) for name, value in told.values.items()}
        for step in update(params["UpdateExpression"]):
            step(before, item, Placeholders(told.names, values))
        return item

    def _written(self, params: dict[str, Any], made: Callable[[], Item | None]) -> dict[str, Any]:
        reason = self._refusal(params)
        if reason["Code"] != "None":
            shown = {"Item": reason["Item"]} if "Item" in reason else {}
            raise RefusedError("ConditionalCheckFailedException", reason["Message"], **shown)
        table, key = self._table(params), self._key(params)
        before, item = table.get(key), made()
        table.put(key, item)
        match params.get("ReturnValues", "NONE"):
            case "ALL_OLD" if before:
                return {"Attributes": copied(before)}
            case "ALL_NEW":
                return {"Attributes": copied(item)}
            case "ALL_OLD" | "NONE":
                return {}
        raise NotImplementedError(params["ReturnValues"])


def _placeholders(params: Mapping[str, Any]) -> Placeholders:
    """What is given for the expressions: all that they mention, and nothing else."""
    unknown = params.keys() - _UNDERSTOOD
    if unknown:
        raise NotImplementedError(f"{sorted(unknown)} are not known here")
    names = params.get("ExpressionAttributeNames", {})
    values = params.get("ExpressionAttributeValues", {})
    mentioned: set[str] = set().union(*(placeholders_in(params[name]) for name in _EXPRESSIONS if name in params))
    if mentioned != {*names, *values}:
        raise RefusedError("ValidationException", f"given and mentioned differ by {mentioned ^ {*names, *values}}")
    return Placeholders(names, values)


def _projected(item: Item, params: Mapping[str, Any], told: Placeholders) -> Item:
    wanted = params.get("ProjectionExpression")
    return projection(wanted)(item, told) if wanted else item


Span = tuple[str, str | None, str | None, Callable[[str], bool] | None]


def _span(expression: str, told: Placeholders, hash_key: str) -> Span:
    """The partition that a query reads, from where to where (both included), and what of that counts."""
    words = expression.replace("(", " ( ").replace(")", " ) ").replace(",", " , ").split()
    name = told.names.get(words[0], words[0])
    if name != hash_key or words[1] != "=" or (words[3:] and words[3] != "AND"):
        raise NotImplementedError(f"a query asks for one partition first: {expression}")
    partition = told.values[words[2]]["S"]
    match words[4:]:
        case []:
            return partition, None, None, None
        case ["begins_with", "(", _, ",", value, ")"]:
            beginning = told.values[value]["S"]
            return partition, beginning, None, lambda place: place.startswith(beginning)
        case [_, "BETWEEN", lower, "AND", upper]:
            return partition, told.values[lower]["S"], told.values[upper]["S"], None
        case [_, "=", value]:
            return partition, told.values[value]["S"], told.values[value]["S"], None
        case [_, "<" | ">" | "<=" | ">=" as sign, value]:
            bound = told.values[value]["S"]
            first, last = (None, bound) if sign[0] == "<" else (bound, None)
            return partition, first, last, None if sign[1:] else lambda place: place != bound
    raise NotImplementedError(expression)


def _page(
    table: Table, held: Iterator[Item], params: Mapping[str, Any], told: Placeholders, keys: list[str]
) -> dict[str, Any]:
    """Items until the page is full, those that are filtered out counted; a full page says where the next begins."""
    size_of = table.size_of
    kept = condition(params["FilterExpression"]) if "FilterExpression" in params else None
    limit, read, size = params.get("Limit"), 0, 0
    items: list[Item] = []
    last: dict[str, Any] = {}
    for item in held:
        read += 1
        size += size_of(item)
        if kept is None or kept(item, told):
            items.append(copied(_projected(item, params, told)))
        if read == limit or size >= MOST_OF_A_PAGE:
            last = {"LastEvaluatedKey": copied({key: item[key] for key in keys})}
            break
    return {"Items": items, "Count": len(items), "ScannedCount": read, **last}


_SERVICES = ("dynamodb", "dynamodbstreams")
_make_api_call: Any = BaseClient._make_api_call  # type: ignore[attr-defined]  # noqa: SLF001 - the way that moto documents


@contextmanager
def plain_tables() -> Iterator[PlainTables]:
    """Answers every call of DynamoDB inside the block, and none of another service."""
    tables = PlainTables()

    def call(client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
        if client.meta.service_model.service_name not in _SERVICES:
            return _make_api_call(client, operation, params)
        return _called(tables, client, operation, params)

    with patch.object(BaseClient, "_make_api_call", call):
        yield tables


def _called(tables: PlainTables, client: BaseClient, operation: str, params: dict[str, Any]) -> Any:
    """One call, with the events that hooks of tests wait for."""
    events: Any = client.meta.events
    service = client.meta.service_model.service_name
    told: dict[str, Any] = {"model": client.meta.service_model.operation_model(operation), "context": {}}
    for response in events.emit(f"provide-client-params.{service}.{operation}", params=params, **told):
        params = response[1] or params
    events.emit(f"before-parameter-build.{service}.{operation}", params=params, **told)
    before = f"before-call.{service}.{operation}"
    _, answered = events.emit_until_response(before, params={"headers": {}}, request_signer=None, **told)
    if answered is None:
        http = AWSResponse(f"https://{service}", 200, HTTPHeaders(), None)
        try:
            parsed = tables.answer(operation, params)
        except RefusedError as refused:
            http, parsed = AWSResponse(f"https://{service}", 400, HTTPHeaders(), None), refused.answer
        answered = http, parsed
    http, parsed = answered
    events.emit(f"after-call.{service}.{operation}", http_response=http, parsed=parsed, **told)
    if http.status_code != 200:
        exceptions: Any = client.exceptions
        raise exceptions.from_code(parsed["Error"]["Code"])(parsed, operation)
    return parsed
