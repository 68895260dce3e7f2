"""What is kept of many days as bytes, so that a scorecard weighs the same at any history.

The NPS tallies of the windows, three numbers a day; and the points at the ends of months, a byte for each question.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from shared.opmm.nps import Tally

_PAYLOAD, _MORE = 0x7F, 0x80
_BITS, _BYTES, _MANY = 5, 2, 0x1F
"""How much room a number has, and a day; the number that says that there were as many or more."""
_UNKNOWN = 0xFF
"""Stands for no points; no question is worth so many."""


def pack(tallies: Mapping[date, Tally], first: date, last: date) -> bytes:
    """Promoters, passives and detractors of every day from first to last, five bits each.

    A day takes two bytes as long as no category has 31 responses: those that have are counted behind all days, as
    LEB128 numbers in their order. Days outside are left out.
    """
    packed, many = bytearray(), bytearray()
    for offset in range((last - first).days + 1):
        counts = tallies.get(first + timedelta(days=offset), Tally())
        bits = 0
        for number in (counts.promoters, counts.passives, counts.detractors):
            bits = bits << _BITS | min(number, _MANY)
            if number >= _MANY:
                many += _leb128(number)
        packed += bits.to_bytes(_BYTES, "big")
    return bytes(packed + many)


def unpack(packed: bytes, first: date, last: date) -> dict[date, Tally]:
    """The days with responses, as they were packed. Raises ValueError where that is not exactly these days."""
    days = (last - first).days + 1
    many = _numbers(packed[days * _BYTES :])
    found: dict[date, Tally] = {}
    for day in range(days):
        bits = int.from_bytes(packed[day * _BYTES : (day + 1) * _BYTES], "big")
        if bits:
            counts = (bits >> 2 * _BITS, bits >> _BITS & _MANY, bits & _MANY)
            found[first + timedelta(days=day)] = Tally(
                *(many.pop(0) if number == _MANY and many else number for number in counts)
            )
    if many or pack(found, first, last) != packed:
        raise ValueError(f"not the tallies of {days} days")
    return found


def _leb128(number: int) -> bytes:
    packed = bytearray()
    while number > _PAYLOAD:
        packed.append(number & _PAYLOAD | _MORE)
        number >>= 7
    return bytes([*packed, number])


def _numbers(packed: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in packed:
        number |= (byte & _PAYLOAD) << shift
        shift += 7
        if not byte & _MORE:
            numbers.append(number)
            number = shift = 0
    return numbers


def pack_points(days: Sequence[Sequence[int | None]]) -> bytes:
    """The points of the questions on some days, a byte each."""
    return bytes(_UNKNOWN if points is None else points for day in days for points in day)


def unpack_points(packed: bytes, days: int, questions: int) -> tuple[tuple[int | None, ...], ...]:
    """The points as they were packed; of no day where nothing was. Raises ValueError where there are others."""
    if len(packed) not in (0, days * questions):
        raise ValueError(f"not the points of {questions} questions on {days} days")
    points = [None if byte == _UNKNOWN else byte for byte in packed]
    return tuple(tuple(points[start : start + questions]) for start in range(0, len(points), questions or 1))
