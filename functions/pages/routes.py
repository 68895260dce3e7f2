"""Every page, at its address."""

from functions.pages.client_page import ClientPage
from functions.pages.layout import PageContext, problem_page, stylesheet
from functions.pages.model_page import draw_model
from functions.pages.portfolio_page import PortfolioPage
from functions.pages.session import Session
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response, problem_response
from shared.http.routes import Endpoint
from shared.http.tokens import Verifier
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries


class Pages:
    """The pages, wired."""

    def __init__(self, access: Access, cards: Cards, queries: Queries, verify: Verifier) -> None:
        self._model = cards.model
        self._session = Session(verify, cards.zone, cards.clock)
        self._client = ClientPage(access, cards, queries)
        self._portfolio = PortfolioPage(access, cards, queries)

    @property
    def routes(self) -> dict[str, Endpoint]:
        """The addresses of the pages."""
        return {
            "GET /": self.portfolio,
            "GET /portfolio": self.portfolio,
            "GET /clients/{client_id}": self.client,
            "GET /model": self.model,
            "GET /sign-in": self._session.open_link,
            "POST /sign-in": self._session.sign_in,
            "POST /sign-out": self._session.sign_out,
            "GET /style.css": self.style,
        }

    def portfolio(self, request: Request) -> Response:
        """`GET /`: every partnership that the visitor may see."""
        token = self._session.visitor(request)
        return self._portfolio.respond(PageContext(request, signed_in=True), token)

    def client(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}`: one partnership, and all that explains its score."""
        token = self._session.visitor(request)
        return self._client.respond(PageContext(request, signed_in=True), token, client_id)

    def model(self, request: Request) -> Response:
        """`GET /model`: the table, and the rules around it."""
        self._session.visitor(request)
        return draw_model(PageContext(request, signed_in=True), self._model)

    def style(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        """`GET /style.css`: the one stylesheet; its address changes with it, so browsers keep it for good."""
        headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(200, headers=headers, body=stylesheet()[0])

    def problem(self, request: Request, problem: ProblemError) -> Response:
        """What went wrong, to somebody who may not be signed in: a page, or a problem document where none is wanted."""
        first = request.path.split("/")[1]
        wanted = first.lower() != "v1" and "text/html" in request.headers.get("accept", "")
        if wanted or first in {route.split("/")[1] for route in self.routes}:
            return problem_page(request, problem)
        return problem_response(problem)
