"""Calls that `Service` has no words for, and what stands in the tables behind its back."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from shared.storage.dynamodb import connect, from_item
from shared.storage.locators import LOCATOR
from tests.support.clients import dynamodb_client
from tests.support.faults import Crash
from tests.support.service import Answer, Service, http_event, in_memory, token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Handler = Callable[[dict[str, Any], Any], Mapping[str, Any]]


@dataclass(frozen=True)
class HandlerClients:
    """The DynamoDB client that each function holds, to be metered or made to fail."""

    ingest: "DynamoDBClient"
    score: "DynamoDBClient"
    query: "DynamoDBClient"
    pages: "DynamoDBClient"
    erase: "DynamoDBClient"
    notify: "DynamoDBClient"


def in_memory_with_clients() -> tuple[Service, HandlerClients]:
    """The service on fresh tables, and the clients its functions made; moto must be active."""
    return _with_clients(lambda connects: in_memory(connects=connects))


def another_with_clients(service: Service) -> tuple[Service, HandlerClients]:
    """The same tables and clock behind functions that remember nothing yet, and the clients these made."""
    return _with_clients(lambda connects: Service(service.tables, connects=connects, clock=service.clock))


def _with_clients(make: Callable[[Callable[[str], "DynamoDBClient"]], Service]) -> tuple[Service, HandlerClients]:
    made: dict[str, DynamoDBClient] = {}

    def connects(function: str) -> "DynamoDBClient":
        made[function] = connect()
        return made[function]

    service = make(connects)
    return service, HandlerClients(**made)


def call(handler: Handler, request: dict[str, Any]) -> Answer:
    """The answer to an event of API Gateway."""
    response = handler(request, None)
    return Answer(response["statusCode"], response["headers"], response["body"])


def insist(send: Callable[[], Answer]) -> Answer:
    """Sends again until it is heard that the events are in, as a sender does."""
    while True:
        try:
            answer = send()
        except Crash:
            continue
        if answer.status != HTTPStatus.SERVICE_UNAVAILABLE:
            return answer


def look(service: Service, path: str, *, method: str = "GET", accept: str = "text/html", **claims: Any) -> Answer:
    """A page, as a browser that is signed in asks for it."""
    route, _, query = path.partition("?")
    headers = {"cookie": f"__Host-opmm={token(**claims)}", "accept": accept}
    return call(service.pages, http_event(method, route, headers=headers, query=query))


def binary(raw: bytes | str, content_type: str = "application/json") -> dict[str, Any]:
    """A POST of these bytes, as API Gateway sends what may not be text; a text stands for the base64 itself."""
    body = raw if isinstance(raw, str) else base64.b64encode(raw).decode()
    headers = {"content-type": content_type, "authorization": f"Bearer {token()}"}
    return http_event("POST", "/v1/events", body, headers) | {"isBase64Encoded": True}


def stored(*tables: str) -> list[dict[str, Any]]:
    """Every item of these tables (of both, unless said), as plain values, by key; without locators of responses."""
    found = [from_item(item) for table in tables or ("FactsTable", "ScoresTable") for item in _scan(table)]
    items = [item for item in found if item.get("fact_id") != LOCATOR]
    return sorted(items, key=lambda item: json.dumps([item["client_id"], item.get("fact_id"), item.get("item")]))


def _scan(table: str) -> Iterator[Any]:
    for page in dynamodb_client().get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from page["Items"]
