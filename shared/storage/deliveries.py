"""Deliveries: one message to one destination each, and what became of it. What it says is not kept, but made again.

They lie in the table of notifications, under their destination, by the time of what they tell.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339, sortable
from shared.storage.absence import or_absent
from shared.storage.dynamodb import Item, query_all, to_item
from shared.storage.shapes import of_type, one_of, optional, texts, whole

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

FORMAT = 1

KEPT_FOR = timedelta(days=60)

Subject = Literal["change", "signal", "alert", "detractor", "digest"]
AT_ONCE: tuple[Subject, ...] = ("alert", "detractor")
"""Those of which a destination gets one a day about a client."""
"""What a delivery tells: an occurrence, one that cannot wait, a response that cannot wait, or some days."""

Status = Literal["pending", "delivered", "failed", "ended"]
"""To be sent; arrived; given up after the last try; not to be sent, as its destination or what it tells is gone."""

ABOUT = "deliveries#"

_text = partial(of_type, str)

_READ_AT_FIRST = 100
"""Of deliveries of one status: where most are of it, no more need to be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one destination."""

    destination: str
    id: str
    """Of the message: the same in every try."""
    occurred_at: datetime
    """When what it tells happened."""
    subject: Subject
    reference: str
    """Where what it tells stands: the sort key of an occurrence, the id of a fact, the moment of a digest."""
    client_id: str | None
    """Whom it is about; None for a digest."""
    made_at: datetime
    status: Status = "pending"
    tries: int = 0
    next_at: datetime | None = None
    """Not before then is it tried again; None for at once."""
    answer: str | None = None
    """What came back last: a status code, or a word for what went wrong. Never what a receiver wrote."""
    answered_at: datetime | None = None
    reached: tuple[str, ...] = ()
    """What stands for those mailboxes of the destination that have it, while others have not."""
    again: int = 0
    """How often somebody has asked for it to be sent again."""

    @property
    def key(self) -> str:
        """By which it is found among those of its destination; sorts by the time of what it tells."""
        return f"{sortable(self.occurred_at)}#{self.id}"

    @property
    def message(self) -> dict[str, str | int]:
        """What stands for it in the queue."""
        return {"destination": self.destination, "delivery": self.key, "again": self.again}


class DeliveryOvertakenError(RuntimeError):
    """Somebody else has changed a delivery since it was read."""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """Some deliveries, the latest first, and the key behind which the next page begins; None at the end."""

    deliveries: tuple[Delivery, ...]
    next: str | None


class Deliveries:
    """The deliveries of all destinations."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table

    def add(self, delivery: Delivery, patience: timedelta = timedelta(0)) -> bool:
        """Writes a delivery down unless it is there; gives whether it is to be sent: it is new, or pending still.

        With `patience` what was written down less than so long ago is taken to have its message.
        """
        try:
            self._client.put_item(
                TableName=self._table, Item=_to_item(delivery), ConditionExpression="attribute_not_exists(about)"
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            held = self.get(delivery.destination, delivery.key)
            if held is None or held.status != "pending" or held.tries:
                return False
            return held.made_at <= delivery.made_at - patience
        return True

    def get(self, destination: str, key: str) -> Delivery | None:
        """A delivery; None when there is none, or it is of another format. Strongly consistent."""
        found = self._client.get_item(TableName=self._table, Key=to_item(_key(destination, key)), ConsistentRead=True)
        return _from_item(found["Item"]) if "Item" in found else None

    def replace(self, old: Delivery, new: Delivery) -> None:
        """Writes down what became of a delivery. Raises DeliveryOvertakenError when it is not as it was read."""
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_to_item(new),
                ConditionExpression="#status = :status AND tries = :tries AND again = :again",
                ExpressionAttributeNames={"#status": "status"},
                ExpressionAttributeValues=to_item({":status": old.status, ":tries": old.tries, ":again": old.again}),
            )
        except self._client.exceptions.ConditionalCheckFailedException as refused:
            raise DeliveryOvertakenError(old.id) from refused

    def latest(
        self, destination: str, limit: int, before: str | None = None, status: Status | None = None
    ) -> DeliveryPage:
        """Deliveries to one destination, of one status or all, the latest first; `before` is a key."""
        about, found = ABOUT + destination, list[Delivery]()
        arguments: Any = {
            "TableName": self._table,
            "KeyConditionExpression": "about = :about",
            "ExpressionAttributeValues": to_item({":about": about} | ({":status": status} if status else {})),
            "ScanIndexForward": False,
        }
        if status:
            arguments |= {"FilterExpression": "#status = :status", "ExpressionAttributeNames": {"#status": "status"}}
        most: Any = {"Limit": max(limit, _READ_AT_FIRST) if status else limit + 1}
        start: Any = {"ExclusiveStartKey": to_item(_key(destination, before))} if before else {}
        while True:
            page = self._client.query(**arguments, **most, **start)
            found += [each for each in map(_from_item, page["Items"]) if each]
            if len(found) > limit:
                return DeliveryPage(tuple(found[:limit]), found[limit - 1].key)
            if "LastEvaluatedKey" not in page:
                return DeliveryPage(tuple(found), None)
            most, start = {}, {"ExclusiveStartKey": page["LastEvaluatedKey"]}

    def overdue(self, destination: str, until: datetime) -> list[Delivery]:
        """Pending ones that should have been sent by then, the oldest first. Reads all deliveries that are kept."""
        items = query_all(
            self._client,
            TableName=self._table,
            KeyConditionExpression="about = :about",
            FilterExpression="#status = :pending",
            ExpressionAttributeNames={"#status": "status"},
            ExpressionAttributeValues=to_item({":about": ABOUT + destination, ":pending": "pending"}),
        )
        return [
            each for each in map(_from_item, items) if each and max(each.made_at, each.next_at or each.made_at) <= until
        ]


