"""AskNicely: everything is text, and each webhook about a response has a higher `count` than the one before."""

from typing import Any

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.ratings import rating_in_text
from functions.ingest.webhooks.sources import Source
from functions.ingest.webhooks.times import rfc3339_of
from functions.ingest.webhooks.values import comment_of, counter_of, part, respondent_of, text_of


def adapt(payload: Any, source: Source) -> list[Draft]:  # noqa: ARG001 - nothing to configure but client and header
    """The answer to one question put to one person, in the version that `count` numbers."""
    question = part(payload, "question")
    if not isinstance(question, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of AskNicely")
    if question.get("score") is None:
        return []
    response_id = text_of(question.get("id"))
    responded_at = rfc3339_of(question.get("responded"))
    return [
        Draft(
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
