"""What is coming with a client, as a file for the calendars of people: the same as its page tells."""

from importlib import import_module

from functions.pages.coming import coming
from functions.pages.layout import HEADERS, PageContext
from functions.pages.partnership import Partnerships
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries


@dataclass(frozen=True, slots=True)
class CalendarPage:
    """The file."""

    access: Access
    cards: Cards
    queries: Queries

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/calendar.ics`: with the scorecard three reads, at most."""
        scored = self.access.scored(token, client_id)
        card, disclosure = self.cards.current(scored), Disclosure.to(token, self.cards.zone)
        told = Partnerships(self.cards, self.queries).planned(card, disclosure)
        model, name = self.cards.model, card.inputs.description.name
        found = coming(card, told, model, context.words, people=disclosure.people)
        entries = [(one.entry, f"{name}: {one.text}") for one in found]
        client, now = card.inputs.client_id, self.cards.clock()
        # The module that writes such files is imported for those who ask for one.
        body: str = import_module("shared.reading.calendar_file").calendar_file(client, entries, now)
        headers = {
            **HEADERS,
            "Content-Type": "text/calendar; charset=utf-8",
            "Content-Disposition": f'attachment; filename="{client}.ics"',
        }
        return Response(200, headers=headers, body=body)
