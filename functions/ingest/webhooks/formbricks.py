"""Formbricks: a webhook for the first answer, one for each change, and one or more when the survey is finished."""

from collections.abc import Iterable
from typing import Any

from functions.ingest.webhooks.answers import Submission, drafts_of
from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.sources import Source
from functions.ingest.webhooks.times import rfc3339_of
from functions.ingest.webhooks.values import part, respondent_of, text_of

_EVENTS = ("responseCreated", "responseUpdated", "responseFinished")


def adapt(payload: Any, source: Source) -> Iterable[Draft]:
    """A response with all that was answered so far, in the version of `updatedAt`."""
    response = part(payload, "data")
    given = part(response, "data")
    if part(payload, "event") not in _EVENTS or not isinstance(given, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of Formbricks about a response")
    response_id = text_of(response.get("id"))
    return drafts_of(
        Submission(
            id=response_id,
            event_id=response_id,
            answered_at=rfc3339_of(response.get("createdAt")),
            recorded_at=rfc3339_of(response.get("updatedAt") or response.get("createdAt")),
            given=given,
            respondent=respondent_of(
                [
                    part(response, "contactAttributes", "email"),
                    *(part(response, "contact", key) for key in ("userId", "id")),
                ]
            ),
        ),
        source,
    )
