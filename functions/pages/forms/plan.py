"""Plans a talk with a client, moves it and cancels it. What was said in it has a form of its own."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from functions.pages.controls import button, link_button
from functions.pages.forms.drawing import Sheet, form_page, save_or_cancel, sheet_form
from functions.pages.forms.reading import FORM, Form
from functions.pages.forms.saying import Details, Saying
from functions.pages.layout import PageContext
from functions.pages.markup import Child, tag
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.agenda import Talk
from shared.opmm.dataclass import dataclass
from shared.storage.agenda_facts import talk_of
from shared.storage.fact_items import StoredFact
from shared.storage.records import Scored
from shared.texts.words import Words

CANCEL = "cancel"
_FIELDS = {"on": "plan_on", "with": "plan_with"}


@dataclass(frozen=True, slots=True)
class PlanForm:
    """`/clients/{client_id}/plan`; with `id` of a talk that is planned."""

    saying: Saying

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET`: the form, empty or with what was planned."""
        scored = self.saying.visit(token, client_id)
        query = context.request.query
        fact, details = self.saying.standing(scored, query["id"], "talk") if "id" in query else (None, {})
        return self._draw(context, scored, fact, details)

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST`, with `act=cancel` or without: tells it as an event, and leads back to the client."""
        saying = self.saying
        scored = saying.admit(context, token, client_id)
        form, cards = Form(context.request.form()), saying.cards
        fact, details = saying.standing(scored, form.raw("id"), "talk") if form.raw("id") else (None, {})
        cancels = fact is not None and form.raw("act") == CANCEL
        data: dict[str, Any]
        if fact and self._is_over(fact, cancels=cancels):
            form.refuse(FORM, "plan_over")
            return self._draw(context, scored, fact, details, form)
        if fact and cancels:
            data = {**_data_of(talk_of(fact, cards.zone), details), "cancelled": True}
        else:
            form.drawn(cards.clock())
            on = form.day("on")
            if on and on <= cards.today():
                form.refuse("on", "fault_not_later")
            kept = _data_of(talk_of(fact, cards.zone), details) if fact else {"talk_id": form.id}
            data = {**kept, "on": on.isoformat() if on else None, "with": form.names("with") or None}
            if form.faults:
                return self._draw(context, scored, fact, details, form)
        if not saying.say(
            scored, token, [saying.event(scored, "talk.recorded", data, CANCEL if cancels else form.id, fact)]
        ):
            form.refuse(FORM, "fault_overtaken")
            return self._draw(context, scored, fact, details, form)
        return saying.saved(context, scored, ["cancelled"] if cancels else ["planned", data["on"]])

    def _is_over(self, fact: StoredFact, *, cancels: bool) -> bool:
        """Whether there is nothing left to plan of a talk; cancelling it twice is no fault."""
        status = talk_of(fact, self.saying.cards.zone).status(self.saying.cards.today())
        return status == "held" or (status == "cancelled" and not cancels)

    def _draw(
        self,
        context: PageContext,
        scored: Scored,
        fact: StoredFact | None = None,
        details: Details | None = None,
        form: Form | None = None,
    ) -> Response:
        cards, words = self.saying.cards, context.words
        client = scored.inputs.client_id
        talk = talk_of(fact, cards.zone) if fact else None
        sheet = Sheet(words, form if form and form.raw("act") != CANCEL else None)
        action = context.link(f"/clients/{client}/plan")
        over = fact is not None and self._is_over(fact, cancels=False)
        hidden = tag.input(type="hidden", name="id", value=fact.fact_id) if fact else None
        return form_page(
            context,
            scored,
            words("plan_move", day=words.day_of_year(talk.on, cards.today())) if talk else words("plan"),
            words("plan_over") if over else words("plan_lead"),
            Sheet(words, form).strip({name: words(key) for name, key in _FIELDS.items()}),
            _closing(context.link(f"/clients/{client}/talk", talk=talk.talk_id), action, hidden, words)
            if talk and not over
            else None,
            None
            if over
            else sheet_form(
                action,
                sheet.hidden_id(cards.clock()),
                hidden,
                *_fields(sheet, talk, details or {}, cards.today()),
                save_or_cancel(
                    words("plan_save_move" if talk else "plan_save"), context.link(f"/clients/{client}"), words
                ),
            ),
        )


def _fields(sheet: Sheet, talk: Talk | None, details: Details, today: date) -> Iterator[Child]:
    """What is asked, with what was planned of it."""
    words = sheet.words
    yield sheet.line(
        "on",
        words("plan_on"),
        talk.on.isoformat() if talk else None,
        type="date",
        min=(today + timedelta(days=1)).isoformat(),
        required=True,
    )
    yield sheet.line(
        "with",
        words("plan_with"),
        ", ".join(details.get("with") or ()),
        hint=words("answer_others_hint"),
        autocomplete="off",
    )


def _closing(held: str, action: str, hidden: Child, words: Words) -> Child:
    """What can become of a talk that is planned; `held` leads to where it is told."""
    return sheet_form(
        action,
        hidden,
        tag.div(
            link_button(words("plan_held"), held), button(words("plan_cancel"), name="act", value=CANCEL), class_="acts"
        ),
        class_="closing",
    )


def _data_of(talk: Talk, details: Details) -> dict[str, Any]:
    """A talk as its event tells it, but for whether it was cancelled."""
    return {
        "talk_id": talk.talk_id,
        "on": talk.on.isoformat(),
        **{name: details.get(name) for name in ("with", "summary", "internal")},
    }
