"""Signing as the tools do, and posting what they post."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from moto import mock_aws

from tests.support.clients import secrets_client
from tests.support.service import NOW, Answer, Service, http_event, in_memory

SECRET = "s3cret-of-the-tool"
SAMPLES = Path(__file__).parents[2] / "events" / "webhooks"
SOURCES: dict[str, Any] = json.loads((SAMPLES / "sources.json").read_bytes())
"""A source for each sample."""

NAMES = {settings["provider"]: name for name, settings in SOURCES.items()}
"""The source of each provider."""


def sample(provider: str) -> bytes:
    """What the tool posts."""
    return (SAMPLES / f"{provider}.json").read_bytes()


def values(provider: str) -> Any:
    """The same as JSON values, to be changed."""
    return json.loads(sample(provider))


def store(sources: Mapping[str, Any]) -> None:
    """Stores the sources document, as an operator does while the functions are warm."""
    secrets = secrets_client()
    secrets.put_secret_value(SecretId="opmm/sources", SecretString=json.dumps(sources))


def register(service: Service, sources: Mapping[str, Any]) -> None:
    """Stores the sources document, and lets the warm function forget the one it knows."""
    store(sources)
    service.restart_ingest()


@contextmanager
def connected(sources: Mapping[str, Any] = SOURCES) -> Iterator[Service]:
    """A service of its own, with these sources."""
    with mock_aws():
        service = in_memory()
        register(service, sources)
        yield service


def post(
    service: Service, source: str, body: bytes, headers: Mapping[str, str], content_type: str = "application/json"
) -> Answer:
    """Posts the bytes as they are."""
    event = http_event("POST", f"/v1/webhooks/{source}", None, {"Content-Type": content_type, **headers})
    event["body"], event["isBase64Encoded"] = base64.b64encode(body).decode(), True
    return service.ask_ingest(event)


def send(service: Service, provider: str, body: Any, content_type: str = "application/json") -> Answer:
    """Posts a payload (bytes, or JSON values) to the provider's source of the sample document, well signed."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    secret = SOURCES[NAMES[provider]]["secrets"][0]
    return post(service, NAMES[provider], raw, signed(provider, raw, secret, service.clock()), content_type)


def signature(body: bytes, algorithm: str = "sha256", encoding: str = "hex", key: str | bytes = SECRET) -> str:
    """The HMAC of a body."""
    secret = key.encode() if isinstance(key, str) else key
    digest = hmac.new(secret, body, getattr(hashlib, algorithm)).digest()
    return digest.hex() if encoding == "hex" else base64.b64encode(digest).decode()


def standard_headers(body: bytes, secret: str, at: datetime = NOW, message_id: str = "msg_1") -> dict[str, str]:
    """As Standard Webhooks signs."""
    timestamp = str(int(at.timestamp()))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed_bytes = b".".join([message_id.encode(), timestamp.encode(), body])
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": f"v1,{signature(signed_bytes, encoding='base64', key=key)}",
    }


def _bamboohr(body: bytes, key: str, at: datetime) -> dict[str, str]:
    timestamp = str(int(at.timestamp()))
    return {
        "X-BambooHR-Signature": signature(body + timestamp.encode(), key=key),
        "X-BambooHR-Timestamp": timestamp,
    }


_SIGNERS: Mapping[str, Callable[[bytes, str, datetime], dict[str, str]]] = {
    "standard": standard_headers,
    "formbricks": standard_headers,
    "delighted": lambda body, key, _: {"X-Delighted-Webhook-Signature": f"sha256={signature(body, key=key)}"},
    "typeform": lambda body, key, _: {"Typeform-Signature": f"sha256={signature(body, 'sha256', 'base64', key)}"},
    "wootric": lambda body, key, _: {"X-Wootric-Signature": f"sha1={signature(body, 'sha1', key=key)}"},
    "surveymonkey": lambda body, key, _: {"Sm-Signature": signature(body, "sha1", "base64", key)},
    "tally": lambda body, key, _: {"Tally-Signature": signature(body, "sha256", "base64", key)},
    "survicate": lambda body, key, _: {"Hmac": signature(body, key=key)},
    "asknicely": lambda body, key, _: {"X-OPMM-Key": key},  # noqa: ARG005 - nothing is signed
    "afas": lambda body, key, _: {"X-Profit-Signature-256": f"sha256={signature(body, key=key)}"},
    "bamboohr": _bamboohr,
    "hibob": lambda body, key, _: {"Bob-Signature": signature(body, "sha512", "base64", key)},
    "gusto": lambda body, key, _: {"X-Gusto-Signature": signature(body, key=key)},
    "deel": lambda body, key, _: {"x-deel-signature": signature(b"POST" + body, key=key)},
    "custom": lambda body, key, _: {"X-Signature": f"sha256={signature(body, key=key)}"},
}
"""Written down once more, from what the tools say, and apart from the table that is tested."""

SIGNING = tuple(_SIGNERS)


def signed(provider: str, body: bytes, key: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    """The headers with which a tool signs a body; `custom` signs as the sample document says."""
    return _SIGNERS[provider](body, key, at)
