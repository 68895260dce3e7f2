"""The endpoints about one client's scorecard."""

from collections.abc import Callable
from datetime import date

from functions.query.documents import client_document, scorecard_document, step_list_document, verification_document
from shared.http.languages import language
from shared.http.parameters import Parameters
from shared.http.problems import NotFoundError
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.next_steps import next_steps
from shared.opmm.supposition import supposition
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Card, Cards
from shared.reading.verification import Verification


@dataclass(frozen=True, slots=True)
class ScorecardEndpoints:
    """What a client's score is, was, and could be."""

    access: Access
    cards: Cards
    verify: Callable[[str], Verification | None]

    def get_client(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}`: the client and its current scorecard. One read."""
        card = self._current(token, client_id)
        return Response(200, client_document(card, self.cards.model, _language(request), *self._reader(token)))

    def get_score(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/score`: the scorecard for the end of `as_of`; without it the current one.

        With `suppose` as it would be, from what is said of that day; nothing is stored.
        """
        scored = self.access.scored(token, client_id)
        parameters = Parameters(request.query)
        day = parameters.day("as_of", latest=self.cards.today())
        parameters.check()
        card = self.cards.current(scored) if day is None else self.cards.as_of(scored, day)
        text = request.query.get("suppose")
        if text is not None:
            try:
                card = self.cards.supposing(card, supposition(text, self.cards.model, card.score))
            except ValueError as fault:
                parameters.refuse("suppose", str(fault))
                parameters.check()
        return Response(200, scorecard_document(card, self.cards.model, _language(request), *self._reader(token)))

    def get_next_steps(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/next-steps`: what would gain or lose a point, the biggest gain first."""
        card = self._current(token, client_id)
        people = Disclosure.to(token, self.cards.zone).people
        steps = next_steps(card.inputs, card.score, self.cards.model, by_month=not people)
        return Response(200, step_list_document(card.score, steps, self.cards.model, _language(request)))

    def get_verification(self, request: Request, token: Token, client_id: str) -> Response:  # noqa: ARG002 - as all
        """`GET /v1/clients/{client_id}/verify`: whether what is stored says what the facts give. Reads all of them."""
        found = self.verify(self.access.client(token, client_id))
        if found is None:
            raise NotFoundError("There is no client of this name.")
        token.require_client(found.client_id)
        return Response(200, verification_document(found))

    def _reader(self, token: Token) -> tuple[Disclosure, date]:
        return Disclosure.to(token, self.cards.zone), self.cards.today()

    def _current(self, token: Token, client_id: str) -> Card:
        return self.cards.current(self.access.scored(token, client_id))


def _language(request: Request) -> str:
    return language(request.headers.get("accept-language", ""))
