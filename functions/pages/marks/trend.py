"""The total over a year, day by day: what moved it and when, what could not be told, and the talks along the way."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from functions.pages.markup import Child, Markup, tag
from shared.opmm.dataclass import dataclass
from shared.texts.words import signed

_LEFT, _RIGHT = 30, 12
_TOP, _TALL = 22, 172
"""Where the scale begins, and how high it is."""
_TALKS = 22
"""Room above the scale that talks take."""
_NAMES = 20
_TICK = 5
_CLOSE = 34
"""Months narrower than this are named every other time."""
_APART = 22
"""Numbers that are closer to each other than this would cover each other."""
_BUBBLE = "M0 0h12v9h-7l-3 3v-3h-2z"
_LETTER = 7
_BESIDE, _BUBBLE_LEFT = 14, 8
"""From the hairline of a talk to its text on the right, and on the left."""

TalkState = Literal["held", "planned", "missed"]


@dataclass(frozen=True, slots=True)
class Level:
    """From a day on, the total, and what could be told at most."""

    day: date
    total: int
    attainable: int


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk on a day, with what is said of it above the chart."""

    day: date
    text: str
    state: TalkState


@dataclass(frozen=True, slots=True)
class Goal:
    """A total that is aimed at, from the day it was set up to the day it is for."""

    total: int
    since: date
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the chart says in words."""

    label: str
    """All of it, for those who hear the page."""
    nobody: str
    """Of the time before the first answer."""
    now: str
    """The total of today."""
    months: tuple[str, ...]
    """The short names of the months, January first."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Which days there are, and how wide they are together."""

    first: date
    last: date
    """The last day that there is room for, which may lie ahead."""
    today: date
    whole: int
    """The highest total there can be."""
    width: int
    talks: bool = False
    """Whether there is room for talks above the scale."""

    @property
    def top(self) -> int:
        """Where the scale begins."""
        return _TOP + _TALKS if self.talks else _TOP

    @property
    def bottom(self) -> int:
        """Where it ends."""
        return self.top + _TALL

    def x(self, day: date) -> float:
        """Where a day begins."""
        room = self.width - _LEFT - _RIGHT
        return round(_LEFT + room * (day - self.first).days / ((self.last - self.first).days + 1), 1)

    def y(self, total: int) -> float:
        """How high a total lies."""
        return round(self.bottom - total * _TALL / self.whole, 1)


def trend_chart(
    levels: Sequence[Level], frame: Frame, said: Said, *, talks: Sequence[Talk] = (), goal: Goal | None = None
) -> Markup:
    """Steps on a fixed scale, from the first of the sorted `levels` to today.

    Hatched lies what could not be told; where an answer came for the first time the line is broken, not raised.
    """
    ends = [*(level.day for level in levels[1:]), frame.today + timedelta(days=1)]
    bottom = frame.bottom
    hatch = f"hatch-{frame.width}"
    return tag.svg(
        tag.defs(
            tag.pattern(
                tag.path(d="M0 6L6 0", class_="hatch"),
                id=hatch,
                width=6,
                height=6,
                patternUnits="userSpaceOnUse",
            )
        ),
        _scale(frame),
        _months(frame, said.months),
        [
            tag.rect(
                x=frame.x(level.day),
                y=frame.top,
                width=round(frame.x(end) - frame.x(level.day), 1),
                height=round(frame.y(level.attainable) - frame.top, 1),
                fill=f"url(#{hatch})",
            )
            for level, end in zip(levels, ends, strict=True)
            if level.attainable < frame.whole
        ],
        _areas(levels, ends, frame, bottom),
        [_goal(goal, frame)] if goal else None,
        _talks(talks, frame),
        tag.path(d=_line(levels, ends, frame), class_="line"),
        _differences(levels, frame),
        _nobody(levels, ends, frame, said),
        _end(levels, frame, said),
        viewBox=f"0 0 {frame.width} {bottom + _NAMES + 6}",
        width=frame.width,
        height=bottom + _NAMES + 6,
        class_="trend",
        role="img",
        aria_label=said.label,
    )


def _months(frame: Frame, names: Sequence[str]) -> list[Markup]:
    """The months below the scale, each in its middle."""
    starts = []
    day = frame.first.replace(day=1)
    while day <= frame.last:
        following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        starts.append((day, following))
        day = following
    step = (frame.width - _LEFT - _RIGHT) / len(starts)
    every = 1 if step >= _CLOSE else 2
    return [
        tag.text(
            names[start.month - 1],
            x=round((frame.x(start) + frame.x(following)) / 2),
            y=frame.bottom + _NAMES,
            text_anchor="middle",
        )
        for place, (start, following) in enumerate(starts)
        if (len(starts) - 1 - place) % every == 0
        and (frame.x(start) + frame.x(following)) / 2 + _LETTER * len(names[start.month - 1]) / 2 <= frame.width
    ]


def _scale(frame: Frame) -> Child:
    right = frame.width - _RIGHT
    ticks = range(0, frame.whole + 1, _TICK)
    return [
        [
            tag.path(d=f"M{_LEFT} {frame.y(tick)}H{right}", class_="axis" if tick == 0 else "grid"),
            tag.text(tick, x=_LEFT - 8, y=frame.y(tick) + 4, text_anchor="end"),
        ]
        for tick in ticks
    ]


