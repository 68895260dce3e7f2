"""Routes: which endpoint responds to which method at which address."""

from collections.abc import Callable, Mapping

from shared.http.problems import MethodNotAllowedError, NotFoundError
from shared.http.requests import Request, Response
from shared.opmm.dataclass import dataclass

Endpoint = Callable[..., Response]
"""Takes the request and, by name, the parts of the path in braces."""


@dataclass(frozen=True, slots=True)
class Match:
    """An endpoint, with what the path holds for it."""

    route: str
    endpoint: Endpoint
    captured: Mapping[str, str]

    def respond(self, request: Request) -> Response:
        """What the endpoint responds."""
        return self.endpoint(request, **self.captured)


class Routes:
    """A table such as {"GET /v1/clients/{client_id}": endpoint}.

    HEAD is taken where GET is. An address that is written out goes before one with parts in braces. None stands for the
    endpoint of another function: a wrong method at such an address is told as such. Two dozen routes need no more; a
    resolver from a library would cost a cold start more than the rest of this folder.
    """

    def __init__(self, table: Mapping[str, Endpoint | None]) -> None:
        self._routes = [(*_parts(route), endpoint) for route, endpoint in table.items()]

    def find(self, request: Request) -> Match:
        """The endpoint for a request. Raises NotFoundError or MethodNotAllowedError."""
        allowed = set()
        wanted = "GET" if request.method == "HEAD" else request.method
        path = request.path.split("/")
        fitting = [(*route, captured) for route in self._routes if (captured := _captured(route[1], path)) is not None]
        fewest = min((len(captured) for *_, captured in fitting), default=0)
        for method, template, endpoint, captured in fitting:
            if len(captured) > fewest:
                continue
            if method == wanted and endpoint:
                return Match(f"{method} {'/'.join(template)}", endpoint, captured)
            allowed |= {method, "HEAD"} if method == "GET" else {method}
        if allowed:
            raise MethodNotAllowedError(sorted(allowed))
        raise NotFoundError("There is nothing at this address.")


def _parts(route: str) -> tuple[str, list[str]]:
    method, _, path = route.partition(" ")
    return method, path.split("/")


def _captured(template: list[str], path: list[str]) -> dict[str, str] | None:
    """The parts of the path in braces; None when the path does not fit the template."""
    if len(template) != len(path):
        return None
    captured = {}
    for part, actual in zip(template, path, strict=True):
        if part.startswith("{") and actual:
            captured[part[1:-1]] = actual
        elif part != actual:
            return None
    return captured
