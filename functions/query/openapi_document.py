"""`GET /v1/openapi.json`: the description of this API, as `python -m tools.openapi` has written it."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from shared.http.entity_tags import tagged
from shared.http.requests import Request, Response

FILE = Path(__file__).with_name("openapi.json")


def get_openapi(request: Request) -> Response:
    """The document, without a token: whoever connects a system reads it first."""
    return tagged(request, Response(200, _document()))


@cache
def _document() -> Any:
    return json.loads(FILE.read_text(encoding="utf-8"))
