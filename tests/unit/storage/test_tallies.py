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


@given(st.dictionaries(days, tallies(30)))
def test_a_day_takes_two_bytes_while_no_category_has_31_responses(counted: dict[date, Tally]) -> None:
    assert len(pack(counted, FIRST, LAST)) == 2 * 366


@pytest.mark.parametrize(
    ("counts", "packed"),
    [
        (Tally(1, 2, 3), b"\x04\x43"),
        (Tally(0, 0, 0), b"\x00\x00"),
        (Tally(30, 30, 30), b"\x7b\xde"),
        (Tally(31, 0, 300), b"\x7c\x1f\x1f\xac\x02"),
    ],
    ids=str,
)
def test_numbers_have_five_bits_and_larger_ones_stand_behind_all_days(counts: Tally, packed: bytes) -> None:
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
    [b"", b"\x04", b"\x04\x43\x01", b"\x04\x43" * 2, b"\x84\x43", b"\x7c\x00", b"\x7c\x00\x9f", b"\x7c\x00\x03"],
    ids=bytes.hex,
)
def test_bytes_of_other_days_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="tallies of 1 days"):
        unpack(packed, LAST, LAST)
