"""Parked items: webhooks that could not be mapped, kept with their raw body until the mapping is mended."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.dynamodb import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1
"""How parked items are laid down. What has another number is left out of every listing."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A parked item without what was sent."""

    id: str
    source: str
    reason: str
    detail: str
    received_at: datetime
    """When it came first."""
    count: int
    """How often it was delivered."""


@dataclass(frozen=True, slots=True)
class ParkedItem:
    """A parked item with what was sent."""

    listed: Listed
    body: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class ParkedPage:
    """Some parked items, the latest first within a page; and where the next page begins."""

    items: tuple[Listed, ...]
    next: tuple[str, str] | None


class Parked:
    """The parked items of all sources."""

    def __init__(self, client: "DynamoDBClient", table: str, kept_for: timedelta) -> None:
        """`kept_for` is how long an item is kept after its last delivery: raw bodies hold personal data."""
        self._client = client
        self._table = table
        self._kept_for = kept_for

    def park(
        self,
        source: str,
        reason: str,
        detail: str,
        body: bytes,
        media_type: str,
        *,
        now: datetime,
        delivered: bool = True,
    ) -> str | None:
        """Keeps what was sent and gives its id. The same body again is the same item, counted: one write.

        None for a body that was erased: it is not kept again, as long as the word of that is.
        What was not delivered but tried once more is not counted, and not kept any longer than before.
        """
        digest = hashlib.sha256(body).hexdigest()[:32]
        values = {
            ":format": FORMAT,
            ":reason": reason,
            ":detail": detail[:1000],
            ":body": body,
            ":media_type": media_type,
            ":now": rfc3339(now),
            ":expires_at": int((now + self._kept_for).timestamp()),
            ":before": 0 if delivered else 1,
            ":more": 1 if delivered else 0,
        }
        expires_at = ":expires_at" if delivered else "if_not_exists(expires_at, :expires_at)"
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"source": source, "digest": digest}),
                UpdateExpression=(
                    "SET #format = :format, reason = :reason, detail = :detail, body = :body, "
                    "media_type = :media_type, received_at = if_not_exists(received_at, :now), "
                    f"expires_at = {expires_at}, deliveries = if_not_exists(deliveries, :before) + :more"
                ),
                ConditionExpression="attribute_not_exists(erased)",
                ExpressionAttributeNames={"#format": "format"},
                ExpressionAttributeValues=to_item(values),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return None
        return _id(source, digest)

    def erase(self, source: str, digest: str) -> None:
        """Takes out of an item what was sent, and leaves the word that it was until the item ends. Safe to repeat."""
        try:
            self._client.update_item(
                TableName=self._table,
                Key=to_item({"source": source, "digest": digest}),
                UpdateExpression="SET erased = :erased "
                "REMOVE body, media_type, reason, detail, received_at, deliveries",
                ConditionExpression="attribute_exists(digest)",
                ExpressionAttributeValues=to_item({":erased": True}),
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return  # it was mapped, deleted, or its time was over

    def get(self, item_id: str) -> ParkedItem | None:
        """The item of this id, with what was sent; None when there is none."""
        key = _key(item_id)
        if key is None:
            return None
        item = from_item(self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item", {}))
        listed = _listed(item)
        return ParkedItem(listed, item["body"], item["media_type"]) if listed else None

    def delete(self, item_id: str) -> bool:
        """Removes an item; False when there was none."""
        key = _key(item_id)
        if key is None:
            return False
        return "Attributes" in self._client.delete_item(TableName=self._table, Key=key, ReturnValues="ALL_OLD")

    def page(self, source: str | None, limit: int, after: tuple[str, str] | None) -> ParkedPage:
        """Items of one source, or of all: one query, or one scan of what is a short list by nature."""
        arguments: dict[str, Any] = {
            "TableName": self._table,
            "Limit": limit,
            "ProjectionExpression": "#source, digest, #format, reason, detail, received_at, deliveries, erased",
            "ExpressionAttributeNames": {"#source": "source", "#format": "format"},
        }
        if after is not None:
            arguments["ExclusiveStartKey"] = to_item({"source": after[0], "digest": after[1]})
        found: Mapping[str, Any]
        if source is None:
            found = self._client.scan(**arguments)
        else:
            found = self._client.query(
                KeyConditionExpression="#source = :source",
                ExpressionAttributeValues=to_item({":source": source}),
                **arguments,
            )
        listed = (_listed(from_item(item)) for item in found["Items"])
        items = sorted((item for item in listed if item), key=_newest, reverse=True)
        last = from_item(found["LastEvaluatedKey"]) if "LastEvaluatedKey" in found else None
        return ParkedPage(tuple(items), (last["source"], last["digest"]) if last else None)


def _newest(item: Listed) -> tuple[datetime, str]:
    return item.received_at, item.id


def _id(source: str, digest: str) -> str:
    return f"{source}.{digest}"


def _key(item_id: str) -> dict[str, Any] | None:
    source, _, digest = item_id.rpartition(".")
    return to_item({"source": source, "digest": digest}) if source and digest else None


def _listed(item: Mapping[str, Any]) -> Listed | None:
    """What is told of an item; None for what this release does not know, and for what was erased."""
    if item.get("format") != FORMAT or "erased" in item:
        return None
    return Listed(
        id=_id(item["source"], item["digest"]),
        source=item["source"],
        reason=item["reason"],
        detail=item["detail"],
        received_at=parse_instant(item["received_at"]),
        count=item["deliveries"],
    )
