"""Writes a note on a client, and withdraws those that stand."""

from datetime import date
from typing import Any

from functions.pages.forms.drawing import WITHDRAW, Sheet, form_page, save_or_cancel, sheet_form, withdrawable
from functions.pages.forms.reading import FORM, Form
from functions.pages.forms.saying import Details, Saying
from functions.pages.layout import PageContext
from functions.pages.markup import Child, Markup, tag
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.display import displayed
from shared.reading.agenda import AgendaReading, Note
from shared.reading.disclosure import Disclosure
from shared.storage.fact_items import StoredFact
from shared.storage.records import Scored
from shared.texts.words import Words

_LISTED = 20
_FIELDS = {"text": "note_text", "dimension": "note_of"}


@dataclass(frozen=True, slots=True)
class NoteForm:
    """`/clients/{client_id}/note`."""

    saying: Saying
    reading: AgendaReading

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET`: the form, and the latest notes."""
        return self._draw(context, token, self.saying.visit(token, client_id), None)

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST`: writes a note, or withdraws the one of `id`; leads back to the client."""
        saying = self.saying
        scored = saying.admit(context, token, client_id)
        form = Form(context.request.form())
        withdraws = form.raw("act") == WITHDRAW
        fact, details = saying.standing(scored, form.raw("id"), "note") if withdraws else (None, {})
        data = {**_data_of(fact, details), "withdrawn": True} if fact else self._read(form)
        if not form.faults:
            if saying.say(
                scored, token, [saying.event(scored, "note.written", data, WITHDRAW if withdraws else form.id, fact)]
            ):
                return saying.saved(context, scored, ["no_note" if withdraws else "note"])
            form.refuse(FORM, "fault_overtaken")
        return self._draw(context, token, scored, form)

    def _read(self, form: Form) -> dict[str, Any]:
        cards = self.saying.cards
        form.drawn(cards.clock())
        return {
            "note_id": form.id,
            "text": form.prose("text", needed=True),
            "dimension": form.choice("dimension", cards.model.keys, needed=False),
            "internal": not form.checked("shared"),
        }

    def _draw(self, context: PageContext, token: Token, scored: Scored, form: Form | None) -> Response:
        cards, words, client = self.saying.cards, context.words, scored.inputs.client_id
        sheet = Sheet(words, form if form and form.raw("act") != WITHDRAW else None)
        action = context.link(f"/clients/{client}/note")
        questions = [(dimension.key, dimension.name[words.language]) for dimension in cards.model.dimensions]
        notes = self.reading.notes(scored, Disclosure.to(token, cards.zone), _LISTED, None).rows
        return form_page(
            context,
            scored,
            words("note_form"),
            words("note_lead"),
            Sheet(words, form).strip({name: words(key) for name, key in _FIELDS.items()}),
            sheet_form(
                action,
                sheet.hidden_id(cards.clock()),
                sheet.area("text", words("note_text")),
                sheet.select("dimension", words("note_of"), [("", words("note_all")), *questions]),
                sheet.box("shared", words("note_shared")),
                save_or_cancel(words("note_form"), context.link(f"/clients/{client}"), words),
            ),
            _standing(notes, action, cards.today(), words) if notes else None,
        )


def _standing(notes: tuple[Note, ...], action: str, today: date, words: Words) -> Child:
    """What was written, each with a way to withdraw it."""

    def row(note: Note) -> Markup:
        author = displayed(str(note.details.get("author") or note.source))
        by = words("note_by", author=author, day=words.day_of_year(note.written_on, today))
        return withdrawable(
            action,
            note.fact_id,
            by,
            words,
            tag.div(
                tag.p(str(note.details.get("text", "")), class_="prose"),
                tag.p(by, f"; {words('note_inside')}" if note.internal else None, class_="hint"),
            ),
        )

    return tag.section(tag.h2(words("notes_now")), tag.ul(map(row, notes), class_="rows withdrawable"), class_="after")


def _data_of(fact: StoredFact, details: Details) -> dict[str, Any]:
    """A note as its event tells it."""
    return {
        "note_id": fact.answer["note_id"],
        "text": details.get("text"),
        "dimension": fact.answer.get("dimension"),
        "internal": bool(fact.answer.get("internal")),
    }
