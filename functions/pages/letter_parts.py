"""The parts of the page that a client sees: the next talk, the questions in words, what was agreed, what was said."""

from collections.abc import Mapping, Sequence
from datetime import date

from functions.pages.both_sides import Aim, BothSides
from functions.pages.controls import link_button
from functions.pages.history_components import ENOUGH, Marked
from functions.pages.layout import DASH, most_points
from functions.pages.marks import trend
from functions.pages.marks.blocks import blocks
from functions.pages.marks.goal import goal_bar
from functions.pages.markup import Child, Markup, tag
from functions.pages.partnership import Partnership
from functions.pages.scorecard_components import answered_on, total_text, value_text
from shared.opmm.agenda import Action, ActionStatus, Settlement, Side
from shared.opmm.model import Model
from shared.opmm.scorecard import DimensionScore
from shared.texts.words import Words

_SIDES: tuple[Side, ...] = ("agency", "client")
_BECAME: Mapping[str, tuple[ActionStatus, ...]] = {
    "kept": ("kept", "done"),
    "late": ("late",),
    "failed": ("missed", "no_effect"),
}
"""What is said of agreements that are settled, and which of them it counts; what was dropped is left out."""
_SHARES = ("promoters", "passives", "detractors")


def next_talk(both: BothSides, today: date, calendar: str, whom: str, words: Words) -> Markup:
    """When agency and client talk next, and the one thing to press: it goes into the reader's calendar."""
    coming = both.next
    if coming is None:
        said = (
            words("letter_next_missed", day=words.day_of_year(both.missed_on, today))
            if both.missed_on
            else words("letter_next_none")
        )
        return tag.section(
            tag.div(tag.h2(words("letter_next")), tag.p(said, " ", words("letter_next_ask", whom=whom))),
            class_="card next-talk none",
            aria_label=words("letter_next"),
        )
    weekday, _, day = words.weekday(coming.talk.on, today).partition(" ")
    number, _, month = day.partition(" ")
    return tag.section(
        tag.time(
            tag.span(weekday),
            " ",
            tag.strong(number),
            " ",
            tag.span(month),
            datetime=coming.talk.on.isoformat(),
        ),
        tag.div(
            tag.h2(words("letter_next")),
            tag.p(
                words("letter_next_with", names=words.listed(coming.people))
                if coming.people
                else words("letter_next_alone")
            ),
        ),
        link_button(words("letter_add"), calendar, weight="filled", icon_name="calendar"),
        class_="card next-talk",
        aria_label=words("letter_next"),
    )


def aim_line(aim: Aim | None, today: date, model: Model, words: Words) -> str | None:
    """The goal in words: how much by when, and how much is left."""
    if aim is None:
        return None
    goal = aim.goal
    points = str(goal.points)
    dimension = model.find(goal.dimension) if goal.dimension else None
    if dimension:
        points = words("letter_aim_question", name=dimension.name[words.language], points=words.points(goal.points))
    day = words.day_of_year(goal.by, today)
    if aim.status == "reached":
        return words("letter_aim_reached", points=points, day=day)
    if aim.status == "expired":
        return words("letter_aim_expired", points=points, day=day)
    return words("letter_aim_to_go", points=points, day=day, left=goal.points - aim.now)


def aim_bar(aim: Aim | None, loaded: Partnership, words: Words) -> Child:
    """How far it is to a goal for the total."""
    score = loaded.card.score
    if aim is None or aim.goal.dimension is not None:
        return None
    label = words("letter_aim_label", total=score.total, whole=score.max_total, goal=aim.goal.points)
    return goal_bar(score.total, aim.goal.points, score.max_total, label, stretched=True)


def questions(loaded: Partnership, both: BothSides, model: Model, words: Words) -> Markup:
    """The questions with their points, in the words of people at the table."""
    rows = [_question(score, loaded, both, model, words) for score in loaded.card.score.dimensions]
    return tag.ol(rows, class_="rows questions")


def _question(score: DimensionScore, loaded: Partnership, both: BothSides, model: Model, words: Words) -> Markup:
    dimension, hint = model.dimension(score.key), _hint(score, loaded, words)
    return tag.li(
        tag.div(tag.h3(dimension.name[words.language]), tag.p(dimension.question[words.language], class_="hint")),
        tag.div(
            blocks(score.points, score.max, most_points(model), low=False),
            tag.strong(DASH if score.points is None else score.points),
            tag.span(words("of", whole=score.max), class_="heard"),
            class_="mark",
        ),
        tag.div(tag.p(_said(score, loaded, both, model, words)), tag.p(hint, class_="hint") if hint else None),
    )


def _said(score: DimensionScore, loaded: Partnership, both: BothSides, model: Model, words: Words) -> str:
    """What was answered: the heads that were counted, the names that were told, the row of the table."""
    dimension = model.dimension(score.key)
    if dimension.answers_from == "consultants" and isinstance(score.value, int) and score.basis != "band":
        working = _working(score, loaded)
        if score.basis == "headcount":
            return words.counted("letter_heads_only", score.value)
        if working == score.value != 0:
            return words.counted("letter_heads_all", working)
        if working is not None:
            return words.counted("letter_heads", score.value, working=working)
    if both.names and dimension.answers_from == "survey" and score.value == len(both.names):
        return _beginning(words.listed(both.names))
    return _beginning(value_text(score, model, words))


