"""Charts as inline SVG, drawn in whole units; colours and sizes of letters stand in the stylesheet."""

from collections.abc import Sequence
from dataclasses import dataclass

from functions.pages.markup import Markup, tag
from shared.texts.words import plain

_LEFT, _STEP, _TOP, _TALL = 24, 34, 16, 130
"""Where a chart over months begins, how far months are apart, and the height of its values."""
_BAR = 20
_LABELS = 20
_TICK = 5
"""Totals are labelled at every fifth."""


@dataclass(frozen=True, slots=True)
class Month:
    """A column of a chart: its name, its value if it has one, and what else is told of it."""

    name: str
    value: int | None
    beside: int = 0


def line(months: Sequence[Month], highest: int, label: str) -> Markup:
    """Values from 0 up as a line with its numbers; `beside` as a dashed line."""
    bottom, right = _TOP + _TALL, _LEFT + _STEP * (len(months) - 1)

    def height(value: int) -> int:
        return bottom - value * _TALL // highest

    def path(values: list[int]) -> str:
        return " ".join(f"{_LEFT + place * _STEP},{height(value)}" for place, value in enumerate(values))

    values = [month.value or 0 for month in months]
    ticks = range(0, highest + 1, _TICK)
    return tag.svg(
        [tag.line(x1=_LEFT, x2=right, y1=height(tick), y2=height(tick), class_="grid") for tick in ticks],
        [tag.text(tick, x=_LEFT - 10, y=height(tick) + 4, text_anchor="end") for tick in ticks],
        tag.polygon(points=f"{_LEFT},{bottom} {path(values)} {right},{bottom}", class_="area"),
        tag.polyline(points=path([month.beside for month in months]), class_="beside"),
        tag.polyline(points=path(values), class_="line"),
        [
            (
                tag.circle(cx=_LEFT + place * _STEP, cy=height(value), r=3, class_="dot"),
                tag.text(value, x=_LEFT + place * _STEP, y=height(value) - 8, text_anchor="middle", class_="value"),
                tag.text(months[place].name, x=_LEFT + place * _STEP, y=bottom + _LABELS, text_anchor="middle"),
            )
            for place, value in enumerate(values)
        ],
        viewBox=f"0 0 {right + _LEFT - 4} {bottom + _LABELS + 6}",
        class_="chart",
        role="img",
        aria_label=label,
    )


def columns(months: Sequence[Month], label: str) -> Markup:
    """Values on both sides of zero as columns; `beside` as a number below each."""
    known = [month.value for month in months if month.value is not None]
    above, below = max([*known, 20]), -min([*known, 0])
    zero = _TOP + above * _TALL // (above + below)
    bottom = _TOP + _TALL + 10

    def column(place: int, month: Month) -> list[Markup]:
        middle = _LEFT + place * _STEP
        named = [
            tag.text(month.name, x=middle, y=bottom + _LABELS, text_anchor="middle"),
            tag.text(month.beside or "\N{EN DASH}", x=middle, y=bottom + 2 * _LABELS - 4, text_anchor="middle"),
        ]
        if month.value is None:
            return named
        tall = abs(month.value) * _TALL // (above + below)
        top, words = (zero - tall, zero - tall - 5) if month.value >= 0 else (zero, zero + tall + 13)
        return [
            tag.rect(
                x=middle - _BAR // 2,
                y=top,
                width=_BAR,
                height=max(tall, 1),
                rx=2,
                class_="above" if month.value >= 0 else "below",
            ),
            tag.text(plain(month.value), x=middle, y=words, text_anchor="middle", class_="value"),
            *named,
        ]

    right = _LEFT + _STEP * (len(months) - 1) + _BAR
    return tag.svg(
        tag.line(x1=_LEFT - _BAR, x2=right, y1=zero, y2=zero, class_="axis"),
        [column(place, month) for place, month in enumerate(months)],
        viewBox=f"0 0 {right + 4} {bottom + 2 * _LABELS + 2}",
        class_="chart",
        role="img",
        aria_label=label,
    )


def histogram(counts: Sequence[int], label: str) -> Markup:
    """How many there are of each, from 0 up."""
    tall, step = 84, 20
    most = max([*counts, 1])
    bottom = _TOP + tall
    bars = [
        (
            tag.rect(
                x=place * step + 3,
                y=bottom - max(count * tall // most, 2),
                width=step - 4,
                height=max(count * tall // most, 2),
                rx=2,
                class_="above",
            ),
            tag.text(
                count,
                x=place * step + 11,
                y=bottom - max(count * tall // most, 2) - 4,
                text_anchor="middle",
                class_="value",
            ),
        )
        for place, count in enumerate(counts)
        if count
    ]
    ticks = [
        tag.text(place, x=place * step + 11, y=bottom + 16, text_anchor="middle")
        for place in range(0, len(counts), _TICK)
    ]
    width = len(counts) * step + 4
    return tag.svg(
        tag.line(x1=0, x2=width, y1=bottom, y2=bottom, class_="axis"),
        bars,
        ticks,
        viewBox=f"0 0 {width} {bottom + 22}",
        class_="chart histogram",
        role="img",
        aria_label=label,
    )
