"""Every talk with a client, with its scorecard then and now, and every note."""

from collections.abc import Mapping
from typing import Any

from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.meeting_components import note_row, talk_row
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import total
from shared.reading.access import Access
from shared.reading.agenda import AgendaReading, TalkThen
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.texts.words import Words

_ROWS = 25


@dataclass(frozen=True, slots=True)
class TalksPage:
    """What was said, in lists."""

    access: Access
    cards: Cards
    queries: Queries

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/talks`: the latest first; `cursor` and `notes` are where a list goes on."""
        scored = self.access.scored(token, client_id)
        client, name, words = scored.inputs.client_id, scored.inputs.description.name, context.words
        purposes = {"cursor": f"talks page {client}", "notes": f"notes page {client}"}
        position, noted = (self._position(context, key, purpose) for key, purpose in purposes.items())
        disclosure = Disclosure.to(token, self.cards.zone)
        reading = AgendaReading(self.cards, self.queries)
        names = None if token.clients is None else scored.names
        talks = reading.talks(scored, disclosure, _ROWS, position, names)
        notes = reading.notes(scored, disclosure, _ROWS, noted)
        here = f"/clients/{client}/talks"
        links = {
            key: context.link(here, **{key: self.access.cursor(list(listed.next), purposes[key])})
            for key, listed in (("cursor", talks), ("notes", notes))
            if listed.next
        }
        rows = {
            "talks": [self._talk(row, words, disclosure) for row in talks.rows],
            "notes": [note_row(note, self.cards.model, words) for note in notes.rows],
        }
        older = {"talks": links.get("cursor"), "notes": links.get("notes")}
        return page(
            context,
            f"{words('talks_and_notes')}, {name}",
            title_row(words("talks_and_notes"), above=crumb(name, context.link(f"/clients/{client}"))),
            tag.div(
                (
                    section_of(
                        Section(
                            key,
                            words(key),
                            [
                                tag.ul(rows[key], class_="facts long card")
                                if rows[key]
                                else tag.p(words("no_talks"), class_="quiet"),
                                tag.p(tag.a(words("older_ones"), href=older[key], rel="next"), class_="pager")
                                if older[key]
                                else None,
                            ],
                            bare=True,
                        )
                    )
                    for key in rows
                ),
                class_="sections",
            ),
        )

    def _position(self, context: PageContext, key: str, purpose: str) -> tuple[str, str] | None:
        position = self.access.position_of(context.request, key, purpose)
        return (position[0], position[1]) if position else None

    def _talk(self, row: TalkThen, words: Words, disclosure: Disclosure) -> Markup:
        today, talk, details = self.cards.today(), row.talk, row.details
        names = details.get("with")
        return talk_row(
            words(f"talk_listed_{talk.status(today)}", day=words.day_of_year(talk.on, today)),
            [name for name in names if isinstance(name, str)] if isinstance(names, list) else [],
            words,
            summary=_text(details, "summary"),
            internal=_text(details, "internal") if disclosure.people else None,
            further=_then(row, words),
        )


def _text(details: Mapping[str, Any], name: str) -> str | None:
    text = details.get(name)
    return text if isinstance(text, str) and text else None


def _then(row: TalkThen, words: Words) -> Child:
    """The total as it was told then, and as the facts known today give it where that is another."""
    if row.today is None:
        return None
    now = total(row.today)
    if row.told is None or row.told == row.today:
        return tag.p(words("then_total", told=now), class_="hint about")
    return tag.p(words("then_told", told=total(row.told), today=now), class_="hint about")
