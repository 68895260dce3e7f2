"""The questions in the form: what stands, and what is answered in the talk. Each starts as "not discussed"."""

from collections.abc import Iterable

from functions.pages.controls import badge, flag
from functions.pages.layout import most_points
from functions.pages.marks.blocks import blocks
from functions.pages.markup import Child, Markup, tag
from functions.pages.scorecard_components import answered_on, value_text
from functions.pages.talk.form import DISCUSSED, id_of
from functions.pages.talk.inputs import Filling
from functions.pages.talk.loading import Loaded
from shared.opmm.model import Dimension
from shared.opmm.scorecard import DimensionScore
from shared.reading.scorecards import Card


def questions_card(filling: Filling, loaded: Loaded, then: Card) -> Markup:
    """All of them, one below the other; `then` is the scorecard with what was filled in."""
    pairs = zip(loaded.card.score.dimensions, then.score.dimensions, strict=True)
    return tag.ol((_question(filling, loaded, now, after) for now, after in pairs), class_="card rows discussed")


def _question(filling: Filling, loaded: Loaded, now: DimensionScore, after: DimensionScore) -> Markup:
    words, dimension = filling.words, filling.model.dimension(now.key)
    name = f"q.{dimension.key}"
    return tag.li(
        tag.div(
            tag.h3(dimension.name[words.language]),
            tag.p(dimension.question[words.language], class_="hint"),
            tag.div(
                blocks(
                    now.points, now.max, most_points(filling.model), low=filling.model.discussion.is_low(now.points)
                ),
                tag.span(_standing(filling, loaded, now), class_="hint"),
                class_="mark",
            ),
            flag(words("stale")) if now.stale else None,
        ),
        _from_survey(filling, now)
        if dimension.kind == "nps"
        else tag.fieldset(
            tag.legend(dimension.name[words.language], class_="heard"),
            _answers(filling, loaded, dimension, after),
            filling.choice(name, "", words("talk_undiscussed"), class_="undiscussed"),
            filling.fault(name),
            class_="wrong" if filling.is_wrong(name) else None,
            id=id_of(name),
            tabindex="-1",
        ),
        class_="question",
    )


def _standing(filling: Filling, loaded: Loaded, now: DimensionScore) -> str:
    """What stands, and since when."""
    words, day = filling.words, answered_on(now, loaded.card)
    if now.value is None:
        return words("unanswered")
    dimension = filling.model.dimension(now.key)
    text = value_text(now, filling.model, words)
    if dimension.answers_from == "consultants" and now.basis == "measured" and loaded.working is not None:
        text = words("talk_happy_of", happy=now.value, working=loaded.working)
    return text if day is None or now.tally else f"{text}, {words.day_of_year(day, filling.today)}"


def _answers(filling: Filling, loaded: Loaded, dimension: Dimension, after: DimensionScore) -> Child:
    if dimension.kind == "choice":
        return _choices(filling, loaded, dimension)
    if dimension.answers_from == "consultants":
        return _numbers(filling, loaded, dimension, after)
    return _named(filling, loaded, dimension, after)


def _choices(filling: Filling, loaded: Loaded, dimension: Dimension) -> Markup:
    words = filling.words
    standing = next(score.value for score in loaded.card.score.dimensions if score.key == dimension.key)

    def option(answer: str) -> Markup:
        band = dimension.band_of(answer)
        text = words.row(band, dimension)
        text = text[:1].upper() + text[1:]
        said = words("talk_still", text=text) if answer == standing else text
        points = tag.span(band.points, tag.span(f" {words('talk_points')}", class_="heard"), class_="worth")
        return filling.choice(f"q.{dimension.key}", answer, said, beside=points)

    return tag.div((option(answer) for answer in dimension.answers), class_="options")


def _numbers(filling: Filling, loaded: Loaded, dimension: Dimension, after: DimensionScore) -> Child:
    words, name = filling.words, f"q.{dimension.key}"
    parts = [("working", "talk_working"), ("happy", "talk_happy")]
    return [
        tag.div(
            filling.choice(name, DISCUSSED, words("talk_now")),
            [
                tag.span(
                    filling.input(f"{name}.{part}", inputmode="numeric", class_="short", autocomplete="off"),
                    tag.label(words(key), for_=id_of(f"{name}.{part}")),
                    class_="number wrong" if filling.is_wrong(f"{name}.{part}") else "number",
                )
                for part, key in parts
            ],
            _worth(filling, loaded, dimension, after),
            class_="options",
        ),
        [filling.fault(f"{name}.{part}") for part, _ in parts],
        filling.hidden(f"{name}.was"),
    ]


def _named(filling: Filling, loaded: Loaded, dimension: Dimension, after: DimensionScore) -> Child:
    words, name = filling.words, f"q.{dimension.key}"
    known = loaded.names.get(dimension.key, ())
    offered = dict.fromkeys([*_ticked(filling, f"{name}.name."), *known])
    ticks = [
        filling.tick(f"{name}.name.{place}", each, each[:1].upper() + each[1:])
        for place, each in enumerate(_placed(filling, f"{name}.name.", offered))
        if each
    ]
    hint = words("talk_another") if ticks else words("talk_number_or_names")
    return [
        tag.div(
            filling.choice(name, DISCUSSED, words("talk_these" if ticks else "talk_now")),
            ticks,
            filling.input(
                f"{name}.other",
                placeholder=hint,
                aria_label=f"{dimension.name[words.language]}: {hint}",
                class_="another" if ticks else "another wide",
            ),
            _worth(filling, loaded, dimension, after),
            class_="options wrong" if filling.is_wrong(f"{name}.other") else "options",
        ),
        filling.fault(f"{name}.other"),
        filling.hidden(f"{name}.was"),
    ]


def _ticked(filling: Filling, beginning: str) -> list[str]:
    return [value for name, value in filling.fields.items() if name.startswith(beginning)]


def _placed(filling: Filling, beginning: str, offered: Iterable[str]) -> list[str]:
    """Names at the places that the form knows them by: one that is ticked keeps its place."""
    held = {
        int(name.removeprefix(beginning)): value
        for name, value in filling.fields.items()
        if name.startswith(beginning) and name.removeprefix(beginning).isdigit()
    }
    return placed(held, offered)


def placed(held: dict[int, str], offered: Iterable[str]) -> list[str]:
    """Those that are held at their places, and the others where there is room; empty where nobody is."""
    others = iter([each for each in offered if each not in held.values()])
    length = max(held, default=-1) + 1
    row = [held[place] if place in held else next(others, "") for place in range(length)]
    return [*row, *others]


def _worth(filling: Filling, loaded: Loaded, dimension: Dimension, after: DimensionScore) -> Child:
    """The points of what was filled in, as it was last kept."""
    now = next(score for score in loaded.card.score.dimensions if score.key == dimension.key)
    if filling.text(f"q.{dimension.key}") != DISCUSSED or after.points is None:
        return None
    text = filling.words.points(after.points)
    return [
        tag.span(text, class_="hint"),
        badge(after.points - (now.points or 0)) if now.points != after.points else None,
    ]


def _from_survey(filling: Filling, now: DimensionScore) -> Markup:
    words = filling.words
    if not now.tally:
        return tag.p(words("talk_from_survey"), class_="hint")
    counts = {name: getattr(now.tally, name) for name in ("promoters", "passives", "detractors")}
    parts = [words.counted(f"count_{name}", count) for name, count in counts.items()]
    return tag.p(words("talk_from_survey_counts", parts=", ".join(parts)), class_="hint")
