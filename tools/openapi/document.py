"""The OpenAPI document as a whole."""

import json
from typing import Any

from functions.query.fact_calls import GRANULARITIES
from shared.http.tokens import SCOPES
from tools.openapi.answers import problems
from tools.openapi.calls import Call
from tools.openapi.event_schemas import event_schemas
from tools.openapi.examples import with_examples
from tools.openapi.ledger_schemas import ledger_schemas
from tools.openapi.parameters import PARAMETERS
from tools.openapi.reads import READS
from tools.openapi.score_schemas import score_schemas
from tools.openapi.shapes import Schema, ref
from tools.openapi.write_schemas import write_schemas
from tools.openapi.writes import WRITES

CALLS: tuple[Call, ...] = (*WRITES, *READS)

_ABOUT = """Scores client partnerships on five questions, 4 points each, from the events that NPS tools, HR systems
and people send, and tells of every point where it came from, how fresh it is and what changed it.

HEAD is answered wherever GET is. Texts follow `Accept-Language`. Errors are problem documents (RFC 9457)."""

_TAGS = {
    "events": "Sending, with a token.",
    "webhooks": "Sending, by tools with a signature of their own; and what could not be mapped.",
    "scores": "Reading.",
    "service": "About the service itself.",
}


def document() -> dict[str, Any]:
    """The description of the API, as JSON values."""
    paths: dict[str, Schema] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method] = with_examples(call)
    return {
        "openapi": "3.1.1",
        "info": {"title": "OPMM: the Online Partner Maturity Model", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": description} for name, description in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas(),
            "parameters": PARAMETERS,
            "responses": problems(),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": f"A signed token with scopes: {', '.join(SCOPES)}. It may be limited to clients and "
                    "sources: what it does not grant is answered 403.",
                }
            },
        },
    }


def schemas() -> dict[str, Schema]:
    """Every schema, by name."""
    either = {"TakenOrResults": {"anyOf": [ref("Taken"), ref("Results")]}}
    return event_schemas() | write_schemas() | either | score_schemas() | ledger_schemas(GRANULARITIES)


def text() -> str:
    """The document as it is checked in."""
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"
