"""Pages of the scores table: the portfolio by total, and a client's ledger."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shared.opmm.ledger import Change
from shared.opmm.timestamps import sortable
from shared.storage.codec import CHANGE, SCORECARD, change, summary
from shared.storage.dynamodb import from_item, to_item
from shared.storage.records import ORDERS, Summary

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

_LAST = "change$"
"""Sorts right behind every entry of a ledger."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next page begins; None at the end."""

    rows: tuple[T, ...]
    next: str | None


class Queries:
    """Reads for those who look at scores."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def portfolio(self, status: str, order: str, limit: int, after: str | None, *, descending: bool) -> Page[Summary]:
        """Clients of one status in one of the `ORDERS`: one query. `after` is the position of the last row before."""
        key = f"by_{order}"
        condition, values = "#status = :status", {":status": status}
        if after is not None:
            condition += f" AND {key} {'<' if descending else '>'} :after"
            values[":after"] = after
        found = self._client.query(
            TableName=self._table,
            IndexName=f"portfolio_{key}",
            KeyConditionExpression=condition,
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=not descending,
            Limit=limit,
        )
        rows = tuple(summary(from_item(item)) for item in found["Items"])
        more = "LastEvaluatedKey" in found and rows
        return Page(rows, ORDERS[order](rows[-1]) if more else None)

    def all_of(self, status: str, at_once: int) -> Iterator[Summary]:
        """Every client of one status, `at_once` read when the next is asked for."""
        after: str | None = None
        while True:
            page = self.portfolio(status, "total", at_once, after, descending=False)
            yield from page.rows
            after = page.next
            if after is None:
                return

    def summaries(self, client_ids: Iterable[str]) -> list[Summary]:
        """The rows of these clients; those without a scorecard are left out."""
        rows = []
        for client_id in client_ids:
            key = to_item({"client_id": client_id, "item": SCORECARD})
            item = from_item(self._client.get_item(TableName=self._table, Key=key).get("Item", {}))
            if "summary" in item:
                rows.append(summary(item))
        return rows

    def ledger(
        self, client_id: str, since: datetime | None, until: datetime | None, limit: int, before: str | None
    ) -> Page[Change]:
        """Changes from `since` up to, not including, `until`, the newest first: one query."""
        lower = f"{CHANGE}{sortable(since)}" if since else CHANGE
        upper = f"{CHANGE}{sortable(until)}" if until else _LAST
        arguments: dict[str, Any] = {}
        if before is not None:
            arguments["ExclusiveStartKey"] = to_item({"client_id": client_id, "item": before})
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="client_id = :client AND #item BETWEEN :lower AND :upper",
            ExpressionAttributeNames={"#item": "item"},
            ExpressionAttributeValues=to_item({":client": client_id, ":lower": lower, ":upper": upper}),
            ScanIndexForward=False,
            Limit=limit,
            **arguments,
        )
        items = [from_item(item) for item in found["Items"]]
        more = "LastEvaluatedKey" in found and items
        return Page(tuple(change(item) for item in items), items[-1]["item"] if more else None)
