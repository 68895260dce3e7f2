"""The model explained: the table that everybody reads the same way, and the rules around it."""

from functions.pages.layout import page
from functions.pages.markup import Child, tag
from functions.pages.page_context import PageContext
from shared.http.requests import Response
from shared.opmm.model import Dimension, Model
from shared.texts.words import Words


def model_page(visit: PageContext, model: Model) -> Response:
    """`GET /model`."""
    words = visit.words
    name = str(model.document["name"][words.language])
    most = max(dimension.max for dimension in model.dimensions)
    return page(
        visit,
        words("model"),
        tag.header(
            tag.h1(name),
            tag.p(words("model_lead", most=most, whole=model.max_total), class_="lead"),
            class_="title",
        ),
        tag.section(_table(model, most, words), class_="card scroll", tabindex="0", role="region", aria_label=name),
        tag.div(_freshness(model, words), _talk(model, words), class_="columns"),
        tag.p(model.id, class_="note"),
    )


def _table(model: Model, most: int, words: Words) -> Child:
    rows = [
        tag.tr(
            tag.th(points, scope="row", class_="number"),
            [tag.td(_bands(each, points, words)) for each in model.dimensions],
        )
        for points in range(most, -1, -1)
    ]
    headings = [
        tag.th(each.name[words.language], tag.span(each.question[words.language], class_="hint"), scope="col")
        for each in model.dimensions
    ]
    return tag.table(tag.thead(tag.tr(tag.th(words("points"), scope="col"), headings)), tag.tbody(rows), class_="bands")


def _bands(dimension: Dimension, points: int, words: Words) -> Child:
    fitting = [band.text[words.language] for band in dimension.bands if band.points == points]
    return ", ".join(fitting) or "\N{EN DASH}"


def _freshness(model: Model, words: Words) -> Child:
    told = [
        (
            each.name[words.language],
            words("nps_window", days=model.nps_window_days)
            if each.fresh_days is None
            else words("fresh_days", days=each.fresh_days),
        )
        for each in model.dimensions
    ]
    terms = [(tag.dt(name), tag.dd(text)) for name, text in told]
    return tag.section(tag.h2(words("freshness")), tag.dl(terms), class_="card")


def _talk(model: Model, words: Words) -> Child:
    rules = model.discussion
    told = [
        words("rule_fell", points=words.points(rules.fell_by), days=rules.days),
        words("rule_low", points=words.points(rules.low_points)),
        rules.texts["nps_up_happy_down"][words.language],
        words("rule_stale"),
    ]
    return tag.section(tag.h2(words("talk_rules")), tag.ul(tag.li(each) for each in told), class_="card")
