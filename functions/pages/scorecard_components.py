"""What stands: the total, its questions, the reasons to talk about them, and what would raise or lower it."""

from collections.abc import Sequence
from datetime import date

from functions.pages.layout import badge, direction, most_points
from functions.pages.markup import Child, Markup, tag
from functions.pages.svg import FEWEST_AXES, Axis, blocks, radar
from shared.opmm.model import Model
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.reading.scorecards import Card
from shared.texts.sentences import reason_text, step_text
from shared.texts.words import Words, raw, signed


def heading(card: Card, words: Words) -> Markup:
    """Whose scorecard, and of which day."""
    description = card.inputs.description
    return tag.header(
        tag.h1(description.name),
        tag.p(
            words("as_of", day=words.day(card.score.as_of)),
            (" ", tag.span(words("ended"), class_="flag")) if description.status == "ended" else None,
            class_="lead",
        ),
        class_="title",
    )


def hero(card: Card, model: Model, words: Words) -> Markup:
    """The total, large, beside the shape of its questions."""
    score, earlier = card.score, card.earlier
    moved, days = score.total - earlier.total, model.discussion.days
    unanswered = sum(dimension.points is None for dimension in score.dimensions)
    questions = len(score.dimensions)
    return tag.section(
        tag.div(
            tag.p(
                tag.span(score.total, class_="total"),
                " ",
                tag.span(words("points_of", whole=score.max_total), class_="out-of"),
            ),
            tag.p(
                words("since", moved=signed(moved), days=days) if moved else words("unmoved", days=days),
                class_=f"move {direction(moved)}",
            ),
            tag.p(
                words.counted(
                    "attainable", questions, attainable=score.attainable, whole=score.max_total, open=unanswered
                )
                if unanswered
                else words.counted("complete", questions)
            ),
        ),
        _shape(score, earlier, model, words) if questions >= FEWEST_AXES else None,
        class_="card hero",
    )


def _shape(score: Scorecard, earlier: Scorecard, model: Model, words: Words) -> Markup:
    """Today's points over those of some months before; an unanswered question lies in the middle."""
    language, days = words.language, model.discussion.days
    names = [dimension.name[language] for dimension in model.dimensions]
    now, then = ([dimension.points or 0 for dimension in card.dimensions] for card in (score, earlier))
    points = ", ".join(
        f"{name} {words('unanswered') if dimension.points is None else dimension.points}"
        for name, dimension in zip(names, score.dimensions, strict=True)
    )
    axes = [Axis(dimension.name[language], dimension.short[language], dimension.max) for dimension in model.dimensions]
    keys: list[Markup] = [
        tag.span(words("today"), class_="key now"),
        tag.span(words("earlier", days=days), class_="key earlier"),
    ]
    return tag.figure(
        radar(axes, now, then, words("radar", points=points)),
        tag.figcaption(keys) if then != now else None,
        class_="radar",
    )


def talk(card: Card, model: Model, words: Words) -> Child:
    """Why to talk; nothing when all is well."""
    if not card.reasons:
        return None
    reasons = [tag.li(reason_text(reason, model, words.language)) for reason in card.reasons]
    return tag.section(tag.h2(words("reasons")), tag.ul(reasons), class_="card talk")


def questions(card: Card, model: Model, words: Words) -> Markup:
    """The questions, each with its points and where they came from."""
    rows = [_question(score, card, model, words) for score in card.score.dimensions]
    heading = words.counted("questions", len(rows))
    return tag.section(tag.h2(heading), tag.ol(rows, class_="questions"), class_="card")


def _question(score: DimensionScore, card: Card, model: Model, words: Words) -> Markup:
    dimension = model.dimension(score.key)
    low = model.discussion.is_low(score.points)
    return tag.li(
        tag.div(tag.h3(dimension.name[words.language]), tag.p(dimension.question[words.language], class_="hint")),
        tag.div(
            blocks(score.points, score.max, most_points(model), low=low),
            tag.p(words("unanswered"), class_="points")
            if score.points is None
            else tag.p(tag.strong(score.points), " ", words("of", whole=score.max), class_="points"),
            class_="mark",
        ),
        tag.div(_answer(score, card, model, words)),
        class_="low" if low else None,
    )


def _answer(score: DimensionScore, card: Card, model: Model, words: Words) -> Child:
    """What was answered, how it was found out, by whom and when."""
    if score.value is None:
        return None
    band = words.band(score.value, model.dimension(score.key))
    value = raw(score.value) if isinstance(score.value, int) else band
    beside = f" ({band})" if band != value else ""
    day = _answered_on(score, card)
    source = words("provenance", source=score.source or "", day=words.short_day(day)) if day else score.source
    return [
        tag.p(tag.strong(value), beside, (" ", tag.span(words("stale"), class_="flag")) if score.stale else None),
        tag.p(_basis(score, model, words), f" \N{MIDDLE DOT} {source}" if source else None, class_="hint"),
    ]


def _basis(score: DimensionScore, model: Model, words: Words) -> str:
    if score.tally is None:
        return words(f"basis_{score.basis}")
    return words.counted("basis_responses", score.tally.count, days=model.nps_window_days)


def _answered_on(score: DimensionScore, card: Card) -> date | None:
    """The day of the answer that counts; for NPS by responses the last day that has one, unless no time is told."""
    inputs = card.inputs
    if score.tally:
        if score.observed_at is None:
            return None
        return max((day for day in inputs.responses if day <= card.score.as_of), default=None)
    answer = inputs.reported if score.basis == "reported" else inputs.answers.get(score.key)
    return answer.day if answer else None


def next_steps(steps: Sequence[Step], model: Model, words: Words) -> Markup:
    """The smallest changes that gain and that lose points, the biggest first."""
    gains = [step for step in steps if step.points > 0]
    losses = sorted((step for step in steps if step.points < 0), key=lambda step: step.points)
    return tag.section(
        tag.h2(words("steps")),
        tag.div(
            tag.div(tag.h3(words("gains")), _steps(gains, "no_gains", model, words)),
            tag.div(tag.h3(words("losses")), _steps(losses, "no_losses", model, words)),
            class_="columns",
        ),
        class_="card",
    )


def _steps(steps: Sequence[Step], otherwise: str, model: Model, words: Words) -> Markup:
    if not steps:
        return tag.p(words(otherwise), class_="hint")
    return tag.ul((tag.li(badge(step.points), " ", _step(step, model, words)) for step in steps), class_="moves")


def _step(step: Step, model: Model, words: Words) -> str:
    """A day names no question, so it is put before."""
    text = step_text(step, model, words.language)
    name = model.dimension(step.dimension).name[words.language]
    return f"{name}: {text}" if step.input == "day" else text[:1].upper() + text[1:]
