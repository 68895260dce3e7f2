from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.nps import Tally
from shared.storage.tallies import pack, unpack

FIRST = date(2025, 11, 24)
LAST = date(2026, 11, 24)
days = st.integers(0, 365).map(lambda offset: FIRST + timedelta(days=offset))


def tallies(most: int) -> st.SearchStrategy[Tally]:
    number = st.integers(0, most)
    return st.builds(Tally, number, number, number).filter(lambda counts: counts.count > 0)


@given(st.dictionaries(days, tallies(10**9)))
def test_tallies_are_unpacked_as_they_were_packed(counted: dict[date, Tally]) -> None:
    assert unpack(pack(counted, FIRST, LAST), FIRST, LAST) == counted


@given(st.dictionaries(days, tallies(127)))
def test_a_day_takes_three_bytes_while_no_category_has_128_responses(counted: dict[date, Tally]) -> None:
    assert len(pack(counted, FIRST, LAST)) == 3 * 366


def test_a_category_with_128_responses_takes_one_byte_more() -> None:
    assert len(pack({LAST: Tally(127, 127, 127)}, LAST, LAST)) == 3
    assert len(pack({LAST: Tally(127, 128, 127)}, LAST, LAST)) == 4


@pytest.mark.parametrize(
    ("counts", "packed"),
    [
        (Tally(1, 2, 3), b"\x01\x02\x03"),
        (Tally(0, 0, 0), b"\x00\x00\x00"),
        (Tally(128, 0, 300), b"\x80\x01\x00\xac\x02"),
    ],
    ids=str,
)
def test_numbers_are_leb128(counts: Tally, packed: bytes) -> None:
    assert pack({LAST: counts}, LAST, LAST) == packed


def test_days_outside_and_days_without_responses_are_left_out() -> None:
    before, after = FIRST - timedelta(days=1), LAST + timedelta(days=1)
    counted = {before: Tally(1), FIRST: Tally(2), FIRST + timedelta(days=1): Tally(), LAST: Tally(3), after: Tally(4)}
    assert unpack(pack(counted, FIRST, LAST), FIRST, LAST) == {FIRST: Tally(2), LAST: Tally(3)}


def test_the_window_moves_on_over_what_was_packed() -> None:
    held = unpack(pack({FIRST: Tally(1), LAST: Tally(2)}, FIRST, LAST), FIRST, LAST)
    first, last = FIRST + timedelta(days=1), LAST + timedelta(days=1)
    assert unpack(pack(held, first, last), first, last) == {LAST: Tally(2)}


def test_nothing_is_unpacked_from_nothing() -> None:
    assert pack({LAST: Tally(1)}, LAST, LAST - timedelta(days=1)) == b""
    assert unpack(b"", LAST, LAST - timedelta(days=1)) == {}


@pytest.mark.parametrize(
    "packed",
    [b"", b"\x01\x02", b"\x01\x02\x03\x04", b"\x01\x02\x03" * 2, b"\x01\x02\x83", b"\x01\x02\x03\x80"],
    ids=bytes.hex,
)
def test_bytes_of_other_days_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="tallies of 1 days"):
        unpack(packed, LAST, LAST)
