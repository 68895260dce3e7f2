"""What a scorecard was made from, as bytes: whoever makes it anew reads this, and every started KB is paid for twice.

As attributes of their own these parts weigh two to five times as much: much of them are words that stand in every
scorecard, days, and ids that begin alike.
"""

from collections.abc import Mapping
from typing import Any

from shared.storage import packing

MADE_FROM = "made_from"
"""The attribute."""


def unpacked(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """The item with each of its parts beside the others, as the release before laid them down itself.

    Raises TypeError or ValueError where there are none in what should hold them.
    """
    held = item.get(MADE_FROM)
    if held is None:
        return item
    parts = packing.unpacked(held)
    if not isinstance(parts, dict):
        raise TypeError("these are no parts")
    return {**parts, **item}
