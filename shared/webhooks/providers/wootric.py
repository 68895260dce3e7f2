"""Wootric, now InMoment: responses come, change, leave the NPS and return to it; JSON or URL-encoded.

http://docs.wootric.com/webhooks/
"""

from typing import Any

from shared.webhooks.coercion import comment_of, flag_of, part, rating_in_text, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import NotOursError, Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme

_OTHER_MODES = ("CSAT", "CES")


def adapt(payload: Any, source: Source) -> list[UnvalidatedEvent]:
    """A response in the version of `updated_at`, or its end; who declines to answer is nothing to us.

    There is no id of the event. Numbers are text in a URL-encoded body. `survey_mode` is NPS, CSAT (1 to 5) or CES (1
    to 7); without it only the source can say that scores are ratings.
    """
    response, event_name = part(payload, "response"), part(payload, "event_name")
    if response is None and isinstance(part(payload, "decline"), dict):
        return []
    if not isinstance(response, dict) or not isinstance(event_name, str | None):
        raise UnmappableError("unknown_shape", "this is no webhook of Wootric")
    mode = payload.get("survey_mode")
    if isinstance(mode, str) and mode.upper() in _OTHER_MODES:
        raise NotOursError(f"the survey is a {mode.upper()} survey, whose scores are no ratings of 0 to 10")
    happened = (event_name or "created").lower()
    if "delet" in happened or "destroy" in happened:
        return [_retracted(response, payload.get("timestamp"))]
    if response.get("score") is None:
        return []
    if "creat" not in happened and "updat" not in happened:
        raise UnmappableError("unknown_shape", "this event of Wootric is not known")
    if source.scale is None and not (isinstance(mode, str) and mode.upper() == "NPS"):
        raise UnmappableError(
            "no_usable_score", '`survey_mode` does not say NPS: "scale": "0-10" in the source says that all scores are'
        )
    return [_responded(response)]


def _responded(response: dict[str, Any]) -> UnvalidatedEvent:
    response_id = text_of(response.get("id"))
    return UnvalidatedEvent(
        type="nps.responded",
        id=response_id,
        time=rfc3339_of(response.get("updated_at") or response.get("created_at")),
        data={
            "response_id": response_id,
            "score": rating_in_text(response["score"]),
            "responded_at": rfc3339_of(response.get("created_at")),
            "respondent": respondent_of([response.get(name) for name in ("email", "external_id", "end_user_id")]),
            "comment": comment_of(response.get("text")),
            "excluded": flag_of(response.get("excluded_from_calculations")),
        },
    )


def _retracted(response: dict[str, Any], timestamp: Any) -> UnvalidatedEvent:
    """Outranks the version that it takes away, also at the same time."""
    response_id = text_of(response.get("id"))
    return UnvalidatedEvent(
        type="nps.retracted",
        id=response_id,
        time=rfc3339_of(response.get("updated_at") or timestamp),
        data={"response_id": response_id},
    )


PROVIDER = Provider(
    name="wootric",
    scheme=Scheme("x-wootric-signature", "sha1", prefix="sha1="),
    adapt=adapt,
    takes=("scale",),
    signs_with="the secret of the webhook",
)
