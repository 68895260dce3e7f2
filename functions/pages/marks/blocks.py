"""The points of one question as blocks in a row. The number stands beside it, so that nobody has to count."""

from typing import Literal

from functions.pages.markup import Markup, tag

Size = Literal["row", "choice", "small"]

_SIZES: dict[Size, tuple[int, int]] = {"row": (22, 9), "choice": (14, 7), "small": (9, 6)}
"""How wide and high a block is."""
_GAP = 3


def blocks(points: int | None, most: int, widest: int, *, low: bool, size: Size = "row") -> Markup:
    """One block for each point; one dashed outline over all of them when nobody has answered.

    There is room for the `widest` row of blocks, so that all of a page are of one width.
    """
    wide, high = _SIZES[size]
    width = _across(widest, wide)
    if points is None:
        drawn = [tag.rect(x=0.5, y=0.5, width=_across(most, wide) - 1, height=high - 1, rx=2, class_="unknown")]
    else:
        drawn = [
            tag.rect(
                x=place * (wide + _GAP),
                y=0,
                width=wide,
                height=high,
                rx=2,
                class_="cell" if place >= points else "low" if low else "full",
            )
            for place in range(most)
        ]
    return tag.svg(drawn, viewBox=f"0 0 {width} {high}", width=width, height=high, class_="blocks", aria_hidden="true")


def _across(count: int, wide: int) -> int:
    return count * (wide + _GAP) - _GAP
