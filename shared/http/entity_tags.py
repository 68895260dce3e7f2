"""Entity tags: a client that holds an answer asks whether it still holds, and gets no body when it does."""

import hashlib

from shared.http.requests import Request, Response


def tagged(request: Request, response: Response) -> Response:
    """The same answer with its entity tag, or 304 when the caller holds it. Tags change whenever the answer would."""
    tag = '"' + hashlib.sha256(response.text().encode()).hexdigest()[:32] + '"'
    headers = {**response.headers, "ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Accept-Language"}
    if _held(request.headers.get("if-none-match", ""), tag):
        return Response(304, None, headers)
    return Response(response.status, response.document, headers)


def _held(condition: str, tag: str) -> bool:
    """Weak comparison, as RFC 9110 section 13.1.2 asks for."""
    held = [each.strip().removeprefix("W/") for each in condition.split(",")]
    return "*" in held or tag in held
