"""The reference handler on tables of its own."""

import json
import os
from collections.abc import Mapping
from importlib import import_module
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.support.clients import dynamodb_client
from tests.support.service import http_event

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import KeySchemaElementTypeDef

TABLES: Mapping[str, tuple[str, ...]] = {
    "REFERENCE_FACTS": ("client_id", "fact_id"),
    "REFERENCE_SCORES": ("client_id",),
    "REFERENCE_SEEN": ("id",),
}
CONTEXT = SimpleNamespace(
    function_name="reference",
    memory_limit_in_mb=512,
    invoked_function_arn="arn:aws:lambda:eu-west-1:123456789012:function:reference",
    aws_request_id="request-1",
    get_remaining_time_in_millis=lambda: 10_000,
)


class Usual:
    """The reference, imported while moto is active, and the clients that it made."""

    def __init__(self) -> None:
        client = dynamodb_client()
        for variable, keys in TABLES.items():
            schema: list[KeySchemaElementTypeDef] = [{"AttributeName": keys[0], "KeyType": "HASH"}]
            schema += [{"AttributeName": key, "KeyType": "RANGE"} for key in keys[1:]]
            client.create_table(
                TableName=variable,
                KeySchema=schema,
                AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
                BillingMode="PAY_PER_REQUEST",
            )
            os.environ[variable] = variable
        self.module: Any = import_module("tests.benchmarks.reference.handler")
        self.facts: DynamoDBClient = self.module.facts.meta.client
        self.scores: DynamoDBClient = self.module.scores.meta.client
        self.seen: DynamoDBClient = self.module.seen.client
        self.clients = list({id(each): each for each in (self.facts, self.scores, self.seen)}.values())

    def ask(self, method: str, path: str, sent: Any = None) -> Mapping[str, Any]:
        """The response to a request."""
        body = None if sent is None else json.dumps(sent)
        event = http_event(method, path, body, {"content-type": "application/json"})
        event["requestContext"] |= {"stage": "$default", "http": {**event["requestContext"]["http"], "sourceIp": "::1"}}
        response: Mapping[str, Any] = self.module.handler(event, CONTEXT)
        return response

    def score(self) -> Mapping[str, Any]:
        """The response to a record of the stream: one new response."""
        image = {"client_id": {"S": "acme"}, "fact_id": {"S": "response#tests#new"}, "score": {"N": "9"}}
        record = {"eventID": "1", "eventName": "INSERT", "dynamodb": {"SequenceNumber": "1", "NewImage": image}}
        response: Mapping[str, Any] = self.module.handler({"Records": [record]}, CONTEXT)
        return response
