"""AskNicely: everything is text, and each webhook about a response has a higher `count` than the one before."""

from typing import Any

from shared.webhooks.coercion import comment_of, counter_of, part, rating_in_text, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme


def adapt(payload: Any, source: Source) -> list[UnvalidatedEvent]:  # noqa: ARG001 - nothing to configure but client and header
    """The answer to one question put to one person, in the version that `count` numbers."""
    question = part(payload, "question")
    if not isinstance(question, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of AskNicely")
    if question.get("score") is None:
        return []
    response_id = text_of(question.get("id"))
    responded_at = rfc3339_of(question.get("responded"))
    return [
        UnvalidatedEvent(
            type="nps.responded",
            id=response_id,
            time=responded_at,
            data={
                "response_id": response_id,
                "score": rating_in_text(question["score"]),
                "responded_at": responded_at,
                "respondent": respondent_of([part(payload, "person", "email"), part(payload, "person", "id")]),
                "comment": comment_of(question.get("comment")),
            },
            order=counter_of(payload.get("count")),
        )
    ]


PROVIDER = Provider(
    name="asknicely",
    # It signs nothing: the secret itself comes in a header of the customer's choice.
    scheme=Scheme("x-opmm-key", None),
    adapt=adapt,
    takes=("header",),
)
