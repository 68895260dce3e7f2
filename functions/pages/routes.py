"""Every page, at its address."""

from typing import TYPE_CHECKING

from functions.pages.client_names import ClientNamesForm
from functions.pages.client_page import ClientPage
from functions.pages.evidence_page import EvidencePage
from functions.pages.layout import PageContext, problem_page, stylesheet
from functions.pages.model_page import ModelPage
from functions.pages.portfolio_page import PortfolioPage
from functions.pages.session import Session
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response, problem_response
from shared.http.routes import Endpoint
from shared.http.tokens import ROLES, Role, Token, Verifier
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.intake.intake import Intake


class Pages:
    """The pages, wired."""

    def __init__(
        self,
        access: Access,
        cards: Cards,
        queries: Queries,
        verify: Verifier,
        intake: "Callable[[], Intake]",
        *,
        agency: str | None = None,
    ) -> None:
        self._model = ModelPage(access, cards)
        self._session = Session(verify, cards.zone, cards.clock)
        self._client = ClientPage(access, cards, queries, agency)
        self._evidence = EvidencePage(access, cards)
        self._names = ClientNamesForm(access, cards, intake)
        self._portfolio = PortfolioPage(access, cards, queries)

    @property
    def routes(self) -> dict[str, Endpoint]:
        """The addresses of the pages."""
        return {
            "GET /": self.portfolio,
            "GET /portfolio": self.portfolio,
            "GET /clients/{client_id}": self.client,
            "GET /clients/{client_id}/evidence/{question}": self.evidence,
            "POST /clients/{client_id}/names": self.names,
            "GET /model": self.model,
            "GET /sign-in": self._session.open_link,
            "POST /sign-in": self._session.sign_in,
            "POST /sign-out": self._session.sign_out,
            "GET /style.css": self.style,
        }

    def portfolio(self, request: Request) -> Response:
        """`GET /`: every partnership that the visitor may see."""
        token = self._session.visitor(request)
        return self._portfolio.respond(_signed_in(request, token), token)

    def client(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}`: one partnership, and all that explains its score."""
        token = self._session.visitor(request)
        return self._client.respond(_signed_in(request, token), token, client_id)

    def names(self, request: Request, client_id: str) -> Response:
        """`POST /clients/{client_id}/names`: joins another client to this one, or takes that back."""
        token = self._session.visitor(request)
        return self._names.respond(_signed_in(request, token), token, client_id)

    def evidence(self, request: Request, client_id: str, question: str) -> Response:
        """`GET /clients/{client_id}/evidence/{question}`: every fact behind one question."""
        token = self._session.visitor(request)
        return self._evidence.respond(_signed_in(request, token), token, client_id, question)

    def model(self, request: Request) -> Response:
        """`GET /model`: the table, and the rules around it; with `client` where that one is."""
        token = self._session.visitor(request)
        return self._model.respond(_signed_in(request, token), token)

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


def _signed_in(request: Request, token: Token) -> PageContext:
    return PageContext(request, signed_in=True, person=token.name, role=_role(token))


def _role(token: Token) -> Role | None:
    """What the bearer may do, in a word: the role that grants most of what the token does, None for less than any.

    A client is let in to their own partnership, and told counts instead of people.
    """
    if "evidence:read" not in token.scopes:
        return "client" if token.clients is not None and len(token.clients) == 1 else None
    granted = [role for role, scopes in ROLES.items() if token.scopes.issuperset(scopes)]
    return granted[-1] if granted else None
