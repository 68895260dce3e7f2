"""Any other tool: a mapping of its payload to an event, written down in the source's configuration."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.opmm.model import Dimension
from shared.webhooks.coercion import (
    comment_of,
    counter_of,
    flag_of,
    rating_in_text,
    respondent_of,
    rfc3339_of,
    text_of,
    whole_number,
)
from shared.webhooks.expressions import find
from shared.webhooks.provider import Provider, Source, UnmappableError, UnvalidatedEvent

_TIMES = ("responded_at", "measured_at", "answered_at")
_IDENTIFIERS = ("response_id", "survey_id")
_NUMBERS = ("nps", "responses", "working", "happy")

_NUMBER = re.compile(r"-?[0-9]{1,9}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_BEGINS_FIRST = "T00:00:00+14:00"
"""A day begins here before it does anywhere else, so that no sender's today lies in the future."""

_LONG_AGO = "1970-01-01T00:00:00Z"
"""The time of an event whose versions are counted: nothing is ordered by it."""


def adapt(payload: Any, source: Source) -> list[UnvalidatedEvent]:
    """The event that the mapping finds; nothing when a rating is asked for and there is none yet."""
    mapping = dict(source.event)
    event_type = mapping.pop("type")
    found = {field: _find(expression, field, payload) for field, expression in mapping.items()}
    if event_type == "nps.responded" and found["score"] is None:
        return []
    revision, given_id, given_time = (found.pop(name, None) for name in ("revision", "id", "time"))
    answers = {}
    if event_type == "survey.answered":
        given = {key: found.pop(key, None) for key in source.questions}
        answers = {key: _answer(source.questions[key], value) for key, value in given.items() if value is not None}
        if not answers:
            return []
    data = {field: _plain(field, value) for field, value in found.items() if value is not None}
    if answers:
        data["answers"] = answers
    counter = None if whole_number(revision) is None else counter_of(revision)
    time = given_time or (revision if counter is None else None) or _happened(data) or (counter and _LONG_AGO)
    known_as = given_id or data.get("response_id") or data.get("survey_id") or f"{event_type} {time}"
    return [UnvalidatedEvent(type=event_type, id=text_of(known_as), time=rfc3339_of(time), data=data, order=counter)]


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


def _answer(question: Dimension, value: Any) -> Any:
    """An answer as events have it; one name of what is counted is a list of one."""
    if question.kind == "choice":
        return value
    counted = _number(value)
    return [counted] if isinstance(counted, str) else counted


def _number(value: Any) -> Any:
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return int(value)
    number = whole_number(value)
    return value if number is None else number


def _day_or_time(value: Any) -> Any:
    return value if whole_number(value) is None else rfc3339_of(value)


_READ: Mapping[str, Callable[[Any], Any]] = {
    "score": rating_in_text,
    "comment": comment_of,
    "respondent": lambda value: respondent_of([value]),
    "excluded": flag_of,
    "as_of": _day_or_time,
    **dict.fromkeys(_IDENTIFIERS, text_of),
    **dict.fromkeys(_TIMES, rfc3339_of),
    **dict.fromkeys(_NUMBERS, _number),
}
"""How fields are read that tools write in several ways: a number may be text, a time may be Unix time."""

PROVIDER = Provider(name="custom", scheme=None, adapt=adapt, needs=("client", "signature", "event"))
