"""Addresses that are read without signing in: each ends in the id of a feed and what only our keys make of that."""

import hmac
from collections.abc import Sequence

_SEPARATOR = "-"
_SIGNED_DIGITS = 40
"""160 bits, in the lower case letters and digits that no calendar program rewrites and no mail cuts off."""


def sealed(feed_id: str, key: str) -> str:
    """What the address of a feed ends in: the same each time, while the key is the same."""
    return f"{feed_id}{_SEPARATOR}{_signature(feed_id, key)}"


def unsealed(text: str, keys: Sequence[str]) -> str | None:
    """The id of the feed that any of the keys has made this of; None for what somebody made up."""
    feed_id, _, signature = text.partition(_SEPARATOR)
    if not text.isascii():
        return None
    made = [hmac.compare_digest(signature, _signature(feed_id, key)) for key in keys]
    return feed_id if any(made) else None


def _signature(feed_id: str, key: str) -> str:
    return hmac.digest(key.encode(), b"feed\0" + feed_id.encode(), "sha256").hex()[:_SIGNED_DIGITS]
