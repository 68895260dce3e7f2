"""Reads the body of a webhook, JSON or URL-encoded, and knows a probe when it sees one."""

import re
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json

from functions.ingest.webhooks.drafts import UnmappableError

_FORM = "application/x-www-form-urlencoded"
_STEPS = re.compile(r"[^\[\]]+")
_LONGEST_PROBE = 2048
_DEEPEST = 8
_EVENT_NAMES = ("event", "type", "event_type", "eventType", "EventType", "name")
_TEST_EVENTS = ("test.executed", "testEndpoint")


def read_payload(body: bytes, media_type: str) -> Any:
    """The values in a body. Raises UnmappableError when it cannot be read."""
    if media_type == _FORM:
        return _nested(body)
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise UnmappableError("not_readable", "the body is not JSON") from error


def is_probe(body: bytes) -> bool:
    """Whether a tool only tries out whether somebody is there; such calls are unsigned.

    HiBob sends "Ping test" (with and without quotes, or as `text`), AFAS `test.executed`, Formbricks `testEndpoint`.
    """
    if not 0 < len(body) <= _LONGEST_PROBE:
        return False
    if body.strip() == b"Ping test":
        return True
    try:
        payload = from_json(body)
    except ValueError:
        return False
    if isinstance(payload, dict):
        named = [payload.get(name) for name in _EVENT_NAMES]
        return payload == {"text": "Ping test"} or any(name in _TEST_EVENTS for name in named if isinstance(name, str))
    return bool(payload == "Ping test")


def _nested(body: bytes) -> dict[str, Any]:
    """`response[id]=1&response[properties][plan]=x` as nested objects; every value is text."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict")
    except ValueError as error:
        raise UnmappableError("not_readable", "the body is not URL-encoded") from error
    payload: dict[str, Any] = {}
    for name, value in pairs:
        steps = _STEPS.findall(name)
        if not 0 < len(steps) <= _DEEPEST:
            raise UnmappableError("not_readable", "the body is not URL-encoded")
        inner = payload
        for step in steps[:-1]:
            inner = inner.setdefault(step, {})
            if not isinstance(inner, dict):
                raise UnmappableError("not_readable", "the body is not URL-encoded")
        inner[steps[-1]] = value
    return payload
