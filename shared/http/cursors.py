"""Cursors: where a page ended, signed and masked, so that nobody can write one or read the times and ids in one."""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Any

from shared.http.problems import Fault, InvalidError

_SIGNATURE_BYTES = 16


def encode(position: Sequence[str], purpose: str, key: str) -> str:
    """The cursor of a position, good for this purpose (a list with its filters) only."""
    payload = json.dumps(list(position), separators=(",", ":")).encode()
    signature = _signature(payload, purpose, key)
    return base64.urlsafe_b64encode(signature + _masked(payload, signature, key)).decode().rstrip("=")


def decode(cursor: str, purpose: str, keys: Sequence[str]) -> list[str]:
    """The position in a cursor that any of the keys signed for this purpose. Raises InvalidError."""
    try:
        signed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        signed = b""
    signature, masked = signed[:_SIGNATURE_BYTES], signed[_SIGNATURE_BYTES:]
    for key in keys:
        payload = _masked(masked, signature, key)
        if hmac.compare_digest(signature, _signature(payload, purpose, key)):
            position: Any = json.loads(payload)
            return list(position)
    raise InvalidError(
        "The query is not valid.", [Fault("/query/cursor", "is not a cursor of this list; begin without one")]
    )


def _signature(payload: bytes, purpose: str, key: str) -> bytes:
    return hmac.new(key.encode(), b"cursor\0" + purpose.encode() + b"\0" + payload, "sha256").digest()[
        :_SIGNATURE_BYTES
    ]


def _masked(payload: bytes, signature: bytes, key: str) -> bytes:
    """The payload under a keystream, and back: the signature is its nonce, as in SIV (RFC 5297)."""
    stream = hashlib.shake_256(b"cursor\0" + key.encode() + b"\0" + signature).digest(len(payload))
    return bytes(byte ^ mask for byte, mask in zip(payload, stream, strict=True))
