"""The calls that read scores, as endpoints."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from functions.query.portfolio import STATUSES, Portfolio
from functions.query.representations import change_document, client_document, row_document, scorecard_document
from shared.http import cursors
from shared.http.entity_tags import tagged
from shared.http.languages import language
from shared.http.parameters import Parameters
from shared.http.problems import NotFoundError
from shared.http.requests import Request, Response
from shared.http.tokens import Token, verify
from shared.opmm.model import Model
from shared.opmm.moments import start_of
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.slugs import is_slug
from shared.storage.entries import Alias, Scored, Vacant
from shared.storage.scores import MOST_HOPS, Scores
from shared.storage.views import Views

_SCOPE = "scores:read"


@dataclass(frozen=True, slots=True)
class Reads:
    """Answers for those who may read scores."""

    scores: Scores
    views: Views
    model: Model
    zone: tzinfo
    keys: Callable[[], list[str]]
    clock: Callable[[], datetime]

    def list_clients(self, request: Request) -> Response:
        """`GET /v1/clients`: a page of scorecards in short, the highest total first."""
        token = self._reader(request)
        parameters = Parameters(request.query)
        limit = parameters.limit()
        status = parameters.choice("status", STATUSES)
        sort = parameters.choice("sort", ("-total", "total"))
        parameters.check()
        purpose = f"clients {status} {sort}"
        page = Portfolio(self.views).page(
            token, status, limit, self._position(request, purpose), descending=sort == "-total"
        )
        rows = [row_document(row) for row in page.rows]
        return tagged(request, Response(200, {"clients": rows, "next": self._cursor(page.next, purpose)}))

    def get_client(self, request: Request, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}`: the client and its current scorecard. One read."""
        scored = self._scored(self._reader(request), client_id)
        document = client_document(self._card(scored), scored, self.model, _language(request))
        return tagged(request, Response(200, document))

    def get_score(self, request: Request, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/score`: the current scorecard."""
        scored = self._scored(self._reader(request), client_id)
        card = self._card(scored)
        parameters = Parameters(request.query)
        day = parameters.day("as_of")
        if day not in (None, card.as_of):
            parameters.refuse("as_of", f"must be {card.as_of.isoformat()}: only the current scorecard is kept")
        parameters.check()
        return tagged(request, Response(200, scorecard_document(card, scored, self.model, _language(request))))

    def get_history(self, request: Request, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/history`: the ledger, newest first. `from` and `to` are days, both included."""
        scored = self._scored(self._reader(request), client_id)
        parameters = Parameters(request.query)
        limit, first, last = parameters.limit(), parameters.day("from"), parameters.day("to")
        if first and last and last < first:
            parameters.refuse("to", "lies before from")  # DynamoDB refuses such a range
        parameters.check()
        owner = scored.standing.client_id
        purpose = f"history {owner} {first} {last}"
        page = self.views.ledger(
            owner,
            start_of(first, self.zone) if first else None,
            start_of(last + timedelta(days=1), self.zone) if last else None,
            limit,
            self._position(request, purpose),
        )
        changes = [change_document(change) for change in page.rows]
        return tagged(request, Response(200, {"changes": changes, "next": self._cursor(page.next, purpose)}))

    def get_model(self, request: Request) -> Response:
        """`GET /v1/model`: the questions, their bands and their texts in both languages."""
        self._reader(request)
        return tagged(request, Response(200, self.model.document))

    def _reader(self, request: Request) -> Token:
        token = verify(request.headers.get("authorization"), self.keys())
        token.require(_SCOPE)
        return token

    def _scored(self, token: Token, name: str) -> Scored:
        """What is held of the client that goes by this name.

        A token that is limited to some clients is refused whether or not there is such a client. What no client can be
        called is not looked up: DynamoDB refuses keys of more than 2 KB.
        """
        entry = self.scores.read(name) if is_slug(name) else Vacant()
        for _ in range(MOST_HOPS):
            if not isinstance(entry, Alias):
                break
            name = entry.alias_of
            entry = self.scores.read(name)
        token.require_client(name)
        if not isinstance(entry, Scored):
            raise NotFoundError("There is no client of this name.")
        return entry

    def _card(self, scored: Scored) -> Scorecard:
        """The scorecard of today: what is held is enough to let the window and freshness move on."""
        today = self.clock().astimezone(self.zone).date()
        return scorecard(scored.standing, self.model, max(today, scored.as_of))

    def _position(self, request: Request, purpose: str) -> str | None:
        cursor = request.query.get("cursor")
        return cursors.decode(cursor, purpose, self.keys())[0] if cursor is not None else None

    def _cursor(self, position: str | None, purpose: str) -> str | None:
        return None if position is None else cursors.encode([position], purpose, self.keys()[0])


def _language(request: Request) -> str:
    return language(request.headers.get("accept-language", ""))
