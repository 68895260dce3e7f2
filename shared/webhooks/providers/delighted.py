"""Delighted: one webhook when a score is given, another on every change of the response."""

from typing import Any

from shared.webhooks.coercion import comment_of, part, rating, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import NotOursError, Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme


def adapt(payload: Any, source: Source) -> list[UnvalidatedEvent]:  # noqa: ARG001 - nothing to configure but the client
    """A response under its own id, in the version of `updated_at`; an unsubscription is nothing to us.

    `survey_type` is `nps`, `csat`, `ces`, ...; where it is absent the project is one for the NPS.
    """
    event_type, response = part(payload, "event_type"), part(payload, "event_data")
    if not isinstance(event_type, str) or not isinstance(response, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of Delighted")
    if response.get("score") is None:
        return []
    if not event_type.startswith("survey_response."):
        raise UnmappableError("unknown_shape", "this is no response to a survey")
    if response.get("survey_type") not in (None, "nps"):
        raise NotOursError("`survey_type` says that it is no NPS survey: its scores are no ratings of 0 to 10")
    response_id = text_of(response.get("id"))
    return [
        UnvalidatedEvent(
            type="nps.responded",
            id=text_of(payload.get("event_id") or response_id),
            time=rfc3339_of(response.get("updated_at") or response.get("created_at")),
            data={
                "response_id": response_id,
                "score": rating(response["score"]),
                "responded_at": rfc3339_of(response.get("created_at")),
                "respondent": respondent_of([part(response, "person", "email"), part(response, "person", "id")]),
                "comment": comment_of(response.get("comment")),
            },
        )
    ]


PROVIDER = Provider(
    name="delighted",
    scheme=Scheme("x-delighted-webhook-signature", prefix="sha256="),
    adapt=adapt,
    signs_with="the API key of the project",
)
