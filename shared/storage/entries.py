"""Entries of clients, changes and signals alike, by the references of the journal."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from shared.opmm.ledger import Change
from shared.opmm.signals import Signal
from shared.storage.codec import CHANGE, SIGNAL, UnreadableError
from shared.storage.dynamodb import Item, Pause, batch_get, to_item
from shared.storage.journal import Reference
from shared.storage.ledger_codec import change
from shared.storage.signal_codec import signal

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BEGINNINGS = (CHANGE, SIGNAL)
"""How the sort keys of entries begin."""


class Entries:
    """Reads entries from the scores table."""

    def __init__(self, client: "DynamoDBClient", table: str, pause: Pause) -> None:
        self._client = client
        self._table = table
        self._pause = pause

    def read(self, references: Iterable[Reference]) -> dict[Reference, Change | Signal]:
        """What stands at these places: neither what is gone nor what this release cannot read.

        Strongly consistent: what is not seen here is passed over for good.
        """
        keys = [to_item({"client_id": each.client_id, "item": each.item}) for each in dict.fromkeys(references)]
        found: dict[Reference, Change | Signal] = {}
        for item in batch_get(self._client, self._table, keys, {"ConsistentRead": True}, self._pause):
            said = entry(item)
            if said is not None:
                found[Reference(item["client_id"]["S"], item["item"]["S"])] = said
        return found


def entry(item: Item) -> Change | Signal | None:
    """What an entry says; None for what this release cannot read."""
    try:
        return signal(item) if item["item"]["S"].startswith(SIGNAL) else change(item)
    except UnreadableError:
        return None
