"""Every page, by the name that its route has in the entrance."""

from functions.query.access import Access
from functions.query.cards import Cards
from functions.query.pages.client_page import ClientPage
from functions.query.pages.layout import stylesheet
from functions.query.pages.model_page import model_page
from functions.query.pages.portfolio_page import PortfolioPage
from functions.query.pages.problem_page import problem_page
from functions.query.pages.session import Session
from functions.query.pages.visit import Visit
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response
from shared.storage.views import Views


class Pages:
    """The pages, wired."""

    def __init__(self, access: Access, cards: Cards, views: Views) -> None:
        self._access = access
        self._model = cards.model
        session = Session(access, cards.clock)
        self.sign_in, self.sign_out = session.sign_in, session.sign_out
        self._client = ClientPage(access, cards, views)
        self._portfolio = PortfolioPage(access, cards, views)

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
        """What went wrong, to somebody who may not be signed in."""
        return problem_page(request, problem)

    def _visit(self, request: Request) -> Visit:
        return Visit(request, self._access.visitor(request))
