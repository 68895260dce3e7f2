"""Payloads as they arrive: the values in a body, and the client that they name."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl

from pydantic_core import from_json

from shared.webhooks.coercion import identifier
from shared.webhooks.expressions import find
from shared.webhooks.provider import UnmappableError

FORM = "application/x-www-form-urlencoded"

_STEPS = re.compile(r"[^\[\]]+")
_DEEPEST = 8

_SHOWN_DEPTH, _SHOWN_PLACES, _SHOWN_NAME = 6, 200, 80
"""Of a shape: what is deeper, more or longer is left out."""


def read_payload(body: bytes, media_type: str) -> Any:
    """The values in a body, JSON or URL-encoded. Raises UnmappableError when it cannot be read."""
    if media_type == FORM:
        return _nested(body)
    try:
        return from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise UnmappableError("not_readable", "the body is not JSON") from error


def named_by(expression: str, payload: Any) -> str:
    """What the payload calls the client; empty when it names none."""
    try:
        return identifier(find(expression, payload)) or ""
    except ValueError:
        return ""


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


def shape(payload: Any) -> list[str]:
    """The places in a payload by their names, without what stands there; of a list those of its first entry."""
    return list(islice(dict.fromkeys(_places(payload, _SHOWN_DEPTH)), _SHOWN_PLACES))


def shape_of(body: bytes, media_type: str) -> list[str]:
    """The same of a payload as it came; empty where it cannot be read."""
    try:
        return shape(read_payload(body, media_type))
    except UnmappableError:
        return []


def _places(value: Any, deepest: int) -> Iterator[str]:
    if isinstance(value, dict) and value and deepest:
        for name, member in value.items():
            shown = _shown(str(name))
            yield from (f"{shown}.{place}" if place else shown for place in _places(member, deepest - 1))
    elif isinstance(value, list) and value and deepest:
        yield from (f"[].{place}" if place else "[]" for place in _places(value[0], deepest - 1))
    else:
        yield ""


def _shown(name: str) -> str:
    """A name, unless somebody may have written themselves into it."""
    return name if len(name) <= _SHOWN_NAME and name.isprintable() and "@" not in name else "*"
