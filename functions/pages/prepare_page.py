"""The page that prepares a talk: why to talk and what stands behind it, on a screen and on one sheet of paper."""

from datetime import date, tzinfo

from functions.pages.agreement_components import Agreements
from functions.pages.client_page import may_write
from functions.pages.coming import coming, coming_list
from functions.pages.controls import link_button
from functions.pages.layout import DASH, PageContext, most_points, page
from functions.pages.marks.blocks import blocks
from functions.pages.markup import Child, Markup, tag
from functions.pages.meeting_components import MeetingTexts, sentence
from functions.pages.partnership import Partnership, Partnerships
from functions.pages.places import ClientPlaces
from functions.pages.scorecard_components import advice_list, movement, picture
from functions.pages.sections import crumb, title_row
from functions.pages.topic_components import TopicTexts, left_out, topics_in_full
from shared.http.problems import ForbiddenError
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.advice import advice
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Model
from shared.opmm.scorecard import DimensionScore, QuestionSnapshot, Snapshot
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.storage.queries import Queries
from shared.texts.words import Words, plain

MOST_ON_PAPER = 5
"""Topics, agreements and dates that a sheet has room for."""


@dataclass(frozen=True, slots=True)
class PreparePage:
    """What whoever holds the talk wants to know before."""

    access: Access
    cards: Cards
    queries: Queries

    def respond(self, context: PageContext, token: Token, client_id: str) -> Response:
        """`GET /clients/{client_id}/prepare`. Raises ForbiddenError for the client: it is how the agency prepares."""
        scored = self.access.scored(token, client_id)
        if context.is_client:
            raise ForbiddenError("The talk is prepared by the agency.")
        disclosure = Disclosure.to(token, self.cards.zone)
        loaded = Partnerships(self.cards, self.queries).load(scored, token, disclosure)
        return draw_preparation(loaded, self.cards.model, self.cards.zone, context)


def draw_preparation(loaded: Partnership, model: Model, zone: tzinfo, context: PageContext) -> Response:
    """The page."""
    card, words = loaded.card, context.words
    name, client, today = card.inputs.description.name, card.inputs.client_id, card.score.as_of
    places = ClientPlaces(context, client)
    texts, meeting = TopicTexts(loaded, model, zone, words), MeetingTexts(loaded, model, words)
    talk = loaded.meetings.next_talk(today)
    hold = link_button(words("hold"), places.hold(talk.talk_id if talk else None), weight="filled")
    title = words("prepare_title", name=name)
    return page(
        context,
        title,
        title_row(
            title,
            [_lead(loaded, context), " ", tag.span(words("prints"), class_="screen")],
            above=crumb(name, places.page()),
            acts=hold if may_write(context) else None,
        ),
        tag.div(
            tag.div(
                tag.div(
                    tag.header(
                        picture(card.score, model, words, "brief"),
                        _standing(loaded, meeting, model, words),
                        class_="standing",
                    ),
                    topics_in_full(texts, places, MOST_ON_PAPER),
                    class_="card",
                ),
                tag.div(tag.h2(words("paper_notes")), tag.div(class_="rules"), class_="paper ruled"),
                class_="main",
            ),
            tag.div(_rail(loaded, model, words), class_="rail"),
            class_="columns",
        ),
        class_="prepare",
    )


def _lead(loaded: Partnership, context: PageContext) -> str:
    """When the talk is and with whom, and who prepares it."""
    words, today = context.words, loaded.card.score.as_of
    talk = loaded.meetings.next_talk(today)
    names = loaded.meetings.with_whom(talk) if talk and loaded.people else []
    if talk is None:
        planned = words("prepare_unplanned")
    else:
        day = sentence(words.weekday(talk.on, today))
        planned = (
            words("prepare_lead", day=day, names=words.listed(names)) if names else words("prepare_lead_alone", day=day)
        )
    day = words.day_of_year(today, today)
    prepared = words("prepared_for", name=context.person, day=day) if context.person else words("prepared_on", day=day)
    return f"{planned} {prepared}"


