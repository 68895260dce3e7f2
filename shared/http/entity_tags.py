"""Entity tags: a caller that holds a response asks whether it still stands, and gets no body when it does."""

import hashlib
from dataclasses import replace

from shared.http.requests import Request, Response


def tagged(request: Request, response: Response) -> Response:
    """The same response with its entity tag, or 304 when the caller holds it. Tags change whenever the body would."""
    tag = '"' + hashlib.sha256(response.text().encode()).hexdigest()[:32] + '"'
    headers = {**response.headers, "ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
    if _held(request.headers.get("if-none-match", ""), tag):
        return Response(304, headers=headers, cookies=response.cookies, about=response.about)
    return replace(response, headers=headers)


def _held(condition: str, tag: str) -> bool:
    """Weak comparison, as RFC 9110 section 13.1.2 asks for."""
    tags = [listed.strip().removeprefix("W/") for listed in condition.split(",")]
    return "*" in tags or tag in tags
