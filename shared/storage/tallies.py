"""What is kept of many days as bytes, so that a scorecard weighs the same at any history.

The NPS tallies of the windows, three numbers a day; and the points at the ends of months, a byte for each question.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from shared.opmm.nps import Tally

_PAYLOAD, _MORE = 0x7F, 0x80
_UNKNOWN = 0xFF
"""Stands for no points; no question is worth so many."""


def pack(tallies: Mapping[date, Tally], first: date, last: date) -> bytes:
    """Promoters, passives and detractors of every day from first to last, each as a LEB128 number.

    A day takes three bytes as long as no category has 128 responses; days outside are left out.
    """
    packed = bytearray()
    for offset in range((last - first).days + 1):
        counts = tallies.get(first + timedelta(days=offset), Tally())
        for number in (counts.promoters, counts.passives, counts.detractors):
            rest = number
            while rest > _PAYLOAD:
                packed.append(rest & _PAYLOAD | _MORE)
                rest >>= 7
            packed.append(rest)
    return bytes(packed)


def unpack(packed: bytes, first: date, last: date) -> dict[date, Tally]:
    """The days with responses, as they were packed. Raises ValueError where that is not exactly these days."""
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & _PAYLOAD) << shift
        shift += 7
        if not byte & _MORE:
            numbers.append(number)
            number = shift = 0
    days = (last - first).days + 1
    if shift or len(numbers) != 3 * days:
        raise ValueError(f"not the tallies of {days} days")
    return {
        first + timedelta(days=day): Tally(*numbers[3 * day : 3 * day + 3])
        for day in range(days)
        if any(numbers[3 * day : 3 * day + 3])
    }


def pack_points(days: Sequence[Sequence[int | None]]) -> bytes:
    """The points of the questions on some days, a byte each."""
    return bytes(_UNKNOWN if points is None else points for day in days for points in day)


def unpack_points(packed: bytes, days: int, questions: int) -> tuple[tuple[int | None, ...], ...]:
    """The points as they were packed; of no day where nothing was. Raises ValueError where there are others."""
    if len(packed) not in (0, days * questions):
        raise ValueError(f"not the points of {questions} questions on {days} days")
    points = [None if byte == _UNKNOWN else byte for byte in packed]
    return tuple(tuple(points[start : start + questions]) for start in range(0, len(points), questions or 1))
