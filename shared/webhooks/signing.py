"""Signatures of webhooks: what a scheme says, and the one verifier of all.

Everything is computed over the bytes that were sent, never over JSON written anew.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from shared.http.problems import UnauthenticatedError
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant

Algorithm = Literal["sha1", "sha256", "sha512"]
Encoding = Literal["hex", "base64"]
KeyForm = Literal["text", "base64", "hex"]
"""How a secret writes its key: as it is, or as bytes."""

TimeForm = Literal["seconds", "milliseconds", "iso8601"]
"""How a signed time is written: Unix time, or a date-time with an offset."""

WHSEC = "whsec_"
"""Begins a secret of Standard Webhooks; base64 of the key follows."""

PLACEHOLDERS = ("{body}", "{id}", "{timestamp}", "{method}", "{uri}")
"""What a message may be made of."""

_SECONDS = re.compile(r"[0-9]{1,12}", re.ASCII)
_MILLISECONDS = re.compile(r"[0-9]{4,15}", re.ASCII)
_HEX = re.compile(r"(?:[0-9a-fA-F]{2})+", re.ASCII)
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
    """What is signed; `{body}` stands for the raw bytes, `{id}` and `{timestamp}` for headers, `{method}` and `{uri}`
    for how and where it was called."""
    id_header: str | None = None
    timestamp_header: str | None = None
    timestamp: TimeForm = "seconds"
    tolerance: int = 300
    """Seconds by which a signed time may differ from ours, either way."""
    separator: str | None = None
    """What stands between several signatures in the header; None where there is one."""
    key: KeyForm = "text"
    uri: str | None = None
    """The address as the tool knows it; None where it is the one that was called."""
    alternative: "Scheme | None" = None
    """Another scheme, for calls that have its header and not ours."""


SVIX = Scheme(
    "svix-signature",
    encodings=("base64",),
    prefix="v1,",
    message="{id}.{timestamp}.{body}",
    id_header="svix-id",
    timestamp_header="svix-timestamp",
    separator=" ",
    key="base64",
)
"""https://docs.svix.com/receiving/verifying-payloads/how-manual"""

STANDARD_WEBHOOKS = replace(
    SVIX,
    header="webhook-signature",
    id_header="webhook-id",
    timestamp_header="webhook-timestamp",
    alternative=SVIX,
)
"""https://www.standardwebhooks.com"""


@dataclass(frozen=True, slots=True)
class Call:
    """What a tool has sent, and where to."""

    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes
    method: str = "POST"
    uri: str = ""
    """The whole address that was called, with what stands behind its `?`."""


def verify(scheme: Scheme, secrets: Sequence[str], call: Call, now: datetime) -> None:
    """Raises UnauthenticatedError unless one of the secrets has signed this call.

    Every secret and every signature is tried, in constant time. Without secrets (a source that does not exist) the
    outcome is the same as for a wrong signature.
    """
    if scheme.alternative is not None and scheme.header not in call.headers:
        scheme = scheme.alternative
    sent = call.headers.get(scheme.header, "")
    message = _message(scheme, call)
    known = [key_of(scheme, secret) for secret in secrets or [_NOBODY]]
    expected = [signature for key in known for signature in _expected(scheme, key, message)]
    matches = False
    for given in [sent] if scheme.separator is None else map(str.strip, sent.split(scheme.separator)):
        for signature in expected:
            matches |= hmac.compare_digest(_digest(given), _digest(signature))
    if not (matches and secrets and _in_time(scheme, call.headers, now)):
        raise UnauthenticatedError("The signature is not valid.")


def sign(scheme: Scheme, secret: str, call: Call, now: datetime, message_id: str) -> dict[str, str]:
    """The headers with which a tool would send a call: what `verify` takes."""
    headers = {}
    if scheme.id_header is not None:
        headers[scheme.id_header] = message_id
    if scheme.timestamp_header is not None:
        headers[scheme.timestamp_header] = _written(scheme.timestamp, now)
    message = _message(scheme, replace(call, headers={**call.headers, **headers}))
    return headers | {scheme.header: _expected(scheme, key_of(scheme, secret), message)[0]}


def _written(form: TimeForm, now: datetime) -> str:
    if form == "iso8601":
        return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return str(int(now.timestamp() * (1 if form == "seconds" else 1000)))


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


def _message(scheme: Scheme, call: Call) -> bytes:
    """The signed bytes. The template is taken apart rather than filled in: a body may hold braces."""
    parts = {
        "{body}": call.body,
        "{id}": _bytes(call.headers.get(scheme.id_header or "", "")),
        "{timestamp}": _bytes(call.headers.get(scheme.timestamp_header or "", "")),
        "{method}": _bytes(call.method),
        "{uri}": _bytes(call.uri if scheme.uri is None else scheme.uri),
    }
    return b"".join(
        parts[piece] if piece in parts else piece.encode() for piece in re.split(r"(\{[a-z]+\})", scheme.message)
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _in_time(scheme: Scheme, headers: Mapping[str, str], now: datetime) -> bool:
    """Whether the signed time is near ours; a scheme that signs none is always in time."""
    if scheme.timestamp_header is None:
        return True
    sent = _seconds(scheme.timestamp, headers.get(scheme.timestamp_header, ""))
    return sent is not None and abs(sent - now.timestamp()) <= scheme.tolerance


def _seconds(form: TimeForm, sent: str) -> float | None:
    """A signed time in Unix seconds; None when it is none."""
    if form == "iso8601":
        try:
            return parse_instant(sent).timestamp()
        except ValueError:
            return None
    if form == "milliseconds":
        return int(sent) / 1000 if _MILLISECONDS.fullmatch(sent) else None
    return int(sent) if _SECONDS.fullmatch(sent) else None


def key_of(scheme: Scheme, secret: str) -> bytes:
    """The key in a secret; sources are checked when they are stored, so that it can be read."""
    key = read_key(scheme.key, secret)
    return secret.encode() if key is None else key


def read_key(form: KeyForm, secret: str) -> bytes | None:
    """The key that a secret writes in this form; None when it does not."""
    if form == "text":
        return secret.encode()
    try:
        if form == "hex":
            return bytes.fromhex(secret) if _HEX.fullmatch(secret) else None
        return base64.b64decode(secret.removeprefix(WHSEC), validate=True) or None
    except (binascii.Error, ValueError):
        return None
