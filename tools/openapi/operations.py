"""An operation, and a parameter, as they stand in the document; with examples."""

import json
from collections import ChainMap
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shared.api import (
    agenda_documents,
    documents,
    erasure_documents,
    intake_documents,
    ledger_documents,
    model_documents,
)
from shared.api.operations import Operation, Success
from shared.api.parameters import Parameter
from tools.openapi.problems import headers, refusals
from tools.openapi.samples import BODIES
from tools.openapi.schemas import Schema, Schemas

RESPONSES_FILE = Path(__file__).with_name("example_responses.json")
"""What the service has responded to each example: `python -m tests.support.openapi_examples` records it, and a test
holds that it is still what it says."""

SCOPE = "x-required-scope"
"""Names the scope of an operation: the document format has a place for scopes in OAuth 2 only."""

DOCUMENTS: Mapping[str, Any] = ChainMap(
    *map(vars, (documents, intake_documents, ledger_documents, model_documents, agenda_documents, erasure_documents))
)
"""Every type of a document by its name, among whatever else stands beside them."""

_JSON = "application/json"
_EVERYWHERE = (405, 503)
"""Statuses that any operation may respond with."""
_OTHER_PARAMETERS = 422
"""Where the query has a parameter that the operation does not take."""


def operation_object(operation: Operation, schemas: Schemas, sent: Mapping[str, Schema]) -> Schema:
    """The operation; the schemas of its documents are added to the others. `sent` has the schemas of bodies."""
    statuses = {*operation.problems, *_EVERYWHERE, *((401, 403) if operation.scope else ())}
    if operation.query is not None:
        statuses.add(_OTHER_PARAMETERS)
    recorded = _recorded().get(operation.id, {})
    tags = ("IfNoneMatch",) if operation.tagged else ()
    made: Schema = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in (*operation.parameters, *tags)],
        "requestBody": operation.body and _body(operation, sent[operation.body]),
        "security": [{"token": []}] if operation.scope else [],
        SCOPE: operation.scope,
        "responses": {
            str(status): _response(success, schemas, tagged=operation.tagged, example=recorded.get(str(status)))
            for status, success in operation.responses.items()
        }
        | refusals(statuses, tagged=operation.tagged),
    }
    if operation.scope:
        made["description"] += f" Needs the scope `{operation.scope}`."
    return {key: value for key, value in made.items() if value or key == "security"}


def parameter_object(parameter: Parameter, schemas: Schemas) -> Schema:
    """The parameter."""
    made: Schema = {"name": parameter.name, "in": parameter.place, "description": parameter.description}
    made |= {"required": True} if parameter.required else {}
    made["schema"] = schemas.of(parameter.type)
    return made | ({"example": parameter.example} if parameter.example is not None else {})


def _body(operation: Operation, schema: Schema) -> Schema:
    examples = BODIES.get(operation.id)
    return {"required": True, "content": {_JSON: {"schema": schema, **({"examples": examples} if examples else {})}}}


def _response(success: Success, schemas: Schemas, *, tagged: bool, example: Any) -> Schema:
    made: Schema = {"description": success.description}
    described = headers(success.headers, tagged=tagged)
    made |= {"headers": described} if described else {}
    if success.document:
        either = [schemas.of(document_type(name)) for name in success.document]
        content: Schema = {"schema": either[0] if len(either) == 1 else {"anyOf": either}}
        made["content"] = {_JSON: content | ({} if example is None else {"example": example})}
    return made


def document_type(name: str) -> Any:
    """The type of a document by its name without `Document`. Raises KeyError for one that there is not."""
    return DOCUMENTS[f"{name}Document"]


def _recorded() -> dict[str, dict[str, Any]]:
    """By operation and status: what the service has responded. Nothing before it was recorded for the first time."""
    if not RESPONSES_FILE.exists():
        return {}
    recorded: dict[str, dict[str, Any]] = json.loads(RESPONSES_FILE.read_text(encoding="utf-8"))
    return recorded
