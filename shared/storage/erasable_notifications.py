"""Finds what was told of a client, page by page, and takes it out of the table of notifications.

Nothing in it is of a person who responds: what a message says is not kept, and a digest has no comments. The journal
stays as it is: whoever follows it counts on its places, and a reference whose entry is gone is passed over.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant
from shared.storage import alert_claims, attention, deliveries, digests
from shared.storage.dynamodb import from_item, to_item
from shared.storage.erasable import Position

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

Kind = Literal["deliveries", "digests", "alerts"]
"""What an item counts as."""


@dataclass(frozen=True, slots=True)
class Notification:
    """An item that has to do with a client."""

    about: str
    entry: str
    kind: Kind


class ErasableNotifications:
    """The table of notifications, as an erasure goes through it: what destinations of before were told as well."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._digests = digests.Digests(client, table)

    def about(self, names: frozenset[str], position: Position, limit: int) -> tuple[list[Notification], Position]:
        """Items that have to do with the client of these names: a page of a scan."""
        start: Any = {"ExclusiveStartKey": to_item(position)} if position else {}
        page = self._client.scan(TableName=self._table, ConsistentRead=True, Limit=limit, **start)
        found = [
            Notification(item["about"]["S"], item["entry"]["S"], kind)
            for item in page["Items"]
            if (kind := _kind(item, names))
        ]
        return found, from_item(page.get("LastEvaluatedKey", {}))

    def take_away(self, about: str, entry: str, names: frozenset[str]) -> None:
        """Deletes an item; a digest stays, without the client. Safe to repeat."""
        if about.startswith(digests.ABOUT):
            self._digests.without(about.removeprefix(digests.ABOUT), parse_instant(entry), names)
        else:
            self._client.delete_item(TableName=self._table, Key=to_item({"about": about, "entry": entry}))


def alerted(about: str, entry: str) -> str | None:
    """The client that an item has to do with by its keys: one of its alerts, or what was chosen about them."""
    if about == attention.ABOUT:
        return entry
    return about.removeprefix(alert_claims.ABOUT) if about.startswith(alert_claims.ABOUT) else None


def _kind(item: Mapping[str, Any], names: frozenset[str]) -> Kind | None:
    """What an item counts as; None for one that has nothing to do with these names."""
    about = item["about"]["S"]
    if about.startswith(digests.ABOUT):
        return "digests" if digests.may_name(item, names) else None
    if about.startswith(deliveries.ABOUT):
        return "deliveries" if item.get("client_id", {}).get("S") in names else None
    return "alerts" if alerted(about, item["entry"]["S"]) in names else None
