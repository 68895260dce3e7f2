"""Links and tokens that were made: each is written down before anybody gets it, and listed until it ends."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from shared.http.tokens import Role, mint
from shared.opmm.timestamps import rfc3339
from tools.token_keys import TokenKeys, name_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Kind = Literal["link", "token"]
State = Literal["open", "ended", "withdrawn", "void"]

FORMAT = 1

_BYTES_OF_AN_ID = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody is given: which scopes, for which clients and sources (none: all), until when."""

    kind: Kind
    subject: str
    scopes: tuple[str, ...]
    made_at: datetime
    until: datetime
    name: str | None = None
    """Whom it is for."""
    role: Role | None = None
    clients: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Issued:
    """A grant that was made, under its id."""

    id: str
    grant: Grant
    key_name: str
    """The key that signed it, as `name_of` calls it."""
    withdrawn_at: datetime | None = None

    def state(self, keys: TokenKeys, now: datetime) -> State:
        """Whether it still opens anything; void when the key that signed it counts no more."""
        if self.grant.until <= now:
            return "ended"
        if keys.is_withdrawn(self.id) or self.withdrawn_at:
            return "withdrawn"
        return "open" if keys.have(self.key_name) else "void"

    def is_refused(self, keys: TokenKeys) -> bool:
        """Whether functions refuse it, whenever it ends: it was withdrawn, or its key counts no more."""
        return keys.is_withdrawn(self.id) or not keys.have(self.key_name)


class Register:
    """The table of what was issued."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def issue(self, grant: Grant, keys: TokenKeys) -> tuple[Issued, str]:
        """Writes a grant down under a new id, and gives the token of it. Raises ValueError as `mint` does."""
        issued = Issued(secrets.token_hex(_BYTES_OF_AN_ID), grant, name_of(keys.current))
        token = mint(
            keys.current,
            subject=grant.subject,
            scopes=grant.scopes,
            expires_at=grant.until,
            clients=grant.clients,
            sources=grant.sources,
            token_id=issued.id,
            name=grant.name,
        )
        self._client.put_item(
            TableName=self._table, Item=_to_item(issued), ConditionExpression="attribute_not_exists(id)"
        )
        return issued, token

    def get(self, token_id: str) -> Issued | None:
        """What was issued under this id; None when nothing was, or it has ended long ago."""
        item = self._client.get_item(TableName=self._table, Key={"id": {"S": token_id}}, ConsistentRead=True).get(
            "Item"
        )
        return _from_item(item) if item else None

    def mark_withdrawn(self, issued: Issued, now: datetime) -> Issued:
        """Notes when it was withdrawn; what ends it stands beside the keys."""
        marked = replace(issued, withdrawn_at=issued.withdrawn_at or now)
        try:
            self._client.put_item(
                TableName=self._table, Item=_to_item(marked), ConditionExpression="attribute_exists(id)"
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        return marked

    def listed(self) -> list[Issued]:
        """All of it, the latest first."""
        return sorted(self._all(), key=lambda issued: issued.grant.made_at, reverse=True)

    def _all(self) -> Iterator[Issued]:
        for page in self._client.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            yield from map(_from_item, page["Items"])


def _to_item(issued: Issued) -> "dict[str, AttributeValueTypeDef]":
    grant = issued.grant
    texts = {
        "id": issued.id,
        "kind": grant.kind,
        "subject": grant.subject,
        "made_at": rfc3339(grant.made_at),
        "key_name": issued.key_name,
        "name": grant.name,
        "role": grant.role,
        "withdrawn_at": rfc3339(issued.withdrawn_at) if issued.withdrawn_at else None,
    }
    names = {"scopes": grant.scopes, "clients": grant.clients, "sources": grant.sources}
    item: dict[str, AttributeValueTypeDef] = {name: {"S": text} for name, text in texts.items() if text}
    item |= {name: {"L": [{"S": text} for text in listed]} for name, listed in names.items() if listed}
    return item | {"format": {"N": str(FORMAT)}, "expires_at": {"N": str(int(grant.until.timestamp()))}}


def _from_item(item: Any) -> Issued:
    def text(name: str) -> Any:
        return item[name]["S"] if name in item else None

    def names(name: str) -> tuple[str, ...]:
        return tuple(value["S"] for value in item[name]["L"]) if name in item else ()

    withdrawn_at = text("withdrawn_at")
    return Issued(
        id=text("id"),
        grant=Grant(
            kind=text("kind"),
            subject=text("subject"),
            scopes=names("scopes"),
            made_at=datetime.fromisoformat(text("made_at")),
            until=datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC),
            name=text("name"),
            role=text("role"),
            clients=names("clients"),
            sources=names("sources"),
        ),
        key_name=text("key_name"),
        withdrawn_at=datetime.fromisoformat(withdrawn_at) if withdrawn_at else None,
    )
