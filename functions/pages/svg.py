"""Pictures as inline SVG, drawn in whole units; colours and sizes of letters stand in the stylesheet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, pi, sin

from functions.pages.markup import Markup, tag
from shared.texts.words import plain

_BLOCK, _GAP, _HEIGHT = 26, 4, 12
_RADIUS, _ACROSS, _DOWN = 82, 180, 110
"""Of a radar, and where its middle lies."""
_WIDE, _HIGH = 360, 210
_LETTER = 6
"""How wide a letter is at most, in the mean."""
FEWEST_AXES = 3
"""With fewer a radar has no shape."""
_LEFT, _STEP, _TOP, _TALL = 24, 34, 16, 130
"""Where a chart over months begins, how far months are apart, and the height of its values."""
_BAR = 20
_LABELS = 20
_TICK = 5
"""Totals are labelled at every fifth."""
_LOWEST_SCALE = 20
"""How high the columns' scale goes at least: an NPS of 1 shall not look like a tower."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A direction of a radar: its name, a shorter one for where that has no room, and how far it goes."""

    name: str
    short: str
    most: int


@dataclass(frozen=True, slots=True)
class Month:
    """A column of a chart: its name, its value if it has one, and what else is said of it."""

    name: str
    value: int | None
    beside: int = 0


def blocks(points: int | None, most: int, widest: int, *, low: bool) -> Markup:
    """One block for each point; those that are missing are outlines, dashed when nobody has answered.

    There is room for the `widest` row of blocks, so that all of a page are of one size.
    """
    state = "open" if points is None else "low" if low else "good"
    drawn = [
        tag.rect(
            x=1 + place * (_BLOCK + _GAP),
            y=1,
            width=_BLOCK,
            height=_HEIGHT,
            rx=2,
            class_="full" if points is not None and place < points else "empty",
        )
        for place in range(most)
    ]
    width = widest * (_BLOCK + _GAP) - _GAP + 2
    return tag.svg(drawn, viewBox=f"0 0 {width} {_HEIGHT + 2}", class_=f"blocks {state}", aria_hidden="true")


def radar(axes: Sequence[Axis], now: Sequence[int], then: Sequence[int], label: str) -> Markup:
    """Points now over those of some time before. A ring is a point: it ends where a question is worth no more."""
    most = max(axis.most for axis in axes)
    directions = [_direction(place, len(axes)) for place in range(len(axes))]

    def shape(points: Sequence[int]) -> list[tuple[int, int]]:
        return [_place(direction, count, most) for direction, count in zip(directions, points, strict=True)]

    names = [_name(direction, axis) for direction, axis in zip(directions, axes, strict=True)]
    lowest = max(_at(direction, _RADIUS + 12)[1] for direction in directions)
    return tag.svg(
        [
            tag.polygon(points=_points(shape([min(ring, axis.most) for axis in axes])), class_="ring")
            for ring in range(1, most + 1)
        ],
        [tag.line(x1=_ACROSS, y1=_DOWN, x2=x, y2=y, class_="ring") for x, y in shape([axis.most for axis in axes])],
        tag.polygon(points=_points(shape(then)), class_="earlier") if then != now else None,
        tag.polygon(points=_points(shape(now)), class_="now"),
        [tag.circle(cx=x, cy=y, r=4, class_="dot") for x, y in shape(now)],
        names,
        viewBox=f"0 0 {_WIDE} {max(_HIGH, lowest + 12)}",
        class_="radar",
        role="img",
        aria_label=label,
    )


def line(months: Sequence[Month], highest: int, label: str) -> Markup:
    """Values from 0 up as a line with its numbers; `beside` as a dashed line."""
    bottom, right = _TOP + _TALL, _LEFT + _STEP * (len(months) - 1)

    def height(value: int) -> int:
        return bottom - value * _TALL // highest

    def path(values: list[int]) -> str:
        return _points((_LEFT + place * _STEP, height(value)) for place, value in enumerate(values))

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
    above, below = max([*known, _LOWEST_SCALE]), -min([*known, 0])
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

    def bar(place: int, count: int) -> tuple[Markup, Markup]:
        height = max(count * tall // most, 2)
        return (
            tag.rect(x=place * step + 3, y=bottom - height, width=step - 4, height=height, rx=2, class_="above"),
            tag.text(count, x=place * step + 11, y=bottom - height - 4, text_anchor="middle", class_="value"),
        )

    ticks = [
        tag.text(place, x=place * step + 11, y=bottom + 16, text_anchor="middle")
        for place in range(0, len(counts), _TICK)
    ]
    width = len(counts) * step + 4
    return tag.svg(
        tag.line(x1=0, x2=width, y1=bottom, y2=bottom, class_="axis"),
        [bar(place, count) for place, count in enumerate(counts) if count],
        ticks,
        viewBox=f"0 0 {width} {bottom + 22}",
        class_="chart histogram",
        role="img",
        aria_label=label,
    )


def _direction(place: int, count: int) -> tuple[int, int]:
    """Where an axis points, in thousandths: the first one up, the others clockwise."""
    turn = 2 * pi * place / count
    return round(1000 * sin(turn)), round(-1000 * cos(turn))


def _at(direction: tuple[int, int], far: int) -> tuple[int, int]:
    across, down = direction
    return _ACROSS + across * far // 1000, _DOWN + down * far // 1000


def _place(direction: tuple[int, int], points: int, most: int) -> tuple[int, int]:
    across, down = direction
    return _ACROSS + across * _RADIUS * points // (1000 * most), _DOWN + down * _RADIUS * points // (1000 * most)


def _name(direction: tuple[int, int], axis: Axis) -> Markup:
    (x, _), (_, y) = _at(direction, _RADIUS + 10), _at(direction, _RADIUS + 12)
    across, _ = direction
    anchor, room = (
        ("middle", 2 * min(x, _WIDE - x)) if not across else ("start", _WIDE - x) if across > 0 else ("end", x)
    )
    name = axis.name if len(axis.name) * _LETTER <= room else axis.short
    return tag.text(name, x=x, y=y + 4, text_anchor=anchor)


def _points(places: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