def _areas(levels: Sequence[Level], ends: Sequence[date], frame: Frame, bottom: int) -> Child:
    return [
        tag.rect(
            x=frame.x(level.day),
            y=frame.y(level.total),
            width=round(frame.x(end) - frame.x(level.day), 1),
            height=round(bottom - frame.y(level.total), 1),
            class_="area",
        )
        for level, end in zip(levels, ends, strict=True)
        if level.attainable
    ]


def _line(levels: Sequence[Level], ends: Sequence[date], frame: Frame) -> str:
    """A first answer begins a line of its own: what could be told is another thing than before."""
    path, before = "", None
    for level, end in zip(levels, ends, strict=True):
        if level.attainable:
            joined = before is not None and before.attainable == level.attainable
            start = "V" if joined else f"M{frame.x(level.day)} "
            path += f"{start}{frame.y(level.total)}H{frame.x(end)}"
        before = level
    return path


def _differences(levels: Sequence[Level], frame: Frame) -> Child:
    """By how much the total moved: above the new level when it rose, below it when it fell."""
    drawn: list[Markup] = []
    end = frame.x(frame.today)
    taken = {"up": -_APART, "down": -_APART}
    for before, after in pairwise(levels):
        moved = after.total - before.total
        if not moved or after.attainable != before.attainable:
            continue
        way = "up" if moved > 0 else "down"
        x = round(frame.x(after.day) + 9)
        if x - taken[way] < _APART or end - x < _APART:
            continue
        taken[way] = x
        y = round(frame.y(after.total)) + (-8 if moved > 0 else 18)
        drawn.append(tag.text(signed(moved), x=x, y=y, text_anchor="middle", class_=f"moved {way}"))
    return drawn


def _nobody(levels: Sequence[Level], ends: Sequence[date], frame: Frame, said: Said) -> Child:
    """What the empty beginning means, where there is room to say it."""
    first = levels[0]
    if first.attainable:
        return None
    left, right = frame.x(first.day), frame.x(ends[0])
    wide = len(said.nobody) * _LETTER + 12
    if right - left < wide:
        return None
    middle, height = (left + right) / 2, frame.top + _TALL // 2
    return [
        tag.rect(x=round(middle - wide / 2), y=height - 15, width=wide, height=22, class_="behind"),
        tag.text(said.nobody, x=round(middle), y=height, text_anchor="middle"),
    ]


def _end(levels: Sequence[Level], frame: Frame, said: Said) -> Child:
    """Where it stands today, on the side of the line where the last move is not told."""
    last = levels[-1]
    if not last.attainable:
        return None
    x, y = frame.x(frame.today + timedelta(days=1)), frame.y(last.total)
    fell = any(after.total < before.total for before, after in pairwise(levels[-2:]))
    above = fell or frame.bottom - y < _NAMES
    outside = frame.width - x < len(said.now) * _LETTER / 2
    return [
        tag.circle(cx=x, cy=y, r=4, class_="end"),
        tag.text(
            said.now,
            x=frame.width if outside else round(x),
            y=round(y) + (-10 if above else 20),
            text_anchor="end" if outside else "middle",
            class_="now",
        ),
    ]


def _goal(goal: Goal, frame: Frame) -> Markup:
    y, right = frame.y(goal.total), frame.width - _RIGHT
    return tag.g(
        tag.path(d=f"M{frame.x(max(goal.since, frame.first))} {y}H{right}", class_="goal-line"),
        tag.text(goal.text, x=right, y=y - 7, text_anchor="end", class_="goal"),
    )


def _talks(talks: Sequence[Talk], frame: Frame) -> list[Markup]:
    """Each with what it was beside it, where that covers no other: to the right if there is room, else to the left."""
    drawn: list[Markup] = []
    shown = (talk for talk in talks if frame.first <= talk.day <= frame.last)
    ordered = sorted(shown, key=lambda talk: talk.day, reverse=True)
    free_to: float = frame.width
    for place, talk in enumerate(ordered, 1):
        x, wide = frame.x(talk.day), len(talk.text) * _LETTER
        free_from = frame.x(ordered[place].day) + _BESIDE if place < len(ordered) else 0
        if x + _BESIDE + wide <= free_to:
            drawn.append(_talk(talk, frame, "start"))
            free_to = x - _BUBBLE_LEFT
        elif x - _BUBBLE_LEFT - wide >= free_from:
            drawn.append(_talk(talk, frame, "end"))
            free_to = x - _BUBBLE_LEFT - wide
        else:
            drawn.append(_talk(talk, frame, None))
            free_to = x - _BUBBLE_LEFT
    return drawn[::-1]


def _talk(talk: Talk, frame: Frame, anchor: Literal["start", "end"] | None) -> Markup:
    """A hairline with a bubble on top; the text is left out without an `anchor`."""
    x = frame.x(talk.day)
    return tag.g(
        tag.path(d=f"M{x} 16V{frame.bottom}", class_="stem"),
        tag.path(d=_BUBBLE, transform=f"translate({round(x) - 3} 4)", class_="bubble"),
        tag.text(
            talk.text, x=round(x) + _BESIDE if anchor == "start" else round(x) - _BUBBLE_LEFT, y=15, text_anchor=anchor
        )
        if anchor
        else None,
        class_=f"talk {talk.state}",
    )