def _beginning(text: str) -> str:
    """A text at the beginning of a line."""
    return f"{text[:1].upper()}{text[1:]}"


def _working(score: DimensionScore, loaded: Partnership) -> int | None:
    """How many work there, of whom so many are happy."""
    counted = next((fact for fact in loaded.behind[score.key].facts if fact.fact_id == score.fact_id), None)
    working = counted.answer.get("working") if counted else None
    return working if isinstance(working, int) else None


def _hint(score: DimensionScore, loaded: Partnership, words: Words) -> str | None:
    """When it was answered; of responses what they consist of, where that is said of enough of them."""
    tally = score.tally
    if tally and tally.count >= ENOUGH:
        return ", ".join(words.counted(f"count_{share}", getattr(tally, share)) for share in _SHARES)
    day = answered_on(score, loaded.card)
    if day is None:
        return words("letter_again_alone") if score.stale else None
    told = words.day_of_year(day, loaded.card.score.as_of)
    return words("letter_again", day=told) if score.stale else told


def agreements(both: BothSides, names: Mapping[Side, str], today: date, words: Words) -> Child:
    """What each side does, and what became of the rest of the year."""
    became = _became(both.settled or {}, words)
    if not both.open and not became:
        return tag.p(words("letter_nothing_agreed"), class_="quiet")
    sides = [
        tag.div(
            tag.h3(words("letter_does", name=names[side])),
            _agreed([pair for pair in both.open if pair[0].side == side], today, words),
            class_="card side",
        )
        for side in _SIDES
    ]
    return [
        tag.div(sides, class_="sides") if both.open else None,
        tag.p(words("letter_became", parts=became), class_="hint became") if became else None,
    ]


def _agreed(pairs: Sequence[tuple[Action, Settlement]], today: date, words: Words) -> Markup:
    if not pairs:
        return tag.p(words("letter_nothing_open"), class_="quiet")
    return tag.ul(
        (
            tag.li(
                tag.strong(action.title),
                tag.p(_due(action, settlement, today, words), class_=f"hint {settlement.status}"),
            )
            for action, settlement in pairs
        ),
        class_="rows",
    )


def _due(action: Action, settlement: Settlement, today: date, words: Words) -> str:
    key = "letter_overdue" if settlement.status == "overdue" else "letter_due"
    day = words.day_of_year(action.due, today)
    return words(key, who=action.who, day=day) if action.who else words(f"{key}_alone", day=day)


def _became(settled: Mapping[ActionStatus, int], words: Words) -> str:
    counts = {key: sum(settled.get(status, 0) for status in statuses) for key, statuses in _BECAME.items()}
    return ", ".join(words.counted(f"letter_{key}", count) for key, count in counts.items() if count)


def summary(both: BothSides, loaded: Partnership, model: Model, words: Words) -> Child:
    """What was talked about, who was there, and what has moved since."""
    held = both.last
    if held is None:
        return None
    paragraphs = [line.strip() for line in (held.summary or "").splitlines() if line.strip()]
    hint = ". ".join(part for part in (", ".join(held.people), _since(both, loaded, model, words)) if part)
    return [
        [tag.p(text, class_="serif") for text in paragraphs]
        if paragraphs
        else tag.p(words("letter_no_summary"), class_="quiet"),
        tag.p(f"{hint}.", class_="hint said") if hint else None,
    ]


def _since(both: BothSides, loaded: Partnership, model: Model, words: Words) -> str:
    """The total then and now, with each question that was answered then and has moved."""
    then, score = both.then, loaded.card.score
    if then is None:
        return ""
    moved = [
        words("letter_then_moved", name=_in_a_sentence(model, new.key, words), before=old.points, after=new.points)
        for old, new in zip(then.dimensions, score.dimensions, strict=True)
        if old.points is not None and new.points is not None and old.points != new.points
    ]
    told = words("letter_then", then=then.total, now=f"{score.total} {total_text(score, words)}")
    return f"{told}: {'; '.join(moved)}" if moved else told


def _in_a_sentence(model: Model, key: str, words: Words) -> str:
    """A name as it stands amid a sentence: the first letter small, unless it is an abbreviation."""
    name = model.dimension(key).name[words.language]
    return name if name[:2].isupper() else f"{name[:1].lower()}{name[1:]}"


def marked(both: BothSides, today: date, model: Model, words: Words) -> Marked:
    """The talks and the goal, as the trend takes them."""
    drawn: list[trend.Talk] = []
    for talk in both.talks:
        status = talk.status(today)
        if status != "cancelled":
            drawn.append(trend.Talk(talk.on, words.near(talk.on, today), status))
    aim = both.aim
    goal = aim.goal if aim and aim.goal.dimension is None and aim.goal.points <= model.max_total else None
    return Marked(
        drawn, trend.Goal(goal.points, goal.set_on, words("letter_goal", points=goal.points)) if goal else None
    )
