"""The endpoints that show what a score was made from: facts, responses over time, changes."""

from datetime import timedelta

from functions.query.documents import change_list_document, fact_list_document, interval_list_document
from shared.http.languages import language
from shared.http.parameters import GRANULARITIES, Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.intervals import Interval, intervals
from shared.opmm.timestamps import start_of
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure, months_of_window
from shared.reading.history import Ledger
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.storage.records import Scored


@dataclass(frozen=True, slots=True)
class FactEndpoints:
    """Why a client's score is what it is."""

    access: Access
    cards: Cards
    queries: Queries

    def get_history(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/history`: the ledger, newest first. `from` and `to` are days, both included."""
        scored = self.access.scored(token, client_id)
        parameters = Parameters(request.query)
        limit, (first, last) = parameters.limit(), parameters.days()
        parameters.check()
        owner, zone = scored.inputs.client_id, self.cards.zone
        purpose = f"history {owner} {first} {last}"
        position = self.access.position(request, purpose)
        page = Ledger(self.queries, scored, token).page(
            start_of(first, zone) if first else None,
            start_of(last + timedelta(days=1), zone) if last else None,
            limit,
            position[0] if position else None,
        )
        cursor = self.access.cursor([page.next] if page.next else None, purpose)
        spoken = language(request.headers.get("accept-language", ""))
        disclosure = Disclosure.to(token, zone)
        return Response(200, change_list_document(page, self.cards.model, spoken, disclosure, cursor))

    def get_evidence(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/evidence`: the facts behind a question, newest first.

        Without `evidence:read` responses are told as counts by month, those of a year on the first page; the facts are
        then those of other kinds.
        """
        scored = self.access.scored(token, client_id)
        model = self.cards.model
        about_nps = model.answered_from("nps")
        parameters = Parameters(request.query)
        limit = parameters.limit()
        question = parameters.choice("dimension", model.keys, about_nps.key if about_nps else None)
        parameters.check()
        purpose = f"evidence {scored.inputs.client_id} {question}"
        position = self.access.position(request, purpose)
        client_facts = self.cards.client_facts(scored)
        after = (position[0], int(position[1])) if position else None
        disclosure = Disclosure.to(token, self.cards.zone)
        facts, following = client_facts.page(model.dimension(question), limit, after, responses=disclosure.people)
        remarks = client_facts.remarks(facts) if disclosure.people else {}
        counted = model.dimension(question).kind == "nps" and not disclosure.people and position is None
        months = self._months(scored) if counted else None
        cursor = self.access.cursor([following[0], str(following[1])] if following else None, purpose)
        return Response(200, fact_list_document(facts, remarks, disclosure, cursor, months))

    def get_nps(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/nps`: counts and NPS by day or month, without gaps; a year by default.

        Without `evidence:read` by whole months only.
        """
        scored = self.access.scored(token, client_id)
        parameters = Parameters(request.query)
        granularity = parameters.choice("interval", GRANULARITIES)
        first, last = parameters.span(self.cards.today())
        parameters.check()
        disclosure = Disclosure.to(token, self.cards.zone)
        if granularity == "day":
            disclosure.require_people()
        first, last = disclosure.whole_months(first, last, self.cards.today())
        tallies = self.cards.client_facts(scored, last).tallies_since(first)
        counted = intervals(tallies, first, last, monthly=granularity == "month")
        return Response(200, interval_list_document(scored.inputs.client_id, granularity, counted))

    def _months(self, scored: Scored) -> list[Interval]:
        card = self.cards.current(scored)
        first, last = months_of_window(card.score.as_of)
        return intervals(self.cards.tallies(card, first), first, last, monthly=True)
