"""The scorecard itself: the total, the five questions, and the reasons to talk about them."""

from datetime import date

from functions.pages.marks import blocks, radar
from functions.pages.markup import Child, tag
from shared.opmm.model import Model
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.reading.scorecards import Card
from shared.texts.sentences import reason_text
from shared.texts.words import Words, plain, signed


def heading(card: Card, words: Words) -> Child:
    """Whose scorecard, and of which day."""
    description = card.scored.standing.description
    return tag.header(
        tag.h1(description.name),
        tag.p(
            words("as_of", day=words.day(card.score.as_of)),
            (" ", tag.span(words("ended"), class_="flag")) if description.status == "ended" else None,
            class_="lead",
        ),
        class_="title",
    )


def hero(card: Card, earlier: Scorecard, model: Model, words: Words) -> Child:
    """The total, large, beside the shape of its five questions."""
    score = card.score
    moved = score.total - earlier.total
    days = model.discussion.days
    open_questions = sum(each.points is None for each in score.dimensions)
    told = (
        words("complete")
        if score.complete
        else words("attainable", attainable=score.attainable, whole=score.max_total, open=open_questions)
    )
    names = [each.name[words.language] for each in model.dimensions]
    points = ", ".join(
        f"{name} {words('unanswered') if each.points is None else each.points}"
        for name, each in zip(names, score.dimensions, strict=True)
    )
    return tag.section(
        tag.div(
            tag.p(
                tag.span(score.total, class_="total"),
                " ",
                tag.span(words("points_of", whole=score.max_total), class_="out-of"),
            ),
            tag.p(
                words("since", moved=signed(moved), days=days) if moved else words("unmoved", days=days),
                class_=f"move {'up' if moved > 0 else 'down' if moved < 0 else 'still'}",
            ),
            tag.p(told),
        ),
        radar(score, earlier, names, days, label=words("radar", points=points), words=words),
        class_="card hero",
    )


def talk(card: Card, model: Model, words: Words) -> Child:
    """Why to talk; nothing when all is well."""
    if not card.reasons:
        return None
    reasons = [tag.li(reason_text(reason, model, words.language)) for reason in card.reasons]
    return tag.section(tag.h2(words("reasons")), tag.ul(reasons), class_="card talk")


def questions(card: Card, model: Model, words: Words) -> Child:
    """The five questions, each with its points and where they came from."""
    rows = [_question(each, card, model, words) for each in card.score.dimensions]
    return tag.section(tag.h2(words("questions")), tag.ol(rows, class_="questions"), class_="card")


def _question(score: DimensionScore, card: Card, model: Model, words: Words) -> Child:
    dimension = model.dimension(score.key)
    return tag.li(
        tag.div(tag.h3(dimension.name[words.language]), tag.p(dimension.question[words.language], class_="hint")),
        tag.div(
            blocks(score.points, score.max),
            tag.p(words("unanswered"), class_="points")
            if score.points is None
            else tag.p(tag.strong(score.points), " ", words("of", part="", whole=score.max).strip(), class_="points"),
            class_="mark",
        ),
        tag.div(_told(score, card, model, words)),
        class_="low" if score.points is not None and score.points <= model.discussion.low_points else None,
    )


def _told(score: DimensionScore, card: Card, model: Model, words: Words) -> Child:
    """What was answered, how it was found out, by whom and when."""
    if score.value is None or score.points is None:
        return None
    dimension = model.dimension(score.key)
    band = dimension.band_of(score.value).text[words.language]
    value = plain(score.value) if isinstance(score.value, int) else band
    beside = f" ({band})" if isinstance(score.value, int) and band != value else ""
    day = answered_on(score, card)
    source = f" \N{MIDDLE DOT} {words('told', source=score.source or '', day=words.short_day(day))}" if day else None
    return [
        tag.p(tag.strong(value), beside, (" ", tag.span(words("stale"), class_="flag")) if score.stale else None),
        tag.p(_basis(score, model, words), source, class_="hint"),
    ]


def _basis(score: DimensionScore, model: Model, words: Words) -> str:
    if score.tally is None:
        return words(score.basis or "unanswered")
    count = score.tally.count
    return words("one_response" if count == 1 else "responses", count=count, days=model.nps_window_days)


def answered_on(score: DimensionScore, card: Card) -> date | None:
    """The day of the answer that counts; for NPS by responses the last day that has one."""
    standing = card.inputs
    if score.tally:
        return max((day for day in standing.responses if day <= card.score.as_of), default=None)
    answer = standing.reported if score.key == "nps" else standing.answers.get(score.key)
    return answer.day if answer else None
