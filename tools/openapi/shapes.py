"""Short words for JSON Schema (2020-12, as OpenAPI 3.1 takes it)."""

from collections.abc import Iterable
from typing import Any

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
COUNT: Schema = {"type": "integer", "minimum": 0}
FLAG: Schema = {"type": "boolean"}
DAY: Schema = {"type": "string", "format": "date", "examples": ["2026-11-01"]}
INSTANT: Schema = {"type": "string", "format": "date-time", "examples": ["2026-11-20T08:00:00Z"]}
TIMESTAMP: Schema = {"anyOf": [DAY, INSTANT], "description": "A date when only the day was told."}


def ref(name: str) -> Schema:
    """A schema of this document."""
    return {"$ref": f"#/components/schemas/{name}"}


def shape(properties: dict[str, Schema], description: str = "", *, optional: Iterable[str] = ()) -> Schema:
    """An object with these properties, all of them required unless they are optional."""
    left_out = set(optional)
    made: Schema = {"type": "object", "properties": properties}
    made["required"] = [name for name in properties if name not in left_out]
    return described(made, description) if description else made


def described(schema: Schema, description: str) -> Schema:
    """The same with a description."""
    return {**schema, "description": description}


def among(values: Iterable[str]) -> Schema:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


def within(lowest: int, highest: int) -> Schema:
    """A whole number, both ends included."""
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def listed(items: Schema, *, fewest: int | None = None, most: int | None = None) -> Schema:
    """A list."""
    bounds = {"minItems": fewest, "maxItems": most}
    return {"type": "array", "items": items, **{name: bound for name, bound in bounds.items() if bound is not None}}


def nullable(schema: Schema) -> Schema:
    """The same or null."""
    if "enum" in schema:
        return {**schema, "type": [schema["type"], "null"], "enum": [*schema["enum"], None]}
    if "type" in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}
