"""How totals are spread: a dot for each client above its total."""

from collections.abc import Sequence

from functions.pages.markup import Markup, tag

_STEP, _RADIUS, _MOST = 13, 4, 6
"""How far dots are apart, how large they are, and how many stand above each other at most."""
_ROW, _LABELS, _TICK = 10, 18, 5


def dots(counts: Sequence[int], label: str, *, low: int) -> Markup:
    """`counts` says how many have each total, from 0 up; totals up to `low` are drawn as a warning.

    Where more share a total than there is room for, a dot stands for several, rounded up: nobody gets lost.
    """
    each = max(1, -(-max(counts, default=0) // _MOST))
    highest = max((-(-count // each) for count in counts), default=0)
    base = max(highest, 2) * _ROW + 2
    width = len(counts) * _STEP
    drawn = [
        tag.circle(
            cx=total * _STEP + _STEP / 2,
            cy=base - place * _ROW - _RADIUS - 2,
            r=_RADIUS,
            class_="low" if total <= low else "full",
        )
        for total, count in enumerate(counts)
        for place in range(-(-count // each))
    ]
    ticks = [
        tag.text(total, x=total * _STEP + _STEP / 2, y=base + _LABELS - 2, text_anchor="middle")
        for total in range(0, len(counts), _TICK)
    ]
    return tag.svg(
        tag.path(d=f"M0 {base + 0.5}H{width}", class_="axis"),
        drawn,
        ticks,
        viewBox=f"-4 0 {width + 8} {base + _LABELS + 2}",
        width=width + 8,
        height=base + _LABELS + 2,
        class_="dots",
        role="img",
        aria_label=label,
    )
