"""Every page, at its address."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.pages.agreements_page import AGREED_BY, AgreementsPage
from functions.pages.client_names import ClientNamesForm
from functions.pages.client_page import ClientPage
from functions.pages.evidence_page import EvidencePage
from functions.pages.layout import PageContext, problem_page, stylesheet
from functions.pages.model_page import ModelPage
from functions.pages.portfolio.page import LISTED_BY, PortfolioPage
from functions.pages.portfolio.rows import AllRows
from functions.pages.session import Session, SignInNeededError
from shared.http.parameters import refuse_other_names
from shared.http.problems import ProblemError
from shared.http.requests import Request, Response, problem_response
from shared.http.routes import Endpoint
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from shared.intake.intake import Intake


@dataclass(frozen=True, slots=True)
class _Page:
    """The endpoint of a page, for addresses that it understands."""

    endpoint: Endpoint
    parameters: frozenset[str]

    def __call__(self, request: Request, **captured: str) -> Response:
        """Raises QueryNamesError before anything is read."""
        refuse_other_names(request, self.parameters)
        return self.endpoint(request, **captured)


class Pages:
    """The pages, wired."""

    def __init__(
        self,
        access: Access,
        cards: Cards,
        queries: Queries,
        session: Session,
        intake: "Callable[[], Intake]",
        *,
        agency: str | None = None,
    ) -> None:
        self._model = ModelPage(access, cards)
        self._session = session
        self._client = ClientPage(access, cards, queries, agency)
        self._evidence = EvidencePage(access, cards)
        self._names = ClientNamesForm(access, cards, intake)
        rows = AllRows(queries, cards.clock)
        self._portfolio = PortfolioPage(access, cards, queries, rows)
        self._agreements = AgreementsPage(access, cards, queries, rows)

    @property
    def routes(self) -> dict[str, Endpoint]:
        """The addresses of the pages. Each takes the language and the parameters behind it, and refuses any other.

        Where people come back from a provider anything is taken: each adds parameters of its own.
        """
        table: dict[str, tuple[Endpoint, tuple[str, ...]]] = {
            "GET /": (self.portfolio, LISTED_BY),
            "GET /portfolio": (self.portfolio, LISTED_BY),
            "GET /agreements": (self.agreements, AGREED_BY),
            "GET /clients/{client_id}": (self.client, ("as_of", "view", "list", "saved")),
            "GET /clients/{client_id}/evidence/{question}": (self.evidence, ("cursor",)),
            "POST /clients/{client_id}/names": (self.names, ()),
            "GET /model": (self.model, ("client",)),
            "GET /sign-in": (self._session.open_link, ("token", "next")),
            "POST /sign-in": (self._session.sign_in, ()),
            "POST /sign-in/provider": (self._session.to_provider, ()),
            "POST /sign-out": (self._session.sign_out, ()),
            "GET /style.css": (self.style, ("v",)),
        }
        pages = {route: _Page(endpoint, frozenset({"lang", *names})) for route, (endpoint, names) in table.items()}
        return {**pages, "GET /signed-in": self._session.from_provider}

    def portfolio(self, request: Request) -> Response:
        """`GET /`: every partnership that the visitor may see."""
        token = self._session.visitor(request)
        return self._portfolio.respond(PageContext(request, token), token)

    def agreements(self, request: Request) -> Response:
        """`GET /agreements`: what was agreed with all clients that the visitor may see."""
        token = self._session.visitor(request)
        return self._agreements.respond(PageContext(request, token), token)

    def client(self, request: Request, client_id: str) -> Response:
        """`GET /clients/{client_id}`: one partnership, and all that explains its score."""
        token = self._session.visitor(request)
        return self._client.respond(PageContext(request, token), token, client_id)

    def names(self, request: Request, client_id: str) -> Response:
        """`POST /clients/{client_id}/names`: joins another client to this one, or takes that back."""
        token = self._session.visitor(request)
        return self._names.respond(PageContext(request, token), token, client_id)

    def evidence(self, request: Request, client_id: str, question: str) -> Response:
        """`GET /clients/{client_id}/evidence/{question}`: every fact behind one question."""
        token = self._session.visitor(request)
        return self._evidence.respond(PageContext(request, token), token, client_id, question)

    def model(self, request: Request) -> Response:
        """`GET /model`: the table, and the rules around it; with `client` where that one is."""
        token = self._session.visitor(request)
        return self._model.respond(PageContext(request, token), token)

    def style(self, request: Request) -> Response:  # noqa: ARG002 - every endpoint takes the request
        """`GET /style.css`: the one stylesheet; its address changes with it, so browsers keep it for good."""
        headers = {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(200, headers=headers, body=stylesheet()[0])

    def problem(self, request: Request, problem: ProblemError) -> Response:
        """What went wrong, to somebody who may not be signed in: a page, or a problem document where none is wanted."""
        if isinstance(problem, SignInNeededError):
            return self._session.lead(request)
        first = request.path.split("/")[1]
        wanted = first.lower() != "v1" and "text/html" in request.headers.get("accept", "")
        if wanted or first in {route.split("/")[1] for route in self.routes}:
            return problem_page(request, problem)
        return problem_response(problem)
