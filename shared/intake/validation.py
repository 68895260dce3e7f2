"""Reads what was sent into events, or tells all that is wrong with it."""

import base64
from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, from_json

from shared.http.problems import Fault, InvalidError, NotJsonError
from shared.intake.envelope import Data, Envelope
from shared.intake.events import EventTypes
from shared.intake.fields import Validation
from shared.opmm.model import LANGUAGES
from shared.texts.fault_texts import sentence

MOST_EVENTS = 100

_M = TypeVar("_M", bound=BaseModel)

_BOM = b"\xef\xbb\xbf"


def parse_json(body: bytes) -> Any:
    """The JSON values of some bytes; a UTF-8 BOM before them is skipped.

    NaN, Infinity, lone surrogates, bytes that are not UTF-8 and endless nesting are not JSON. Raises NotJsonError.
    """
    try:
        return from_json(body.removeprefix(_BOM), allow_inf_nan=False)
    except ValueError as error:
        raise NotJsonError(f"The body is not JSON: {error}.") from error


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
    content = _data_of(sent, faults)
    if content is not None and data_type is not None:
        data = _validated(data_type, content, world, ("data",), faults)
    if faults or envelope is None or data is None:
        raise InvalidError("The event is not valid.", faults)
    return envelope, data


def _data_of(sent: dict[str, Any], faults: list[Fault]) -> dict[str, Any] | None:
    """The data of an event, which may be JSON in base64; None with a fault when there is no object."""
    place, content = "/data", sent.get("data")
    if "data_base64" in sent and "data" not in sent:
        place = "/data_base64"
        try:
            content = parse_json(base64.b64decode(sent["data_base64"], validate=True))
        except (TypeError, ValueError, NotJsonError):
            faults.append(Fault(place, "must be base64 of JSON"))
            return None
    elif "data_base64" in sent:
        faults.append(Fault("/data_base64", "stands beside data; send one of them"))
        return None
    if "data" not in sent and "data_base64" not in sent:
        faults.append(Fault("/data", "is missing"))
    elif not isinstance(content, dict):
        faults.append(Fault(place, "must be an object"))
    return content if isinstance(content, dict) else None


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
        language = world.get("language", LANGUAGES[0])
        found = error.errors(include_url=False, include_input=False)
        faults += [_fault(detail, place, language) for detail in found]
        return None


def _fault(detail: ErrorDetails, place: tuple[str, ...], language: str) -> Fault:
    return Fault(pointer((*place, *detail["loc"])), sentence(detail, language, of_event=True))
