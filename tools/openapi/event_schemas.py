"""Schemas of what is sent: the events, from the models that validate them, and the payloads of tools."""

from typing import Any

from pydantic.json_schema import models_json_schema

from shared.intake.envelope import Envelope
from shared.intake.events import ClientDescribed, event_types
from shared.intake.validation import MOST_EVENTS
from shared.opmm.model import Model
from shared.opmm.slugs import SLUG_PATTERN
from tools.openapi.schemas import Schema, ref

PAYLOAD: Schema = {}
"""What a tool sends: anything."""

_PERSON: Schema = {
    "type": "object",
    "description": "A person, over all clients.",
    "properties": {
        "respondent": {
            "type": "string",
            "minLength": 1,
            "maxLength": 320,
            "pattern": r"\S",
            "description": "An address or id, as the tool sends it.",
        },
        "ratings": {"type": "boolean", "default": False, "description": "Whether the ratings go, too."},
    },
    "required": ["respondent"],
    "additionalProperties": False,
}
_CLIENT: Schema = {
    "type": "object",
    "description": "A client with everything.",
    "properties": {"client_id": {"type": "string", "pattern": SLUG_PATTERN, "description": "An id or alias."}},
    "required": ["client_id"],
    "additionalProperties": False,
}
WISH: Schema = {"oneOf": [_PERSON, _CLIENT]}
"""What is to be erased."""

_RULES = {
    "time": "When the sender recorded the event; of one fact the version recorded last counts. Not in the future.",
    "subject": "The client, by id or alias. The first event about a client creates it.",
    "source": "The system that sends.",
    "id": "Names the event in the response.",
}


def event_schemas(model: Model) -> dict[str, Schema]:
    """By name: `Event` (one of any type), `EventOrBatch`, and what each type is and carries."""
    types = event_types(model)
    models: list[Any] = [Envelope, *types.values()]
    _, made = models_json_schema([(model, "validation") for model in models], ref_template=ref("{model}")["$ref"])
    schemas = {name: _plain(schema) for name, schema in made["$defs"].items()}
    envelope = schemas.pop("Envelope")
    del schemas["Timestamp"]  # what an instant becomes inside; nobody sends it
    for name in ("Answers", ClientDescribed.__name__):
        schemas[name]["minProperties"] = 1
    names = {event_type: f"{data.__name__}Event" for event_type, data in types.items()}
    for event_type, data in types.items():
        schemas[names[event_type]] = _event(event_type, data.__name__, envelope, schemas[data.__name__])
    schemas["Event"] = {
        "description": "A CloudEvent 1.0. Extension attributes are allowed, and not looked at.",
        "oneOf": [ref(name) for name in names.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {event_type: ref(name)["$ref"] for event_type, name in names.items()},
        },
    }
    batch: Schema = {"type": "array", "items": ref("Event"), "maxItems": MOST_EVENTS}
    schemas["EventOrBatch"] = {
        "description": "An event, or a batch in which each event stands for itself.",
        "anyOf": [ref("Event"), batch],
    }
    return schemas


def _event(event_type: str, data_name: str, envelope: Schema, data: Schema) -> Schema:
    properties = {
        name: schema | ({"description": _RULES[name]} if name in _RULES else {})
        for name, schema in envelope["properties"].items()
    }
    properties["type"] = {"const": event_type, "type": "string"}
    properties["data"] = ref(data_name)
    return {
        "type": "object",
        "description": data["description"],
        "properties": properties,
        "required": [*envelope["required"], "data"],
    }


def _plain(schema: Any, *, names: bool = False) -> Any:
    """Without pydantic's titles and without `default: null`; under `properties` the keys are names of fields.

    Of several formats the date-time comes last: clients that try one after the other would read a date as midnight.
    """
    if isinstance(schema, dict):
        if "anyOf" in schema and not names:
            schema = {**schema, "anyOf": sorted(schema["anyOf"], key=lambda member: "date-time" in member.values())}
        return {
            key: _plain(value, names=key in ("properties", "$defs"))
            for key, value in schema.items()
            if names or not (key == "title" or (key == "default" and value is None))
        }
    return [_plain(item) for item in schema] if isinstance(schema, list) else schema
