"""What stands: the total, its questions, why to talk about them, what would help, and what time alone will do."""

from collections.abc import Mapping, Sequence
from datetime import date

from functions.pages.controls import badge, disclosure, flag
from functions.pages.layout import DASH, most_points
from functions.pages.marks.blocks import blocks
from functions.pages.marks.profile import Column, Size, profile
from functions.pages.markup import Child, Markup, tag
from shared.opmm.advice import Advice
from shared.opmm.dataclass import dataclass
from shared.opmm.display import displayed
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.reading.scorecards import Card
from shared.texts.sentences import step_text
from shared.texts.words import Words, signed


@dataclass(frozen=True, slots=True)
class Movement:
    """How a total moved between two days, first answers left out: they are no movement."""

    points: int
    """By how much the questions rose or fell that were answered on both days."""
    before: int
    after: int
    measured: bool
    """Whether any question was answered on both days."""
    first_answers: int
    """How many questions were answered since."""


def movement(score: Scorecard, earlier: Scorecard) -> Movement:
    """What rose or fell from an earlier scorecard to this one."""
    pairs = list(zip(earlier.dimensions, score.dimensions, strict=True))
    both = [(old.points, new.points) for old, new in pairs if old.points is not None and new.points is not None]
    before, after = (sum(points) for points in zip(*both, strict=True)) if both else (0, 0)
    first = sum(old.points is None and new.points is not None for old, new in pairs)
    return Movement(after - before, before, after, bool(both), first)


def picture(score: Scorecard, model: Model, words: Words, size: Size = "row") -> Markup:
    """The profile of a scorecard, with its points in words."""
    columns = [
        Column(dimension.points, dimension.max, model.discussion.is_low(dimension.points))
        for dimension in score.dimensions
    ]
    said = "; ".join(
        f"{model.dimension(dimension.key).name[words.language]} "
        f"{words('unanswered') if dimension.points is None else dimension.points}"
        for dimension in score.dimensions
    )
    return profile(columns, said, size=size)


def total_text(score: Scorecard, words: Words) -> str:
    """Out of how many the total is: of all points, or of those that can be told."""
    if score.complete:
        return words("of", whole=score.max_total)
    return words("of_told", attainable=score.attainable)


def total(card: Card, model: Model, words: Words) -> Child:
    """The total, large, with its profile, and how it moved."""
    return [
        tag.div(
            tag.p(tag.strong(card.score.total), " ", total_text(card.score, words), class_="big"),
            picture(card.score, model, words, "header"),
            class_="row",
        ),
        tag.p(moved_text(movement(card.score, card.earlier), model, words), class_="hint moved"),
    ]


def moved_text(moved: Movement, model: Model, words: Words) -> Child:
    """How the total moved, and that first answers are not counted."""
    days = model.discussion.days
    if not moved.measured:
        return words("first_measured", days=days) if moved.first_answers else words("nothing_measured")
    first = words.counted("first_answers", moved.first_answers) if moved.first_answers else None
    if not moved.points:
        return [words("unmoved", days=days), f"; {first}" if first else None]
    return [
        badge(moved.points),
        " ",
        words("since", days=days, before=moved.before, after=moved.after),
        f"; {first}" if first else None,
    ]


def question_rows(
    card: Card,
    model: Model,
    words: Words,
    acts: Mapping[str, Child] | None = None,
    *,
    sources: bool = True,
    authors: Mapping[str, str] | None = None,
) -> Markup:
    """The questions, each with its points and where they came from.

    `acts` has what can be done in a row, by question: it may be a whole `controls.answer_row` below it. Without
    `sources` it is said when something was answered, and not by which system. `authors` has who said it, by fact.
    """
    rows = [
        _question(
            score, card, model, words, (acts or {}).get(score.key), sender=_sender(score, authors) if sources else ""
        )
        for score in card.score.dimensions
    ]
    return tag.ol(rows, class_="rows questions")


def _sender(score: DimensionScore, authors: Mapping[str, str] | None) -> str:
    """Who is named as where an answer came from: the person who said it on a page, else the system."""
    return (authors or {}).get(score.fact_id or "") or displayed(score.source or "")


