"""Stored facts as they are exported: a row of one of the CSV files, or else an event."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from shared.storage.dynamodb import from_item
from tools.transfer.kinds import KINDS, Item
from tools.transfer.revisions import is_counted, version_of
from tools.transfer.rows import Event, event_id, row_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

REST = "rest"
"""The file of events: figures that were reported, descriptions of clients, retracted responses."""

_LONG_AGO = "1970-01-01T00:00:00Z"
"""The time of an event whose place is told by its count."""

_FILES = {"response": "responses", "count": "counts", "survey": "surveys"}


def facts(client: "DynamoDBClient", table: str, names: Sequence[str]) -> Iterator[Item]:
    """Every fact that is stored under these names, or every fact when there are none; read page by page."""
    if not names:
        pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
        for page in pages:
            yield from map(from_item, page["Items"])
    for name in names:
        found = client.get_paginator("query").paginate(
            TableName=table,
            ConsistentRead=True,
            KeyConditionExpression="client_id = :name",
            ExpressionAttributeValues={":name": {"S": name}},
        )
        for each in found:
            yield from map(from_item, each["Items"])


def exported(item: Item) -> tuple[str, dict[str, Any]]:
    """The file that a fact belongs to, without its ending, and its row or event there."""
    identity = [part.replace("%23", "#").replace("%25", "%") for part in item["fact_id"].split("#")][-1]
    version = version_of(item["revision"], incomplete="respondent" in item)
    file = _FILES.get(item["kind"])
    if file is None or "observed_at" not in item:
        return REST, _event(item, identity, version)
    return file, row_of(KINDS[file], item, identity, version)


def _event(item: Item, identity: str, version: str) -> Event:
    type_, data = _content(item, identity)
    counted = is_counted(version)
    return {
        "specversion": "1.0",
        "type": type_,
        "source": item["source"],
        "id": event_id(type_, item["source"], item["client_id"], identity),
        "subject": item["client_id"],
        "time": item.get("observed_at", _LONG_AGO) if counted else version,
        **({"sequence": version} if counted else {}),
        "data": data,
    }


def _content(item: Item, identity: str) -> tuple[str, dict[str, Any]]:
    match item["kind"]:
        case "response":
            return "nps.retracted", {"response_id": identity}
        case "reported":
            return "nps.reported", item["answer"] | {"measured_at": item["observed_at"]}
        case "description":
            return "client.described", item["answer"]
        case unknown:
            raise ValueError(f"{item['fact_id']} is of no known kind: {unknown}")
