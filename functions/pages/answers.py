"""Answers a question on the client's page: the form in its row, and what becomes of it.

One question at a time: what is left alone keeps its date, and "still so" gives an answer today's.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from functions.pages.forms.reading import FORM, Form
from functions.pages.forms.saying import SOURCE, Event, Saying
from functions.pages.layout import PageContext
from shared.http.problems import InvalidError, NotFoundError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.dataclass import dataclass
from shared.opmm.facts import recorded_version
from shared.opmm.inputs import Answer, ScoringInputs
from shared.opmm.kinds import BASIS, KINDS, Basis, is_band
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import HIGHEST_NPS, LOWEST_NPS
from shared.opmm.scorecard import Scorecard, scorecard
from shared.opmm.timestamps import rfc3339, start_of
from shared.reading.scorecards import Card
from shared.storage.client_facts import ClientFacts
from shared.storage.fact_items import StoredFact
from shared.storage.facts import Remark
from shared.storage.records import Scored

SAVE, STILL = "save", "still"
MOST_WORKING = 10_000
MOST_COUNTED = 100
MOST_RESPONSES = 99_999
_LONGEST_COUNTED = 200
NAMED = "name-"
"""Begins the fields of what is counted by name, as far as the names are known; `others` has further ones."""

_LATEST = 20
"""Facts of a day that are looked at: whether one of them says the same already."""
_NOON = time(12)
_TICK = timedelta(microseconds=1)
_TICKS = 1_000_000


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that came back: of which question, and what was typed."""

    question: str
    form: Form


@dataclass(frozen=True, slots=True)
class _Told:
    """An answer as an event tells it, but for its time."""

    value: int | str
    basis: Basis
    data: Mapping[str, Any]
    answer: Mapping[str, Any]
    """The same as a fact holds it."""
    names: tuple[str, ...] = ()
    """What was counted, as a fact holds it."""


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """Takes what was filled in."""

    saying: Saying

    def respond(self, context: PageContext, token: Token, client_id: str, question: str) -> Response | Typed:
        """`POST /clients/{client_id}/answers/{question}`: tells the answer as an event, and a note beside it.

        Gives what was typed where something is wrong with it. Raises CrossSiteError, ForbiddenError, NotFoundError.
        """
        saying = self.saying
        cards, model = saying.cards, saying.cards.model
        scored = saying.admit(context, token, client_id)
        dimension = model.find(question)
        if dimension is None:
            raise NotFoundError("The model does not ask this.")
        form, now, today = Form(context.request.form()), cards.clock(), cards.today()
        drawn = form.drawn(now)
        client_facts, card = cards.client_facts(scored), cards.current(scored)
        if dimension.kind == "nps" and asked_in_a_survey(card, dimension):
            form.refuse(FORM, "fault_survey")
        still = form.raw("act") == STILL
        told = _still(form, dimension, client_facts) if still else _read(form, dimension)
        on = today if still else form.day_up_to("on", today)
        note = form.prose("note")
        if form.faults or told is None or on is None or drawn is None:
            return Typed(question, form)
        newest = cards.client_facts(scored, on).page(dimension, _LATEST, None)[0]
        same_day = [fact for fact in newest if fact.timestamp(cards.zone).day(cards.zone) == on]
        said = self._said(token, told, drawn, same_day, client_facts)
        instant = said.timestamp(cards.zone).instant if said else self._instant(form, on, drawn, same_day)
        events = [] if said else [self._answered(scored, dimension, told, form, instant)]
        if note:
            written = {"note_id": form.id, "text": note, "dimension": question, "internal": True}
            events.append(saying.event(scored, "note.written", written, f"{form.id}-note"))
        standing = _standing(card, client_facts, model)
        before = scorecard(standing, model, today)
        try:
            stored = saying.say(scored, token, events)
        except InvalidError:
            form.refuse("answer", "fault_other")
            return Typed(question, form)
        if not stored:
            form.refuse(FORM, "fault_overtaken")
            return Typed(question, form)
        after = scorecard(_answered(standing, dimension, told, on, instant), model, today)
        return saying.saved(context, scored, _what_it_did(dimension, before, after, instant))

    def _answered(self, scored: Scored, dimension: Dimension, told: _Told, form: Form, instant: datetime) -> Event:
        at = rfc3339(instant)
        match dimension.answers_from:
            case "survey":
                type_, data = "survey.answered", {"survey_id": form.id, "answered_at": at, "answers": told.data}
                data |= {"bands": [dimension.key]} if told.basis == "band" else {}
            case "consultants":
                type_, data = "consultants.counted", {**told.data, "as_of": at}
            case "nps":
                type_, data = "nps.reported", {**told.data, "measured_at": at}
        return self.saying.event(scored, type_, data, form.id)

    def _instant(self, form: Form, on: date, drawn: datetime, same_day: list[StoredFact]) -> datetime:
        """When it was answered: the later one told counts, and the same form means the same instant.

        Of today it is when the form was drawn, of another day noon; or just after what else was answered that day.
        """
        zone = self.saying.cards.zone
        if on == self.saying.cards.today():
            instant = max(drawn, start_of(on, zone))
        else:
            apart = int(form.id.rpartition("-")[2], 16) % _TICKS
            instant = datetime.combine(on, _NOON, zone).astimezone(drawn.tzinfo) + apart * _TICK
        return max([instant, *(fact.timestamp(zone).instant + _TICK for fact in same_day)])

    def _said(
        self, token: Token, told: _Told, drawn: datetime, same_day: list[StoredFact], client_facts: ClientFacts
    ) -> StoredFact | None:
        """What this very person has said of that day since the form was drawn, if that is the very same."""
        since = rfc3339(drawn)
        alike = [
            fact
            for fact in same_day
            if fact.source == SOURCE
            and dict(fact.answer) == dict(told.answer)
            and str(recorded_version(fact.revision)) >= since
        ]
        remarks = client_facts.remarks(alike) if alike else {}
        mine = Remark(author=token.name or token.subject, names=told.names)
        return next((fact for fact in alike if remarks.get(fact.fact_id) == mine), None)


