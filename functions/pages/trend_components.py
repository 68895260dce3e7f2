"""How the score came about: its last year by month with what moved it, and the changes as they were recorded."""

from collections.abc import Sequence
from datetime import tzinfo
from itertools import pairwise

from functions.pages.charts import Month, line
from functions.pages.markup import Child, tag
from shared.opmm.ledger import Change, Move, moves, readings
from shared.opmm.model import Model
from shared.opmm.scorecard import Scorecard
from shared.texts.words import Words, plain, signed


def trend(year: Sequence[Scorecard], model: Model, words: Words) -> Child:
    """The totals of the month ends and of today, and which questions moved between them."""
    months = [Month(words.month(card.as_of), card.total, card.attainable) for card in year]
    names = [words.month_of_year(card.as_of) for card in year]
    told = ", ".join(f"{name} {card.total}" for name, card in zip(names, year, strict=True))
    rows = [
        tag.tr(tag.th(name, scope="row"), tag.td(card.total), tag.td(card.attainable))
        for name, card in zip(names, year, strict=True)
    ]
    headings = [tag.th(words(key), scope="col") for key in ("month", "total", "attainable_short")]
    moved = [
        tag.li(tag.strong(words.month_of_year(after.as_of)), " ", [_move(each, model, words) for each in found])
        for before, after in reversed(list(pairwise(year)))
        if (found := _moved_points(moves(readings(before), readings(after))))
    ]
    return tag.section(
        tag.h2(words("trend")),
        tag.p(words("trend_note"), class_="hint"),
        line(months, model.max_total, words("trend_label", points=told)),
        tag.details(
            tag.summary(words("numbers")),
            tag.table(tag.thead(tag.tr(headings)), tag.tbody(rows)),
        ),
        tag.h3(words("moves")),
        tag.ul(moved, class_="moves year") if moved else tag.p(words("no_moves"), class_="hint"),
        class_="card",
    )


def history(changes: Sequence[Change], model: Model, zone: tzinfo, words: Words) -> Child:
    """The latest entries of the ledger: what was recorded when, and why."""
    rows = [
        tag.li(
            tag.strong(words.short_day(change.at.astimezone(zone).date())),
            " ",
            tag.span(words("model_changed" if change.cause == "model" else change.cause), class_="flag quiet"),
            " ",
            tag.span(f"{change.total_before} \N{RIGHTWARDS ARROW} {change.total_after}", class_="totals"),
            [_move(each, model, words) for each in change.moves],
        )
        for change in changes
    ]
    return tag.section(
        tag.h2(words("history")),
        tag.ul(rows, class_="moves") if rows else tag.p(words("no_history"), class_="hint"),
        class_="card screen",
    )


def _moved_points(found: Sequence[Move]) -> list[Move]:
    return [move for move in found if move.before.points != move.after.points]


def _move(move: Move, model: Model, words: Words) -> Child:
    """A question that moved: what the table said before and after, or the values when the row stayed the same."""
    dimension = model.dimension(move.key)
    before, after = words.reading(move.before, dimension), words.reading(move.after, dimension)
    if before == after:
        before, after = _value(move.before.value), _value(move.after.value)
    difference = (move.after.points or 0) - (move.before.points or 0)
    return tag.span(
        tag.span(
            signed(difference), class_=f"badge {'up' if difference > 0 else 'down' if difference < 0 else 'still'}"
        ),
        f" {dimension.name[words.language]}: {before} \N{RIGHTWARDS ARROW} {after}",
        class_="part",
    )


def _value(value: int | str | None) -> str:
    return plain(value) if isinstance(value, int) else str(value)
