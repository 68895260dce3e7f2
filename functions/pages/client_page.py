"""The page of one partnership: what its score is, why, how it came about, and what would raise it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from urllib.parse import parse_qsl, urlencode

from functions.pages.client_letter import Reader, draw_letter
from functions.pages.client_names import SCOPE, client_names, hidden_note, saved_note
from functions.pages.coming import coming
from functions.pages.controls import button, flag, link_button, note_strip
from functions.pages.history_components import Evidence, evidence, nps, recorded_changes, trend
from functions.pages.layout import PageContext, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.partnership import Partnership, Partnerships
from functions.pages.scorecard_components import (
    Coming,
    advice_list,
    coming_list,
    question_rows,
    standing_props,
    topics,
    total,
)
from functions.pages.sections import Part, Section, crumb, props_row, title_row, with_index
from shared.http.parameters import Parameters
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.advice import Advice, advice, risks
from shared.opmm.model import Model
from shared.opmm.nps import LOWEST_PASSIVE
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.texts.words import Words, signed

_VIEWS = ("agency", "client")
LIST_PARAMETERS = (
    *("sort", "status", "q", "owner", "mine", "due", "overdue", "complete", "stale", "described", "max_total"),
)
"""What a list is made of that a client was found in; `list` carries it along, so that the next one can be found."""


@dataclass(frozen=True, slots=True)
class ClientPage:
    """What both sides look at together."""

    access: Access
    cards: Cards
    queries: Queries
    agency: str | None = None
    """What the agency is called; None where nobody has said."""

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}`: of another day with `as_of`, as the client sees it with `view=client`."""
        scored = self.access.scored(token, client_id)
        parameters = Parameters(context.request.query)
        day = parameters.day("as_of", latest=self.cards.today())
        view = parameters.choice("view", _VIEWS)
        parameters.check()
        model, zone = self.cards.model, self.cards.zone
        for_client = context.is_client or view == "client"
        disclosure = Disclosure(people=False, zone=zone) if for_client else Disclosure.to(token, zone)
        loaded = Partnerships(self.cards, self.queries).load(scored, token, disclosure, day)
        if for_client:
            return draw_letter(loaded, Reader.of(token, self.agency, zone, visits=context.is_client), model, context)
        return draw(loaded, model, zone, context, may_describe=SCOPE in token.scopes)


def draw(
    loaded: Partnership, model: Model, zone: tzinfo, context: PageContext, *, may_describe: bool = False
) -> Response:
    """The page."""
    card, words = loaded.card, context.words
    advised = () if loaded.past else advice(loaded.steps, card.score, model)
    ahead = [] if loaded.past else coming(card, loaded.steps, model, words, people=loaded.people)
    props = [] if loaded.past else standing_props(card, advised, ahead, model, words)
    sections = _sections(loaded, advised, ahead, model, zone, context=context)
    if may_describe:
        sections.append(Section("names", words("names"), client_names(card, context), screen=True))
    made = tag.p(
        words("made", day=words.day(card.score.as_of)), " ", hidden_note(loaded.hidden, words), class_="hint made"
    )
    return page(
        context,
        card.inputs.description.name,
        _title(loaded, context),
        saved_note(context) if may_describe else None,
        _past(loaded, context) if loaded.past else None,
        props_row(total(card, model, words), props),
        with_index(
            sections,
            words("on_this_page"),
            [
                (words("in_the_model"), context.link("/model", client=card.inputs.client_id)),
                (words("another_day"), "#as-of"),
            ],
        ),
        made,
        _another_day(loaded, context),
    )


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
        acts=link_button(words("client_view"), context.link(f"/clients/{client}", view="client"), icon_name="eye"),
    )


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
) -> list[Part]:
    """The parts of the page; of a day that is over nothing is told of what lay ahead."""
    words = context.words
    return [
        _reasons(loaded, model, zone, words),
        _questions(loaded, model, words),
        *([] if loaded.past else [_ahead(loaded, advised, ahead, model, words)]),
        Section("year", words("trend"), trend(loaded.year, loaded.course, model, words), note=words("trend_note")),
        *_nps(loaded, model, words),
        _evidence(loaded, model, zone, context),
    ]


def _reasons(loaded: Partnership, model: Model, zone: tzinfo, words: Words) -> Section:
    reasons = len(loaded.card.reasons)
    return Section(
        "why",
        words("reasons"),
        topics(loaded.card, model, words, _quotes(loaded, model, zone, words)),
        note=words.counted("reasons_note", reasons) if reasons else None,
        count=str(reasons),
        warn=bool(reasons),
        card=bool(reasons),
    )


def _questions(loaded: Partnership, model: Model, words: Words) -> Section:
    scores = loaded.card.score.dimensions
    answered = sum(score.points is not None for score in scores)
    return Section(
        "questions",
        words.counted("questions", len(scores)),
        question_rows(loaded.card, model, words),
        note=words("questions_open") if answered < len(scores) else _worth(model, words),
        count=str(answered) if answered == len(scores) else words("some_of", count=answered, whole=len(scores)),
        card=True,
        short=words.counted("questions_short", len(scores)),
    )


def _ahead(
    loaded: Partnership, advised: Sequence[Advice], ahead: Sequence[Coming], model: Model, words: Words
) -> tuple[Section, Section]:
    lowering = risks(loaded.steps, model)
    return (
        Section(
            "help",
            words("help_most"),
            advice_list(advised, lowering, model, words),
            count=str(len(advised)),
            short=words("help_short"),
        ),
        Section(
            "time",
            words("time"),
            coming_list(ahead, loaded.card.score.as_of, words),
            count=str(len(ahead)),
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
        comments=loaded.comments,
        links={key: context.link(f"/clients/{client}/evidence/{key}") for key in model.keys},
        months=() if loaded.people else loaded.responses,
        responses=tally.count if tally else 0,
        changes=recorded_changes(loaded.changes, model, zone, words),
    )
    content = evidence(shown, model, zone, words)
    return Section("evidence", words("evidence"), content, note=words("evidence_note"), screen=True)


def _worth(model: Model, words: Words) -> str | None:
    """What each question is worth, where all are worth the same."""
    worth = {dimension.max for dimension in model.dimensions}
    return words("questions_worth", points=words.points(worth.pop())) if len(worth) == 1 else None


def _quotes(loaded: Partnership, model: Model, zone: tzinfo, words: Words) -> dict[int, Child]:
    """The newest words of somebody who was not content, beside the first reason that is about the NPS."""
    asked = model.answered_from("nps")
    if asked is None:
        return {}
    then, now = (
        next(score for score in card.dimensions if score.key == asked.key)
        for card in (loaded.card.earlier, loaded.card.score)
    )
    fell = then.points is not None and now.points is not None and now.points < then.points
    place = next(
        (
            place
            for place, reason in enumerate(loaded.card.reasons)
            if reason.dimension == asked.key or (reason.key == "fell" and fell)
        ),
        None,
    )
    fact = next(
        (
            fact
            for fact in loaded.behind[asked.key].facts
            if fact.fact_id in loaded.comments and fact.answer.get("score", LOWEST_PASSIVE) < LOWEST_PASSIVE
        ),
        None,
    )
    if place is None or fact is None:
        return {}
    day = words.day_of_year(fact.timestamp(zone).day(zone), loaded.card.score.as_of)
    return {
        place: [
            tag.q(loaded.comments[fact.fact_id]),
            tag.span(words("rating_on", score=fact.answer["score"], day=day), class_="hint"),
        ]
    }
