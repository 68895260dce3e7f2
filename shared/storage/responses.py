"""Single responses with what was said in them: for whoever has to tell that, at the moment when it is told."""

from datetime import tzinfo
from typing import TYPE_CHECKING

from shared.opmm.alerts import detracts
from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import RESPONSES
from shared.opmm.timestamps import Timestamp
from shared.storage.dynamodb import Item, to_item
from shared.storage.fact_items import read_fact

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_APART = "/"
"""Between a client name, which holds none, and the identity of a fact."""


@dataclass(frozen=True, slots=True)
class Said:
    """A response that counts."""

    name: str
    """The client name it is stored under."""
    fact_id: str
    score: int
    comment: str | None
    timestamp: Timestamp

    @property
    def reference(self) -> str:
        """Where it stands, in one text."""
        return reference(self.name, self.fact_id)

    @property
    def detracts(self) -> bool:
        """Whether it is a detractor who says why."""
        return detracts(self.score, comment=self.comment is not None)


def reference(name: str, fact_id: str) -> str:
    """Where a response stands, in one text."""
    return f"{name}{_APART}{fact_id}"


def said_in(item: Item, zone: tzinfo) -> Said | None:
    """The response in an item of the facts table, or of its stream; None for anything else, and for what counts not."""
    fact = read_fact(item)
    if fact is None or fact.lane != RESPONSES:
        return None
    comment = item.get("comment", {}).get("S")
    said = comment.strip() or None if comment else None
    return Said(fact.name, fact.fact_id, fact.answer["score"], said, fact.timestamp(zone))


class Responses:
    """Reads them from the facts table."""

    def __init__(self, client: "DynamoDBClient", table: str, zone: tzinfo) -> None:
        self._client = client
        self._table = table
        self._zone = zone

    def said(self, reference: str) -> Said | None:
        """The response of a reference as it stands by now; None where it counts no more, or is gone."""
        name, _, fact_id = reference.partition(_APART)
        found = self._client.get_item(
            TableName=self._table, Key=to_item({"client_id": name, "fact_id": fact_id}), ConsistentRead=True
        )
        return said_in(dict(found["Item"]), self._zone) if "Item" in found else None
