"""The page of one partnership: what its score is, why, how it came about, and what would raise it."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from datetime import date, tzinfo
from http import HTTPStatus
from importlib import import_module
from urllib.parse import parse_qsl, urlencode

from functions.pages.agreement_components import Agreements
from functions.pages.answer_components import answer_acts, answer_faults, saved_answer
from functions.pages.answers import Typed
from functions.pages.both_sides import BothSides, both_sides
from functions.pages.client_letter import Reader, draw_letter, may_make_links
from functions.pages.client_names import SCOPE, client_names, hidden_note, saved_note
from functions.pages.coming import Coming, coming, coming_list
from functions.pages.controls import button, flag, link_button, note_strip
from functions.pages.forms.alerts import AlertsForm
from functions.pages.forms.saying import SCOPE as SAYING
from functions.pages.forms.saying import SOURCE, said_note, seen_at, what_was_saved
from functions.pages.history_components import Evidence, evidence, nps, recorded_changes, trend
from functions.pages.icons import icon
from functions.pages.layout import HEADERS, PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.meeting_components import MeetingTexts
from functions.pages.partnership import Partnership, Partnerships
from functions.pages.places import ClientPlaces
from functions.pages.scorecard_components import advice_list, advice_text, question_rows, total
from functions.pages.sections import Part, Prop, Section, crumb, props_row, title_row, with_index
from functions.pages.talk.saved import saved_talk_note
from functions.pages.topic_components import TopicTexts, has_reason, why_talk
from shared.http.parameters import Parameters
from shared.http.problems import NotFoundError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.advice import Advice, advice, risks
from shared.opmm.calendar import Entry
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.texts.words import Words, signed

WRITES = "people:write"
LIST_PARAMETERS = (
    *("sort", "status", "q", "owner", "mine", "due", "overdue", "complete", "stale", "described", "max_total"),
)
"""What a list is made of that a client was found in; `list` carries it along, so that the next one can be found."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What the reader may write, and has just written."""

    acts: Mapping[str, Child] = field(default_factory=dict)
    """By question, how it is answered."""
    faults: Child = None
    """What has to be mended in an answer that came back."""
    saved: Child = None
    """What was done."""
    alerts: Child = None
    """Who gets alerts, and the form that changes it."""
    may_say: bool = False
    may_describe: bool = False


