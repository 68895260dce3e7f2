"""The part of the sample portfolio that a survey tool and an HR system send: as webhooks, signed as they sign.

Responses of Delighted come one by one in its own payload, head counts in batches as Standard Webhooks. They leave the
same facts as the events they are made from.
"""

import base64
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import httpx

from shared.webhooks import signing
from shared.webhooks.provider import Provider
from shared.webhooks.providers import delighted, standard
from shared.webhooks.signing import sign
from tools.demo.calls import DemoError, call
from tools.demo.portfolio import Event

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

NPS_TOOL, HR_SYSTEM = "delighted", "hr"
_COUNTS_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a tool."""

    source: str
    headers: Mapping[str, str]
    body: bytes
    events: int
    """How many events of the portfolio it stands for."""


def sends_itself(event: Event) -> bool:
    """Whether a tool sends this event by webhook; the rest is posted with a token."""
    if event["type"] == "nps.responded":
        return bool(event["source"] == NPS_TOOL and "excluded" not in event["data"])
    return bool(event["type"] == "consultants.counted" and event["source"] == HR_SYSTEM)


def register(client: "SecretsManagerClient", stack: str) -> dict[str, str]:
    """The secrets of the two sources by name; sources that the stack does not have yet are added with new ones."""
    name = f"{stack}/sources"
    document: dict[str, Any] = json.loads(client.get_secret_value(SecretId=name)["SecretString"])
    added = {
        NPS_TOOL: {
            "provider": "delighted",
            "secrets": [secrets.token_hex(32)],
            "client": "event_data.person_properties.client",
        },
        HR_SYSTEM: {
            "provider": "standard",
            "secrets": ["whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()],
        },
    }
    if added.keys() - document.keys():
        document = added | document
        client.put_secret_value(SecretId=name, SecretString=json.dumps(document))
    return {source: document[source]["secrets"][0] for source in added}


def webhooks(events: Sequence[Event], keys: Mapping[str, str]) -> Iterator[Call]:
    """What the tools would have called for these events."""
    for event in events:
        if event["source"] == NPS_TOOL:
            body = json.dumps(_delighted(event), ensure_ascii=False).encode()
            yield Call(NPS_TOOL, _signed(delighted.PROVIDER, keys[NPS_TOOL], body, event["id"]), body, 1)
    counts = [event for event in events if event["source"] == HR_SYSTEM]
    for start in range(0, len(counts), _COUNTS_AT_ONCE):
        batch = counts[start : start + _COUNTS_AT_ONCE]
        body = json.dumps(batch).encode()
        headers = _signed(standard.PROVIDER, keys[HR_SYSTEM], body, f"msg_{batch[0]['id']}")
        yield Call(HR_SYSTEM, headers, body, len(batch))


def post_webhooks(
    client: httpx.Client, calls: Iterator[Call], posted: Callable[[int], None] = lambda _: None
) -> Counter[str]:
    """Posts them one by one and counts what became of them. Raises DemoError at the first that is refused."""
    statuses: Counter[str] = Counter()
    for webhook in calls:
        headers = {"Content-Type": "application/json", "Authorization": "", **webhook.headers}
        path = f"v1/webhooks/{webhook.source}"
        document = call(client, "POST", path, expected=(HTTPStatus.OK,), content=webhook.body, headers=headers)
        statuses.update(result["status"] for result in document["results"])
        posted(webhook.events)
    return statuses


def _delighted(event: Event) -> dict[str, Any]:
    data = event["data"]
    return {
        "event_type": "survey_response.updated",
        "event_id": event["id"],
        "event_data": {
            "id": data["response_id"],
            "person": {"id": data["response_id"], "email": data.get("respondent")},
            "survey_type": "nps",
            "score": data["score"],
            "comment": data.get("comment"),
            "created_at": _unix(data["responded_at"]),
            "updated_at": _unix(event["time"]),
            "person_properties": {"client": event["subject"]},
        },
    }


def _signed(provider: Provider, secret: str, body: bytes, message_id: str) -> dict[str, str]:
    """The headers with which a tool sends a body."""
    if provider.scheme is None:
        raise DemoError(f"{provider.name} does not say how it signs.")
    now = datetime.now(UTC)  # noqa: TID251 - the edge: an old signature is refused
    return sign(provider.scheme, secret, signing.Call({}, body), now, message_id)


def _unix(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
