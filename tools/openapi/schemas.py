"""From types to JSON Schema (2020-12, as OpenAPI 3.1 takes it).

pydantic could do this for TypedDicts, but not for those of the standard library before Python 3.12, and it does not
read the texts below their fields.
"""

import ast
import inspect
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from types import ModuleType, NoneType, UnionType
from typing import (
    Annotated,
    Any,
    Literal,
    NotRequired,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from shared.api.constraints import Constraint

Schema = dict[str, Any]

_SUFFIX = "Document"
_PLAIN: Mapping[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    Any: {},
}


def ref(name: str) -> Schema:
    """A schema of this document."""
    return {"$ref": f"#/components/schemas/{name}"}


class Schemas:
    """The schemas of types; those of TypedDicts stand by their names."""

    def __init__(self) -> None:
        self.named: dict[str, Schema] = {}

    def of(self, annotation: Any) -> Schema:
        """The schema of a type. Raises TypeError for one that no document has."""
        if annotation in _PLAIN:
            return dict(_PLAIN[annotation])
        if is_typeddict(annotation):
            return self._object(annotation)
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Annotated:
            constraints = (constraint.keywords for constraint in arguments[1:] if isinstance(constraint, Constraint))
            return {key: value for part in (self.of(arguments[0]), *constraints) for key, value in part.items()}
        if origin is NotRequired:
            return self.of(arguments[0])
        return self._generic(origin, arguments)

    def _generic(self, origin: Any, arguments: Sequence[Any]) -> Schema:
        if origin is Literal:
            return _among(arguments)
        if origin in (Union, UnionType):
            return self._union(arguments)
        if origin is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"{origin} of {arguments} has no schema")

    def _object(self, document: Any) -> Schema:
        name = document.__name__.removesuffix(_SUFFIX)
        if name not in self.named:
            self.named[name] = {}  # so that a document may hold others of its kind
            texts = field_texts(document)
            properties = {
                field: self.of(annotation) | ({"description": texts[field]} if field in texts else {})
                for field, annotation in get_type_hints(document, include_extras=True).items()
            }
            self.named[name] = {
                "type": "object",
                "description": inspect.cleandoc(document.__doc__),
                "properties": properties,
                "required": [field for field in properties if field in document.__required_keys__],
            }
        return ref(name)

    def _union(self, members: Sequence[Any]) -> Schema:
        if all(get_origin(member) is Literal for member in members):
            return _among([choice for member in members for choice in get_args(member)])
        null = NoneType in members
        schemas = [self.of(member) for member in members if member is not NoneType]
        if all(schema.keys() == {"type"} for schema in schemas):
            return {"type": [*(schema["type"] for schema in schemas), *(["null"] if null else [])]}
        if len(schemas) == 1 and "type" in schemas[0] and "enum" not in schemas[0]:
            return {**schemas[0], "type": [schemas[0]["type"], "null"]}
        return {"anyOf": [*schemas, *([{"type": "null"}] if null else [])]}


def _among(choices: Sequence[Any]) -> Schema:
    type_ = _PLAIN[type(choices[0])]["type"]
    return {"type": type_, "const": choices[0]} if len(choices) == 1 else {"type": type_, "enum": list(choices)}


def field_texts(document: Any) -> dict[str, str]:
    """The texts below the fields of a TypedDict, those of its bases included."""
    module = sys.modules[document.__module__]
    declared = _classes(module).get(document.__name__)
    if declared is None:  # made by a call, for the sake of a field such as `from`
        return {}
    texts: dict[str, str] = {}
    for base in declared.bases:
        if is_typeddict(named := getattr(module, ast.unparse(base), None)):
            texts |= field_texts(named)
    for field, text in zip(declared.body, declared.body[1:], strict=False):
        match field, text:
            case ast.AnnAssign(target=ast.Name(name)), ast.Expr(ast.Constant(str(said))):
                texts[name] = inspect.cleandoc(said)
    return texts


@cache
def _classes(module: ModuleType) -> dict[str, ast.ClassDef]:
    return {node.name: node for node in ast.parse(inspect.getsource(module)).body if isinstance(node, ast.ClassDef)}
