"""The NPS tallies of the window as bytes: three numbers a day, so that a scorecard weighs the same at any history."""

from collections.abc import Mapping
from datetime import date, timedelta

from shared.opmm.nps import Tally

_PAYLOAD, _MORE = 0x7F, 0x80


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
