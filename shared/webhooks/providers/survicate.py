"""Survicate: one webhook per answered question; the rating is the text of the choice."""

from collections.abc import Iterable
from typing import Any

from shared.webhooks.coercion import part, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme
from shared.webhooks.submissions import Choice, Submission, events_of


def adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:
    """One answer of a response; each is a fact of its own, as the others come by themselves."""
    answered = part(payload, "event", "questionAnswered")
    if not isinstance(answered, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of Survicate about an answer")
    response_id = text_of(answered.get("responseUuid"))
    answered_at = rfc3339_of(answered.get("timestamp"))
    choice, respondent = answered.get("choice"), answered.get("respondent")
    return events_of(
        Submission(
            id=response_id,
            event_id=text_of(payload.get("messageId") or response_id),
            answered_at=answered_at,
            recorded_at=answered_at,
            given={text_of(part(answered, "question", "id")): Choice(part(choice, "id"), part(choice, "body"))},
            respondent=respondent_of([part(respondent, "uuid"), part(respondent, "id")]),
            comment=part(choice, "comment"),
            in_parts=True,
        ),
        source,
    )


PROVIDER = Provider(
    name="survicate",
    # Survicate does not say how it writes the digest down; both are unambiguous.
    scheme=Scheme("hmac", encodings=("hex", "base64")),
    adapt=adapt,
    needs=("client", "answers"),
)
