"""Schemas of what is sent: the six events, from the models that validate them."""

from typing import Any

from pydantic.json_schema import models_json_schema

from shared.intake.events import Envelope, event_types
from shared.intake.validation import MOST_EVENTS
from shared.opmm.model import published_model
from tools.openapi.shapes import Schema, described, listed, ref

DATA = event_types(published_model())
_NOT_NULL: Schema = {"not": {"type": "null"}}
_RULES = {
    "time": "When the sender recorded the event; of one fact the version recorded last counts. Not in the future.",
    "subject": "The client, by id or alias. The first event about a client creates it.",
    "source": "The system that sends.",
    "id": "Names the event in the answer.",
}


def event_schemas() -> dict[str, Schema]:
    """By name: `Event` (any of the six), `Events` (a batch), and what each type is and carries."""
    models: list[Any] = [Envelope, *DATA.values()]
    _, made = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    schemas = {name: _plain(schema) for name, schema in made["$defs"].items()}
    envelope = schemas.pop("Envelope")
    del schemas["Timestamp"]  # what an instant becomes inside; nobody sends it
    answers = schemas["Answers"]
    answers["anyOf"] = [{"required": [name], "properties": {name: _NOT_NULL}} for name in answers["properties"]]
    types = {event_type: f"{model.__name__}Event" for event_type, model in DATA.items()}
    for event_type, model in DATA.items():
        schemas[types[event_type]] = _event(event_type, model.__name__, envelope, schemas[model.__name__])
    schemas["Event"] = {
        "description": "A CloudEvent 1.0. Extension attributes are allowed, and not looked at.",
        "oneOf": [ref(name) for name in types.values()],
        "discriminator": {
            "propertyName": "type",
            "mapping": {event_type: ref(name)["$ref"] for event_type, name in types.items()},
        },
    }
    schemas["Events"] = described(listed(ref("Event"), most=MOST_EVENTS), "A batch; each event stands for itself.")
    return schemas


def _event(event_type: str, model: str, envelope: Schema, data: Schema) -> Schema:
    properties = {
        name: schema | ({"description": _RULES[name]} if name in _RULES else {})
        for name, schema in envelope["properties"].items()
    }
    properties["type"] = {"const": event_type, "type": "string"}
    properties["data"] = ref(model)
    return {
        "type": "object",
        "description": data["description"],
        "properties": properties,
        "required": [*envelope["required"], "data"],
    }


def _plain(schema: Any, *, names: bool = False) -> Any:
    """Without pydantic's titles and without `default: null`; under `properties` the keys are names of fields."""
    if isinstance(schema, dict):
        return {
            key: _plain(value, names=key in ("properties", "$defs"))
            for key, value in schema.items()
            if names or not (key == "title" or (key == "default" and value is None))
        }
    return [_plain(each) for each in schema] if isinstance(schema, list) else schema
