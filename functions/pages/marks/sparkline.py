"""The totals of some months in a row of a list, small: every row on one scale, so that rows can be compared."""

from collections.abc import Sequence

from functions.pages.markup import Markup, tag

_WIDE, _TALL = 104, 38
_TOP, _BASE = 3, 31
"""Between which the scale lies; below it the ticks."""


def sparkline(
    totals: Sequence[int | None], whole: int, label: str, *, fell: bool = False, ticks: Sequence[int] = ()
) -> Markup:
    """Months as steps, the oldest first; None for a month that cannot be compared with today, which is left out.

    `ticks` are the months, counted from 0, in which something took place. `fell` draws it as a warning.
    """
    step = (_WIDE - 4) / len(totals)

    def height(total: int) -> float:
        return round(_BASE - total * (_BASE - _TOP) / whole, 1)

    def x(month: int) -> float:
        return round(month * step, 1)

    path, drawing = "", False
    for month, total in enumerate(totals):
        if total is None:
            drawing = False
            continue
        path += f"{'V' if drawing else f'M{x(month)} '}{height(total)}H{x(month + 1)}"
        drawing = True
    last = totals[-1]
    return tag.svg(
        tag.path(d=f"M0 {_BASE + 0.5}H{_WIDE}", class_="axis"),
        tag.path(d=path, class_="line") if path else None,
        tag.circle(cx=x(len(totals)), cy=height(last), r=2.5, class_="end") if last is not None else None,
        [tag.path(d=f"M{x(month) + round(step / 2, 1)} {_BASE + 2}v4", class_="tick") for month in ticks],
        viewBox=f"0 0 {_WIDE} {_TALL}",
        width=_WIDE,
        height=_TALL,
        class_="sparkline warn" if fell else "sparkline",
        role="img",
        aria_label=label,
    )
