"""Survicate: one webhook per answered question.

https://developers.survicate.com/webhooks/answer-types/
"""

from collections.abc import Iterable
from typing import Any

from shared.webhooks.coercion import part, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import NotOursError, Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme
from shared.webhooks.submissions import Choice, Submission, events_of

_COMPLETED = ("surveyCompleted", "surveyAnswered")
"""Says that a survey is finished; what was answered in it came before, answer by answer."""

_CATEGORIES = ("promoter", "passive", "detractor")


def adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:
    """One answer of a response; each is a fact of its own, as the others come by themselves."""
    event = part(payload, "event")
    answered = part(event, "questionAnswered")
    if not isinstance(answered, dict):
        if isinstance(event, dict) and any(name in event for name in _COMPLETED):
            raise NotOursError("the survey is finished; each answer came by itself")
        raise UnmappableError("unknown_shape", "this is no webhook of Survicate about an answer")
    response_id = text_of(answered.get("responseUuid"))
    answered_at = rfc3339_of(answered.get("timestamp"))
    respondent = answered.get("respondent")
    question = text_of(part(answered, "question", "id"))
    return events_of(
        Submission(
            id=response_id,
            event_id=text_of(payload.get("messageId") or response_id),
            answered_at=answered_at,
            recorded_at=answered_at,
            given={question: _given(answered)},
            scales={} if _is_nps(answered) else {question: "untold"},
            respondent=respondent_of([part(respondent, "uuid"), part(respondent, "id")]),
            comment=part(answered, "choice", "comment"),
            in_parts=True,
        ),
        source,
    )


def _is_nps(answered: dict[str, Any]) -> bool:
    """Whether the choice is one of an NPS: then its text is a category. Which one is not looked at: the rating says."""
    category = part(answered, "choice", "body")
    return isinstance(category, str) and category.lower() in _CATEGORIES


def _given(answered: dict[str, Any]) -> Any:
    """An answer stands under the name of its type.

    Of the NPS `id` is the rating and `body` its category; of any other choice `body` is the text, and `id` an id.
    """
    choice, choices = answered.get("choice"), answered.get("choices")
    if isinstance(choices, list):
        return [Choice(part(chosen, "id"), part(chosen, "body")) for chosen in choices]
    if isinstance(choice, dict):
        return choice.get("id") if _is_nps(answered) else Choice(choice.get("id"), choice.get("body"))
    return next((answered[name] for name in ("text", "date") if answered.get(name) is not None), None)


PROVIDER = Provider(
    name="survicate",
    # Survicate does not say how it writes the digest down; both are unambiguous.
    scheme=Scheme("hmac", encodings=("hex", "base64")),
    adapt=adapt,
    needs=("client", "answers"),
    takes=("scale",),
    signs_with="the signing secret of the workspace",
)
