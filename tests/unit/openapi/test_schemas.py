import re
from typing import Annotated, Any, Literal, NotRequired, TypedDict

import pytest

from shared.api.constraints import at_least, pattern
from tools.openapi.schemas import Schemas


class OfBase(TypedDict):
    key: str
    """Names it."""


_Reserved = TypedDict("_Reserved", {"from": int})


class PartDocument(OfBase, _Reserved):
    """A part."""

    count: NotRequired[Annotated[int, at_least(0)]]
    """How many,
    in all."""
    other: "PartDocument | None"


_A = Literal["a"]
PART = {"$ref": "#/components/schemas/Part"}


def test_a_typed_dict_becomes_an_object_under_its_name() -> None:
    schemas = Schemas()
    assert schemas.of(PartDocument) == PART
    assert schemas.named == {
        "Part": {
            "type": "object",
            "description": "A part.",
            "properties": {
                "key": {"type": "string", "description": "Names it."},
                "from": {"type": "integer"},
                "count": {"type": "integer", "minimum": 0, "description": "How many,\nin all."},
                "other": {"anyOf": [PART, {"type": "null"}]},
            },
            "required": ["key", "from", "other"],
        }
    }


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (str, {"type": "string"}),
        (bool, {"type": "boolean"}),
        (Any, {}),
        (int | str | None, {"type": ["integer", "string", "null"]}),
        (Annotated[str, pattern("^a$")] | None, {"type": ["string", "null"], "pattern": "^a$"}),
        (Literal["a", "b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal[95], {"type": "integer", "const": 95}),
        (_A | Literal["b"], {"type": "string", "enum": ["a", "b"]}),
        (Literal["a", "b"] | None, {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}]}),
        (list[int], {"type": "array", "items": {"type": "integer"}}),
        (dict[str, float | str], {"type": "object", "additionalProperties": {"type": ["number", "string"]}}),
    ],
    ids=lambda value: re.sub(r" object at 0x[0-9a-f]+", "", str(value)),
)
def test_a_type_becomes_a_schema(annotation: Any, schema: Any) -> None:
    assert Schemas().of(annotation) == schema


@pytest.mark.parametrize("annotation", [bytes, set[str], tuple[int, int]], ids=str)
def test_what_json_does_not_have_is_refused(annotation: Any) -> None:
    with pytest.raises(TypeError, match="has no schema"):
        Schemas().of(annotation)
