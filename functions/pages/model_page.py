"""The page of the model: the table that everybody reads the same way, and the rules around it."""

from functions.pages.layout import DASH, PageContext, most_points, page
from functions.pages.markup import Markup, tag
from shared.http.requests import Response
from shared.opmm.model import Dimension, Model
from shared.texts.words import Words


def draw_model(context: PageContext, model: Model) -> Response:
    """`GET /model`: the document holds all there is to say, so nothing is loaded."""
    words = context.words
    name = str(model.document["name"][words.language])
    most = most_points(model)
    lead = words.counted("model_lead", len(model.dimensions), most=most, whole=model.max_total)
    return page(
        context,
        words("model"),
        tag.header(tag.h1(name), tag.p(lead[:1].upper() + lead[1:], class_="lead"), class_="title"),
        tag.section(_table(model, most, words), class_="card scroll", tabindex="0", role="region", aria_label=name),
        tag.div(_freshness(model, words), _talk(model, words), class_="columns"),
        tag.p(model.id, class_="note"),
    )


def _table(model: Model, most: int, words: Words) -> Markup:
    rows = [
        tag.tr(
            tag.th(points, scope="row", class_="number"),
            [tag.td(_bands(dimension, points, words)) for dimension in model.dimensions],
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


def _bands(dimension: Dimension, points: int, words: Words) -> str:
    fitting = [band.text[words.language] for band in dimension.bands if band.points == points]
    return ", ".join(fitting) or DASH


def _freshness(model: Model, words: Words) -> Markup:
    terms = [
        (tag.dt(dimension.name[words.language]), tag.dd(_fresh_for(dimension, model, words)))
        for dimension in model.dimensions
    ]
    return tag.section(tag.h2(words("freshness")), tag.dl(terms), class_="card")


def _fresh_for(dimension: Dimension, model: Model, words: Words) -> str:
    if dimension.kind == "nps":
        return words("nps_window", days=model.nps_window_days)
    return words("fresh_always") if dimension.fresh_days is None else words("fresh_days", days=dimension.fresh_days)


def _talk(model: Model, words: Words) -> Markup:
    rules = model.discussion
    texts = [
        words("rule_fell", points=words.points(rules.fell_by), days=rules.days),
        words("rule_low", points=words.points(rules.low_points)),
        *(rules.texts[rule.key][words.language] for rule in rules.diverging),
        words("rule_stale"),
    ]
    return tag.section(tag.h2(words("talk_rules")), tag.ul(tag.li(text) for text in texts), class_="card")
