"""How a score came about: its last year, its NPS by month, the changes that were recorded, and the facts behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta, tzinfo

from functions.pages.controls import badge, disclosure
from functions.pages.forms.saying import SOURCE
from functions.pages.icons import icon
from functions.pages.marks.counts import MonthOfAnswers, answers_of_a_square, counts_bar, month_squares
from functions.pages.marks.trend import Frame, Goal, Said, Talk, trend_chart
from functions.pages.markup import Child, Markup, tag
from functions.pages.year import Behind, Course, Moved
from shared.opmm.dataclass import dataclass
from shared.opmm.display import displayed
from shared.opmm.intervals import Interval
from shared.opmm.kinds import KINDS
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import Tally, interval
from shared.opmm.nps import nps as nps_of
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.storage.fact_items import StoredFact
from shared.storage.facts import Remark
from shared.texts.words import Words, plain, raw, signed

ENOUGH = 5
"""With fewer answers a sentence says more than a chart."""
_SHARES = ("promoters", "passives", "detractors")
_LISTED = 12
"""Changes that are listed below the trend; the others stand behind a click."""
_SHOWN = 5
"""Facts of a question that are shown at once."""
_TREND = {"narrow": 326, "middle": 656, "wide": 1060}
_SQUARES = {"narrow": 326, "middle": 620}
_DAY = timedelta(days=1)
_MONTH = timedelta(days=31)
_ARROW = "\N{RIGHTWARDS ARROW}"


@dataclass(frozen=True, slots=True)
class Marked:
    """What else is drawn on a trend."""

    talks: Sequence[Talk] = ()
    goal: Goal | None = None


_NO_MARKS = Marked()


def trend(
    year: Sequence[Scorecard],
    course: Course,
    model: Model,
    words: Words,
    marked: Marked = _NO_MARKS,
    *,
    brief: bool = False,
) -> Child:
    """The total of the last year, what moved it below, and whether that adds up. `brief` leaves the list out."""
    today = year[-1].as_of
    first = year[0].as_of + _DAY
    ahead = max([today, *(talk.day + _MONTH for talk in marked.talks)])
    names = [words.month_of_year(card.as_of) for card in year]
    totals = ", ".join(f"{name} {_told(card, words)}" for name, card in zip(names, year, strict=True))
    said = Said(
        label=words("trend_label", points=totals),
        nobody=words("nobody_had"),
        now=_total(year[-1], words),
        months=words.months(),
    )
    levels = [replace(level, day=max(level.day, first)) for level in course.levels]
    drawn = [
        tag.div(
            trend_chart(
                levels,
                Frame(first, ahead, today, model.max_total, width, talks=bool(marked.talks)),
                said,
                talks=marked.talks,
                goal=marked.goal,
            ),
            class_=name,
        )
        for name, width in _TREND.items()
    ]
    chart = tag.figure(drawn, class_="chart")
    if brief:
        return chart
    return [
        chart,
        moves_list(course.moves, today, model, words),
        tag.p(adds_up(course, today, words), class_="hint adds"),
        disclosure(
            words("numbers"),
            _numbers(
                [words(key) for key in ("month", "total", "attainable_short")],
                [(name, card.total, card.attainable) for name, card in zip(names, year, strict=True)],
            ),
        ),
    ]


def _told(card: Scorecard, words: Words) -> str:
    return _total(card, words) if card.attainable else words("none")


def _total(card: Scorecard, words: Words) -> str:
    return str(card.total) if card.complete else words("part_of", total=card.total, attainable=card.attainable)


def moves_list(moves: Sequence[Moved], today: date, model: Model, words: Words) -> Child:
    """What moved the total, the newest first: a few, and the others behind a click."""
    if not moves:
        return tag.p(words("no_moves"), class_="quiet")
    rows = [_moved(move, today, model, words) for move in reversed(moves)]
    shown, others = rows[:_LISTED], rows[_LISTED:]
    return [
        tag.ul(shown, class_="changes"),
        disclosure(words.counted("more_moves", len(others)), tag.ul(others, class_="changes")) if others else None,
    ]


def _moved(move: Moved, today: date, model: Model, words: Words) -> Markup:
    dimension = model.dimension(move.key)
    name = dimension.name[words.language]
    return tag.li(
        tag.time(words.near(move.day, today), datetime=move.day.isoformat()),
        badge(move.points) if move.is_movement else tag.span(words("new"), class_="badge"),
        tag.span(
            f"{name}: {_value(move.after, dimension, words)}"
            if move.before.points is None
            else f"{name} {_value(move.before, dimension, words)} {_ARROW} {_value(move.after, dimension, words)}"
        ),
    )


def _value(reading: Reading, dimension: Dimension, words: Words) -> str:
    """A number as it is, an answer in the words of its row."""
    if reading.value is None:
        return words("nobody")
    return raw(reading.value) if isinstance(reading.value, int) else words.band(reading.value, dimension)


def adds_up(course: Course, today: date, words: Words) -> str:
    """The parts from the first level to the last: what rose, what fell, and what first answers brought."""
    up = sum(move.points for move in course.moves if move.is_movement and move.points > 0)
    down = sum(move.points for move in course.moves if move.is_movement and move.points < 0)
    firsts = [move for move in course.moves if not move.is_movement]
    start, end = course.levels[0], course.levels[-1]
    if not start.attainable and firsts:
        complete_on = next(level for level in course.levels if level.attainable)
        day = words.day_of_year(complete_on.day, today)
        since = words("adds_first", day=day, points=words.points(sum(move.points for move in firsts)))
    elif firsts:
        since = words(
            "adds_part",
            start=start.total,
            points=words.points(sum(move.points for move in firsts)),
        )
    else:
        since = words("adds_start", start=start.total, day=words.day_of_year(start.day, today))
    if not up and not down:
        return words("adds_up_alone", since=since, end=end.total)
    return words("adds_up", since=since, up=signed(up), down=plain(down), end=end.total)


def recorded_changes(changes: Sequence[Change], model: Model, zone: tzinfo, words: Words) -> Markup:
    """The latest entries of the ledger: what was recorded when, and why."""
    rows = [
        tag.li(
            tag.span(
                tag.strong(words.short_day(change.at.astimezone(zone).date())),
                " ",
                tag.span(words(f"cause_{change.cause}"), class_="quiet"),
                " ",
                tag.span(f"{change.total_before} {_ARROW} {change.total_after}", class_="totals"),
                [_recorded(move, model, words) for move in change.moves],
            )
        )
        for change in changes
    ]
    return tag.ul(rows, class_="facts") if rows else tag.p(words("no_history"), class_="hint")


def _recorded(move: Move, model: Model, words: Words) -> Markup:
    """A question that moved: what the table said before and after, or the values when the row stayed the same.

    A ledger outlives models: a question that this one does not ask has its key for a name. A first answer is no move.
    """
    dimension = model.find(move.key)
    name = dimension.name[words.language] if dimension else move.key
    before, after = words.band(move.before.value, dimension), words.band(move.after.value, dimension)
    if before == after:
        before, after = raw(move.before.value), raw(move.after.value)
    known = move.before.points is not None and move.after.points is not None
    return tag.p(
        badge((move.after.points or 0) - (move.before.points or 0))
        if known
        else tag.span(words("new"), class_="badge"),
        f" {name}: {before} {_ARROW} {after}",
    )


def nps(card: Scorecard, dimension: Dimension, responses: Sequence[Interval], model: Model, words: Words) -> Child:
    """What the answers of the window say: how high the NPS is, how sure that is, and how it went by month."""
    now = next(score for score in card.dimensions if score.key == dimension.key)
    if now.tally is None:
        said = (
            words("nps_none", days=model.nps_window_days)
            if now.value is None
            else _without_counts(now, dimension, words)
        )
        return tag.p(said, class_="quiet")
    if now.tally.count < ENOUGH:
        return tag.p(tag.strong(_shares_listed(now.tally, words)), ". ", few_text(now.tally, words), class_="few")
    months = [MonthOfAnswers(words.month(month.first), month.counts) for month in responses]
    return tag.div(
        tag.div(
            tag.p(signed(nps_of(now.tally)), class_="figure"),
            counts_bar(now.tally),
            tag.p([_share(now.tally, share, words) for share in reversed(_SHARES)], class_="shares"),
            tag.p(interval_text(now.tally, dimension, words), class_="quiet"),
        ),
        _by_month(months, responses, words),
        class_="nps",
    )


def _without_counts(now: DimensionScore, dimension: Dimension, words: Words) -> str:
    if now.basis == "band":
        return words("value_band", band=words.band(now.value, dimension))
    key = "nps_reported_only" if now.basis == "reported" else "nps_not_counted"
    return words(key, value=signed(now.value if isinstance(now.value, int) else 0))


def _shares_listed(counts: Tally, words: Words) -> str:
    parts = [words.counted(f"count_{share}", getattr(counts, share)) for share in _SHARES]
    return ", ".join(parts)


def few_text(counts: Tally, words: Words) -> str:
    """What so few answers are worth: what one more detractor would make of them."""
    after = nps_of(counts + Tally(detractors=1))
    text = words.counted("nps_few", counts.count, value=signed(nps_of(counts)), after=signed(after))
    return text[:1].upper() + text[1:]


def interval_text(counts: Tally, dimension: Dimension, words: Words) -> str:
    """Where it may well lie, and what one more answer of either kind would change."""
    low, high = interval(counts)
    text = words("nps_interval", count=counts.count, low=signed(low), high=signed(high))
    points = dimension.points_for(nps_of(counts))
    changes = [
        words(key, points=words.points(after))
        for key, one in (("one_promoter", Tally(promoters=1)), ("one_detractor", Tally(detractors=1)))
        if (after := dimension.points_for(nps_of(counts + one))) != points
    ]
    return " ".join([text, *changes]) if changes else f"{text} {words('one_is_nothing')}"


def _share(counts: Tally, share: str, words: Words) -> Markup:
    return tag.span(tag.strong(getattr(counts, share)), f" {words(share)}")


def _by_month(months: Sequence[MonthOfAnswers], responses: Sequence[Interval], words: Words) -> Child:
    names = [words.month_of_year(month.first) for month in responses]
    values = [words("none") if not month.counts.count else plain(nps_of(month.counts)) for month in responses]
    points = ", ".join(
        f"{name} {words.counted('answers_count', month.counts.count) if month.counts.count else words('none')}"
        for name, month in zip(names, responses, strict=True)
    )
    label = words("nps_label", points=points)
    each = answers_of_a_square(months)
    return tag.div(
        tag.p(words.counted("square", each), " ", words("square_key"), class_="hint key"),
        tag.figure(
            [tag.div(month_squares(months, label, width=width), class_=name) for name, width in _SQUARES.items()],
            class_="chart two",
        ),
        disclosure(
            words("numbers"),
            _numbers(
                [words(key) for key in ("month", "nps", "responses", *_SHARES)],
                [
                    (name, value, month.counts.count, *(getattr(month.counts, share) for share in _SHARES))
                    for name, value, month in zip(names, values, responses, strict=True)
                ],
            ),
        ),
    )


def _numbers(headings: Sequence[str], rows: Sequence[tuple[str | int, ...]]) -> Markup:
    """What a chart shows, to be read; the first column names the row."""
    head = tag.thead(tag.tr(tag.th(heading, scope="col") for heading in headings))
    body = tag.tbody(
        tag.tr(tag.th(name, scope="row"), [tag.td(number) for number in numbers]) for name, *numbers in rows
    )
    return tag.div(
        tag.table(head, body, class_="numbers"), class_="scroll", tabindex="0", role="region", aria_label=headings[1]
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is shown of the facts."""

    behind: Mapping[str, Behind]
    """By question."""
    remarks: Mapping[str, Remark]
    links: Mapping[str, str]
    """By question, where all of its facts are."""
    months: Sequence[Interval] = ()
    """Of the NPS, for those who may not see single responses."""
    responses: int = 0
    """How many the NPS is counted from."""
    changes: Child = None
    """The recorded ones, drawn."""
    further: Child = None
    """What else there is, drawn as `fold`s."""


