"""Next steps: the smallest change of each input that gains a point, and the smallest that loses one."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ScoringInputs
from shared.opmm.intervals import end_of_month
from shared.opmm.model import Dimension, Model
from shared.opmm.nps import Tally, nps
from shared.opmm.scorecard import DimensionScore, Scorecard, scorecard

Input = str
"""What changes: `happy` or the key of a question that is counted, `promoters`, `detractors`, `answer`, or `day`."""

_RESPONSES = ("promoters", "detractors")

_MOST = 1_000_000
"""No step is longer; nothing in the model needs a longer one."""


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one input, and what it does to the total."""

    dimension: str
    points: int
    """The difference to the total; never 0."""
    input: Input
    change: int | str | date
    """Relative for counts, negative when it takes away; the new answer for choices; the day for what time will do."""
    leaving: int = 0
    """For a day: how many responses leave the window between now and then."""
    of_band: bool = False
    """Whether nothing but the band of the answer is known: from its end on, a gain takes as much at most, and a loss at
    least."""


def next_steps(standing: ScoringInputs, card: Scorecard, model: Model, *, by_month: bool = False) -> tuple[Step, ...]:
    """Every step there is from this scorecard, the biggest gain first, then in the order of the questions.

    `by_month` looks at what time will do at the ends of months only: the very day tells when somebody has responded.
    """
    steps = [step for each in card.dimensions for step in _steps(each, model.dimension(each.key))]
    steps += _by_time(standing, card, model, by_month=by_month)
    return tuple(sorted(steps, key=lambda step: (-step.points, model.keys.index(step.dimension))))


def _steps(now: DimensionScore, dimension: Dimension) -> Iterator[Step]:
    if dimension.kind == "choice":
        yield from _other_answers(now, dimension)
    elif dimension.kind == "count":
        value = now.value if isinstance(now.value, int) else 0
        yield from _nearest(now, dimension.input, 1, _MOST, lambda more: dimension.points_for(value + more))
        yield from _nearest(now, dimension.input, -1, value, lambda fewer: dimension.points_for(value - fewer))
    else:
        counts = now.tally or Tally()
        yield from _nearest(
            now, "promoters", 1, _MOST, lambda more: dimension.points_for(nps(counts + Tally(promoters=more)))
        )
        if now.points is not None:
            yield from _nearest(
                now, "detractors", 1, _MOST, lambda more: dimension.points_for(nps(counts + Tally(detractors=more)))
            )


def _other_answers(now: DimensionScore, dimension: Dimension) -> Iterator[Step]:
    """The answers next above and next below the one that stands."""
    held = now.points or 0
    above = [band for band in dimension.bands if band.points > held]
    below = [band for band in dimension.bands if band.points < held]
    for band in (
        min(above, key=lambda band: band.points, default=None),
        max(below, key=lambda band: band.points, default=None),
    ):
        if band is not None and band.answer is not None:
            yield Step(dimension.key, band.points - held, "answer", band.answer)


def _nearest(
    now: DimensionScore, counted: Input, sign: int, most: int, points_after: Callable[[int], int]
) -> Iterator[Step]:
    """The least amount that changes the points, if any does. `points_after` never turns back, so it can be halved."""
    held = now.points or 0
    if most < 1 or points_after(most) == held:
        return
    low, high = 0, 1
    while high < most and points_after(high) == held:
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if points_after(middle) == held else (low, middle)
    yield Step(
        now.key,
        points_after(high) - held,
        counted,
        sign * high,
        of_band=now.basis == "band" and counted not in _RESPONSES,
    )


def _by_time(standing: ScoringInputs, card: Scorecard, model: Model, *, by_month: bool) -> Iterator[Step]:
    """The first day, or end of a month, on which the window alone has moved the NPS, if no further fact comes in."""
    asked = model.answered_from("nps")
    if asked is None:
        return
    now = _of(asked, card)
    reported = [standing.reported.day] if standing.reported else []
    days = {day + timedelta(days=model.nps_window_days) for day in (*standing.responses, *reported)}
    if by_month:
        days = {end_of_month(day) for day in days}
    for day in sorted(day for day in days if day > card.as_of):
        then = _of(asked, scorecard(standing, model, day))
        difference = (then.points or 0) - (now.points or 0)
        if difference:
            counted = now.tally.count if now.tally else 0
            remaining = then.tally.count if then.tally else 0
            yield Step(asked.key, difference, "day", day, leaving=counted - remaining)
            return


def _of(asked: Dimension, card: Scorecard) -> DimensionScore:
    return next(dimension for dimension in card.dimensions if dimension.key == asked.key)


def one_answer_moves(now: DimensionScore, dimension: Dimension) -> bool:
    """Whether one more promoter or one more detractor would change the points of the NPS: few answers say little."""
    counts = now.tally or Tally()
    return any(
        dimension.points_for(nps(counts + one)) != now.points for one in (Tally(promoters=1), Tally(detractors=1))
    )
