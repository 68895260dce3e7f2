"""Agrees something with a client, changes it, closes it and opens it again."""

from collections.abc import Iterator, Mapping
from typing import Any, get_args

from functions.pages.controls import button
from functions.pages.forms.drawing import Option, Sheet, form_page, save_or_cancel, sheet_form
from functions.pages.forms.reading import FORM, LONGEST_NAME, LONGEST_TITLE, Form
from functions.pages.forms.saying import Details, Saying
from functions.pages.layout import PageContext
from functions.pages.markup import Child, tag
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.agenda import Side
from shared.opmm.dataclass import dataclass
from shared.opmm.display import displayed
from shared.opmm.model import Model
from shared.storage.fact_items import StoredFact
from shared.storage.records import Scored
from shared.texts.words import Words

SAVE, DONE, DROPPED, REOPENED = "save", "done", "dropped", "reopened"
PREFILLED = ("title", "dimension", "points")
"""What an address may fill in."""
_FIELDS = {
    "title": "agree_title",
    "side": "agree_side",
    "who": "agree_who",
    "due": "agree_due",
    "dimension": "agree_moves",
    "points": "agree_to",
}


@dataclass(frozen=True, slots=True)
class AgreeForm:
    """`/clients/{client_id}/agree`; with `id` of something that was agreed."""

    saying: Saying

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET`: the form, empty but for what the address says, or with what was agreed."""
        scored = self.saying.visit(token, client_id)
        query = context.request.query
        if "id" in query:
            fact, details = self.saying.standing(scored, query["id"], "action")
            return self._draw(context, scored, fact, details)
        return self._draw(context, scored, known={name: query[name] for name in PREFILLED if name in query})

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST`, with `act`: tells it as an event, and leads back to the client."""
        saying = self.saying
        scored = saying.admit(context, token, client_id)
        form = Form(context.request.form())
        fact, details = saying.standing(scored, form.raw("id"), "action") if form.raw("id") else (None, {})
        act = form.raw("act") or SAVE
        if fact and act in (DONE, DROPPED, REOPENED):
            data = {**_data_of(fact, saying), "closed": None if act == REOPENED else act}
            if saying.say(scored, token, [saying.event(scored, "action.agreed", data, act, fact)]):
                return saying.saved(context, scored, [act], "#agreements")
            form.refuse(FORM, "fault_overtaken")
            return self._draw(context, scored, fact, details, form=form)
        data = self._read(form, fact)
        if not form.faults:
            event = saying.event(scored, "action.agreed", data, form.id, fact)
            if saying.say(scored, token, [event]):
                return saying.saved(context, scored, ["changed" if fact else "agreed"], "#agreements")
            form.refuse(FORM, "fault_overtaken")
        return self._draw(context, scored, fact, details, form=form)

    def _read(self, form: Form, fact: StoredFact | None) -> dict[str, Any]:
        cards = self.saying.cards
        today, model = cards.today(), cards.model
        form.drawn(cards.clock())
        held = _data_of(fact, self.saying) if fact else {}
        if fact and form.raw("seen") != fact.revision and not self._is_what_stands(form, held):
            form.refuse(FORM, "fault_overtaken")
        title = form.line("title", LONGEST_TITLE, needed=True)
        side = form.choice("side", get_args(Side))
        who = form.line("who", LONGEST_NAME)
        due = form.day("due")
        if due and due.isoformat() < held.get("agreed_on", today.isoformat()):
            form.refuse("due", "fault_over")
        dimension = form.choice("dimension", model.keys, needed=False)
        points = None
        if dimension:
            points = form.number("points", 0, model.dimension(dimension).max)
        elif form.raw("points"):
            form.refuse("dimension", "fault_points")
        return {
            "action_id": held.get("action_id", form.id),
            "title": title,
            "side": side,
            "who": who,
            "agreed_on": held.get("agreed_on", today.isoformat()),
            "due": due.isoformat() if due else None,
            "talk_id": held.get("talk_id"),
            "expects": {"dimension": dimension, "points": points} if dimension else None,
            "closed": held.get("closed"),
            "internal": form.checked("internal") or None,
        }

    def _is_what_stands(self, form: Form, held: Mapping[str, Any]) -> bool:
        """Whether the form tells what stands there already: sent twice, it changes nothing."""
        expects = held.get("expects") or {}
        told = {name: held.get(name) for name in ("title", "side", "who", "due")} | {
            "dimension": expects.get("dimension"),
            "points": expects.get("points"),
        }
        same = all(form.raw(name) == ("" if value is None else str(value)) for name, value in told.items())
        return same and form.checked("internal") == bool(held.get("internal"))

    def _draw(
        self,
        context: PageContext,
        scored: Scored,
        fact: StoredFact | None = None,
        details: Details | None = None,
        *,
        form: Form | None = None,
        known: Mapping[str, str] | None = None,
    ) -> Response:
        cards, words = self.saying.cards, context.words
        filled = form if form and form.raw("act") in ("", SAVE) else None
        sheet = Sheet(words, filled)
        held: dict[str, Any] = _data_of(fact, self.saying) if fact else dict(known or {})
        action = context.link(f"/clients/{scored.inputs.client_id}/agree")
        closed = held.get("closed")
        strip = Sheet(words, form).strip({name: words(key) for name, key in _FIELDS.items()})
        return form_page(
            context,
            scored,
            words("agreement") if fact else words("agree"),
            _lead(fact, details or {}, self.saying, words) if fact else words("agree_lead"),
            strip,
            _closing(fact, closed, action, words) if fact else None,
            sheet_form(
                action,
                sheet.hidden_id(cards.clock()),
                tag.input(type="hidden", name="id", value=fact.fact_id) if fact else None,
                tag.input(type="hidden", name="seen", value=fact.revision) if fact else None,
                *_fields(sheet, held, cards.model),
                save_or_cancel(
                    words("save" if fact else "agree_save"),
                    context.link(f"/clients/{scored.inputs.client_id}") + "#agreements",
                    words,
                    name="act",
                    value=SAVE,
                ),
            ),
        )


def _fields(sheet: Sheet, held: Mapping[str, Any], model: Model) -> Iterator[Child]:
    """What is asked, with what is held of it."""
    words, expects = sheet.words, held.get("expects") or held
    sides = [(side, words(f"agree_{side}")) for side in get_args(Side)]
    yield sheet.line("title", words("agree_title"), held.get("title"), maxlength=LONGEST_TITLE, required=True)
    yield sheet.radios("side", words("agree_side"), sides, held.get("side", "agency"))
    yield tag.div(
        sheet.line("who", words("agree_who"), held.get("who"), hint=words("optional"), maxlength=LONGEST_NAME),
        sheet.line("due", words("agree_due"), held.get("due"), type="date", required=True),
        class_="sheet-line",
    )
    questions = [("", words("agree_nothing")), *_questions(model, words)]
    yield tag.div(
        sheet.select("dimension", words("agree_moves"), questions, expects.get("dimension")),
        sheet.line("points", words("agree_to"), expects.get("points"), inputmode="numeric", size=4),
        class_="sheet-line",
    )
    yield sheet.box("internal", words("agree_internal"), known=bool(held.get("internal")))


def _questions(model: Model, words: Words) -> list[Option]:
    return [(dimension.key, dimension.name[words.language]) for dimension in model.dimensions]


def _data_of(fact: StoredFact, saying: Saying) -> dict[str, Any]:
    """An agreement as its event tells it."""
    answer, zone = fact.answer, saying.cards.zone
    names = ("action_id", "title", "side", "who", "due", "talk_id", "closed", "internal")
    expects = {"dimension": answer["dimension"], "points": answer.get("points")} if answer.get("dimension") else None
    return {
        **{name: answer.get(name) for name in names},
        "agreed_on": fact.timestamp(zone).day(zone).isoformat(),
        "expects": expects,
    }


def _lead(fact: StoredFact, details: Details, saying: Saying, words: Words) -> str:
    zone = saying.cards.zone
    day = words.day_of_year(fact.timestamp(zone).day(zone), saying.cards.today())
    author = displayed(str(details.get("author") or fact.source))
    closed = fact.answer.get("closed")
    told = words("agree_by", day=day, author=author)
    return f"{told} {words(f'agree_is_{closed}')}" if closed in (DONE, DROPPED) else told


def _closing(fact: StoredFact, closed: str | None, action: str, words: Words) -> Child:
    """What can become of it."""
    acts = [(REOPENED, "agree_reopen")] if closed else [(DONE, "agree_done"), (DROPPED, "agree_drop")]
    return sheet_form(
        action,
        tag.input(type="hidden", name="id", value=fact.fact_id),
        tag.div([button(words(key), name="act", value=act) for act, key in acts], class_="acts"),
        tag.p(words("agree_settled"), class_="hint") if fact.answer.get("dimension") and not closed else None,
        class_="closing",
    )
