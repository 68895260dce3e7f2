"""Tally: one webhook per submission, with a field per question, answered or not.

https://tally.so/help/webhooks
"""

from collections.abc import Iterable
from typing import Any

from shared.webhooks.coercion import part, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme
from shared.webhooks.submissions import Choice, Submission, events_of


def adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:
    """A submission under its response id."""
    response = part(payload, "data")
    fields = part(response, "fields")
    known = isinstance(fields, list) and all(isinstance(field, dict) for field in fields)
    if part(payload, "eventType") != "FORM_RESPONSE" or not known:
        raise UnmappableError("unknown_shape", "this is no webhook of Tally about a submission")
    response_id = text_of(response.get("responseId"))
    created_at = rfc3339_of(response.get("createdAt") or payload.get("createdAt"))
    return events_of(
        Submission(
            id=response_id,
            event_id=text_of(payload.get("eventId") or response_id),
            answered_at=created_at,
            recorded_at=created_at,
            given={field["key"]: _value(field) for field in fields if isinstance(field.get("key"), str)},
            respondent=respondent_of([response.get("respondentId")]),
            scales={field["key"]: "stars" for field in fields if _is_in_stars(field)},
        ),
        source,
    )


def _is_in_stars(field: dict[str, Any]) -> bool:
    return field.get("type") == "RATING" and isinstance(field.get("key"), str)


def _value(field: dict[str, Any]) -> Any:
    """What was filled in; choices are ids, and `options` says how they read."""
    value, options = field.get("value"), field.get("options")
    if not isinstance(options, list):
        return value
    labels = [(part(option, "id"), part(option, "text")) for option in options]
    chosen = value if isinstance(value, list) else [] if value is None else [value]
    return [Choice(choice, next((label for known, label in labels if known == choice), choice)) for choice in chosen]


PROVIDER = Provider(
    name="tally",
    scheme=Scheme("tally-signature", encodings=("base64",)),
    adapt=adapt,
    needs=("client", "answers"),
    takes=("scale",),
    tells_scale=False,  # a linear scale may go from 1 to 5
    signs_with="the signing secret of the webhook",
)
