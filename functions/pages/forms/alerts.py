"""Has the alerts of a client pause, and hands them to whoever takes them over: a form on the client's page."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from http import HTTPStatus

from functions.pages.controls import button, link_button, saved_strip
from functions.pages.forms.drawing import sheet_form
from functions.pages.forms.reading import FORM, drawn_at, new_form_id
from functions.pages.forms.saying import Saying
from functions.pages.layout import PageContext, notice, page
from functions.pages.markup import Child, Markup, tag
from shared.http.problems import InvalidError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.reading.scorecards import Cards
from shared.storage.attention import Attention, AttentionOvertakenError, Attentions, muted, taken_over
from shared.storage.records import Scored

VERSION = "version"
"""The hidden field that says what was chosen when the form was drawn."""

_MUTED_FOR = {"day": 1, "week": 7, "month": 30}
_SOUND, _TAKE, _GIVE = "sound", "take", "give"
_ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class AlertsForm:
    """`/clients/{client_id}/alerts`."""

    saying: Saying
    attentions: Attentions
    reaches: Callable[[str], bool]
    """Whether any destination gets alerts of the clients of a person."""

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST`: chooses one thing, and leads back to the client.

        Sent twice it chooses once: until when follows from when the form was drawn. Raises CrossSiteError,
        ForbiddenError, NotFoundError, and InvalidError for what no form of ours sends.
        """
        scored = self.saying.admit(context, token, client_id)
        fields = context.request.form()
        act, drawn = fields.get("act", ""), drawn_at(fields.get(FORM, ""), self.saying.cards.clock())
        if act not in (*_MUTED_FOR, _SOUND, _TAKE, _GIVE):
            raise InvalidError("The form does not say what is chosen.")
        if drawn is None:
            return _refused(context, scored, "fault_form")
        if act == _TAKE and token.name is None:
            return _refused(context, scored, "attention_nameless")
        chosen = self._choose(scored.inputs.client_id, act, drawn, token.name, fields.get(VERSION, ""))
        if chosen is None:
            return _refused(context, scored, "fault_overtaken")
        return self.saying.saved(context, scored, self._told(chosen, act), "#alerts")

    def _told(self, chosen: Attention, act: str) -> list[str]:
        """What is said of a choice."""
        if chosen.muted_until and act in _MUTED_FOR:
            return ["muted", rfc3339(chosen.muted_until)]
        if chosen.taken_by and act == _TAKE:
            return ["taken" if self.reaches(chosen.taken_by) else "taken_unheard", chosen.taken_by]
        return ["sounding" if act == _SOUND else "given"]

    def drawn(self, scored: Scored, context: PageContext) -> Markup:
        """The form, and what is chosen by now: a section of the client's page."""
        inputs = scored.inputs
        return AlertsDrawing(context, self.saying.cards).form(
            self.attentions.of(inputs.client_id), inputs.description.owner
        )

    def saved(self, said: Sequence[str], context: PageContext) -> Child:
        """What the form has just done; nothing where another one was sent."""
        return AlertsDrawing(context, self.saying.cards).saved(said)

    def _choose(self, client_id: str, act: str, drawn: datetime, person: str | None, version: str) -> Attention | None:
        """What is chosen by then; None where somebody else has chosen since the form was drawn."""
        for _ in range(_ATTEMPTS):
            held = self.attentions.of(client_id)
            wanted = _wanted(held, act, drawn, person)
            if wanted == held:
                return held
            if str(held.version) != version:
                return None
            try:
                self.attentions.replace(held, wanted)
            except AttentionOvertakenError:  # or the same form was sent twice at once
                continue
            return wanted
        return None


def _wanted(held: Attention, act: str, drawn: datetime, person: str | None) -> Attention:
    if act in _MUTED_FOR:
        return muted(held, drawn + timedelta(days=_MUTED_FOR[act]), person)
    if act == _SOUND:
        return muted(held, None, None)
    return taken_over(held, person if act == _TAKE else None, drawn)


@dataclass(frozen=True, slots=True)
class AlertsDrawing:
    """Draws the form, and what it has just done."""

    context: PageContext
    cards: Cards

    def saved(self, said: Sequence[str]) -> Child:
        """What was chosen; nothing where another form was sent."""
        words = self.context.words
        match said:
            case ["muted", until]:
                return saved_strip(words("saved_muted", until=self._moment(parse_instant(until))))
            case ["taken" | "taken_unheard" as key, person]:
                return saved_strip(words(f"saved_{key}", person=person))
            case ["sounding" | "given" as key]:
                return saved_strip(words(f"saved_{key}"))
            case _:
                return None

    def form(self, attention: Attention, owner: str | None) -> Markup:
        """What is chosen for a client, with a button for everything else."""
        words, context, now = self.context.words, self.context, self.cards.clock()
        silent = attention.is_muted(now)
        return tag.div(
            tag.p(self._whose(attention, owner)),
            tag.p(self._until(attention)) if silent else None,
            sheet_form(
                context.link(f"/clients/{attention.client_id}/alerts"),
                tag.input(type="hidden", name=FORM, value=new_form_id(now)),
                tag.input(type="hidden", name=VERSION, value=attention.version),
                tag.div(
                    tag.span(words("attention_mute"), id="mute"),
                    [_act(words(f"attention_{name}"), name) for name in _MUTED_FOR],
                    _act(words("attention_sound"), _SOUND) if silent else None,
                    class_="acts",
                    role="group",
                    aria_labelledby="mute",
                ),
                tag.div(
                    self._takes(attention),
                    _act(words("attention_give"), _GIVE) if attention.taken_by else None,
                    class_="acts",
                ),
                class_="",
            ),
            class_="attention",
        )

    def _takes(self, attention: Attention) -> Child:
        words, person = self.context.words, self.context.person
        if person is None:
            return None if attention.taken_by else tag.p(words("attention_nameless"), class_="hint")
        return _act(words("attention_take"), _TAKE) if person != attention.taken_by else None

    def _whose(self, attention: Attention, owner: str | None) -> str:
        words = self.context.words
        if attention.taken_by and attention.taken_at:
            day = words.day_of_year(attention.taken_at.astimezone(self.cards.zone).date(), self.cards.today())
            return words("attention_taken", person=attention.taken_by, day=day)
        return words("attention_of_owner", owner=owner) if owner else words("attention_of_nobody")

    def _until(self, attention: Attention) -> Child:
        words, until = self.context.words, attention.muted_until
        if until is None:
            return None
        key = "attention_muted_by" if attention.muted_by else "attention_muted"
        return words(key, until=self._moment(until), person=attention.muted_by or "")

    def _moment(self, at: datetime) -> str:
        return self.context.words.moment(at.astimezone(self.cards.zone), self.cards.today())


def _act(text: str, act: str) -> Markup:
    return button(text, weight="small", name="act", value=act)


def _refused(context: PageContext, scored: Scored, key: str) -> Response:
    """Why nothing was chosen, and the way back to what stands."""
    words, place = context.words, context.link(f"/clients/{scored.inputs.client_id}") + "#alerts"
    title = words("names_refused")
    content = notice(title, tag.p(words(key)), acts=link_button(words("back"), place))
    return page(context, title, content, status=HTTPStatus.UNPROCESSABLE_ENTITY)