def asked_in_a_survey(card: Card, dimension: Dimension) -> bool:
    """Whether the responses of a survey answer a question: then nobody can say what the NPS is."""
    return any(score.key == dimension.key and score.basis == "responses" for score in card.score.dimensions)


def _read(form: Form, dimension: Dimension) -> _Told | None:
    """What was answered; None, and faults, where that cannot be told."""
    if dimension.kind == "choice":
        choice = form.choice("answer", dimension.answers)
        return _survey(dimension, choice) if choice else None
    if dimension.answers_from == "consultants":
        return _head_count(form)
    if dimension.kind == "nps":
        nps = form.number("nps", LOWEST_NPS, HIGHEST_NPS)
        responses = form.number("responses", 0, MOST_RESPONSES, needed=False)
        return None if nps is None else _reported({"nps": nps, "responses": responses})
    return _counted(form, dimension)


def _head_count(form: Form) -> _Told | None:
    working = form.number("working", 0, MOST_WORKING)
    happy = form.number("happy", 0, MOST_WORKING, needed=False)
    if working is None:
        return None
    if happy is not None and happy > working:
        form.refuse("happy", "fault_happier")
    return _consultants({"working": working, "happy": happy})


def _counted(form: Form, dimension: Dimension) -> _Told | None:
    """Names, or a number of what nobody has named."""
    known = [value.strip() for name, value in form.typed.items() if name.startswith(NAMED)]
    others = form.names("others", _LONGEST_COUNTED, MOST_COUNTED)
    names = list({name.casefold(): name for name in [*known, *others] if name}.values())
    number = form.number("number", 0, MOST_COUNTED, needed=False)
    if not names and number is None:
        form.refuse("number", "fault_names")
    elif names and number is not None and number != len(names):
        form.refuse("number", "fault_names_differ", count=len(names))
    elif names:
        return _survey(dimension, len(names), names)
    elif number is not None:
        return _survey(dimension, number)
    return None


def _still(form: Form, dimension: Dimension, client_facts: ClientFacts) -> _Told | None:
    """The latest answer once more."""
    found, _ = client_facts.page(dimension, 1, None, responses=False)
    said = KINDS[found[0].kind].said if found else None
    if not found or said is None or not dimension.holds(said(found[0].answer, dimension.key)[0]):
        form.refuse("answer", "fault_still")
        return None
    [fact] = found
    if dimension.answers_from == "consultants":
        return _consultants(fact.answer)
    if dimension.kind == "nps":
        return _reported(fact.answer)
    remark = client_facts.remarks([fact]).get(fact.fact_id, Remark())
    value, basis = said(fact.answer, dimension.key)
    told = _survey(dimension, value, list(remark.names))
    return replace(told, basis="band", answer={**told.answer, BASIS: "band"}) if basis == "band" else told


def _survey(dimension: Dimension, value: int | str, names: list[str] | None = None) -> _Told:
    answer = {dimension.key: value}
    kept = tuple(sorted({name.casefold() for name in names or ()}))
    return _Told(value, "answered", {dimension.key: names} if names else answer, answer, kept)


def _consultants(answer: Mapping[str, Any]) -> _Told:
    told = {name: answer[name] for name in ("working", "happy", BASIS) if answer.get(name) is not None}
    value, basis = KINDS["count"].said(told, "") if KINDS["count"].said else (0, "headcount")
    return _Told(value, basis, told, told)


def _reported(answer: Mapping[str, Any]) -> _Told:
    told = {name: answer[name] for name in ("nps", "responses", BASIS) if answer.get(name) is not None}
    return _Told(told["nps"], "band" if is_band(told) else "reported", told, told)


def _standing(card: Card, client_facts: ClientFacts, model: Model) -> ScoringInputs:
    """What a scorecard is made from now: the one that is held may not have followed the last answer yet."""
    questions = [dimension.key for dimension in model.dimensions if dimension.kind != "nps"]
    return replace(card.inputs, answers=client_facts.answers(questions), reported=client_facts.reported())


def _answered(standing: ScoringInputs, dimension: Dimension, told: _Told, on: date, instant: datetime) -> ScoringInputs:
    """The same with this answer, where it is the latest."""
    answer = Answer(told.value, told.basis, on, rfc3339(instant), SOURCE, "")
    held = standing.reported if dimension.kind == "nps" else standing.answers.get(dimension.key)
    if held and held.day > on:
        return standing
    if dimension.kind == "nps":
        return replace(standing, reported=answer)
    return replace(standing, answers={**standing.answers, dimension.key: answer})


def _what_it_did(dimension: Dimension, before: Scorecard, after: Scorecard, instant: datetime) -> list[str]:
    """What the page says of it: the question, its points and the totals, and when the answer is of."""
    then, now = (next(score for score in card.dimensions if score.key == dimension.key) for card in (before, after))
    points = ["" if score.points is None else str(score.points) for score in (then, now)]
    counts = now.observed_at == rfc3339(instant)
    return ["answer", dimension.key, *points, str(before.total), str(after.total), rfc3339(instant) if counts else ""]
