"""What needs no token: the description of this API, and whether the function runs."""

import json
from functools import cache
from typing import Any

from shared.api.description import DESCRIPTION_FILE
from shared.http.requests import Request, Response
from shared.version import VERSION


def get_openapi(request: Request) -> Response:  # noqa: ARG001 - every endpoint takes the request
    """`GET /v1/openapi.json`: as `python -m tools.openapi` has written it. Whoever connects a system reads it first."""
    return Response(200, _description())


def get_health(request: Request) -> Response:  # noqa: ARG001 - every endpoint takes the request
    """`GET /v1/health`: that the function runs, and which version of it; nothing else is touched."""
    return Response(200, {"status": "ok", "version": VERSION})


@cache
def _description() -> Any:
    return json.loads(DESCRIPTION_FILE.read_text(encoding="utf-8"))