def _standing(loaded: Partnership, meeting: MeetingTexts, model: Model, words: Words) -> Markup:
    """Where it stands in a sentence, and how far the goal is in another."""
    card = loaded.card
    moved, days = movement(card.score, card.earlier), model.discussion.days
    total = (
        words("total_of", total=card.score.total, whole=card.score.max_total)
        if card.score.complete
        else words("total_of_told", total=card.score.total, attainable=card.score.attainable)
    )
    if not moved.measured:
        said = words("sentence", total=total)
    elif moved.points:
        way = words("more" if moved.points > 0 else "fewer")
        said = words("sentence_moved", total=total, number=abs(moved.points), way=way, days=days)
    else:
        said = words("sentence_same", total=total, days=days)
    goal = loaded.meetings.agenda.goal()
    return tag.p(
        tag.strong(said),
        tag.span(words("goal_sentence", goal=meeting.goal_text(goal))) if goal else None,
    )


def _rail(loaded: Partnership, model: Model, words: Words) -> Child:
    card, told = loaded.card, loaded.meetings
    day = card.score.as_of
    last = told.agenda.last_talk(day)
    advised = advice(loaded.steps, card.score, model)
    ahead = coming(card, told, model, words, people=loaded.people)
    return [
        _since(last, loaded, model, words),
        _part(words("was_agreed"), _agreed(loaded, last, model, words)),
        _part(words("help_most"), advice_list(advised, (), model, words)),
        _part(
            words("what_is_coming"),
            [coming_list(ahead, day, words), left_out(len(ahead), MOST_ON_PAPER, words)],
        ),
    ]


def _part(title: str, content: Child) -> Markup:
    return tag.section(tag.h2(title), content, aria_label=title)


def _agreed(loaded: Partnership, last: date | None, model: Model, words: Words) -> Child:
    """What is open, and what was settled since the last talk: what was not kept comes first, then what is overdue."""
    told, day = loaded.meetings, loaded.card.score.as_of
    settled = [pair for pair in told.settled_actions(day) if last is None or (pair[1].on or day) > last]
    rows = sorted([*settled, *told.open_actions(day)], key=lambda pair: _RANK.get(pair[1].status, len(_RANK)))
    agreements = Agreements(day, model, words)
    if not rows:
        return tag.p(words("nothing_agreed"), class_="quiet")
    return [
        tag.ul((agreements.brief(*row) for row in rows), class_="brief"),
        left_out(len(rows), MOST_ON_PAPER, words),
    ]


_RANK = {status: place for place, status in enumerate(("missed", "no_effect", "overdue", "open", "late"))}


def _since(last: date | None, loaded: Partnership, model: Model, words: Words) -> Markup:
    """Each question on the day of the last talk and now, by the facts known today."""
    then = loaded.meetings.past.get(last) if last else None
    if last is None or then is None:
        title = words("since_talk", day=words.day_of_year(last, loaded.card.score.as_of)) if last else words("talks")
        return _part(title, tag.p(words("since_none"), class_="quiet"))
    title = words("since_talk", day=words.day_of_year(last, loaded.card.score.as_of))
    return _part(title, _then_and_now(then, loaded, model, words))


def _then_and_now(then: Snapshot, loaded: Partnership, model: Model, words: Words) -> Markup:
    score = loaded.card.score
    before = {question.key: question for question in then.dimensions}

    def points(known: DimensionScore | QuestionSnapshot | None, most: int) -> Markup:
        held = known.points if known else None
        low = model.discussion.is_low(held)
        return tag.td(
            tag.span(
                blocks(held, most, most_points(model), low=low, size="small"),
                tag.span(DASH if held is None else held),
                class_="then-now",
            )
        )

    rows = [
        tag.tr(
            tag.th(model.dimension(now.key).name[words.language], scope="row"),
            points(before.get(now.key), now.max),
            points(now, now.max),
            tag.td(_moved(before.get(now.key), now, words), class_="hint"),
        )
        for now in score.dimensions
    ]
    head = tag.tr(
        tag.th(tag.span(words("question"), class_="heard"), scope="col"),
        tag.th(words("then"), scope="col"),
        tag.th(words("now"), scope="col"),
        tag.td(),
    )
    foot = tag.tr(tag.th(words("total"), scope="row"), tag.td(then.total), tag.td(score.total), tag.td(), class_="sum")
    return tag.table(tag.thead(head), tag.tbody(rows, foot), class_="since")


def _moved(then: QuestionSnapshot | None, now: DimensionScore, words: Words) -> str | None:
    """From which number to which, where both are numbers and differ."""
    if then is None or not isinstance(then.value, int) or not isinstance(now.value, int) or then.value == now.value:
        return None
    return words("values_then_now", before=plain(then.value), after=plain(now.value))
