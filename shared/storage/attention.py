"""What people chose about the alerts of a client: to have none for a while, or to get those of a colleague."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.dynamodb import from_item, to_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1

ABOUT = "attention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """The choices for one client."""

    client_id: str
    muted_until: datetime | None = None
    muted_by: str | None = None
    taken_by: str | None = None
    """The person who gets the alerts in the place of the owner."""
    taken_at: datetime | None = None
    version: int = 0
    """How often somebody has chosen."""

    def is_muted(self, now: datetime) -> bool:
        """Whether no alert goes out for now."""
        return self.muted_until is not None and now < self.muted_until


class AttentionOvertakenError(RuntimeError):
    """Somebody else has chosen since the choices were read."""


class Attentions:
    """The choices for all clients."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def of(self, client_id: str) -> Attention:
        """The choices for a client; none where nobody has chosen. Strongly consistent."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(client_id)), ConsistentRead=True)
        return _from_item(client_id, found.get("Item", {}))

    def replace(self, old: Attention, new: Attention) -> None:
        """Writes down a choice. Raises AttentionOvertakenError when what was chosen is not as it was read."""
        item = {
            **_key(new.client_id),
            "format": FORMAT,
            "muted_until": new.muted_until and rfc3339(new.muted_until),
            "muted_by": new.muted_by,
            "taken_by": new.taken_by,
            "taken_at": new.taken_at and rfc3339(new.taken_at),
            "version": old.version + 1,
        }
        known: Any = {"ExpressionAttributeValues": to_item({":version": old.version})} if old.version else {}
        try:
            self._client.put_item(
                TableName=self._table,
                Item=to_item(item),
                ConditionExpression="#version = :version" if old.version else "attribute_not_exists(#version)",
                ExpressionAttributeNames={"#version": "version"},
                **known,
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            raise AttentionOvertakenError(old.client_id) from refused


def muted(attention: Attention, until: datetime | None, by: str | None) -> Attention:
    """No alert of the client until then, as somebody chose who may have no name; None ends that."""
    return replace(attention, muted_until=until, muted_by=by if until else None)


def taken_over(attention: Attention, person: str | None, at: datetime) -> Attention:
    """This person gets the alerts of the client in the place of its owner; None gives them back."""
    return replace(attention, taken_by=person, taken_at=at if person else None)


def _key(client_id: str) -> dict[str, str]:
    return {"about": ABOUT, "entry": client_id}


def _from_item(client_id: str, laid_down: Mapping[str, Any]) -> Attention:
    item = from_item(laid_down)
    if item.get("format") != FORMAT:
        return Attention(client_id=client_id)
    return Attention(
        client_id=client_id,
        muted_until=parse_instant(item["muted_until"]) if "muted_until" in item else None,
        muted_by=item.get("muted_by"),
        taken_by=item.get("taken_by"),
        taken_at=parse_instant(item["taken_at"]) if "taken_at" in item else None,
        version=item.get("version", 0),
    )
