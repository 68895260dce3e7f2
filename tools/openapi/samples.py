"""What is sent in the examples: the sample events of this repository."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.openapi.schemas import Schema

_SAMPLES = Path(__file__).parents[2] / "events"

UNMAPPABLE = b'{"employee": {"id": 7, "state": "hired"}}'
"""A call of the HR system that is no event of ours, and so is parked, under the id that the description shows."""


def _sample(name: str) -> Any:
    return json.loads((_SAMPLES / name).read_text(encoding="utf-8"))


def _named(*names: str) -> Schema:
    return {name: {"value": _sample(f"{name}.json")} for name in names}


_TYPES = sorted(path.stem for path in _SAMPLES.glob("*.*.json"))

BODIES: Mapping[str, Mapping[str, Schema]] = {
    "postEvents": _named(*_TYPES, "batch"),
    "postErasure": {
        "respondent": {"value": {"respondent": "robin@example.com"}},
        "client": {"value": {"client_id": "acme"}},
    },
    "postWebhook": {"standard": {"value": _sample("webhooks/standard.json")}},
}
"""By operation: the examples of what is sent, by name."""
