"""How signals lie in the scores table, and how they are read back."""

from collections.abc import Iterable, Mapping
from typing import Any

from shared.opmm.signals import Signal
from shared.opmm.timestamps import parse_instant, rfc3339, sortable
from shared.storage.codec import FORMAT, SIGNAL, item_reader, to_slug
from shared.storage.shapes import of_type, whole
from shared.storage.standing_codec import from_standing, to_standing


def signal_items(client_id: str, signals: Iterable[Signal]) -> list[dict[str, Any]]:
    """The signals that are written with one scorecard."""
    return [
        {
            "client_id": client_id,
            "item": f"{SIGNAL}{sortable(signal.at)}#{signal.version:010d}#{place:02d}",
            "format": FORMAT,
            "version": signal.version,
            "at": rfc3339(signal.at),
            "standing": from_standing(signal.standing),
            "names": list(signal.names),
        }
        for place, signal in enumerate(signals)
    ]


@item_reader
def signal(item: Mapping[str, Any]) -> Signal:
    """A signal as `signal_items` laid it down. Raises UnreadableError."""
    return Signal(
        version=whole(item["version"]),
        at=parse_instant(item["at"]),
        standing=to_standing(item["standing"]),
        names=tuple(to_slug(name) for name in of_type(list, item["names"])),
    )