def sent_again(delivery: Delivery, now: datetime) -> Delivery:
    """The same delivery, to be tried from the beginning; with the same id, by which a receiver knows it."""
    return replace(delivery, status="pending", tries=0, next_at=None, made_at=now, reached=(), again=delivery.again + 1)


def _key(destination: str, delivery_id: str) -> dict[str, str]:
    return {"about": ABOUT + destination, "entry": delivery_id}


def _to_item(delivery: Delivery) -> dict[str, Any]:
    return to_item(
        {
            **_key(delivery.destination, delivery.key),
            "format": FORMAT,
            "subject": delivery.subject,
            "reference": delivery.reference,
            "client_id": delivery.client_id,
            "made_at": rfc3339(delivery.made_at),
            "status": delivery.status,
            "tries": delivery.tries,
            "next_at": delivery.next_at and rfc3339(delivery.next_at),
            "answer": delivery.answer,
            "answered_at": delivery.answered_at and rfc3339(delivery.answered_at),
            "reached": list(delivery.reached) or None,
            "again": delivery.again,
            "expires_at": int((delivery.made_at + KEPT_FOR).timestamp()),
        }
    )


def _instant(value: Any) -> datetime:
    return parse_instant(of_type(str, value))


@or_absent(FORMAT)
def _from_item(item: Item) -> Delivery:
    """A delivery as it was laid down; None for one that this release does not know."""
    occurred_at, _, delivery_id = item["entry"].partition("#")
    return Delivery(
        destination=item["about"].removeprefix(ABOUT),
        id=delivery_id,
        occurred_at=parse_instant(occurred_at),
        subject=cast("Subject", one_of(get_args(Subject), item["subject"])),
        reference=of_type(str, item["reference"]),
        client_id=optional(_text, item.get("client_id")),
        made_at=_instant(item["made_at"]),
        status=cast("Status", one_of(get_args(Status), item["status"])),
        tries=whole(item["tries"]),
        next_at=optional(_instant, item.get("next_at")),
        answer=optional(_text, item.get("answer")),
        answered_at=optional(_instant, item.get("answered_at")),
        reached=texts(item.get("reached", [])),
        again=whole(item["again"]),
    )
