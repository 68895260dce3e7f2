"""The form of a talk: shows it, keeps it, and saves it as one."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from functions.pages.layout import HEADERS, PageContext
from functions.pages.talk.drawing import Kept, TalkDrawing, Trouble
from functions.pages.talk.form import MOST_FIELDS, FieldFault, Said, kept_fields, read_form
from functions.pages.talk.inputs import Filling
from functions.pages.talk.loading import Loaded, TalkReader
from functions.pages.talk.saved import SAVED_BEFORE, saved_talk
from functions.pages.talk.start import filled_by, starting_fields
from functions.pages.talk.telling import Telling, with_answers
from shared.http.problems import CrossSiteError, InvalidError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.reading.access import Access
from shared.reading.scorecards import Cards
from shared.storage.drafts import Draft, Drafts, NewerDraftError, draft_key
from shared.storage.facts import OvertakenError

if TYPE_CHECKING:
    from shared.intake.intake import Intake

SCOPE = "people:write"

_LONGEST_ID = 128
_MOST_DIGITS = 9


@dataclass(frozen=True, slots=True)
class _Open:
    """One request for the form: who has it open, of which talk, and how far it is filled in."""

    context: PageContext
    token: Token
    loaded: Loaded
    fields: Mapping[str, str]
    version: int
    """Of the draft that the form was drawn from."""

    @property
    def key(self) -> str:
        """Where its draft lies. A talk that nobody has planned has one draft, whichever id it was given."""
        return draft_key("talk", self.editor, self.fields["about"])

    @property
    def editor(self) -> str:
        """Who fills it in: links may share a subject."""
        return f"{self.token.subject}\n{self.token.name or ''}"


@dataclass(frozen=True, slots=True)
class TalkPage:
    """The form, its drafts, and what becomes of it."""

    access: Access
    cards: Cards
    drafts: Drafts
    intake: "Callable[[], Intake]"
    drawn: Callable[[], str]
    """An id that nobody can guess."""

    def show(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/talk`: as it was kept last, or as it begins."""
        token.require(SCOPE)
        scored = self.access.scored(token, client_id)
        loaded = TalkReader(self.cards).load(scored, token, context.request.query.get("talk"))
        fields = starting_fields(loaded, self.cards.model, self.drawn)
        opened = _Open(context, token, loaded, fields, 0)
        draft = self.drafts.read(loaded.client_id, opened.key, self.cards.clock())
        if draft is None:
            return self._drawn(opened, Kept(editor=_browser_key(opened)))
        if not self._was_saved(draft, loaded):
            opened = _Open(context, token, loaded, draft.fields, draft.version)
            return self._drawn(opened, Kept(draft.version, draft.kept_at, _browser_key(opened)))
        return self._drawn(opened, Kept(draft.version, editor=_browser_key(opened)))

    def take(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`POST /clients/{client_id}/talk`: with `keep` a draft, else the talk with all that belongs to it.

        Raises CrossSiteError when no page of ours sent it, ForbiddenError, and InvalidError for what is no such form.
        """
        if not context.request.is_from_own_page:
            raise CrossSiteError
        token.require(SCOPE)
        scored = self.access.scored(token, client_id)
        sent = context.request.form(MOST_FIELDS)
        fields, talk_id = kept_fields(sent), sent.get("talk_id", "")
        if not 1 <= len(talk_id) <= _LONGEST_ID or sent.get("about") not in ("", talk_id):
            raise InvalidError("This is not the form of a talk.")
        loaded = TalkReader(self.cards).load(scored, token, None, said=talk_id)
        opened = _Open(context, token, loaded, fields, _number(sent.get("version", "")))
        return self._keep(opened, sent["keep"]) if "keep" in sent else self._save(opened)

    def _was_saved(self, draft: Draft, loaded: Loaded) -> bool:
        """Whether a draft of a talk that nobody had planned is of one that is known by now."""
        talks = {known.talk.talk_id for known in loaded.talks}
        return not draft.fields.get("about") and draft.fields.get("talk_id") in talks

    def _keep(self, opened: _Open, button: str) -> Response:
        context, loaded = opened.context, opened.loaded
        here = context.link(context.request.path, talk=context.request.query.get("talk"))
        if button == "discard":
            self.drafts.drop(loaded.client_id, opened.key)
            return _to(here)
        place = _own_place(button)
        fields, anchor = dict(opened.fields), "kept"
        if place is None:
            fields, anchor = filled_by(button, opened.fields, loaded, context.words, self.cards.model)
        try:
            self._store(opened, fields)
        except NewerDraftError as newer:
            return self._overtaken_draft(opened, newer.newer)
        return _to(place or f"{here}#{anchor}")

    def _store(self, opened: _Open, fields: Mapping[str, str]) -> Draft:
        return self.drafts.keep(
            opened.loaded.client_id, opened.key, fields, over=opened.version, now=self.cards.clock()
        )

    def _save(self, opened: _Open) -> Response:
        loaded, now = opened.loaded, self.cards.clock()
        draft = self.drafts.read(loaded.client_id, opened.key, now)
        if draft and draft.version > opened.version and draft.fields != opened.fields:
            return self._overtaken_draft(opened, draft)
        said, faults = read_form(opened.fields, self.cards.model, loaded.today)
        faults = (*faults, *self._unsaid(said, loaded))
        if faults or said.on is None:
            return self._kept_and_drawn(opened, faults)
        telling = Telling(said, loaded, said.on, now, self.cards.zone, opened.fields.get("next_id", ""))
        events = telling.events()
        held = loaded.talk if loaded.status == "held" else None
        if held and held.fact.revision != opened.fields.get("known"):
            return self._told_meanwhile(opened, events)
        try:
            self.intake().take_all(events, opened.token)
        except OvertakenError:
            return self._told_meanwhile(opened, events)
        except InvalidError:
            return self._kept_and_drawn(opened, (), Trouble(opened.context.words("talk_not_taken")))
        before, after = loaded.card.score.total, with_answers(said, loaded.card, self.cards).score.total
        return self._done(opened, saved_talk(before, after))

    def _done(self, opened: _Open, saved: str) -> Response:
        """Back to the client; the draft is needed no more."""
        self.drafts.drop(opened.loaded.client_id, opened.key)
        return _to(opened.context.link(f"/clients/{opened.loaded.client_id}", saved=saved))

    def _unsaid(self, said: Said, loaded: Loaded) -> list[FieldFault]:
        """The answers of a talk can be corrected, and some taken back; not all of them: no survey says nothing."""
        if said.answers or not loaded.told:
            return []
        question = next(iter(loaded.told))
        return [FieldFault(f"q.{question}", "talk_unsaid", {"question": question})]

    def _told_meanwhile(self, opened: _Open, events: list[dict[str, object]]) -> Response:
        """Somebody has saved this talk since the form was drawn: this very form, pressed twice, or another one."""
        words, loaded = opened.context.words, opened.loaded
        if self.intake().holds(events):
            return self._done(opened, SAVED_BEFORE)
        fresh = TalkReader(self.cards).load(loaded.card.scored, opened.token, None, said=opened.fields["talk_id"])
        author = fresh.talk.details.get("author") if fresh.talk else None
        text = words("talk_told_by", name=author) if isinstance(author, str) else words("talk_told_meanwhile")
        known = fresh.talk.fact.revision if fresh.talk and fresh.status == "held" else ""
        fields = {**opened.fields, "known": known}
        again = _Open(opened.context, opened.token, fresh, fields, opened.version)
        return self._kept_and_drawn(again, (), Trouble(text, opened.context.link(f"/clients/{loaded.client_id}")))

    def _overtaken_draft(self, opened: _Open, newer: Draft | None) -> Response:
        """Another window has kept the form since: what was typed here stays, and goes over it with the next click."""
        words, context = opened.context.words, opened.context
        at = newer.kept_at.astimezone(self.cards.zone) if newer else None
        text = words("talk_newer", at=f"{at:%H:%M}") if at else words("talk_newer_unknown")
        if newer is None:
            self.drafts.drop(opened.loaded.client_id, opened.key)  # it cannot be read, and would stay in the way
        look = context.link(context.request.path, talk=context.request.query.get("talk"))
        kept = Kept(newer.version if newer else 0, editor=_browser_key(opened))
        return self._drawn(opened, kept, trouble=Trouble(text, look if newer else ""), status=HTTPStatus.CONFLICT)

    def _kept_and_drawn(
        self, opened: _Open, faults: tuple[FieldFault, ...], trouble: Trouble | None = None
    ) -> Response:
        """The form as it came, with what is in the way; kept, so that closing it loses nothing."""
        kept = Kept(opened.version, editor=_browser_key(opened))
        with suppress(NewerDraftError):
            draft = self._store(opened, opened.fields)
            kept = Kept(draft.version, draft.kept_at, _browser_key(opened))
        status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.CONFLICT
        return self._drawn(opened, kept, faults, trouble, status)

    def _drawn(
        self,
        opened: _Open,
        kept: Kept,
        faults: tuple[FieldFault, ...] = (),
        trouble: Trouble | None = None,
        status: int = HTTPStatus.OK,
    ) -> Response:
        loaded, model = opened.loaded, self.cards.model
        said, _ = read_form(opened.fields, model, loaded.today)
        then = with_answers(said, loaded.card, self.cards)
        drawing = TalkDrawing(opened.context, loaded, model, self.cards.zone, then, kept)
        filling = Filling(opened.fields, faults, model, opened.context.words, loaded.today)
        return drawing.page(filling, trouble, int(status))


def _browser_key(opened: _Open) -> str:
    """By which a browser tells what several people have typed in it."""
    return opened.key.split("#")[1]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0


def _own_place(button: str) -> str | None:
    """The address of ours that a button leads to; None for one that stays. No address of another site."""
    if not button.startswith("/") or button.startswith(("//", "/\\")):
        return None
    return quote(button, safe="/?&=%#+-._~:,@!$'()*;")


def _to(place: str) -> Response:
    return Response(303, None, {**HEADERS, "Location": place})
