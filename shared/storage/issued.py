"""Links, tokens and feeds that were made: each is written down before anybody gets it, and listed until it ends."""

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from botocore.exceptions import ClientError

from shared.http.feed_addresses import sealed
from shared.http.tokens import OF_EVERY_CLIENT, ROLES, Role, mint
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import rfc3339
from shared.storage.secrets import Secret, is_withdrawn, token_keys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Kind = Literal["link", "token", "feed"]
FeedFile = Literal["ics", "csv"]
State = Literal["open", "ended", "withdrawn", "void"]

FORMAT = 1

LONGEST_NAME = 100
"""Characters of whom a link is for. The token has to fit into a cookie, which browsers drop past 4096 bytes."""

MOST_DAYS = 400
"""What opens anything ends within reach of who gave it; a browser keeps no cookie for longer."""

LINK_DAYS, FEED_DAYS = 30, 365
"""For how long links and tokens, and feeds, hold unless somebody says otherwise."""

LAST_DAYS = 14
"""For so long a calendar says that it ends."""

_NOTED_AFTER = timedelta(hours=1)
"""A feed that was read again within this time is not noted anew."""

_BYTES_OF_AN_ID = 8
_REFUSED = "ConditionalCheckFailedException"


class Keys(Protocol):
    """The keys of now, and which ids were withdrawn."""

    @property
    def current(self) -> str:
        """The key that signs."""

    def is_withdrawn(self, token_id: str) -> bool:
        """Whether the token of this id was withdrawn."""

    def have(self, key_name: str) -> bool:
        """Whether a key still counts, by what `name_of` calls it."""


@dataclass(frozen=True, slots=True)
class HeldKeys:
    """The keys as a function holds them: it reads them, and can change none."""

    secret: Secret

    @property
    def current(self) -> str:
        """The key that signs."""
        return token_keys(self.secret)[0]

    def is_withdrawn(self, token_id: str) -> bool:
        """Whether the token of this id was withdrawn."""
        return is_withdrawn(self.secret, token_id)

    def have(self, key_name: str) -> bool:
        """Whether a key still counts, by what `name_of` calls it."""
        return key_name in {name_of(key) for key in token_keys(self.secret)}


@dataclass(frozen=True, slots=True)
class Feed:
    """What is read at an address of its own: a calendar, or the portfolio as a table."""

    file: FeedFile
    language: str
    owner: str | None = None
    """Whose clients it tells of; None for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What somebody is given: which scopes, for which clients and sources (none: all), until when.

    A feed has no scopes: its address is no token, and opens nothing but the feed.
    """

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
    made_by: str | None = None
    """Who gave it on a page; None where a tool made it."""
    feed: Feed | None = None


def grant_of_link(
    role: Role,
    *,
    made_at: datetime,
    until: datetime,
    name: str | None = None,
    clients: Sequence[str] = (),
    made_by: str | None = None,
) -> Grant:
    """What a link grants: the scopes of a role, for these clients, or for all.

    What concerns every client at once is not granted for some: it would be refused all the same.
    """
    scopes = ROLES[role]
    return Grant(
        kind="link",
        subject=name or "link",
        scopes=tuple(scope for scope in scopes if scope not in OF_EVERY_CLIENT) if clients else scopes,
        made_at=made_at,
        until=until,
        name=name,
        role=role,
        clients=tuple(clients),
        made_by=made_by,
    )


def grant_of_feed(
    feed: Feed,
    *,
    subject: str,
    made_at: datetime,
    until: datetime,
    name: str | None = None,
    clients: Sequence[str] = (),
    made_by: str | None = None,
) -> Grant:
    """What a feed grants: to read what it tells of these clients, or of all; `subject` is who has it made."""
    return Grant(
        kind="feed",
        subject=subject,
        scopes=(),
        made_at=made_at,
        until=until,
        name=name,
        clients=tuple(clients),
        made_by=made_by,
        feed=feed,
    )


def feed_at(pages: str, minted: str, feed: Feed) -> str:
    """The address of a feed. It holds what opens it: a calendar program sends nothing else."""
    return f"{pages}feeds/{minted}.{feed.file}"


def link_to(pages: str, minted: str) -> str:
    """The link that opens the pages with this token."""
    return f"{pages}sign-in?token={minted}"