def evidence(shown: Evidence, model: Model, zone: tzinfo, words: Words) -> Markup:
    """An index of the facts: a line for each question, the newest facts behind it, and a link to all of them.

    Who responded is nobody's business.
    """
    counted = [
        tag.li(tag.strong(words.month_of_year(month.first)), tag.span(_shares(month.counts, words), class_="hint"))
        for month in shown.months[::-1]
        if month.counts.count
    ]

    def question(dimension: Dimension) -> Markup:
        known = shown.behind[dimension.key]
        rows = fact_rows(known.facts[:_SHOWN], shown.remarks, dimension, zone, words)
        newest = known.facts[0] if known.facts else None
        latest = _latest(newest, dimension, zone, words) if newest else words("no_facts")
        count = str(len(known.facts)) if known.all else f"{len(known.facts)}+"
        if dimension.kind == "nps":
            count = str(shown.responses) if shown.responses else count
            if counted:
                rows, latest = [*counted, *rows], words("evidence_counted")
        more = (
            None
            if known.all and len(known.facts) <= _SHOWN
            else tag.a(words("all_facts"), href=shown.links[dimension.key])
        )
        return fold(
            dimension.name[words.language],
            latest,
            count,
            tag.ul(rows, class_="facts") if rows else tag.p(words("no_facts"), class_="hint"),
            tag.p(more) if more else None,
        )

    return tag.div(
        (question(dimension) for dimension in model.dimensions),
        shown.further,
        fold(words("history"), words("history_note"), "", shown.changes) if shown.changes else None,
        class_="folds",
    )


