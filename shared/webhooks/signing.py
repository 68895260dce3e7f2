"""Signatures of webhooks: what a scheme says, and the one verifier of all.

Everything is computed over the bytes that were sent, never over JSON written anew.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from shared.http.problems import UnauthenticatedError
from shared.opmm.dataclass import dataclass

Algorithm = Literal["sha1", "sha256", "sha512"]
Encoding = Literal["hex", "base64"]

WHSEC = "whsec_"
"""Begins a secret of Standard Webhooks; base64 of the key follows."""

_TIMESTAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_NOBODY = "no such source"
"""The secret of a source that does not exist: checking against it takes the same way as against a real one."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """How a tool signs. Without an algorithm the header holds the secret itself."""

    header: str
    algorithm: Algorithm | None = "sha256"
    encodings: tuple[Encoding, ...] = ("hex",)
    prefix: str = ""
    message: str = "{body}"
    """What is signed; `{body}` stands for the raw bytes, `{id}` and `{timestamp}` for headers."""
    id_header: str | None = None
    timestamp_header: str | None = None
    tolerance: int = 300
    """Seconds by which a signed time may differ from ours, either way."""
    many: bool = False
    """Whether the header holds several signatures, separated by spaces."""
    base64_key: bool = False
    """Whether the secret is the base64 of the key, behind `whsec_`."""


STANDARD_WEBHOOKS = Scheme(
    "webhook-signature",
    encodings=("base64",),
    prefix="v1,",
    message="{id}.{timestamp}.{body}",
    id_header="webhook-id",
    timestamp_header="webhook-timestamp",
    many=True,
    base64_key=True,
)
"""https://www.standardwebhooks.com"""


def verify(scheme: Scheme, secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises UnauthenticatedError unless one of the secrets has signed this body.

    Every secret and every signature is tried, in constant time. Without secrets (a source that does not exist) the
    outcome is the same as for a wrong signature. Header names are in lower case.
    """
    sent = headers.get(scheme.header, "")
    message = _message(scheme, headers, body)
    known = [key_of(scheme, secret) for secret in secrets or [_NOBODY]]
    expected = [signature for key in known for signature in _expected(scheme, key, message)]
    matches = False
    for given in sent.split(" ") if scheme.many else [sent]:
        for signature in expected:
            matches |= hmac.compare_digest(_digest(given), _digest(signature))
    if not (matches and secrets and _in_time(scheme, headers, now)):
        raise UnauthenticatedError("The signature is not valid.")


def _expected(scheme: Scheme, key: bytes, message: bytes) -> list[str]:
    """What the header must hold, in each encoding that the scheme knows."""
    if scheme.algorithm is None:
        return [scheme.prefix + key.decode()]
    digest = hmac.digest(key, message, scheme.algorithm)
    written = {"hex": digest.hex(), "base64": base64.b64encode(digest).decode()}
    return [scheme.prefix + written[encoding] for encoding in scheme.encodings]


def _digest(text: str) -> bytes:
    """Of equal length whatever the text, so that the comparison does not tell how long a plain secret is."""
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def _message(scheme: Scheme, headers: Mapping[str, str], body: bytes) -> bytes:
    """The signed bytes. The template is taken apart rather than filled in: a body may hold braces."""
    parts = {
        "{body}": body,
        "{id}": headers.get(scheme.id_header or "", "").encode("utf-8", "replace"),
        "{timestamp}": headers.get(scheme.timestamp_header or "", "").encode("utf-8", "replace"),
    }
    return b"".join(
        parts[piece] if piece in parts else piece.encode() for piece in re.split(r"(\{[a-z]+\})", scheme.message)
    )


def _in_time(scheme: Scheme, headers: Mapping[str, str], now: datetime) -> bool:
    """Whether the signed time is near ours; a scheme that signs none is always in time."""
    if scheme.timestamp_header is None:
        return True
    sent = headers.get(scheme.timestamp_header, "")
    return bool(_TIMESTAMP.fullmatch(sent)) and abs(int(sent) - now.timestamp()) <= scheme.tolerance


def key_of(scheme: Scheme, secret: str) -> bytes:
    """The key in a secret; sources are checked when they are stored, so that a base64 key can be read."""
    if not scheme.base64_key:
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix(WHSEC), validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()
