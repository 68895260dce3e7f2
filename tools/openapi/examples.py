"""An example of each call and of its answer, in the document.

The answers are those of the service itself: `python -m
tests.support.openapi_examples` records them, and a test holds that they are still what it says.
"""

import json
from pathlib import Path
from typing import Any

from tools.openapi.calls import Call
from tools.openapi.samples import BODIES
from tools.openapi.shapes import Schema

ANSWERS_FILE = Path(__file__).with_name("example_answers.json")


def with_examples(call: Call) -> Schema:
    """The call as it stands in the document, with the examples of its body and of its answers."""
    operation = call.operation()
    bodies = BODIES.get(call.name, {})
    if bodies:
        content = {
            media_type: {**made, **({"examples": bodies[media_type]} if media_type in bodies else {})}
            for media_type, made in operation["requestBody"]["content"].items()
        }
        operation["requestBody"] = {**operation["requestBody"], "content": content}
    answers = _recorded().get(call.name, {})
    responses = operation["responses"]
    operation["responses"] = {
        status: _exemplified(responses[status], answers[status]) if status in answers else responses[status]
        for status in responses
    }
    return operation


def _exemplified(response: Schema, answer: Any) -> Schema:
    [(media_type, made)] = response["content"].items()
    return {**response, "content": {media_type: {**made, "example": answer}}}


def _recorded() -> dict[str, dict[str, Any]]:
    """By operation and status: what the service has answered. Nothing before it was recorded for the first time."""
    if not ANSWERS_FILE.exists():
        return {}
    recorded: dict[str, dict[str, Any]] = json.loads(ANSWERS_FILE.read_text(encoding="utf-8"))
    return recorded
