"""How a score came about: its last year by month, its NPS by month, the changes that were recorded, and the facts."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from itertools import pairwise

from functions.pages.layout import badge
from functions.pages.markup import Child, Markup, tag
from functions.pages.svg import Month, columns, line
from shared.opmm.intervals import Interval
from shared.opmm.kinds import KINDS
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import one_answer_moves
from shared.opmm.nps import Tally, interval
from shared.opmm.nps import nps as nps_of
from shared.opmm.scorecard import Scorecard
from shared.storage.fact_items import StoredFact
from shared.texts.words import Words, plain, raw

_SHARES = ("promoters", "passives", "detractors")


def trend(year: Sequence[Scorecard], model: Model, words: Words) -> Markup:
    """The totals of the month ends and of today, and which questions moved between them."""
    months = [Month(words.month(card.as_of), card.total, card.attainable) for card in year]
    names = [words.month_of_year(card.as_of) for card in year]
    totals = ", ".join(f"{name} {card.total}" for name, card in zip(names, year, strict=True))
    moved = [
        tag.li(tag.strong(words.month_of_year(after.as_of)), " ", [_move(move, model, words) for move in moves])
        for before, after in reversed(list(pairwise(year)))
        if (moves := _moves(before, after))
    ]
    return tag.section(
        tag.h2(words("trend")),
        tag.p(words("trend_note"), class_="hint"),
        line(months, model.max_total, words("trend_label", points=totals)),
        _numbers(
            [words(key) for key in ("month", "total", "attainable_short")],
            [(name, card.total, card.attainable) for name, card in zip(names, year, strict=True)],
            words,
        ),
        tag.h3(words("moves")),
        tag.ul(moved, class_="moves year") if moved else tag.p(words("no_moves"), class_="hint"),
        class_="card",
    )


def recorded_changes(changes: Sequence[Change], model: Model, zone: tzinfo, words: Words) -> Markup:
    """The latest entries of the ledger: what was recorded when, and why."""
    rows = [
        tag.li(
            tag.strong(words.short_day(change.at.astimezone(zone).date())),
            " ",
            tag.span(words(f"cause_{change.cause}"), class_="flag quiet"),
            " ",
            tag.span(f"{change.total_before} \N{RIGHTWARDS ARROW} {change.total_after}", class_="totals"),
            [_move(move, model, words) for move in change.moves],
        )
        for change in changes
    ]
    return tag.section(
        tag.h2(words("history")),
        tag.ul(rows, class_="moves") if rows else tag.p(words("no_history"), class_="hint"),
        class_="card screen",
    )


def _moves(before: Scorecard, after: Scorecard) -> list[Move]:
    """The questions that gained or lost points; a value that moved within its row is not told of a month."""
    return [
        Move(new.key, Reading(old.points, old.value), Reading(new.points, new.value))
        for old, new in zip(before.dimensions, after.dimensions, strict=True)
        if old.points != new.points
    ]


def _move(move: Move, model: Model, words: Words) -> Markup:
    """A question that moved: what the table said before and after, or the values when the row stayed the same.

    A ledger outlives models: a question that this one does not ask has its key for a name.
    """
    dimension = model.find(move.key)
    name = dimension.name[words.language] if dimension else move.key
    before, after = words.band(move.before.value, dimension), words.band(move.after.value, dimension)
    if before == after:
        before, after = raw(move.before.value), raw(move.after.value)
    return tag.span(
        badge((move.after.points or 0) - (move.before.points or 0)),
        f" {name}: {before} \N{RIGHTWARDS ARROW} {after}",
        class_="part",
    )


def nps(card: Scorecard, dimension: Dimension, responses: Sequence[Interval], model: Model, words: Words) -> Markup:
    """What the responses of the window say: how high the NPS is, how sure that is, and how it went by month."""
    now = next(score for score in card.dimensions if score.key == dimension.key)
    return tag.section(
        tag.h2(words("nps")),
        tag.p(words("nps_none", days=model.nps_window_days), class_="hint") if now.value is None else None,
        _responses(now.tally, words) if now.tally else None,
        tag.p(words("nps_fragile"), class_="hint") if now.tally and one_answer_moves(now, dimension) else None,
        _by_month(responses, words) if any(month.counts.count for month in responses) else None,
        class_="card",
    )


def _responses(counts: Tally, words: Words) -> Child:
    """The value, how many of each kind it stands for, and where it may well lie."""
    low, high = interval(counts)
    shares = [
        tag.li(tag.span(getattr(counts, share), class_=f"share {share}"), f" {words(share)}") for share in _SHARES
    ]
    return [
        tag.div(tag.p(plain(nps_of(counts)), class_="figure"), tag.ul(shares, class_="shares"), class_="shares"),
        tag.p(words("nps_interval", low=plain(low), high=plain(high)), class_="hint"),
    ]


def _by_month(responses: Sequence[Interval], words: Words) -> Child:
    months = [
        Month(words.month(month.first), nps_of(month.counts) if month.counts.count else None, month.counts.count)
        for month in responses
    ]
    names = [words.month_of_year(month.first) for month in responses]
    values = [words("none") if month.value is None else plain(month.value) for month in months]
    points = ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
    return [
        tag.p(words("nps_note"), class_="hint"),
        columns(months, words("nps_label", points=points)),
        _numbers(
            [words(key) for key in ("month", "nps", "responses", *_SHARES)],
            [
                (name, value, month.counts.count, *(getattr(month.counts, share) for share in _SHARES))
                for name, value, month in zip(names, values, responses, strict=True)
            ],
            words,
        ),
    ]


def _numbers(headings: Sequence[str], rows: Sequence[tuple[str | int, ...]], words: Words) -> Markup:
    """What a chart shows, to be read; the first column names the row."""
    head = tag.thead(tag.tr(tag.th(heading, scope="col") for heading in headings))
    body = tag.tbody(
        tag.tr(tag.th(name, scope="row"), [tag.td(number) for number in numbers]) for name, *numbers in rows
    )
    return tag.details(tag.summary(words("numbers")), tag.div(tag.table(head, body), class_="scroll"))


def evidence(
    facts: Mapping[str, Sequence[StoredFact]],
    comments: Mapping[str, str],
    model: Model,
    zone: tzinfo,
    words: Words,
    *,
    months: Sequence[Interval] = (),
) -> Markup:
    """The newest facts behind each question, and comments where they are given. Who responded is nobody's business.

    Months are told of the NPS to those who may not see single responses.
    """
    counted = [
        tag.li(tag.strong(words.month_of_year(month.first)), _shares(month.counts, words))
        for month in months[::-1]
        if month.counts.count
    ]

    def question(dimension: Dimension) -> Markup:
        rows = [
            tag.li(
                tag.strong(answer_text(fact, dimension, words)),
                tag.span(
                    words("provenance", source=fact.source, day=words.short_day(fact.timestamp(zone).day(zone))),
                    class_="hint",
                ),
                tag.q(comments[fact.fact_id]) if fact.fact_id in comments else None,
            )
            for fact in facts[dimension.key]
        ]
        if dimension.kind == "nps":
            rows = [*counted, *rows]
        return tag.div(
            tag.h3(dimension.name[words.language]),
            tag.ul(rows) if rows else tag.p(words("no_facts"), class_="hint"),
        )

    return tag.section(
        tag.h2(words("evidence")),
        tag.p(words("evidence_note"), f" {words('evidence_counted')}" if counted else None, class_="hint"),
        tag.div((question(dimension) for dimension in model.dimensions), class_="facts"),
        class_="card screen",
    )


def _shares(counts: Tally, words: Words) -> Markup:
    told = ", ".join(f"{words(share)} {getattr(counts, share)}" for share in _SHARES)
    return tag.span(told, class_="hint")


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
        case "reported":
            return words("reported_nps", nps=raw(value))
        case _:
            return raw(value) if isinstance(value, int) else words.band(value, dimension)
