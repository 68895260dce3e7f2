"""What is kept of many days as bytes, so that a scorecard weighs the same at any history.

The NPS tallies of the windows, three numbers a day; and the points at the ends of months, a byte for each question.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from shared.opmm.nps import Tally

_PAYLOAD, _MORE = 0x7F, 0x80
_MANY = 0xF
"""In half a byte: so many, or more."""
_SOME = re.compile("[^0]")
_UNKNOWN = 0xFF
"""Stands for no points; no question is worth so many."""


def pack(tallies: Mapping[date, Tally], first: date, last: date) -> bytes:
    """Promoters, passives and detractors of every day from first to last, half a byte each.

    So it is as long as no category of a day has 15 responses: those that have are counted behind all days, as LEB128
    numbers in their order. Days outside are left out.
    """
    digits, many = ["000"] * ((last - first).days + 1), bytearray()
    for day in sorted(day for day in tallies if first <= day <= last):
        counts = tallies[day]
        numbers = (counts.promoters, counts.passives, counts.detractors)
        digits[(day - first).days] = "".join(f"{min(number, _MANY):x}" for number in numbers)
        for number in numbers:
            if number >= _MANY:
                many += _leb128(number)
    return bytes.fromhex("".join(digits) + "0" * (len(digits) % 2)) + many


def unpack(packed: bytes, first: date, last: date) -> dict[date, Tally]:
    """The days with responses, as they were packed. Raises ValueError where that is not exactly these days."""
    days = (last - first).days + 1
    room = (3 * days + 1) // 2
    digits, many = packed[:room].hex(), _numbers(packed[room:])
    found: dict[date, Tally] = {}
    for day in dict.fromkeys(digit.start() // 3 for digit in _SOME.finditer(digits, 0, 3 * days)):
        numbers = (int(digit, 16) for digit in digits[3 * day : 3 * day + 3])
        found[first + timedelta(days=day)] = Tally(
            *(many.pop(0) if number == _MANY and many else number for number in numbers)
        )
    if many or pack(found, first, last) != packed:
        raise ValueError(f"not the tallies of {days} days")
    return found


def unsqueezed(held: bytes) -> bytes:
    """What the release before compressed, or laid down as it is: the latter has no checksum at its end."""
    try:
        return zlib.decompress(held)
    except zlib.error:
        return held


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
