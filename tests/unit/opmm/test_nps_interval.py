import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.opmm.nps import Tally, interval, nps

counts = st.builds(Tally, st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000)).filter(
    lambda counts: counts.count > 0
)


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        # Worked out by hand: of 12, 5.75 promote and 2.75 detract, in the middle 0.25,
        # and 1.96 times the root of (8.5 / 12 - 0.0625) / 12 is 0.4547: from -20.5 to 70.5.
        (Tally(5, 2, 2), (-21, 71)),
        # Of 103, 50.75 each: 1.96 times the root of (101.5 / 103) / 103 is 0.1917.
        (Tally(50, 0, 50), (-20, 20)),
        # Of 4, 1.75 and 0.75: 0.25, and 1.96 times the root of (2.5 / 4 - 0.0625) / 4 is 0.7350: up to 98.5.
        (Tally(promoters=1), (-49, 100)),
        (Tally(detractors=1), (-100, 49)),
    ],
)
def test_known_answers_have_a_known_interval(tally: Tally, expected: tuple[int, int]) -> None:
    assert interval(tally) == expected


@given(counts)
@example(Tally(promoters=1))
@example(Tally(detractors=1))
def test_the_interval_holds_the_nps_and_stays_within_what_an_nps_can_be(tally: Tally) -> None:
    low, high = interval(tally)

    assert -100 <= low <= nps(tally) <= high <= 100


@given(counts)
def test_promoters_and_detractors_mirror_each_other(tally: Tally) -> None:
    low, high = interval(tally)

    assert interval(Tally(tally.detractors, tally.passives, tally.promoters)) == (-high, -low)


@given(counts, st.integers(4, 100))
def test_more_answers_of_the_same_kind_leave_less_doubt(tally: Tally, times: int) -> None:
    low, high = interval(tally)
    closer = interval(Tally(*(times * each for each in (tally.promoters, tally.passives, tally.detractors))))

    # Both ends are rounded outwards, so what is narrow already may stay as wide as it is.
    assert closer[1] - closer[0] <= max(high - low - 1, 3)


def test_without_answers_there_is_no_interval() -> None:
    with pytest.raises(ZeroDivisionError):
        interval(Tally())
