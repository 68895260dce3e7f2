"""All questions beside each other, a column each: what is strong and what is weak at a glance."""

from collections.abc import Sequence
from typing import Literal

from functions.pages.markup import Markup, tag
from shared.opmm.dataclass import dataclass

Size = Literal["row", "header", "brief"]

_CELLS: dict[Size, tuple[int, int]] = {"row": (8, 4), "header": (11, 6), "brief": (13, 7)}
_ACROSS, _DOWN = 3, 2
"""Between columns, and between the cells of one."""


@dataclass(frozen=True, slots=True)
class Column:
    """One question: its points, None when nobody has answered it, and whether they are few."""

    points: int | None
    most: int
    low: bool = False


def profile(columns: Sequence[Column], label: str, *, size: Size = "row") -> Markup:
    """Cells that are filled from below; a dashed column where nobody has answered. `label` says the same in words."""
    wide, tall = _CELLS[size]
    highest = max(column.most for column in columns)
    width, height = len(columns) * (wide + _ACROSS) - _ACROSS, highest * (tall + _DOWN) - _DOWN

    def drawn(place: int, column: Column) -> list[Markup]:
        x = place * (wide + _ACROSS)
        if column.points is None:
            own = column.most * (tall + _DOWN) - _DOWN
            inside = {"x": x + 0.5, "y": height - own + 0.5, "width": wide - 1, "height": own - 1}
            return [tag.rect(**inside, rx=1, class_="unknown")]
        return [
            tag.rect(
                x=x,
                y=height - (cell + 1) * (tall + _DOWN) + _DOWN,
                width=wide,
                height=tall,
                rx=1,
                class_="cell" if cell >= column.points else "low" if column.low else "full",
            )
            for cell in range(column.most)
        ]

    return tag.svg(
        (drawn(place, column) for place, column in enumerate(columns)),
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        class_="profile",
        role="img",
        aria_label=label,
    )
