"""How what stands of a client is laid down, in its scorecard and in a signal."""

from collections.abc import Iterable
from datetime import date
from typing import Any, get_args

from shared.opmm.signals import SignalKind, Standing
from shared.storage.shapes import of_type, one_of


def from_standing(standing: Standing) -> list[Any]:
    """What stands, laid down."""
    return [standing.kind, standing.about, standing.on and standing.on.isoformat(), standing.internal]


def to_standing(laid_down: Any) -> Standing:
    """What was laid down. Raises ValueError or TypeError."""
    kind, about, on, internal = of_type(list, laid_down)
    return Standing(
        one_of(get_args(SignalKind), kind),
        of_type(str, about),
        None if on is None else date.fromisoformat(of_type(str, on)),
        of_type(bool, internal),
    )


def from_all_standing(standing: Iterable[Standing]) -> list[list[Any]]:
    """All that stands of a client, in the same order each time."""
    return sorted(map(from_standing, standing), key=str)


def to_all_standing(laid_down: Any) -> frozenset[Standing]:
    """All that was laid down. Raises ValueError or TypeError."""
    return frozenset(map(to_standing, of_type(list, laid_down)))
