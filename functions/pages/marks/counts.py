"""What some answers consist of: a bar of shares, and a square for each answer of a month."""

from collections.abc import Sequence

from functions.pages.markup import Markup, tag
from shared.opmm.dataclass import dataclass
from shared.opmm.nps import Tally

_SQUARE, _PITCH = 8, 11
_HIGHEST = 14
"""How many squares stand above each other at most; of more answers a square stands for several."""
_WIDTH, _TALL = 340, 8
_NAMES, _NUMBERS = 18, 36
_LEAST_ROOM = 3
_CLOSE = 36
"""Months that are closer to each other than this are named every other time."""


@dataclass(frozen=True, slots=True)
class MonthOfAnswers:
    """A month by its short name, and what was answered in it."""

    name: str
    counts: Tally


def counts_bar(counts: Tally) -> Markup:
    """Detractors, passives and promoters by their shares, in whole pixels. The counts stand beside it."""
    parts = (("low", counts.detractors), ("cell", counts.passives), ("full", counts.promoters))
    drawn, before = [], 0
    for class_, count in parts:
        left, right = (place * _WIDTH // counts.count for place in (before, before + count))
        if count:
            drawn.append(tag.rect(x=left, y=0, width=max(right - left - 1, 1), height=_TALL, class_=class_))
        before += count
    return tag.svg(
        drawn, viewBox=f"0 0 {_WIDTH} {_TALL}", preserveAspectRatio="none", class_="counts-bar", aria_hidden="true"
    )


def answers_of_a_square(months: Sequence[MonthOfAnswers]) -> int:
    """How many answers a square stands for: one, unless a month has more than there is room for."""
    most = max((max(_above(month.counts), month.counts.detractors) for month in months), default=0)
    return max(1, -(-most // _HIGHEST))


def month_squares(months: Sequence[MonthOfAnswers], label: str, *, width: int) -> Markup:
    """By month a square for each answer: passives hollow on the line, promoters on top of them, detractors below.

    Under each month stands how many answers it has, and a dash when it has none.
    """
    each = answers_of_a_square(months)
    columns = [[-(-count // each) for count in _kinds(month.counts)] for month in months]
    above = max(_LEAST_ROOM, *(passives + promoters for promoters, passives, _ in columns))
    below = max(1, *(detractors for *_, detractors in columns))
    line = above * _PITCH + 2
    bottom = line + below * _PITCH + 4
    step = width / len(months)
    drawn: list[Markup] = []
    for place, (month, (promoters, passives, detractors)) in enumerate(zip(months, columns, strict=True)):
        middle = place * step + step / 2
        x = round(middle - _SQUARE / 2)
        for height in range(passives + promoters):
            y = line - (height + 1) * _PITCH + 1
            hollow = height < passives
            inset = 0.5 if hollow else 0
            drawn.append(
                tag.rect(
                    x=x + inset,
                    y=y + inset,
                    width=_SQUARE - 2 * inset,
                    height=_SQUARE - 2 * inset,
                    rx=1,
                    class_="passive" if hollow else "full",
                )
            )
        drawn += [
            tag.rect(x=x, y=line + depth * _PITCH + 3, width=_SQUARE, height=_SQUARE, rx=1, class_="low")
            for depth in range(detractors)
        ]
        if step >= _CLOSE or place % 2 == (len(months) - 1) % 2:
            drawn.append(tag.text(month.name, x=round(middle), y=bottom + _NAMES - 4, text_anchor="middle"))
        drawn.append(
            tag.text(
                month.counts.count or "\N{EN DASH}",
                x=round(middle),
                y=bottom + _NUMBERS - 4,
                text_anchor="middle",
                class_="number" if month.counts.count else None,
            )
        )
    return tag.svg(
        tag.path(d=f"M0 {line + 0.5}H{width}", class_="axis"),
        drawn,
        viewBox=f"0 0 {width} {bottom + _NUMBERS + 2}",
        width=width,
        height=bottom + _NUMBERS + 2,
        class_="squares",
        role="img",
        aria_label=label,
    )


def _kinds(counts: Tally) -> tuple[int, int, int]:
    return counts.promoters, counts.passives, counts.detractors


def _above(counts: Tally) -> int:
    return counts.promoters + counts.passives
