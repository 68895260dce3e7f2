"""CloudEvents 1.0 over HTTP: one event or a batch in structured JSON, or one event in binary mode.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from shared.http.problems import Fault, InvalidError, TooLargeError, UnsupportedMediaTypeError
from shared.http.requests import Request
from shared.intake.validation import MOST_EVENTS, parse_json

_ONE, _BATCH, _EITHER = "application/cloudevents+json", "application/cloudevents-batch+json", "application/json"
_SHAPES: Mapping[str, type | tuple[type, ...]] = {_ONE: dict, _BATCH: list, _EITHER: (dict, list)}

_ATTRIBUTE = "ce-"
"""Begins the headers of an event in binary mode: one for each attribute."""


def read_events(request: Request) -> Any:
    """What was sent, as JSON values: one event, or a list of at most `MOST_EVENTS`; not validated yet.

    Raises UnsupportedMediaTypeError, NotJsonError, TooLargeError, or InvalidError for another shape than was announced.
    """
    media_type = request.media_type
    if f"{_ATTRIBUTE}specversion" in request.headers and media_type not in (_ONE, _BATCH):
        return _in_binary_mode(request)
    if media_type not in _SHAPES:
        raise UnsupportedMediaTypeError(f"Send {_ONE}, {_BATCH} or {_EITHER}.")
    parsed = parse_json(request.body())
    if isinstance(parsed, list) and len(parsed) > MOST_EVENTS:
        raise TooLargeError(f"The batch has {len(parsed)} events; at most {MOST_EVENTS} are taken.")
    if not isinstance(parsed, _SHAPES[media_type]):
        raise InvalidError("The body is not of the shape that its content type announces.", [Fault("", "wrong type")])
    return parsed


def _in_binary_mode(request: Request) -> dict[str, Any]:
    """The event whose attributes are headers and whose data is the body, as structured JSON has it."""
    media_type = request.media_type
    if media_type != _EITHER and not media_type.endswith("+json"):
        raise UnsupportedMediaTypeError("In binary mode the body is the event's data: send application/json.")
    attributes: dict[str, Any] = {}
    faults = []
    for header, value in request.headers.items():
        if header.startswith(_ATTRIBUTE):
            name = header.removeprefix(_ATTRIBUTE)
            try:
                attributes[name] = unquote(value, errors="strict")
            except UnicodeDecodeError:
                faults.append(Fault(f"/{name}", "is no percent-encoded UTF-8"))
    if faults:
        raise InvalidError("The event is not valid.", faults)
    body = request.body()
    return {**attributes, **({"data": parse_json(body)} if body else {})}
