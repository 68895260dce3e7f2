"""AskNicely: everything is text, and each webhook about a response has a higher `count` than the one before.

https://asknicely.zendesk.com/hc/en-us/articles/47782734299540-Triggering-Webhooks-in-AskNicely
"""

from typing import Any

from shared.webhooks.coercion import comment_of, counter_of, part, rating_in_text, respondent_of, rfc3339_of, text_of
from shared.webhooks.provider import NotOursError, Provider, Source, UnmappableError, UnvalidatedEvent
from shared.webhooks.signing import Scheme


def adapt(payload: Any, source: Source) -> list[UnvalidatedEvent]:
    """The answer to one question put to one person, in the version that `count` numbers.

    An account may also ask for five stars or satisfaction, and nothing but the name of the template tells them apart:
    the source says by `templates` which count, or by `scale` that all do.
    """
    question = part(payload, "question")
    if not isinstance(question, dict):
        raise UnmappableError("unknown_shape", "this is no webhook of AskNicely")
    if question.get("score") is None:
        return []
    if source.templates is not None:
        _require_template(question.get("survey_template"), source.templates)
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


def _require_template(template: Any, counted: frozenset[str]) -> None:
    """Raises NotOursError for a survey whose ratings do not count, UnmappableError where nobody can tell."""
    if not isinstance(template, str) or not template:
        raise UnmappableError("unknown_shape", "there is no `survey_template` by which `templates` could tell")
    if template not in counted:
        raise NotOursError("the survey is none of `templates`")


PROVIDER = Provider(
    name="asknicely",
    # It signs nothing: the secret itself comes in a header of the customer's choice.
    scheme=Scheme("x-opmm-key", None),
    adapt=adapt,
    takes=("header", "scale", "templates"),
    tells_scale=False,
    signs_with="a long random text of your own",
)
