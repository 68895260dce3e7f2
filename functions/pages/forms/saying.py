"""What people say on pages becomes events like any other: under the source `people`, by who has signed in.

Saying the same thing twice changes nothing: a form bears an id, which becomes the identity of what it tells, and what
stands there is looked up first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from functions.pages.controls import saved_strip
from functions.pages.layout import HEADERS, PageContext
from functions.pages.markup import Child
from shared.http.problems import CrossSiteError, InvalidError, NotFoundError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.kinds import FactKind
from shared.opmm.timestamps import rfc3339
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.fact_items import StoredFact
from shared.storage.facts import OvertakenError
from shared.storage.records import Scored
from shared.texts.words import Words

if TYPE_CHECKING:
    from shared.intake.intake import Intake

SCOPE = "people:write"
"""Of those who answer, plan, agree and write on pages."""

SOURCE = "people"
"""The source of what people say on pages."""

Event = dict[str, Any]

Details = Mapping[str, Any]
"""What is kept beside a fact: who said it, and what people wrote."""

_LONGEST_ID = 1024
"""Bytes of the identity of a fact: the longest key that a table takes."""

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Saying:
    """Takes what people say."""

    access: Access
    cards: Cards
    intake: "Callable[[], Intake]"
    """Made when somebody writes for the first time: who only reads need not wait for it."""

    def admit(self, context: PageContext, token: Token, client_id: str, scope: str = SCOPE) -> Scored:
        """The client that somebody is about to say something of.

        Raises CrossSiteError when no page of ours sent it, ForbiddenError and NotFoundError.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        return self.visit(token, client_id, scope)

    def visit(self, token: Token, client_id: str, scope: str = SCOPE) -> Scored:
        """The client whose form is drawn. Raises ForbiddenError and NotFoundError."""
        token.require(scope)
        return self.access.scored(token, client_id)

    def standing(self, scored: Scored, fact_id: str | None, kind: FactKind) -> tuple[StoredFact, Details]:
        """What is to be changed, with what is kept beside it. Raises NotFoundError for what is none of this kind."""
        client_facts = self.cards.client_facts(scored)
        fact = client_facts.version(fact_id) if fact_id and len(fact_id.encode()) <= _LONGEST_ID else None
        if fact is None or fact.kind != kind or fact.lane is None:
            raise NotFoundError("There is nothing of this kind.")
        return fact, client_facts.details([fact]).get((fact.name, fact.fact_id), {})

    def event(
        self, scored: Scored, type_: str, data: Mapping[str, Any], id_: str, of: StoredFact | None = None
    ) -> Event:
        """An event that tells this of a client now; `of` is the fact of which it is another version."""
        return {
            "specversion": "1.0",
            "type": type_,
            "source": of.source if of else SOURCE,
            "id": id_,
            "subject": of.name if of else scored.inputs.client_id,
            "time": rfc3339(self.cards.clock()),
            "data": {name: value for name, value in data.items() if value is not None},
        }

    def say(self, scored: Scored, token: Token, events: Sequence[Event]) -> bool:
        """Stores what is new of these events, all or nothing.

        Gives whether it could: somebody may have told a later version of one of them meanwhile, or its source orders
        versions otherwise. Raises InvalidError for what the forms should not have let through.
        """
        for _ in range(_ATTEMPTS):
            new = [event for event in events if not self._stands(scored, event)]
            if not new:
                return True
            try:
                self.intake().take_all(new, token)
            except OvertakenError:  # or the same form was sent twice at once, and the other one has saved it by now
                continue
            return True
        return False

    def _stands(self, scored: Scored, event: Event) -> bool:
        """Whether the facts of an event say already what it tells."""
        zone, client_facts = self.cards.zone, self.cards.client_facts(scored)
        for fact in self.intake().facts_of(event):
            held = client_facts.version(fact.fact_id)
            if held is None or (held.lane is None) is not (fact.lane is None):
                return False
            if fact.timestamp is None or fact.lane is None:
                continue
            details = client_facts.details([held]).get((held.name, held.fact_id), {})
            beside = {name: told for name, told in details.items() if name != "author"}
            if (_said(held.answer), beside) != (_said(fact.answer), dict(fact.details)):
                return False
            # Of what has no day of its own, the day is that of recording: it is no part of what was said.
            if fact.timestamp.instant != fact.recorded_at and held.timestamp(zone).day(zone) != fact.timestamp.day(
                zone
            ):
                return False
        return True

    def saved(self, context: PageContext, scored: Scored, said: Iterable[str], anchor: str = "") -> Response:
        """Leads back to the client, whose page says what was done: signed, so that no link can claim it."""
        client = scored.inputs.client_id
        place = context.link(f"/clients/{client}", saved=self.access.cursor(list(said), _purpose(client)))
        return Response(HTTPStatus.SEE_OTHER, None, {**HEADERS, "Location": place + anchor})


def what_was_saved(access: Access, context: PageContext, client: str) -> list[str]:
    """What a form has just done with a client; nothing when none has."""
    saved = context.request.query.get("saved")
    if not saved:
        return []
    try:
        return access.opened(saved, _purpose(client))
    except InvalidError:
        return []


_SAID = ("agreed", "changed", "done", "dropped", "reopened", "cancelled", "goal", "no_goal", "note", "no_note")
"""What needs nothing more to be said of."""


def said_note(said: Sequence[str], today: date, words: Words) -> Child:
    """What one of the small forms has just done."""
    match said:
        case [key] if key in _SAID:
            return saved_strip([words(f"saved_{key}"), f" {words('saved_soon')}"])
        case ["planned", day]:
            told = words.weekday(date.fromisoformat(day), today)
            return saved_strip([words("saved_planned", day=told), f" {words('saved_soon')}"])
        case ["owner", name]:
            return saved_strip([words("saved_owner", name=name), f" {words('saved_soon')}"])
        case _:
            return None


def seen_at(context: PageContext, path: str, **query: str | None) -> PageContext:
    """The same visitor at the page that a form belongs to, which is drawn again with what was typed."""
    given = {name: value for name, value in {"lang": context.chosen, **query}.items() if value is not None}
    return PageContext(replace(context.request, method="GET", path=path, query=given), context.visitor)


def _purpose(client: str) -> str:
    return f"saved {client}"


def _said(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in answer.items() if key != "recorded_at"}
