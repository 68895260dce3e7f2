"""Pages of the scores table: the portfolio by total, and a client's ledger."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shared.opmm.agenda import Agenda
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change
from shared.opmm.timestamps import parse_instant, sortable
from shared.storage.codec import CHANGE, SCORECARD, UnreadableError, agenda, summary
from shared.storage.dynamodb import Item, Pause, batch_get, to_item
from shared.storage.made_from import MADE_FROM
from shared.storage.records import ORDERS, Summary
from shared.storage.scores import readable_changes

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")

_FILLING_UP = 100
"""Rows that are read at once, at least, where some could not be read."""

_LAST = "change$"
"""Sorts right behind every entry of a ledger."""


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next page begins; None at the end."""

    rows: tuple[T, ...]
    next: str | None


class Queries:
    """Reads for those who look at scores."""

    def __init__(self, client: "DynamoDBClient", table: str, pause: Pause) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def portfolio(self, status: str, order: str, limit: int, after: str | None, *, descending: bool) -> Page[Summary]:
        """Clients of one status in one of the `ORDERS`: one query. `after` is the position of the last row before.

        Rows that cannot be read are left out, and the page is filled up with those behind them.
        """
        rows: list[Summary] = []
        start: Any = None
        while True:
            # Small pages that are filled up by as little as they lack would take a query for each row in between.
            at_once = max(limit - len(rows), _FILLING_UP) if start else limit
            found = self._rows(status, order, at_once, after, start, descending=descending)
            rows += _readable(found["Items"])
            start = found.get("LastEvaluatedKey")
            if start is None or len(rows) >= limit:
                shown = rows[:limit]
                more = start is not None or len(rows) > limit
                return Page(tuple(shown), ORDERS[order](shown[-1]) if more and shown else None)

    def all_of(self, status: str, at_once: int) -> Iterator[Summary]:
        """Every client of one status, `at_once` read when the next is asked for."""
        after: str | None = None
        while True:
            page = self.portfolio(status, "total", at_once, after, descending=False)
            yield from page.rows
            after = page.next
            if after is None:
                return

    def summaries(self, client_ids: Iterable[str], *, consistent: bool = False) -> list[Summary]:
        """The rows of these clients, in the order of their ids; those without a scorecard are left out."""
        keys = [to_item({"client_id": client_id, "item": SCORECARD}) for client_id in client_ids]
        request = {
            "ProjectionExpression": "client_id, #format, #status, summary",
            "ExpressionAttributeNames": {"#format": "format", "#status": "status"},
            "ConsistentRead": consistent,
        }
        rows = _readable(batch_get(self._client, self._table, keys, request, self._pause))
        return sorted(rows, key=lambda row: row.client_id)

    def agendas(self, client_ids: Iterable[str]) -> dict[str, Agenda]:
        """By client, what is planned, agreed and aimed at; those without a scorecard are left out."""
        keys = [to_item({"client_id": client_id, "item": SCORECARD}) for client_id in client_ids]
        request = {
            "ProjectionExpression": f"client_id, #format, {MADE_FROM}, agenda",  # the last of the release before
            "ExpressionAttributeNames": {"#format": "format"},
        }
        found: dict[str, Agenda] = {}
        for item in batch_get(self._client, self._table, keys, request, self._pause):
            try:
                client_id, told = agenda(item)
            except UnreadableError:
                continue
            found[client_id] = told
        return found

    def erased(self, client_ids: Iterable[str], since: datetime) -> frozenset[str]:
        """Those of these clients that are gone as they were erased, or began anew after an erasure since then.

        Strongly consistent: an erasure that has begun by now is seen.
        """
        keys = [to_item({"client_id": client_id, "item": SCORECARD}) for client_id in client_ids]
        request = {
            "ProjectionExpression": "client_id, #status, erased_at",
            "ExpressionAttributeNames": {"#status": "status"},
            "ConsistentRead": True,
        }
        items = batch_get(self._client, self._table, keys, request, self._pause)
        return frozenset(
            item["client_id"]["S"]
            for item in items
            if "erased_at" in item and ("status" not in item or parse_instant(item["erased_at"]["S"]) >= since)
        )

    def _rows(
        self, status: str, order: str, limit: int, after: str | None, start: Any, *, descending: bool
    ) -> Mapping[str, Any]:
        key = f"by_{order}"
        condition, values = "#status = :status", {":status": status}
        if after is not None:
            condition += f" AND {key} {'<' if descending else '>'} :after"
            values[":after"] = after
        further: Any = {"ExclusiveStartKey": start} if start else {}
        return self._client.query(
            TableName=self._table,
            IndexName=f"portfolio_{key}",
            KeyConditionExpression=condition,
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item(values),
            ScanIndexForward=not descending,
            Limit=limit,
            **further,
        )

    def ledger(
        self,
        client_id: str,
        since: datetime | None,
        until: datetime | None,
        limit: int,
        before: str | None,
        *,
        consistent: bool = False,
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
            ConsistentRead=consistent,
            ScanIndexForward=False,
            Limit=limit,
            **arguments,
        )
        last = found.get("LastEvaluatedKey")
        return Page(tuple(readable_changes(found["Items"])), last["item"]["S"] if last else None)


def _readable(items: Iterable[Item]) -> list[Summary]:
    """The rows in these items; what this release does not know is left out until it is made anew."""
    rows: list[Summary] = []
    for item in items:
        try:
            rows.append(summary(item))
        except UnreadableError:
            continue
    return rows
