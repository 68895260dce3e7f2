from datetime import date, timedelta
from zlib import compress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.nps import Tally
from shared.storage.tallies import pack, unpack, unsqueezed

FIRST = date(2025, 11, 24)
LAST = date(2026, 11, 24)
days = st.integers(0, 365).map(lambda offset: FIRST + timedelta(days=offset))


def tallies(most: int) -> st.SearchStrategy[Tally]:
    number = st.integers(0, most)
    return st.builds(Tally, number, number, number).filter(lambda counts: counts.count > 0)


@given(st.dictionaries(days, tallies(10**9)))
def test_tallies_are_unpacked_as_they_were_packed(counted: dict[date, Tally]) -> None:
    assert unpack(pack(counted, FIRST, LAST), FIRST, LAST) == counted


@given(st.dictionaries(days, tallies(14)))
def test_two_days_take_three_bytes_while_no_category_has_15_responses(counted: dict[date, Tally]) -> None:
    assert len(pack(counted, FIRST, LAST)) == 3 * 366 / 2


@pytest.mark.parametrize(
    ("counts", "packed"),
    [
        (Tally(1, 2, 3), b"\x12\x30"),
        (Tally(0, 0, 0), b"\x00\x00"),
        (Tally(14, 14, 14), b"\xee\xe0"),
        (Tally(15, 0, 300), b"\xf0\xf0\x0f\xac\x02"),
    ],
    ids=str,
)
def test_numbers_have_half_a_byte_and_larger_ones_stand_behind_all_days(counts: Tally, packed: bytes) -> None:
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
    [
        *(b"", b"\x12", b"\x12\x30\x01", b"\x12\x30" * 2, b"\x12\x31"),
        *(b"\xf0\x00", b"\xf0\x00\x8f", b"\xf0\x00\x03", b"\xf0\x00\x0f\x0f"),
    ],
    ids=bytes.hex,
)
def test_bytes_of_other_days_are_refused(packed: bytes) -> None:
    with pytest.raises(ValueError, match="tallies of 1 days"):
        unpack(packed, LAST, LAST)


@given(st.dictionaries(days, tallies(10**9)))
def test_what_the_release_before_compressed_or_did_not_comes_back_as_it_was(counted: dict[date, Tally]) -> None:
    packed = pack(counted, FIRST, LAST)
    assert unsqueezed(packed) == unsqueezed(compress(packed, level=9)) == packed


def test_an_earlier_release_squeezed_nothing() -> None:
    packed = pack({LAST: Tally(7, 8, 9)}, LAST, LAST)
    assert packed.startswith(b"\x78")
    assert unsqueezed(packed) == packed
