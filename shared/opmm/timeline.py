"""What a question said day by day, as the facts known today give it: from each change of its points or value on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import Answer
from shared.opmm.model import Dimension
from shared.opmm.nps import Tally, nps


@dataclass(frozen=True, slots=True)
class Stand:
    """What a question says from a day on, until the next stand."""

    since: date
    points: int | None = None
    """None while nobody has answered."""
    value: int | str | None = None
    fact_id: str | None = None
    """The fact that is counted; None where there is none, or where many are."""


def answered_over_time(dimension: Dimension, answers: Iterable[Answer], first: date) -> list[Stand]:
    """The stands of a question of which the latest answer counts, from the one of the first day on.

    `answers` are the oldest first, in the order in which they count; the last before the first day stands on it.
    """
    stands = [Stand(first)]
    for answer in answers:
        since = max(answer.day, first)
        stand = Stand(since, dimension.points_for(answer.value), answer.value, answer.fact_id)
        if stands[-1].since == since:
            stands.pop()
        stands.append(stand)
    return stands


def nps_over_time(
    dimension: Dimension,
    responses: Mapping[date, Tally],
    reported: Sequence[Answer],
    window_days: int,
    span: tuple[date, date],
) -> list[Stand]:
    """The stands of the NPS on each day of a span, both ends included.

    `responses` holds every day of the windows that end in the span, `reported` every figure that may count in it, the
    oldest first: the latest of them in a window counts where nobody has responded in it.
    """
    stands: list[Stand] = []
    for day, counts in windows(responses, window_days, span):
        if counts.count:
            value: int | str | None = nps(counts)
            stand = Stand(day, dimension.points_for(nps(counts)), value)
        else:
            stand = _reported_on(day, dimension, reported, window_days)
        if not stands or (stand.points, stand.value, stand.fact_id) != _said(stands[-1]):
            stands.append(stand)
    return stands


def windows(responses: Mapping[date, Tally], window_days: int, span: tuple[date, date]) -> Iterator[tuple[date, Tally]]:
    """By day of a span, what was counted in the window that ends with it. Each day costs the same."""
    first, last = span
    opening = first - timedelta(days=window_days)
    counts = sum((tally for day, tally in responses.items() if opening < day < first), Tally())
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        came = responses.get(day, Tally())
        # The day that the window leaves behind; on the first day nothing has been counted of it.
        left = responses.get(day - timedelta(days=window_days), Tally()) if offset else Tally()
        counts = Tally(
            counts.promoters + came.promoters - left.promoters,
            counts.passives + came.passives - left.passives,
            counts.detractors + came.detractors - left.detractors,
        )
        yield day, counts


def _reported_on(day: date, dimension: Dimension, reported: Sequence[Answer], window_days: int) -> Stand:
    figure = next((answer for answer in reversed(reported) if answer.day <= day), None)
    if figure is None or (day - figure.day).days >= window_days:
        return Stand(day)
    return Stand(day, dimension.points_for(figure.value), figure.value, figure.fact_id)


def _said(stand: Stand) -> tuple[int | None, int | str | None, str | None]:
    return stand.points, stand.value, stand.fact_id
