"""Drafts: what somebody has filled in of a form and not saved yet. Theirs alone, for some weeks, and no fact."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.dynamodb import from_item, to_item
from shared.storage.shapes import of_type, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1
"""How drafts are laid down. What has another number is as good as absent."""

KEPT_FOR = timedelta(days=30)
"""For how long a draft lies that nobody goes on with."""

_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Draft:
    """What was filled in, by the names of the fields."""

    fields: Mapping[str, str]
    version: int
    kept_at: datetime


class NewerDraftError(RuntimeError):
    """Another draft of the same form was kept since this one was read, in another window: nothing was written."""

    def __init__(self, newer: Draft | None) -> None:
        super().__init__("a newer draft was kept")
        self.newer = newer


def draft_key(form: str, editor: str, about: str = "") -> str:
    """Where the draft of an editor lies among those of a client; `about` is what the form is about.

    Who the editor is stays out of the key.
    """
    return f"{form}#{hashlib.sha256(editor.encode()).hexdigest()[:_DIGITS]}#{about}"


class Drafts:
    """The table of drafts."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def read(self, client_id: str, key: str, now: datetime) -> Draft | None:
        """The draft of this key; None when there is none, or its time is over. One read."""
        found = self._client.get_item(TableName=self._table, Key=_key(client_id, key), ConsistentRead=True)
        return _draft(found.get("Item", {}), now)

    def keep(self, client_id: str, key: str, fields: Mapping[str, str], *, over: int, now: datetime) -> Draft:
        """Keeps what was filled in: one write. `over` is the version that it goes on from, 0 for none.

        The same once more is no other draft. Raises NewerDraftError when another was kept meanwhile.
        """
        draft = Draft(fields, over + 1, now)
        values = {":over": over, ":now": int(now.timestamp()), ":format": FORMAT}
        try:
            self._client.put_item(
                TableName=self._table,
                Item={**_key(client_id, key), **to_item(_laid_down(draft))},
                ConditionExpression=(
                    "attribute_not_exists(client_id) OR version = :over OR expires_at <= :now OR #format <> :format"
                ),
                ExpressionAttributeNames={"#format": "format"},
                ExpressionAttributeValues=to_item(values),
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            held: Any = refused.response.get("Item", {})
            newer = _draft(held, now)
            if newer and newer.fields == fields:
                return newer
            raise NewerDraftError(newer) from refused
        return draft

    def drop(self, client_id: str, key: str) -> None:
        """Deletes a draft, if it is there."""
        self._client.delete_item(TableName=self._table, Key=_key(client_id, key))

    def keys(self, client_id: str, limit: int) -> list[str]:
        """The keys of some drafts about a client, whoever's they are."""
        found = self._client.query(
            TableName=self._table,
            KeyConditionExpression="client_id = :client",
            ExpressionAttributeValues=to_item({":client": client_id}),
            ProjectionExpression="draft",
            ConsistentRead=True,
            Limit=limit,
        )
        return [item["draft"]["S"] for item in found["Items"]]


def _key(client_id: str, key: str) -> Any:
    return to_item({"client_id": client_id, "draft": key})


def _laid_down(draft: Draft) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": draft.version,
        "kept_at": rfc3339(draft.kept_at),
        "expires_at": int((draft.kept_at + KEPT_FOR).timestamp()),
        "filled": dict(draft.fields),
    }


def _draft(item: Mapping[str, Any], now: datetime) -> Draft | None:
    """A draft from its item; DynamoDB deletes what has expired some days late."""
    try:
        values = from_item(item)
        if values.get("format") != FORMAT or whole(values["expires_at"]) <= now.timestamp():
            return None
        filled = of_type(dict, values["filled"])
        fields = {name: of_type(str, value) for name, value in filled.items()}
        return Draft(fields, whole(values["version"]), parse_instant(of_type(str, values["kept_at"])))
    except (KeyError, TypeError, ValueError):
        return None
