"""The endpoints about all clients: the list, and the portfolio at a glance; and the model they are scored by."""

from collections.abc import Callable
from datetime import date, tzinfo

from functions.query.documents import client_list_document, overview_document
from shared.http.parameters import Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.overview import Glance
from shared.reading.portfolio import SORTS, STATUSES, Filters, Listing, Portfolio
from shared.storage.queries import Queries


@dataclass(frozen=True, slots=True)
class PortfolioEndpoints:
    """How all partnerships do."""

    access: Access
    queries: Queries
    glance: Glance
    model: Model
    zone: tzinfo
    today: Callable[[], date]

    def list_clients(self, request: Request, token: Token) -> Response:
        """`GET /v1/clients`: a page of scorecards in short, the highest total first."""
        parameters = Parameters(request.query)
        limit = parameters.limit()
        listing = Listing(
            status=parameters.choice("status", STATUSES),
            sort=parameters.choice("sort", SORTS),
            filters=Filters(
                max_total=parameters.whole("max_total", 0, self.model.max_total),
                complete=parameters.flag("complete"),
                stale=parameters.flag("stale"),
                described=parameters.flag("described"),
                due=parameters.flag("due"),
                owner=request.query.get("owner"),
                q=request.query.get("q"),
            ),
        )
        parameters.check()
        purpose = f"clients {listing}"
        position = self.access.position(request, purpose)
        page = Portfolio(self.queries).page(token, listing, limit, position[0] if position else None)
        disclosure = Disclosure.to(token, self.zone)
        cursor = self.access.cursor([page.next] if page.next is not None else None, purpose)
        return Response(200, client_list_document(page.rows, disclosure, cursor, self.today()))

    def get_portfolio(self, request: Request, token: Token) -> Response:  # noqa: ARG002 - endpoints take the request
        """`GET /v1/portfolio`: how many, how they are spread, what is incomplete or stale, who moved most.

        `Age` says how many seconds ago the clients were read: many of them are not read each time.
        """
        overview, read_at = self.glance.of(token)
        age = int((self.glance.clock() - read_at).total_seconds())
        return Response(200, overview_document(overview, self.model), {"Age": str(age)} if age else {})

    def get_model(self, request: Request, token: Token) -> Response:  # noqa: ARG002 - endpoints take request and token
        """`GET /v1/model`: the questions, their bands and their texts in both languages."""
        return Response(200, self.model.document)
