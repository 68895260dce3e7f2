"""The endpoints about what people plan, agree and write down, and about what time alone will do."""

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

from functions.query.agenda_documents import (
    action_list_document,
    calendar_document,
    goal_list_document,
    note_list_document,
    talk_document,
)
from shared.http.languages import language
from shared.http.parameters import Parameters
from shared.http.requests import Request, Response
from shared.http.tokens import Token
from shared.opmm.calendar import calendar
from shared.opmm.dataclass import dataclass
from shared.reading.access import Access
from shared.reading.agenda import AgendaReading, Position
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.texts.calendar_texts import entry_text

if TYPE_CHECKING:
    from shared.opmm.calendar import Entry

_CALENDAR = "text/calendar"
"""What a calendar asks for; then the module that writes such files is imported."""


@dataclass(frozen=True, slots=True)
class AgendaEndpoints:
    """When agency and client talk, and what they agree."""

    access: Access
    cards: Cards
    queries: Queries

    def get_talks(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/talks`: the latest first, each with the scorecard of its day, then and now."""
        scored = self.access.scored(token, client_id)
        limit, purpose, after = self._page(request, f"talks {scored.inputs.client_id}")
        disclosure = Disclosure.to(token, self.cards.zone)
        names = None if token.clients is None else scored.names
        listed = AgendaReading(self.cards, self.queries).talks(scored, disclosure, limit, after, names)
        cursor = self.access.cursor(list(listed.next) if listed.next else None, purpose)
        owner, today, model = scored.inputs.client_id, self.cards.today(), self.cards.model
        talks = [talk_document(row, owner, today, model, disclosure) for row in listed.rows]
        return Response(200, {"talks": talks, "next": cursor})

    def get_actions(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/actions`: what was agreed, and what became of it."""
        scored = self.access.scored(token, client_id)
        limit, purpose, after = self._page(request, f"actions {scored.inputs.client_id}")
        disclosure = Disclosure.to(token, self.cards.zone)
        listed = AgendaReading(self.cards, self.queries).actions(scored, disclosure, limit, after)
        cursor = self.access.cursor(list(listed.next) if listed.next else None, purpose)
        return Response(200, action_list_document(listed.rows, disclosure, cursor))

    def get_goals(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/goals`: how far each is, and the cheapest way there."""
        card = self.cards.current(self.access.scored(token, client_id))
        goals = AgendaReading(self.cards, self.queries).goals(card)
        return Response(200, goal_list_document(card, goals, self.cards.model, _language(request)))

    def get_notes(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/notes`: the latest first."""
        scored = self.access.scored(token, client_id)
        limit, purpose, after = self._page(request, f"notes {scored.inputs.client_id}")
        disclosure = Disclosure.to(token, self.cards.zone)
        listed = AgendaReading(self.cards, self.queries).notes(scored, disclosure, limit, after)
        cursor = self.access.cursor(list(listed.next) if listed.next else None, purpose)
        return Response(200, note_list_document(listed.rows, cursor))

    def get_calendar(self, request: Request, token: Token, client_id: str) -> Response:
        """`GET /v1/clients/{client_id}/calendar`: what time alone will do; as iCalendar where that is accepted."""
        card = self.cards.current(self.access.scored(token, client_id))
        disclosure, model = Disclosure.to(token, self.cards.zone), self.cards.model
        agenda = disclosure.agenda(card.planned.agenda)
        name = card.inputs.description.name
        entries = calendar(card.inputs, agenda, model, card.score.as_of, by_month=not disclosure.people)
        spoken = _language(request)
        if _CALENDAR in request.headers.get("accept", "").lower():
            told = [(entry, f"{name}: {entry_text(entry, model, spoken)}") for entry in entries]
            body = _file(card.inputs.client_id, told, self.cards.clock())
            return Response(200, headers={"Content-Type": f"{_CALENDAR}; charset=utf-8"}, body=body)
        return Response(200, calendar_document(card, entries, model, spoken))

    def _page(self, request: Request, purpose: str) -> tuple[int, str, Position | None]:
        parameters = Parameters(request.query)
        limit = parameters.limit()
        parameters.check()
        position = self.access.position(request, purpose)
        return limit, purpose, (position[0], position[1]) if position else None


def _file(client_id: str, told: "list[tuple[Entry, str]]", now: datetime) -> str:
    made: str = import_module("shared.reading.calendar_file").calendar_file(client_id, told, now)
    return made


def _language(request: Request) -> str:
    return language(request.headers.get("accept-language", ""))
