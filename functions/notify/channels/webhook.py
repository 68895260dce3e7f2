"""A message as a signed document for a machine (https://www.standardwebhooks.com)."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from standardwebhooks import Webhook

from shared.destinations.destination import Destination
from shared.destinations.message import Message
from shared.opmm.timestamps import rfc3339


def drawn(message: Message) -> bytes:
    """The document: what has happened, when, and its particulars."""
    document = {
        "type": f"opmm.{message.kind}",
        "timestamp": rfc3339(message.occurred_at),
        "data": dict(message.data),
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def signed(message: Message, destination: Destination, body: bytes, now: datetime) -> Mapping[str, str]:
    """The headers of a try: a signature by each key, so that a receiver may know either while they are changed."""
    now = now.astimezone(UTC)
    signatures = [Webhook(secret).sign(message.id, now, body.decode()) for secret in destination.secrets]
    return {
        "webhook-id": message.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
