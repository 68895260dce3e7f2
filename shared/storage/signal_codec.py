"""How signals lie in the scores table, and how they are read back; and what stands, in a scorecard."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, cast

from shared.opmm.signals import Signal, SignalKind, Standing
from shared.opmm.timestamps import parse_instant, rfc3339, sortable
from shared.storage.codec import FORMAT, item_reader, to_slug
from shared.storage.shapes import of_type, whole

SIGNAL = "signal#"
"""The beginning of the sort key of a signal; the time, the version of the scorecard and a number follow."""

_KINDS: tuple[SignalKind, ...] = ("talk_due", "talk_missed", "action_missed", "answer_stale")


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


def from_standing(standing: Standing) -> list[Any]:
    """What stands, laid down."""
    return [standing.kind, standing.about, standing.on and standing.on.isoformat(), standing.internal]


def to_standing(laid_down: Any) -> Standing:
    """What was laid down. Raises ValueError or TypeError."""
    kind, about, on, internal = of_type(list, laid_down)
    if kind not in _KINDS:
        raise ValueError(f"{kind} is no kind of signal")
    return Standing(
        cast("SignalKind", kind),
        of_type(str, about),
        date.fromisoformat(on) if on is not None else None,
        of_type(bool, internal),
    )