def _question(score: DimensionScore, card: Card, model: Model, words: Words, act: Child, *, sender: str) -> Markup:
    dimension = model.dimension(score.key)
    low = model.discussion.is_low(score.points)
    return tag.li(
        tag.div(tag.h3(dimension.name[words.language]), tag.p(dimension.question[words.language], class_="hint")),
        tag.div(
            blocks(score.points, score.max, most_points(model), low=low),
            tag.strong(DASH if score.points is None else score.points, class_="low" if low else None),
            tag.span(words("of", whole=score.max), class_="heard"),
            class_="mark",
        ),
        tag.div(_answer(score, card, model, words, sender)),
        act,
        class_=" ".join(filter(None, ("weak" if low else "", "answerable" if act else ""))) or None,
    )


def _answer(score: DimensionScore, card: Card, model: Model, words: Words, sender: str) -> Child:
    """What was answered, by whom and when."""
    if score.value is None:
        return tag.p(words("nobody_yet"), class_="none")
    today, day = card.score.as_of, answered_on(score, card)
    low = model.discussion.is_low(score.points)
    stale = words("stale_days", age=(today - day).days) if score.stale and day else words("stale")
    return [
        tag.p(tag.strong(value_text(score, model, words), class_="low" if low else None)),
        tag.p(
            _when(score, day, today, words, sender),
            (" ", flag(stale)) if score.stale else None,
            class_="hint",
        ),
    ]


def _when(score: DimensionScore, day: date | None, today: date, words: Words, sender: str) -> str:
    if day is None:
        return sender
    told = words.day_of_year(day, today)
    if not sender:
        return told
    return words("latest" if score.tally else "provenance", source=sender, day=told)


def value_text(score: DimensionScore, model: Model, words: Words) -> str:
    """What a question was answered with, with what it counts."""
    if score.value is None:
        return words("nobody_yet")
    dimension = model.dimension(score.key)
    if score.basis == "band":
        return words("value_band", band=words.band(score.value, dimension))
    if isinstance(score.value, str):
        return words.band(score.value, dimension)
    return _number_text(score.value, score, dimension, words)


def _number_text(value: int, score: DimensionScore, dimension: Dimension, words: Words) -> str:
    if score.tally:
        return words.counted("nps_from", score.tally.count, value=signed(value))
    if dimension.kind == "nps":
        return words("nps_reported", value=signed(value)) if score.basis == "reported" else signed(value)
    if score.basis == "headcount":
        return words("head_count_only", working=value)
    one, several = dimension.unit[words.language]
    return f"{value} {one if value == 1 else several}"


def answered_on(score: DimensionScore, card: Card) -> date | None:
    """The day of the answer that counts; for NPS by responses the last day that has one, unless no time is told."""
    inputs = card.inputs
    if score.tally or score.basis == "responses":
        if score.observed_at is None:
            return None
        return max((day for day in inputs.responses if day <= card.score.as_of), default=None)
    answer = inputs.answers.get(score.key) or (None if score.points is None else inputs.reported)
    return answer.day if answer else None


def advice_list(
    advised: Sequence[Advice],
    lowering: Sequence[Step],
    model: Model,
    words: Words,
    acts: Mapping[str, Child] | None = None,
) -> Child:
    """What would help most, and behind a click what would lower it. `acts` has what can be done, by question."""
    rows = [
        tag.li(
            tag.span(words("ask"), class_="badge") if one.points is None else badge(one.points),
            tag.span(advice_text(one, model, words)),
            (acts or {}).get(one.dimension),
        )
        for one in advised
    ]
    lower = [tag.li(badge(step.points), tag.span(step_words(step, model, words))) for step in lowering]
    return [
        tag.ul(rows, class_="rows moves") if rows else tag.p(words("no_help"), class_="quiet"),
        disclosure(words("losses"), tag.ul(lower, class_="rows moves")) if lower else None,
    ]


def advice_text(one: Advice, model: Model, words: Words) -> str:
    """What to do about a question: 1 more happy consultant."""
    dimension = model.dimension(one.dimension)
    if one.step is None:
        return words("advice_ask", name=dimension.name[words.language])
    return step_words(one.step, model, words)


def step_words(step: Step, model: Model, words: Words) -> str:
    """A step for people: 2 more promoters, where a list for programs says 2 promoters."""
    dimension = model.dimension(step.dimension)
    if dimension.kind == "nps" and isinstance(step.change, int):
        return words.counted(f"step_{step.input}", step.change)
    if isinstance(step.change, str):
        return _choice_text(dimension, step.change, words)
    text = step_text(step, model, words.language)
    return text[:1].upper() + text[1:]


def _choice_text(dimension: Dimension, answer: str, words: Words) -> str:
    return f"{dimension.name[words.language]}: {words.row(dimension.band_of(answer), dimension)}"
