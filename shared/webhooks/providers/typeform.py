"""Typeform: one webhook per submission, with an answer per question that was not skipped.

https://www.typeform.com/developers/webhooks/example-payload/
"""

from collections.abc import Iterable
from typing import Any

from shared.webhooks.coercion import part, rfc3339_of, text_of
from shared.webhooks.provider import NotOursError, Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme
from shared.webhooks.submissions import Choice, Scale, Submission, events_of


def adapt(payload: Any, source: Source) -> Iterable[UnvalidatedEvent]:
    """A submission under its token; one that is not finished is nothing yet.

    `calculated.score` is the result of a quiz, and never looked at.
    """
    event_type, response = part(payload, "event_type"), part(payload, "form_response")
    if event_type == "form_response_partial":
        raise NotOursError("the form is not finished; its answers come once more when it is")
    if event_type != "form_response" or not isinstance(response, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of Typeform")
    answers = _by_question(response.get("answers") or [])
    token = text_of(response.get("token"))
    submitted_at = rfc3339_of(response.get("submitted_at"))
    return events_of(
        Submission(
            id=token,
            event_id=text_of(payload.get("event_id") or token),
            answered_at=submitted_at,
            recorded_at=submitted_at,
            given={name: _value(answer) for name, answer in answers.items()},
            scales={name: scale for name, answer in answers.items() if (scale := _scale(answer))},
        ),
        source,
    )


def _by_question(answers: Any) -> dict[str, dict[str, Any]]:
    """By ref and by id of the question; a ref is what the customer chose, so it wins."""
    if not isinstance(answers, list) or not all(isinstance(answer, dict) for answer in answers):
        raise UnmappableError("unknown_shape", "the answers are no list")
    found: dict[str, dict[str, Any]] = {}
    for name in ("id", "ref"):
        for answer in answers:
            known_as = part(answer, "field", name)
            if isinstance(known_as, str):
                found[known_as] = answer
    return found


def _scale(answer: dict[str, Any]) -> Scale | None:
    """Of a rating in stars, and of an opinion scale, whose ends the payload does not tell."""
    kind = part(answer, "field", "type")
    return "stars" if kind == "rating" else "untold" if kind == "opinion_scale" else None


def _value(answer: dict[str, Any]) -> Any:
    """An answer holds its value under the name of its type."""
    kind = answer.get("type")
    value = answer.get(kind) if isinstance(kind, str) else None
    if kind == "choice":
        return Choice(part(value, "ref") or part(value, "id"), part(value, "label") or part(value, "other"))
    if kind == "choices":
        return _choices(value)
    return value


def _choices(value: Any) -> list[Choice]:
    """Labels with their refs beside them, where there are as many; an answer of one's own has neither."""
    labels, refs = part(value, "labels") or [], part(value, "refs") or []
    if not isinstance(labels, list) or not isinstance(refs, list):
        raise UnmappableError("unknown_shape", "the choices are no list")
    ids = refs if len(refs) == len(labels) else [None] * len(labels)
    other = part(value, "other")
    return [*map(Choice, ids, labels), *([Choice(None, other)] if other else [])]


PROVIDER = Provider(
    name="typeform",
    scheme=Scheme("typeform-signature", encodings=("base64",), prefix="sha256="),
    adapt=adapt,
    needs=("client", "answers"),
    takes=("scale",),
    signs_with="the secret of the webhook",
)