def fold(title: str, said: str, count: str, *content: Child) -> Markup:
    """A line of the index, with what it stands for behind it."""
    return tag.details(
        tag.summary(icon("chevron"), tag.strong(title), tag.span(said, class_="hint"), tag.span(count, class_="count")),
        tag.div(*content, class_="inside"),
        class_="fold",
    )


def fact_rows(
    facts: Sequence[StoredFact], remarks: Mapping[str, Remark], dimension: Dimension, zone: tzinfo, words: Words
) -> list[Markup]:
    """Facts with what they say, who said so and when, and the comment that was left."""

    def row(fact: StoredFact, remark: Remark) -> Markup:
        day = words.short_day(fact.timestamp(zone).day(zone))
        said = [answer_text(fact, dimension, words), f": {', '.join(remark.names)}" if remark.names else None]
        told = words("provenance", source=sender(fact.source, remark, words), day=day)
        return tag.li(
            tag.strong(said), tag.span(told, class_="hint"), tag.q(remark.comment) if remark.comment else None
        )

    return [row(fact, remarks.get(fact.fact_id, Remark())) for fact in facts]


def sender(source: str, remark: Remark, words: Words) -> str:
    """Who said something: the person where that was on a page of ours, else the system, and whose token it used."""
    if remark.author is None:
        return words("said_on_pages") if source == SOURCE else displayed(source)
    return remark.author if source == SOURCE else words("said_by", source=displayed(source), author=remark.author)


def _latest(fact: StoredFact, dimension: Dimension, zone: tzinfo, words: Words) -> str:
    day = words.short_day(fact.timestamp(zone).day(zone))
    return words("latest_fact", said=answer_text(fact, dimension, words), source=displayed(fact.source), day=day)


def _shares(counts: Tally, words: Words) -> str:
    return ", ".join(f"{words(share)} {getattr(counts, share)}" for share in _SHARES)


def answer_text(fact: StoredFact, dimension: Dimension, words: Words) -> str:
    """What a fact says to a question, in words."""
    said = KINDS[fact.kind].said
    if said is None:
        return words("rating", score=fact.answer["score"])
    value, basis = said(fact.answer, dimension.key)
    match basis:
        case "measured":
            return words("happy_of", happy=value, working=fact.answer["working"])
        case "headcount":
            return words("head_count", working=value)
        case "band":
            return words("value_band", band=words.band(value, dimension))
        case "reported":
            return words("reported_nps", nps=raw(value))
        case _:
            return raw(value) if isinstance(value, int) else words.band(value, dimension)