@dataclass(frozen=True, slots=True)
class ClientPage:
    """What both sides look at together."""

    access: Access
    cards: Cards
    queries: Queries
    alerts: AlertsForm
    agency: str | None = None
    """What the agency is called; None where nobody has said."""

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}`: of another day with `as_of`; somebody of the client is shown their letter."""
        if context.is_client:
            return self.letter(context, token, client_id)
        scored = self.access.scored(token, client_id)
        day = self._day(context)
        disclosure = Disclosure.to(token, self.cards.zone)
        loaded = Partnerships(self.cards, self.queries).load(scored, token, disclosure, day)
        return draw(loaded, self.cards.model, self.cards.zone, context, self._writing(loaded, token, context))

    def letter(self, context: PageContext, token: Token, client_id: str) -> Response:
        """The page that the client sees: at `/clients/{client_id}/as-client` for the agency, and by the same code."""
        scored = self.access.scored(token, client_id)
        day, zone = self._day(context), self.cards.zone
        loaded = Partnerships(self.cards, self.queries).load(scored, token, Disclosure(people=False, zone=zone), day)
        both = BothSides() if loaded.past else both_sides(loaded, self.cards.model)
        reader = Reader.of(token, self.agency, zone, visits=context.is_client)
        return draw_letter(loaded, both, reader, self.cards.model, context)

    def next_talk(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/next-talk.ics`: for either calendar. Raises NotFoundError without one."""
        card = self.cards.current(self.access.scored(token, client_id))
        day, agenda, words = card.score.as_of, card.planned.agenda, context.words
        talk = next((talk for talk in agenda.talks if talk.on == agenda.next_talk(day) and not talk.cancelled), None)
        if talk is None:
            raise NotFoundError("No talk is planned.")
        client = card.inputs.client_id
        text = words("letter_event", client=card.inputs.description.name, agency=self.agency or words("the_agency"))
        made = import_module("shared.reading.calendar_file")  # for those who ask for one only
        body: str = made.calendar_file(
            client, [(Entry(talk.on, "talk", subject=talk.talk_id), text)], self.cards.clock()
        )
        return Response(200, headers=_calendar_headers(talk.on), body=body)

    def _day(self, context: PageContext) -> date | None:
        parameters = Parameters(context.request.query)
        day = parameters.day("as_of", latest=self.cards.today())
        if context.request.query.get("answer") is not None:
            parameters.choice("answer", self.cards.model.keys)
        parameters.check()
        return day

    def again(self, context: PageContext, token: Token, client_id: str, typed: Typed) -> Response:
        """The page with the form of a question as it came back."""
        scored = self.access.scored(token, client_id)
        model, zone = self.cards.model, self.cards.zone
        loaded = Partnerships(self.cards, self.queries).load(scored, token, Disclosure.to(token, zone))
        seen = seen_at(context, f"/clients/{scored.inputs.client_id}", answer=typed.question)
        return draw(loaded, model, zone, seen, self._writing(loaded, token, seen, typed))

    def _writing(self, loaded: Partnership, token: Token, context: PageContext, typed: Typed | None = None) -> Writing:
        may_say = SAYING in token.scopes and not loaded.past
        model, client = self.cards.model, loaded.card.inputs.client_id
        said = what_was_saved(self.access, context, client)
        return Writing(
            acts=answer_acts(loaded, model, context, self.cards.clock(), typed) if may_say else {},
            faults=answer_faults(typed, model, context.words),
            saved=saved_answer(said, loaded, model, context.words)
            or said_note(said, self.cards.today(), context.words)
            or self.alerts.saved(said, context),
            alerts=self.alerts.drawn(loaded.card.scored, context) if may_say else None,
            may_say=may_say,
            may_describe=SCOPE in token.scopes,
        )


_READING = Writing()


def _calendar_headers(day: date) -> dict[str, str]:
    """A file that browsers hand to the calendar, and nobody keeps."""
    return {
        **HEADERS,
        "Content-Type": "text/calendar; charset=utf-8",
        "Content-Disposition": f'attachment; filename="{day.isoformat()}.ics"',
    }


def draw(
    loaded: Partnership, model: Model, zone: tzinfo, context: PageContext, writing: Writing = _READING
) -> Response:
    """The page."""
    card, words, client = loaded.card, context.words, loaded.card.inputs.client_id
    advised = () if loaded.past else advice(loaded.steps, card.score, model)
    ahead = [] if loaded.past else coming(card, loaded.meetings, model, words, people=loaded.people)
    props = [] if loaded.past else _props(MeetingTexts(loaded, model, words), context)
    sections = _sections(loaded, advised, ahead, model, zone, context=context, writing=writing)
    if writing.alerts:
        note = words("attention_note")
        sections.append(Section("alerts", words("attention"), writing.alerts, note=note, card=True, screen=True))
    if writing.may_describe:
        sections.append(Section("names", words("names"), client_names(card, context), screen=True))
    made = tag.p(
        words("made", day=words.day(card.score.as_of)), " ", hidden_note(loaded.hidden, words), class_="hint made"
    )
    return page(
        context,
        card.inputs.description.name,
        _title(loaded, context),
        writing.faults,
        writing.saved or (saved_note(context) if writing.may_describe else None) or saved_talk_note(context),
        _past(loaded, context) if loaded.past else None,
        props_row(total(card, model, words), props),
        with_index(
            sections,
            words("on_this_page"),
            [
                *_forms(client, context, writing),
                (words("in_the_model"), context.link("/model", client=client)),
                (words("another_day"), "#as-of"),
                *([(words("links"), context.link(f"/clients/{client}/links"))] if may_make_links(context) else []),
            ],
        ),
        made,
        _another_day(loaded, context),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if writing.faults else HTTPStatus.OK,
    )


def _forms(client: str, context: PageContext, writing: Writing) -> list[tuple[str, str]]:
    """Where the reader can write what has a page of its own."""
    names = [
        *(("agree", "plan", "goal", "note") if writing.may_say else ()),
        *(("owner",) if writing.may_describe else ()),
    ]
    texts = {"goal": "goal_form", "note": "note_form"}
    return [(context.words(texts.get(name, name)), context.link(f"/clients/{client}/{name}")) for name in names]


def _props(meeting: MeetingTexts, context: PageContext) -> list[Prop]:
    """The goal, the next talk and the owner; those who may set the first two are led there where there is none."""
    words, places = context.words, ClientPlaces(context, meeting.loaded.card.inputs.client_id)
    writes, told = may_write(context), meeting.told
    goal = tag.a(words("set_goal"), href=places.goal()) if writes and told.agenda.goal() is None else None
    plan = tag.a(words("plan_it"), href=places.plan()) if writes and told.next_talk(meeting.day) is None else None
    return [meeting.goal_prop(goal), meeting.talk_prop(plan), meeting.owner_prop()]


def _title(loaded: Partnership, context: PageContext) -> Markup:
    card, words = loaded.card, context.words
    description, client = card.inputs.description, card.inputs.client_id
    kept = dict(listed(context))
    neighbours = tag.nav(
        tag.a(words("previous"), href=context.link("/", **kept, before=client), rel="prev"),
        tag.a(words("next"), href=context.link("/", **kept, after=client), rel="next"),
        aria_label=words("neighbours"),
    )
    lead = [
        words("as_of", day=words.day(card.score.as_of)),
        (" ", flag(words("ended"))) if description.status == "ended" else None,
        (" ", flag(words("undescribed"))) if not description.described else None,
    ]
    return title_row(
        description.name,
        lead,
        above=[crumb(words("portfolio"), context.link("/", **kept)), neighbours],
        acts=[
            link_button(words("client_view"), context.link(f"/clients/{client}/as-client"), icon_name="eye"),
            None if loaded.past else _primary(loaded, context),
        ],
    )


def _primary(loaded: Partnership, context: PageContext) -> Markup:
    """What is to be done next: the talk is prepared, and on its day it is held by those who may."""
    card, words = loaded.card, context.words
    places, talk = ClientPlaces(context, card.inputs.client_id), loaded.meetings.next_talk(card.score.as_of)
    if talk and talk.on == card.score.as_of and may_write(context):
        return link_button(words("hold"), places.hold(talk.talk_id), weight="filled")
    return link_button(words("prepare_talk"), places.prepare(), weight="filled")


def may_write(context: PageContext) -> bool:
    """Whether the reader may say something, too."""
    return context.visitor is not None and WRITES in context.visitor.scopes


def listed(context: PageContext) -> list[tuple[str, str]]:
    """What the list was made of that the reader comes from."""
    return [
        (name, value) for name, value in parse_qsl(context.request.query.get("list", "")) if name in LIST_PARAMETERS
    ]


def list_query(parts: Mapping[str, str | None]) -> str | None:
    """The same, to be carried along; None for the list as it is without anything asked."""
    return urlencode({name: value for name, value in parts.items() if value is not None}) or None


def _past(loaded: Partnership, context: PageContext) -> Markup:
    words, client = context.words, loaded.card.inputs.client_id
    today = tag.a(words("back_to_today"), href=context.link(f"/clients/{client}"))
    return note_strip(words("past", day=words.day(loaded.card.score.as_of)), " ", today)


def _another_day(loaded: Partnership, context: PageContext) -> Markup:
    """The page as it was on another day."""
    words, card = context.words, loaded.card
    return tag.form(
        tag.div(
            tag.label(words("another_day"), for_="as-of"),
            tag.input(type="date", name="as_of", id="as-of", value=card.score.as_of.isoformat(), required=True),
            class_="field",
        ),
        tag.input(type="hidden", name="lang", value=context.chosen) if context.chosen else None,
        button(words("show")),
        method="get",
        action=f"/clients/{card.inputs.client_id}",
        class_="day screen",
    )


def _sections(
    loaded: Partnership,
    advised: Sequence[Advice],
    ahead: Sequence[Coming],
    model: Model,
    zone: tzinfo,
    *,
    context: PageContext,
    writing: Writing,
) -> list[Part]:
    """The parts of the page; of a day that is over nothing is told of what lay ahead."""
    words = context.words
    meeting = MeetingTexts(loaded, model, words)
    return [
        _topics(loaded, model, zone, context),
        _questions(loaded, model, words, writing),
        _agreements(loaded, model, context),
        *([] if loaded.past else [_ahead(loaded, advised, ahead, model, context)]),
        Section(
            "year",
            words("trend"),
            trend(loaded.year, loaded.course, model, words, meeting.marked()),
            note=words("trend_note"),
        ),
        *_nps(loaded, model, words),
        _evidence(loaded, model, zone, context),
    ]


def _topics(loaded: Partnership, model: Model, zone: tzinfo, context: PageContext) -> Section:
    words, count = context.words, len(loaded.topics)
    places = ClientPlaces(context, loaded.card.inputs.client_id)
    return Section(
        "why",
        words("reasons"),
        why_talk(TopicTexts(loaded, model, zone, words), places, may_write=may_write(context) and not loaded.past),
        note=words.counted("topics_note", count) if count else None,
        count=str(count),
        warn=has_reason(loaded.topics),
        card=bool(count),
    )


def _agreements(loaded: Partnership, model: Model, context: PageContext) -> Section:
    words, day = context.words, loaded.card.score.as_of
    opened, settled = loaded.meetings.open_actions(day), loaded.meetings.settled_actions(day)
    agreements = Agreements(day, model, words)
    places = ClientPlaces(context, loaded.card.inputs.client_id)
    agree = places.agree() if may_write(context) and not loaded.past else None
    return Section(
        "agreements",
        words("agreements_title"),
        agreements.lists(opened, settled, agree),
        note=agreements.note(opened, settled),
        count=str(len(opened)),
        warn=any(settlement.status == "overdue" for _, settlement in opened),
        beside=tag.a(icon("plus"), words("agree_something"), href=agree, class_="act")
        if agree and (opened or settled)
        else None,
        bare=True,
    )


def _questions(loaded: Partnership, model: Model, words: Words, writing: Writing) -> Section:
    scores = loaded.card.score.dimensions
    answered = sum(score.points is not None for score in scores)
    return Section(
        "questions",
        words.counted("questions", len(scores)),
        question_rows(loaded.card, model, words, writing.acts, authors=_authors(loaded)),
        note=words("questions_open") if answered < len(scores) else _worth(model, words),
        count=str(answered) if answered == len(scores) else words("some_of", count=answered, whole=len(scores)),
        card=True,
        short=words.counted("questions_short", len(scores)),
    )


def _ahead(
    loaded: Partnership, advised: Sequence[Advice], ahead: Sequence[Coming], model: Model, context: PageContext
) -> tuple[Section, Section]:
    words, lowering = context.words, risks(loaded.steps, model)
    places = ClientPlaces(context, loaded.card.inputs.client_id)
    acts = {
        one.dimension: tag.a(
            words("make_agreement"),
            href=places.agree(one, loaded.card.score, advice_text(one, model, words)),
            class_="act",
        )
        for one in advised
        if one.step is not None and may_write(context)
    }
    return (
        Section(
            "help",
            words("help_most"),
            advice_list(advised, lowering, model, words, acts),
            count=str(len(advised)),
            short=words("help_short"),
        ),
        Section(
            "time",
            words("time"),
            coming_list(ahead, loaded.card.score.as_of, words),
            count=str(len(ahead)),
            beside=tag.a(icon("calendar"), words("to_calendar"), href=places.calendar(), class_="act"),
            short=words("time_short"),
        ),
    )


def _nps(loaded: Partnership, model: Model, words: Words) -> list[Section]:
    """One section where the model asks for an NPS."""
    asked, card = model.answered_from("nps"), loaded.card.score
    if asked is None:
        return []
    now = next(score for score in card.dimensions if score.key == asked.key)
    return [
        Section(
            "nps",
            words("nps"),
            nps(card, asked, loaded.responses, model, words),
            note=words("nps_window_note", days=model.nps_window_days),
            count=signed(now.value) if isinstance(now.value, int) else None,
        )
    ]


def _evidence(loaded: Partnership, model: Model, zone: tzinfo, context: PageContext) -> Section:
    words, client = context.words, loaded.card.inputs.client_id
    tally = next((score.tally for score in loaded.card.score.dimensions if score.tally), None)
    shown = Evidence(
        behind=loaded.behind,
        remarks=loaded.remarks,
        links={key: context.link(f"/clients/{client}/evidence/{key}") for key in model.keys},
        months=() if loaded.people else loaded.responses,
        responses=tally.count if tally else 0,
        changes=recorded_changes(loaded.changes, model, zone, words),
        further=MeetingTexts(loaded, model, words).fold(ClientPlaces(context, client).talks()),
    )
    content = evidence(shown, model, zone, words)
    return Section("evidence", words("evidence"), content, note=words("evidence_note"), screen=True)


def _worth(model: Model, words: Words) -> str | None:
    """What each question is worth, where all are worth the same."""
    worth = {dimension.max for dimension in model.dimensions}
    return words("questions_worth", points=words.points(worth.pop())) if len(worth) == 1 else None


def _authors(loaded: Partnership) -> dict[str, str]:
    """By fact, who said it on a page of ours."""
    return {
        fact.fact_id: remark.author
        for known in loaded.behind.values()
        for fact in known.facts
        if fact.source == SOURCE and (remark := loaded.remarks.get(fact.fact_id)) and remark.author
    }
