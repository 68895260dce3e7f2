"""Any other tool: a mapping of its payload to an event, written down in the source's configuration."""

from typing import Any

import jmespath
from jmespath.exceptions import JMESPathError

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.ratings import rating_in_text
from functions.ingest.webhooks.sources import SURVEY_ANSWERS, Source
from functions.ingest.webhooks.times import rfc3339_of

_TIMES = ("responded_at", "measured_at", "answered_at")
_IDENTIFIERS = ("response_id", "survey_id")


def adapt(payload: Any, source: Source) -> list[Draft]:
    """The event that the mapping finds; nothing when a rating is asked for and there is none yet."""
    mapping = dict(source.event or {})
    event_type = mapping.pop("type")
    found = {field: _find(expression, field, payload) for field, expression in mapping.items()}
    if event_type == "nps.responded":
        if found["score"] is None:
            return []
        found["score"] = rating_in_text(found["score"])
    revision, given_id, given_time = (found.pop(name, None) for name in ("revision", "id", "time"))
    data = {field: _plain(field, value) for field, value in found.items() if value is not None}
    if event_type == "survey.answered":
        data["answers"] = {answer: data.pop(answer) for answer in SURVEY_ANSWERS if answer in data}
    happened = next((data[field] for field in (*_TIMES, "as_of") if field in data), None)
    counter = revision if isinstance(revision, int) and not isinstance(revision, bool) else None
    recorded = given_time or (revision if counter is None else None) or happened
    return [
        Draft(
            type=event_type,
            id=str(given_id or data.get("response_id") or data.get("survey_id") or f"{event_type} {recorded}"),
            time=rfc3339_of(recorded),
            data=data,
            order=counter,
        )
    ]


def _find(expression: str, field: str, payload: Any) -> Any:
    try:
        return jmespath.search(expression, payload)
    except JMESPathError as error:
        raise UnmappableError("unknown_shape", f"the expression of {field} does not fit the payload") from error


def _plain(field: str, value: Any) -> Any:
    """Identifiers as text and times as RFC 3339, however the tool writes them."""
    if field in _IDENTIFIERS and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return rfc3339_of(value) if field in _TIMES else value
