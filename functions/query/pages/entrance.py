"""The entrance to the pages: their routes. The pages are imported when the first is asked for: a call pays nothing."""

from functools import cached_property
from typing import TYPE_CHECKING

from functions.query.access import Access
from functions.query.cards import Cards
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response, problem_response
from shared.http.routes import Endpoint
from shared.storage.views import Views

if TYPE_CHECKING:
    from functions.query.pages.pages import Pages

_ROUTES = {
    "GET /": "portfolio",
    "GET /portfolio": "portfolio",
    "GET /clients/{client_id}": "client",
    "GET /model": "model",
    "GET /sign-in": "sign_in",
    "POST /sign-out": "sign_out",
    "GET /style.css": "style",
}
_PLACES = {route.split("/")[1] for route in _ROUTES}


class Entrance:
    """Where people come in."""

    def __init__(self, access: Access, cards: Cards, views: Views) -> None:
        self._wired = (access, cards, views)

    @property
    def routes(self) -> dict[str, Endpoint]:
        """The addresses of the pages."""
        return {route: self._endpoint(name) for route, name in _ROUTES.items()}

    def problem(self, request: Request, problem: ProblemError) -> Response:
        """What went wrong: as a page where people look, as a problem document where programs do."""
        first = request.path.split("/")[1]
        elsewhere = first.lower() != "v1" and "text/html" in request.headers.get("accept", "")
        if first in _PLACES or elsewhere:
            return self._pages.problem(request, problem)
        return problem_response(problem)

    @cached_property
    def _pages(self) -> "Pages":
        from functions.query.pages.pages import Pages  # noqa: PLC0415 - see the module

        return Pages(*self._wired)

    def _endpoint(self, name: str) -> Endpoint:
        def endpoint(request: Request, **captured: str) -> Response:
            answer: Response = getattr(self._pages, name)(request, **captured)
            return answer

        return endpoint