def name_of(key: str) -> str:
    """By which a key is known where it must not stand."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Issued:
    """A grant that was made, under its id."""

    id: str
    grant: Grant
    key_name: str
    """The key that signed it, as `name_of` calls it."""
    withdrawn_at: datetime | None = None
    last_read_at: datetime | None = None
    """When a feed was last read, to the hour; None for what is no feed, and for one that nobody has read."""

    def state(self, keys: Keys, now: datetime) -> State:
        """Whether it still opens anything; void when the key that signed it counts no more."""
        if self.grant.until <= now:
            return "ended"
        if keys.is_withdrawn(self.id) or self.withdrawn_at:
            return "withdrawn"
        return "open" if keys.have(self.key_name) else "void"

    def is_refused(self, keys: Keys) -> bool:
        """Whether functions refuse it, whenever it ends: it was withdrawn, or its key counts no more.

        What is withdrawn stands beside the keys, but for feeds: those are looked up here each time they are read.
        """
        withdrawn = self.withdrawn_at is not None if self.grant.kind == "feed" else keys.is_withdrawn(self.id)
        return withdrawn or not keys.have(self.key_name)


class Register:
    """The table of what was issued."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def issue(self, grant: Grant, keys: Keys) -> tuple[Issued, str]:
        """Writes a grant down under a new id, and gives the token of it, or what the address of a feed ends in.

        Raises ValueError as `mint` does.
        """
        issued = Issued(new_id(), grant, name_of(keys.current))
        token = _minted(issued, keys)
        self._put_new(issued)
        return issued, token

    def issue_once(self, grant: Grant, keys: Keys, token_id: str) -> tuple[Issued, str] | None:
        """The same under an id that was chosen before: asked for twice it is the one that was made first.

        None when the id stands for anything else, or for what opens nothing any more. Raises ValueError as `mint` does.
        """
        issued = Issued(token_id, grant, name_of(keys.current))
        token = _minted(issued, keys)
        try:
            self._put_new(issued)
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _REFUSED:
                raise
            held = self.get(token_id)
            same = held and replace(held.grant, made_at=grant.made_at, until=grant.until) == grant
            # The secret of the keys is remembered for a minute: what was noted here ends it at once.
            if held is None or not same or held.key_name != issued.key_name or held.withdrawn_at:
                return None
            return held, _minted(held, keys)
        return issued, token

    def _put_new(self, issued: Issued) -> None:
        self._client.put_item(
            TableName=self._table, Item=_to_item(issued), ConditionExpression="attribute_not_exists(id)"
        )

    def get(self, token_id: str) -> Issued | None:
        """What was issued under this id; None when nothing was, or it has ended long ago."""
        item = self._client.get_item(TableName=self._table, Key={"id": {"S": token_id}}, ConsistentRead=True).get(
            "Item"
        )
        return _from_item(item) if item else None

    def mark_withdrawn(self, issued: Issued, now: datetime) -> Issued:
        """Notes when it was withdrawn. That ends a feed; what ends anything else stands beside the keys."""
        marked = replace(issued, withdrawn_at=issued.withdrawn_at or now)
        try:
            self._client.put_item(
                TableName=self._table, Item=_to_item(marked), ConditionExpression="attribute_exists(id)"
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _REFUSED:
                raise
        return marked

    def mark_read(self, issued: Issued, now: datetime) -> None:
        """Notes that a feed was read, unless that was noted within the hour."""
        if issued.last_read_at is not None and now - issued.last_read_at < _NOTED_AFTER:
            return
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"id": {"S": issued.id}},
                UpdateExpression="SET last_read_at = :now",
                ConditionExpression="attribute_exists(id)",
                ExpressionAttributeValues={":now": {"S": rfc3339(now)}},
            )
        except ClientError as refused:
            if refused.response["Error"]["Code"] != _REFUSED:
                raise

    def listed(self) -> list[Issued]:
        """All of it, the latest first."""
        return sorted(self._all(), key=lambda issued: issued.grant.made_at, reverse=True)

    def _all(self) -> Iterator[Issued]:
        for page in self._client.get_paginator("scan").paginate(TableName=self._table, ConsistentRead=True):
            yield from map(_from_item, page["Items"])


def new_id() -> str:
    """An id that nothing has yet."""
    return secrets.token_hex(_BYTES_OF_AN_ID)


def is_id(text: str) -> bool:
    """Whether a text may be an id of ours."""
    return len(text) == 2 * _BYTES_OF_AN_ID and set(text) <= set("0123456789abcdef")


def _minted(issued: Issued, keys: Keys) -> str:
    """The token of a grant: the same each time, while the key that signs is the same."""
    grant = issued.grant
    if grant.feed:
        return sealed(issued.id, keys.current)
    return mint(
        keys.current,
        subject=grant.subject,
        scopes=grant.scopes,
        expires_at=grant.until,
        clients=grant.clients,
        sources=grant.sources,
        token_id=issued.id,
        name=grant.name,
    )


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
        "made_by": grant.made_by,
        "withdrawn_at": rfc3339(issued.withdrawn_at) if issued.withdrawn_at else None,
        "last_read_at": rfc3339(issued.last_read_at) if issued.last_read_at else None,
        "feed_file": grant.feed and grant.feed.file,
        "feed_language": grant.feed and grant.feed.language,
        "feed_owner": grant.feed and grant.feed.owner,
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

    def instant(name: str) -> datetime | None:
        return datetime.fromisoformat(text(name)) if name in item else None

    feed = Feed(text("feed_file"), text("feed_language"), text("feed_owner")) if "feed_file" in item else None
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
            made_by=text("made_by"),
            feed=feed,
        ),
        key_name=text("key_name"),
        withdrawn_at=instant("withdrawn_at"),
        last_read_at=instant("last_read_at"),
    )
