"""Any other tool: a mapping of its payload to an event, written down in the source's configuration."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from functions.ingest.webhooks.drafts import Draft, UnmappableError
from functions.ingest.webhooks.expressions import find
from functions.ingest.webhooks.questions import SURVEY_ANSWERS
from functions.ingest.webhooks.ratings import rating_in_text
from functions.ingest.webhooks.sources import Source
from functions.ingest.webhooks.times import rfc3339_of
from functions.ingest.webhooks.values import comment_of, counter_of, flag_of, is_number, respondent_of, text_of

_TIMES = ("responded_at", "measured_at", "answered_at")
_IDENTIFIERS = ("response_id", "survey_id")
_NUMBERS = ("nps", "responses", "working", "happy")

_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BEGINS_FIRST = "T00:00:00+14:00"
"""A day begins here before it does anywhere else, so that no sender's today lies in the future."""

_LONG_AGO = "1970-01-01T00:00:00Z"
"""The time of an event whose versions are counted: nothing is ordered by it."""


def adapt(payload: Any, source: Source) -> list[Draft]:
    """The event that the mapping finds; nothing when a rating is asked for and there is none yet."""
    mapping = dict(source.event or {})
    event_type = mapping.pop("type")
    found = {field: _find(expression, field, payload) for field, expression in mapping.items()}
    if event_type == "nps.responded" and found["score"] is None:
        return []
    revision, given_id, given_time = (found.pop(name, None) for name in ("revision", "id", "time"))
    data = {field: _plain(field, value) for field, value in found.items() if value is not None}
    if event_type == "survey.answered":
        data["answers"] = {answer: data.pop(answer) for answer in SURVEY_ANSWERS if answer in data}
        if not data["answers"]:
            return []
    counter = counter_of(revision) if is_number(revision) else None
    time = given_time or (revision if counter is None else None) or _happened(data) or (counter and _LONG_AGO)
    known_as = given_id or data.get("response_id") or data.get("survey_id") or f"{event_type} {time}"
    return [Draft(type=event_type, id=text_of(known_as), time=rfc3339_of(time), data=data, order=counter)]


def _find(expression: str, field: str, payload: Any) -> Any:
    try:
        return find(expression, payload)
    except ValueError as error:
        raise UnmappableError("unknown_shape", f"the expression of {field} does not fit the payload") from error


def _happened(data: dict[str, Any]) -> Any:
    """The business time: the version of an event that comes once."""
    happened = next((data[field] for field in (*_TIMES, "as_of") if field in data), None)
    return f"{happened}{_BEGINS_FIRST}" if isinstance(happened, str) and _DAY.fullmatch(happened) else happened


def _plain(field: str, value: Any) -> Any:
    """A field as events have it, however the tool writes it."""
    read = _READ.get(field)
    return value if read is None else read(value)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value


def _specialisms(value: Any) -> Any:
    number = _number(value)
    return [number] if isinstance(number, str) else number


def _day_or_time(value: Any) -> Any:
    return rfc3339_of(value) if is_number(value) else value


_READ: Mapping[str, Callable[[Any], Any]] = {
    "score": rating_in_text,
    "comment": comment_of,
    "respondent": lambda value: respondent_of([value]),
    "excluded": flag_of,
    "specialisms": _specialisms,
    "as_of": _day_or_time,
    **dict.fromkeys(_IDENTIFIERS, text_of),
    **dict.fromkeys(_TIMES, rfc3339_of),
    **dict.fromkeys(_NUMBERS, _number),
}
"""How fields are read that tools write in several ways: a number may be text, a time may be Unix time."""
