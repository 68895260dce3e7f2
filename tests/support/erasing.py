"""Erasures as a test asks for them, and what is left of a person or a client in the tables."""

import hmac
import json
from datetime import timedelta
from typing import Any

from shared.storage.dynamodb import from_item
from tests.support.calls import call
from tests.support.clients import dynamodb_client
from tests.support.readings import counted
from tests.support.service import Answer, Service, event, http_event, token

ROBIN = "Robin@Example.com"
COMMENT = "canary-comment"
TABLES = ("FactsTable", "ScoresTable", "ParkedTable", "ErasuresTable", "DraftsTable", "NotificationsTable")


def response(number: int, subject: str = "acme", minute: int = 0, **data: Any) -> dict[str, Any]:
    told = {"response_id": f"r{number}", "score": 9, "responded_at": "2026-11-14T09:00:00Z"}
    told |= {"respondent": ROBIN, "comment": f"{COMMENT}-{number}"} | data
    return event("nps.responded", told, subject=subject, time=f"2026-11-23T12:{minute:02d}:00Z", id=f"e-{number}")


def post(service: Service, *sent: dict[str, Any]) -> list[str]:
    statuses = [service.post(each).json["status"] for each in sent]
    service.settle()
    return statuses


def ask(service: Service, method: str, path: str, body: Any = None, bearer: str | None = None) -> Answer:
    route, _, query = path.partition("?")
    headers = {"authorization": f"Bearer {bearer or token()}", "content-type": "application/json"}
    return call(service.erase, http_event(method, route, None if body is None else json.dumps(body), headers, query))


def begin(service: Service, **wish: Any) -> str:
    answer = ask(service, "POST", "/v1/erasures", wish)
    assert answer.status == 202, answer.text
    erasure_id: str = answer.json["erasure_id"]
    return erasure_id


def work(service: Service, erasure_id: str) -> dict[str, Any]:
    """Lets an erasure come to its end: each time it waits, time passes."""
    record = {"messageId": "m", "body": json.dumps({"erasure_id": erasure_id}), "attributes": {}}
    for _ in range(200):
        assert service.erase({"Records": [record]}, None) == {"batchItemFailures": []}
        found: dict[str, Any] = ask(service, "GET", f"/v1/erasures/{erasure_id}").json
        if found["status"] == "done":
            service.settle()
            return found
        service.clock.now += timedelta(seconds=30)
    raise AssertionError(found)


def erased(service: Service, **wish: Any) -> dict[str, Any]:
    return work(service, begin(service, **wish))


def everything(*tables: str) -> str:
    """All that lies in the tables, as text."""
    pages = (
        page
        for table in tables or TABLES
        for page in dynamodb_client().get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    )
    return repr([from_item(item) for page in pages for item in page["Items"]])


HASH = hmac.new(b"r" * 64, ROBIN.casefold().encode(), "sha256").hexdigest()
"""By which the person is known."""


def canaries() -> set[str]:
    held = everything()
    return {text for text in (COMMENT, "robin", HASH) if text in held.casefold()}


def evidence(service: Service, client: str = "acme") -> list[Any]:
    facts: list[Any] = service.get(f"/v1/clients/{client}/evidence?dimension=nps").json["facts"]
    return facts


# Clients.


def full(service: Service) -> None:
    post(
        service,
        event("client.described", {"name": "Acme B.V.", "aliases": ["acme-old"]}, time="2026-11-20T12:00:00Z"),
        counted(6),
        response(1),
        response(2, "acme-old"),
        response(3, "beta"),
        counted(3, subject="beta"),
    )


def names(service: Service) -> list[str]:
    return [row["client_id"] for row in service.get("/v1/clients?status=all").json["clients"]]


WISHES: dict[str, dict[str, Any]] = {
    "person": {"respondent": ROBIN},
    "ratings": {"respondent": ROBIN, "ratings": True},
    "client": {"client_id": "acme"},
}


def afresh(service: Service) -> Service:
    """The functions as others start them: nothing is remembered of names."""
    return Service(service.tables, service.clock)
