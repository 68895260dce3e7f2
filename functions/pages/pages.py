"""Every page, at its address."""

from functions.pages.client_page import ClientPage
from functions.pages.layout import stylesheet
from functions.pages.model_page import model_page
from functions.pages.page_context import PageContext
from functions.pages.portfolio_page import PortfolioPage
from functions.pages.problem_page import problem_page
from functions.pages.session import Session
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response, problem_response
from shared.http.routes import Endpoint
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries


class Pages:
    """The pages, wired."""

    def __init__(self, access: Access, cards: Cards, views: Queries) -> None:
        self._access = access
        self._model = cards.model
        session = Session(access, cards.clock)
        self.sign_in, self.sign_out = session.sign_in, session.sign_out
        self._client = ClientPage(access, cards, views)
        self._portfolio = PortfolioPage(access, cards, views)

    @property
    def routes(self) -> dict[str, Endpoint]:
        """The addresses of the pages."""
        return {
            "GET /": self.portfolio,
            "GET /portfolio": self.portfolio,
            "GET /clients/{client_id}": self.client,
            "GET /model": self.model,
            "GET /sign-in": self.sign_in,
            "POST /sign-out": self.sign_out,
            "GET /style.css": self.style,
        }

    def portfolio(self, request: Request) -> Response:
        """`GET /`: every partnership that the visitor may see."""
        return self._portfolio.answer(self._visit(request))

    def client(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}`: one partnership, and all that explains its score."""
        return self._client.answer(self._visit(request), client_id)

    def model(self, request: Request) -> Response:
        """`GET /model`: the table, and the rules around it."""
        return model_page(self._visit(request), self._model)

    def style(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        """`GET /style.css`: the one stylesheet; its address changes with it, so browsers keep it for good."""
        headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(200, headers=headers | {"X-Content-Type-Options": "nosniff"}, body=stylesheet()[0])

    def problem(self, request: Request, problem: ProblemError) -> Response:
        """What went wrong, to somebody who may not be signed in: a page, or a problem document where none is wanted."""
        first = request.path.split("/")[1]
        wanted = first.lower() != "v1" and "text/html" in request.headers.get("accept", "")
        if wanted or first in {route.split("/")[1] for route in self.routes}:
            return problem_page(request, problem)
        return problem_response(problem)

    def _visit(self, request: Request) -> PageContext:
        return PageContext(request, self._access.visitor(request))
