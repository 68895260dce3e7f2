"""How the entries of a ledger lie in the scores table, and how they are read back."""

from collections.abc import Mapping
from typing import Any

from shared.opmm.ledger import Change, Move
from shared.opmm.timestamps import parse_instant, rfc3339, sortable
from shared.storage.codec import CHANGE, FORMAT, item_reader, to_cause, to_reading, to_slug
from shared.storage.shapes import day, of_type, optional, texts, whole


def change_key(change: Change) -> str:
    """The sort key of an entry of the ledger: by time, then version."""
    return f"{CHANGE}{sortable(change.at)}#{change.version:010d}"


def change_item(client_id: str, change: Change) -> dict[str, Any]:
    """An entry of the ledger."""
    return {
        "client_id": client_id,
        "item": change_key(change),
        "format": FORMAT,
        "version": change.version,
        "at": rfc3339(change.at),
        "cause": change.cause,
        "total_before": change.total_before,
        "total_after": change.total_after,
        "moves": [
            [move.key, move.before.points, move.before.value, move.after.points, move.after.value]
            for move in change.moves
        ],
        "facts": list(change.facts),
        "names": list(change.names),
        "latest": change.latest and change.latest.isoformat(),
    }


@item_reader
def change(item: Mapping[str, Any]) -> Change:
    """An entry of the ledger as `change_item` laid it down. Raises UnreadableError."""
    return Change(
        version=whole(item["version"]),
        at=parse_instant(item["at"]),
        cause=to_cause(item["cause"]),
        total_before=whole(item["total_before"]),
        total_after=whole(item["total_after"]),
        moves=tuple(
            Move(of_type(str, key), to_reading(points, value), to_reading(points_after, value_after))
            for key, points, value, points_after, value_after in of_type(list, item["moves"])
        ),
        facts=texts(item["facts"]),
        names=tuple(to_slug(name) for name in of_type(list, item.get("names", []))),  # an earlier release named none
        latest=optional(day, item.get("latest")),  # nor did it say this
    )
