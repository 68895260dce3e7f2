"""What stands: the total, its questions, why to talk about them, what would help, and what time alone will do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from functions.pages.controls import badge, disclosure, flag
from functions.pages.layout import DASH, most_points
from functions.pages.marks.blocks import blocks
from functions.pages.marks.profile import Column, Size, profile
from functions.pages.markup import Child, Markup, tag
from functions.pages.sections import Prop
from shared.opmm.advice import Advice
from shared.opmm.discussion import Reason
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import Step
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.reading.scorecards import Card
from shared.texts.sentences import reason_text, step_text
from shared.texts.words import Words, raw, signed


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


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that time alone will bring."""

    day: date
    text: str
    hint: str | None = None
    points: int | None = None
    whole_month: bool = False
    """Whether only the month may be told: the very day would say when somebody responded."""


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


def standing_props(
    card: Card, advised: Sequence[Advice], coming: Sequence[Coming], model: Model, words: Words
) -> list[Prop]:
    """The facts beside the total that are known today: the answers, what would help most, what time does next."""
    return [_answers_prop(card, model, words), _help_prop(advised, model, words), _coming_prop(coming, card, words)]


def _answers_prop(card: Card, model: Model, words: Words) -> Prop:
    scores = card.score.dimensions
    unasked = [model.dimension(score.key).name[words.language] for score in scores if score.points is None]
    stale = [model.dimension(score.key).name[words.language] for score in scores if score.stale]
    if unasked:
        value = words("answered_of", count=len(scores) - len(unasked), whole=len(scores))
        hint: Child = words("never_asked", names=words.listed(unasked))
    else:
        value = words.counted("complete", len(scores))
        hint = _oldest(card, model, words)
    if stale:
        hint = [tag.span(words("out_of_date", names=words.listed(stale)), class_="low")]
    return Prop(words("answers"), value, hint)


def _oldest(card: Card, model: Model, words: Words) -> str | None:
    days = {score.key: answered_on(score, card) for score in card.score.dimensions if score.tally is None}
    known = {key: day for key, day in days.items() if day}
    if not known:
        return None
    key = min(known, key=lambda key: known[key])
    day = words.day_of_year(known[key], card.score.as_of)
    return words("oldest", name=model.dimension(key).name[words.language], day=day)


def _help_prop(advised: Sequence[Advice], model: Model, words: Words) -> Prop:
    label = words("help_most")
    if not advised:
        return Prop(label, DASH, words("no_help"))
    first, *others = (advice_text(one, model, words) for one in advised[:3])
    return Prop(label, first, words("help_further", others="; ".join(others)) if others else None)


def _coming_prop(coming: Sequence[Coming], card: Card, words: Words) -> Prop:
    label = words("time_next")
    if not coming:
        return Prop(label, DASH, words("no_time"))
    first = coming[0]
    return Prop(label, coming_day(first, card.score.as_of, words, long=True), first.text)


def topics(card: Card, model: Model, words: Words, beside: Mapping[int, Child] | None = None) -> Child:
    """Why to talk, the heaviest first. `beside` has what stands at the right of a reason: the words, or the act."""
    if not card.reasons:
        return tag.div(tag.p(words("no_reasons"), class_="quiet"), class_="sunk card")
    rows = [
        tag.li(
            tag.span(place + 1, class_="place" if _lost(reason) else "place still"),
            tag.div(tag.h3(_headline(reason, model, words)), _why(reason, card, model, words)),
            tag.div((beside or {}).get(place)) if beside and place in beside else None,
        )
        for place, reason in enumerate(card.reasons)
    ]
    return tag.ol(rows, class_="rows topics")


def _lost(reason: Reason) -> bool:
    return reason.key != "stale"


def _headline(reason: Reason, model: Model, words: Words) -> str:
    if reason.dimension is None:
        return reason_text(reason, model, words.language).rstrip(".")
    name = model.dimension(reason.dimension).name[words.language]
    if reason.key == "low":
        return words("topic_low", name=name, points=words.points(reason.points or 0))
    if reason.key == "stale":
        return words("topic_stale", name=name)
    return reason_text(reason, model, words.language).rstrip(".")


def _why(reason: Reason, card: Card, model: Model, words: Words) -> Child:
    """What a reason rests on."""
    today = card.score.as_of
    if reason.key == "fell":
        fell = [
            f"{model.dimension(new.key).name[words.language]} {_readings(old, new, model, words)}"
            for old, new in zip(card.earlier.dimensions, card.score.dimensions, strict=True)
            if (new.points or 0) < (old.points or 0)
        ]
        return tag.p(_sentence("; ".join(fell)), class_="why") if fell else None
    score = next((score for score in card.score.dimensions if score.key == reason.dimension), None)
    if score is None or score.value is None:
        return None
    day = answered_on(score, card)
    if reason.key == "stale" and day:
        dimension = model.dimension(score.key)
        text = words(
            "why_stale", age=(today - day).days, days=dimension.fresh_days or 0, points=words.points(score.points or 0)
        )
        return tag.p(text, class_="why")
    return tag.p(_sentence(value_text(score, model, words)), class_="why")


