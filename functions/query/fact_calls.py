"""The calls that show what a score was made from: facts, responses over time, changes."""

from dataclasses import dataclass
from datetime import date, timedelta

from functions.query.representations import change_document, fact_document, interval_document
from shared.http.entity_tags import tagged
from shared.http.languages import language
from shared.http.parameters import Parameters
from shared.http.requests import Request, Response
from shared.opmm.intervals import intervals
from shared.opmm.model import DIMENSIONS
from shared.opmm.timestamps import start_of
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries

GRANULARITIES = ("month", "day")
EVIDENCE_OF = ("nps", *DIMENSIONS)

MOST_DAYS = 1100
"""Three years and a bit: what one answer of responses over time may hold."""


@dataclass(frozen=True, slots=True)
class FactCalls:
    """Why a client's score is what it is."""

    access: Access
    cards: Cards
    views: Queries

    def get_history(self, request: Request, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/history`: the ledger, newest first. `from` and `to` are days, both included."""
        scored = self.access.scored(self.access.reader(request), client_id)
        parameters = Parameters(request.query)
        limit, (first, last) = parameters.limit(), parameters.days()
        parameters.check()
        owner, zone = scored.inputs.client_id, self.cards.zone
        purpose = f"history {owner} {first} {last}"
        position = self.access.position(request, purpose)
        page = self.views.ledger(
            owner,
            start_of(first, zone) if first else None,
            start_of(last + timedelta(days=1), zone) if last else None,
            limit,
            position[0] if position else None,
        )
        spoken = language(request.headers.get("accept-language", ""))
        changes = [change_document(change, self.cards.model, spoken) for change in page.rows]
        following = self.access.cursor([page.next] if page.next else None, purpose)
        return tagged(request, Response(200, {"changes": changes, "next": following}))

    def get_evidence(self, request: Request, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/evidence`: the facts behind a question, newest first.

        Comments are for the agency: a token that is limited to clients does not see them.
        """
        token = self.access.reader(request)
        scored = self.access.scored(token, client_id)
        parameters = Parameters(request.query)
        limit, dimension = parameters.limit(), parameters.choice("dimension", EVIDENCE_OF)
        parameters.check()
        purpose = f"evidence {scored.inputs.client_id} {dimension}"
        position = self.access.position(request, purpose)
        joined = self.cards.client_facts(scored)
        after = (position[0], int(position[1])) if position else None
        found, following = joined.page(self.cards.model.dimension(dimension), limit, after)
        comments = joined.comments(found) if token.clients is None else {}
        facts = [fact_document(fact, self.cards.zone, comments.get(fact.fact_id)) for fact in found]
        cursor = self.access.cursor([following[0], str(following[1])] if following else None, purpose)
        return tagged(request, Response(200, {"facts": facts, "next": cursor}))

    def get_nps(self, request: Request, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/nps`: counts and NPS by day or month, without gaps; a year by default."""
        scored = self.access.scored(self.access.reader(request), client_id)
        parameters = Parameters(request.query)
        interval = parameters.choice("interval", GRANULARITIES)
        first, last = parameters.days()
        last = last or self.cards.today()
        first = first or _year_before(last)
        if not 0 <= (last - first).days < MOST_DAYS:
            parameters.refuse("from", f"must lie before to, by less than {MOST_DAYS} days")
        parameters.check()
        tallies = self.cards.client_facts(scored, last).tallies_since(first)
        rows = [interval_document(each) for each in intervals(tallies, first, last, monthly=interval == "month")]
        document = {"client_id": scored.inputs.client_id, "interval": interval, "intervals": rows}
        return tagged(request, Response(200, document))


def _year_before(last: date) -> date:
    return last - timedelta(days=364)
