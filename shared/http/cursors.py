"""Cursors: where a page ended, opaque to the caller and signed, so that nobody can write one."""

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from typing import Any

from shared.http.problems import Fault, InvalidError

_SIGNATURE_BYTES = 16


def encode(position: Sequence[str], purpose: str, key: str) -> str:
    """The cursor of a position, good for this purpose (a list with its filters) only."""
    payload = json.dumps(list(position), separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_signature(payload, purpose, key) + payload).decode().rstrip("=")


def decode(cursor: str, purpose: str, keys: Sequence[str]) -> list[str]:
    """The position in a cursor that any of the keys signed for this purpose. Raises InvalidError."""
    try:
        signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        signed = b""
    signature, payload = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
    if not any(hmac.compare_digest(signature, _signature(payload, purpose, key)) for key in keys):
        raise InvalidError(
            "The query is not valid.", [Fault("/query/cursor", "is not a cursor of this list; begin without one")]
        )
    position: Any = json.loads(payload)
    return list(position)


def _signature(payload: bytes, purpose: str, key: str) -> bytes:
    return hmac.new(key.encode(), b"cursor\0" + purpose.encode() + b"\0" + payload, "sha256").digest()[
        :_SIGNATURE_BYTES
    ]
