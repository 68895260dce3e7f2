"""Reads what was sent into events, or tells all that is wrong with it."""

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from shared.http.problems import (
    Fault,
    InvalidError,
    NotJsonError,
    ProblemError,
    TooLargeError,
    UnsupportedMediaTypeError,
)
from shared.http.requests import Request
from shared.intake.events import Data, Envelope, EventTypes
from shared.intake.fields import Validation

MOST_EVENTS = 100

_M = TypeVar("_M", bound=BaseModel)

_ONE, _BATCH, _EITHER = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"

_MESSAGES = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this event",
}
"""What is said instead of pydantic's own words."""


def parse_body(request: Request) -> Any:
    """The JSON values of a body: one event, or a list of at most `MOST_EVENTS`.

    NaN, Infinity, lone surrogates, bytes that are not UTF-8 and endless nesting are not JSON. Raises ProblemErrors.
    """
    if request.media_type not in (_ONE, _BATCH, _EITHER):
        raise UnsupportedMediaTypeError(f"Send {_ONE}, {_BATCH} or {_EITHER}.")
    try:
        parsed = from_json(request.body(), allow_inf_nan=False)
    except ProblemError:
        raise
    except ValueError as error:
        raise NotJsonError(f"The body is not JSON: {error}.") from error
    if isinstance(parsed, list) and len(parsed) > MOST_EVENTS:
        raise TooLargeError(f"The batch has {len(parsed)} events; at most {MOST_EVENTS} are taken.")
    expected = {_ONE: dict, _BATCH: list}.get(request.media_type, (dict, list))
    if not isinstance(parsed, expected):
        raise InvalidError("The body is not of the shape that its content type announces.", [Fault("", "wrong type")])
    return parsed


def validate_event(sent: Any, types: EventTypes, world: Validation) -> tuple[Envelope, Data]:
    """One event. Raises InvalidError with every fault in it at once."""
    if not isinstance(sent, dict):
        raise InvalidError("An event is a JSON object.", [Fault("", "must be an object")])
    faults: list[Fault] = []
    envelope = _validated(Envelope, sent, world, (), faults)
    event_type = sent.get("type")
    data_type = types.get(event_type) if isinstance(event_type, str) else None
    data = None
    if data_type is None and isinstance(event_type, str):
        faults.append(Fault("/type", f"must be one of {', '.join(types)}"))
    if "data" not in sent:
        faults.append(Fault("/data", "is missing"))
    elif not isinstance(sent["data"], dict):
        faults.append(Fault("/data", "must be an object"))
    elif data_type is not None:
        data = _validated(data_type, sent["data"], world, ("data",), faults)
    if faults or envelope is None or data is None:
        raise InvalidError("The event is not valid.", faults)
    return envelope, data


def pointer(location: Sequence[int | str]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def _validated(
    model: type[_M], sent: dict[str, Any], world: Validation, place: tuple[str, ...], faults: list[Fault]
) -> _M | None:
    try:
        return model.model_validate(sent, context=world)
    except ValidationError as error:
        # Without the input: what was sent may be personal, and never stands in an error.
        faults += [_fault(detail, place) for detail in error.errors(include_url=False, include_input=False)]
        return None


def _fault(detail: ErrorDetails, place: tuple[str, ...]) -> Fault:
    message = _MESSAGES.get(detail["type"], detail["msg"])
    return Fault(pointer((*place, *detail["loc"])), message[0].lower() + message[1:])
