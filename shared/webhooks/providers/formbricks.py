"""Formbricks: a webhook for the first answer, one for each change, and one or more when the survey is finished.

https://formbricks.com/docs/xm-and-surveys/core-features/integrations/webhooks
"""

from collections.abc import Iterable
from typing import Any

from shared.webhooks.coercion import part, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import STANDARD_WEBHOOKS
from shared.webhooks.submissions import Submission, events_of

_EVENTS = ("responseCreated", "responseUpdated", "responseFinished")


def split(payload: Any) -> list[Any]:
    """Its documentation shows webhooks in a list, its code sends them one by one."""
    return payload if isinstance(payload, list) and payload else [payload]


def adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:
    """A response with all that was answered so far, in the version of `updatedAt`; a skipped question is `""`."""
    response = part(payload, "data")
    given = part(response, "data")
    if part(payload, "event") not in _EVENTS or not isinstance(given, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of Formbricks about a response")
    response_id = text_of(response.get("id"))
    return events_of(
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


PROVIDER = Provider(
    name="formbricks",
    scheme=STANDARD_WEBHOOKS,
    adapt=adapt,
    needs=("client", "answers"),
    takes=("scale",),
    split=split,
    tells_scale=False,  # the answer is a number, whether the question is an NPS, a rating or a number
    signs_with="the signing secret of the webhook, whsec_...",
)
