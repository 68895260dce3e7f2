"""The OpenAPI document as a whole."""

import json
from typing import Any

from shared.api.operations import OPERATIONS
from shared.api.parameters import PARAMETERS
from shared.http.problems import ProblemDocument
from shared.http.tokens import SCOPES
from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from tools.openapi.event_schemas import PAYLOAD, WISH, event_schemas
from tools.openapi.operations import SCOPE, operation_object, parameter_object
from tools.openapi.problems import problems
from tools.openapi.schemas import Schema, Schemas, ref

_ABOUT = """Scores client partnerships on the questions of a model, from the events that NPS tools, HR systems and
people send, and tells of every point where it came from, how fresh it is and what changed it.

HEAD is taken wherever GET is. Texts follow `Accept-Language`. Errors are problem documents (RFC 9457). A parameter
that an operation does not name is refused, and one that is given twice; only webhooks may bring their own."""

_TAGS = {
    "events": "Sending, with a token.",
    "webhooks": "Sending, by tools with a signature of their own; and what could not be mapped.",
    "scores": "Reading.",
    "erasure": "What is held of a person, and erasing people and clients.",
    "service": "About the service itself.",
}


def document(model: Model | None = None) -> dict[str, Any]:
    """The description of the API, as JSON values; what surveys answer is what the model asks, by default OPMM's."""
    schemas = Schemas()
    schemas.of(ProblemDocument)
    events = event_schemas(model or published_model())
    sent = {"EventOrBatch": ref("EventOrBatch"), "Payload": PAYLOAD, "Wish": WISH}
    paths: dict[str, Schema] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = operation_object(operation, schemas, sent)
    parameters = {name: parameter_object(parameter, schemas) for name, parameter in PARAMETERS.items()}
    return {
        "openapi": "3.1.1",
        "info": {
            "title": "OPMM: the Online Partner Maturity Model",
            "version": "1",
            "description": _ABOUT,
            "contact": {"name": "The operator of this stack"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": events | schemas.named,
            "parameters": parameters,
            "responses": problems(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": f"A signed token with scopes: {', '.join(SCOPES)}; `{SCOPE}` names the one that an "
                    "operation needs. It may be limited to clients and sources: what it does not grant is refused "
                    "with 403.",
                }
            },
        },
    }


def text() -> str:
    """The document as it is checked in."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