def _readings(old: DimensionScore, new: DimensionScore, model: Model, words: Words) -> str:
    """From what to what a question went: its number, or its words."""
    before, after = (
        raw(score.value)
        if isinstance(score.value, int)
        else words("quoted", text=words.band(score.value, model.dimension(score.key)))
        for score in (old, new)
    )
    return words("from_to", before=before, after=after)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def question_rows(
    card: Card, model: Model, words: Words, acts: Mapping[str, Child] | None = None, *, sources: bool = True
) -> Markup:
    """The questions, each with its points and where they came from.

    `acts` has what can be done in a row, by question: it may be a whole `controls.answer_row` below it. Without
    `sources` it is said when something was answered, and not by which system.
    """
    rows = [
        _question(score, card, model, words, (acts or {}).get(score.key), sources=sources)
        for score in card.score.dimensions
    ]
    return tag.ol(rows, class_="rows questions")


def _question(score: DimensionScore, card: Card, model: Model, words: Words, act: Child, *, sources: bool) -> Markup:
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
        tag.div(_answer(score, card, model, words, sources=sources)),
        act,
        class_="weak" if low else None,
    )


def _answer(score: DimensionScore, card: Card, model: Model, words: Words, *, sources: bool) -> Child:
    """What was answered, by whom and when."""
    if score.value is None:
        return tag.p(words("nobody_yet"), class_="none")
    today, day = card.score.as_of, answered_on(score, card)
    low = model.discussion.is_low(score.points)
    stale = words("stale_days", age=(today - day).days) if score.stale and day else words("stale")
    return [
        tag.p(tag.strong(value_text(score, model, words), class_="low" if low else None)),
        tag.p(
            _when(score, day, today, words, sources=sources),
            (" ", flag(stale)) if score.stale else None,
            class_="hint",
        ),
    ]


def _when(score: DimensionScore, day: date | None, today: date, words: Words, *, sources: bool) -> str:
    source = score.source if sources and score.source else ""
    if day is None:
        return source
    told = words.day_of_year(day, today)
    if not source:
        return told
    return words("latest" if score.tally else "provenance", source=source, day=told)


def value_text(score: DimensionScore, model: Model, words: Words) -> str:
    """What a question was answered with, with what it counts."""
    dimension = model.dimension(score.key)
    if score.value is None:
        return words("nobody_yet")
    if score.tally:
        return words.counted("nps_from", score.tally.count, value=signed(nps_value(score)))
    if dimension.kind == "nps":
        value = signed(nps_value(score))
        return words("nps_reported", value=value) if score.basis == "reported" else value
    if isinstance(score.value, str):
        return words.band(score.value, dimension)
    if score.basis == "headcount":
        return words("head_count_only", working=score.value)
    one, several = dimension.unit[words.language]
    return f"{score.value} {one if score.value == 1 else several}"


def nps_value(score: DimensionScore) -> int:
    """The NPS of a question that is answered with one."""
    return score.value if isinstance(score.value, int) else 0


def answered_on(score: DimensionScore, card: Card) -> date | None:
    """The day of the answer that counts; for NPS by responses the last day that has one, unless no time is told."""
    inputs = card.inputs
    if score.tally or score.basis == "responses":
        if score.observed_at is None:
            return None
        return max((day for day in inputs.responses if day <= card.score.as_of), default=None)
    answer = inputs.reported if score.basis == "reported" else inputs.answers.get(score.key)
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


def coming_list(coming: Sequence[Coming], today: date, words: Words) -> Markup:
    """What time alone will do, the soonest first."""
    if not coming:
        return tag.p(words("no_time"), class_="quiet")
    rows = [
        tag.li(
            tag.time(coming_day(one, today, words), datetime=None if one.whole_month else one.day.isoformat()),
            tag.span(one.text, tag.span(f" \N{MIDDLE DOT} {one.hint}", class_="quiet") if one.hint else None),
            badge(one.points) if one.points else None,
        )
        for one in coming
    ]
    return tag.ol(rows, class_="rows dates")


def coming_day(one: Coming, today: date, words: Words, *, long: bool = False) -> str:
    """When it comes: a day, or the month in which it does."""
    if one.whole_month:
        return words.month_of_year(one.day)
    if long:
        return words.day_of_year(one.day, today)
    return words.near(one.day, today)
