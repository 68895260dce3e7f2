"""Standard Webhooks: the events of `POST /v1/events` themselves, one or a batch. So HR systems push head counts."""

from typing import Any

from shared.intake.validation import MOST_EVENTS
from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import STANDARD_WEBHOOKS


def split(payload: Any) -> list[Any]:
    """The single events of a batch: each is taken or parked by itself. Raises UnmappableError past `MOST_EVENTS`."""
    if isinstance(payload, list) and len(payload) > MOST_EVENTS:
        raise UnmappableError("not_valid", f"the batch has more than {MOST_EVENTS} events")
    return payload if isinstance(payload, list) else [payload]


def adapt(event: Any, source: Source) -> list[UnvalidatedEvent]:  # noqa: ARG001 - nothing to configure
    """The event as it is. Its source is whoever signed it, so that no source can speak for another."""
    if not isinstance(event, dict) or event.get("specversion") != "1.0":
        raise UnmappableError("unknown_shape", "this is no CloudEvent 1.0")
    return [
        UnvalidatedEvent(
            type=event.get("type"),
            id=event.get("id"),
            time=event.get("time"),
            data=event.get("data"),
            subject=event.get("subject"),
            sequence=event.get("sequence"),
        )
    ]


PROVIDER = Provider(
    name="standard",
    scheme=STANDARD_WEBHOOKS,
    adapt=adapt,
    needs=(),
    takes=("client",),
    split=split,
    signs_with="base64 of a key of your own",
)
