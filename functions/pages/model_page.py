"""The page of the model: the table that everybody reads the same way, the rules around it, and where a client is."""

from functions.pages.icons import icon
from functions.pages.layout import PageContext, most_points, page
from functions.pages.markup import Child, Markup, tag
from functions.pages.scorecard_components import value_text
from functions.pages.sections import Section, crumb, section_of, title_row
from shared.http.requests import Response
from shared.http.tokens import Token
from shared.opmm.advice import advice
from shared.opmm.dataclass import dataclass
from shared.opmm.model import Band, Dimension, Model
from shared.opmm.next_steps import next_steps
from shared.opmm.scorecard import DimensionScore
from shared.reading.access import Access
from shared.reading.disclosure import Disclosure
from shared.reading.scorecards import Cards
from shared.texts.words import Words, signed


@dataclass(frozen=True, slots=True)
class Here:
    """Where a client is in the table."""

    client_id: str
    name: str
    scores: dict[str, DimensionScore]
    """By question."""
    gains: dict[str, int]
    """By question, the points of the row that people are told to aim at."""


@dataclass(frozen=True, slots=True)
class ModelPage:
    """What everything is scored by."""

    access: Access
    cards: Cards

    def respond(self, context: PageContext, token: Token) -> Response:
        """`GET /model`: the document holds all there is to say; with `client` one read more, to say where it is."""
        client = context.request.query.get("client")
        here = self._here(token, client) if client else None
        return draw_model(context, self.cards.model, here)

    def _here(self, token: Token, client: str) -> Here:
        model = self.cards.model
        card = self.cards.current(self.access.scored(token, client))
        disclosure = Disclosure.to(token, self.cards.zone)
        steps = next_steps(card.inputs, card.score, model, by_month=not disclosure.people)
        scores = {score.key: score for score in card.score.dimensions}
        gains = {
            one.dimension: (scores[one.dimension].points or 0) + one.points
            for one in advice(steps, card.score, model)
            if one.points
        }
        return Here(card.inputs.client_id, card.inputs.description.name, scores, gains)


def draw_model(context: PageContext, model: Model, here: Here | None = None) -> Response:
    """The page."""
    words = context.words
    name = str(model.document["name"][words.language])
    most = most_points(model)
    lead = words.counted("model_lead", len(model.dimensions), most=most, whole=model.max_total)
    back = crumb(here.name, context.link(f"/clients/{here.client_id}")) if here else None
    return page(
        context,
        words("model"),
        title_row(name, lead[:1].upper() + lead[1:], above=back),
        tag.div(_table(model, most, here, words), class_="card scroll", tabindex="0", role="region", aria_label=name),
        _legend(here, words) if here else None,
        tag.div(
            [
                section_of(section)
                for section in (
                    Section("fresh", words("freshness"), _freshness(model, words)),
                    Section("talk", words("talk_rules"), _talk(model, words)),
                )
            ],
            section_of(Section("nps", words("nps_how"), tag.p(words("nps_window", days=model.nps_window_days))))
            if model.answered_from("nps")
            else None,
            class_="thirds",
        ),
        tag.p(words("model_id", id=model.id), class_="hint made"),
    )


def _table(model: Model, most: int, here: Here | None, words: Words) -> Markup:
    rows = [
        tag.tr(
            tag.th(points, scope="row", class_="number"),
            [_cell(dimension, points, model, here, words) for dimension in model.dimensions],
        )
        for points in range(most, -1, -1)
    ]
    headings = [
        tag.th(
            dimension.name[words.language],
            tag.span(dimension.question[words.language], class_="hint"),
            scope="col",
        )
        for dimension in model.dimensions
    ]
    return tag.table(tag.thead(tag.tr(tag.th(words("points"), scope="col"), headings)), tag.tbody(rows), class_="bands")


def _cell(dimension: Dimension, points: int, model: Model, here: Here | None, words: Words) -> Markup:
    fitting = [band for band in dimension.bands if band.points == points]
    score = here.scores.get(dimension.key) if here else None
    holds = score is not None and score.points == points and bool(fitting)
    return tag.td(
        tag.strong(_rows(fitting, dimension, words)) if holds else _rows(fitting, dimension, words),
        tag.p(icon("pin"), tag.span(value_text(score, model, words)), class_="is") if holds and score else None,
        _step(dimension, points, here, words),
        class_="here" if holds else None,
    )


def _rows(bands: list[Band], dimension: Dimension, words: Words) -> str:
    return ", ".join(words.row(band, dimension) for band in bands)


def _step(dimension: Dimension, points: int, here: Here | None, words: Words) -> Child:
    """That this row is the next one up, and what it gains."""
    if here is None or here.gains.get(dimension.key) != points:
        return None
    gain = points - (here.scores[dimension.key].points or 0)
    text = words("next_row", points=signed(gain))
    return tag.p(icon("arrow-up"), tag.span(text), class_="next")


def _legend(here: Here, words: Words) -> Markup:
    return tag.p(
        tag.span(icon("pin"), words("is_here", name=here.name), class_="is"),
        tag.span(icon("arrow-up"), words("the_next_row"), class_="next"),
        class_="legend",
    )


def _freshness(model: Model, words: Words) -> Child:
    terms = [
        tag.div(tag.dt(dimension.name[words.language]), tag.dd(_fresh_for(dimension, model, words)))
        for dimension in model.dimensions
    ]
    return [tag.dl(terms), tag.p(words("fresh_note"), class_="hint")]


def _fresh_for(dimension: Dimension, model: Model, words: Words) -> str:
    if dimension.kind == "nps":
        return words("fresh_nps", days=model.nps_window_days)
    return words("fresh_always") if dimension.fresh_days is None else words("fresh_days", days=dimension.fresh_days)


def _talk(model: Model, words: Words) -> Markup:
    rules = model.discussion
    texts = [
        words("rule_fell", points=words.points(rules.fell_by), days=rules.days),
        words("rule_low", points=words.points(rules.low_points)),
        *(rules.texts[rule.key][words.language] for rule in rules.diverging),
        words("rule_stale"),
    ]
    return tag.ul((tag.li(text) for text in texts), class_="dashed")
