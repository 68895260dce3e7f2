"""How far it is to a goal: what is there, what is to go, what lies beyond."""

from functions.pages.markup import Markup, tag

_WIDE, _TALL, _GAP, _GROUP = 12, 9, 3, 3
"""Of a cell; between cells, and what is added between groups."""


def goal_bar(total: int, goal: int, whole: int, label: str, *, group: int = 4, stretched: bool = False) -> Markup:
    """A cell for each point in groups: filled up to the total, outlined up to the goal, empty beyond it.

    It keeps its shape unless it is `stretched`: then it is as wide as there is room, and no higher for that.
    """

    def x(place: int) -> int:
        return place * (_WIDE + _GAP) + place // group * _GROUP

    width = x(whole - 1) + _WIDE
    cells = [
        tag.rect(x=x(place), y=0, width=_WIDE, height=_TALL, rx=2, class_="full")
        if place < total
        else tag.rect(x=x(place) + 0.5, y=0.5, width=_WIDE - 1, height=_TALL - 1, rx=2, class_="togo")
        if place < goal
        else tag.rect(x=x(place), y=0, width=_WIDE, height=_TALL, rx=2, class_="cell")
        for place in range(whole)
    ]
    return tag.svg(
        cells,
        viewBox=f"0 0 {width} {_TALL}",
        preserveAspectRatio="none" if stretched else None,
        class_="goal-bar stretched" if stretched else "goal-bar",
        role="img",
        aria_label=label,
    )
