import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.nps import Tally, nps, tally

scores = st.lists(st.integers(0, 10), min_size=1)
counts = st.builds(Tally, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6)).filter(
    lambda counts: counts.count > 0
)


@pytest.mark.parametrize("score", range(11))
def test_9_and_10_promote_7_and_8_are_passive_and_the_rest_detracts(score: int) -> None:
    expected = Tally(promoters=1) if score >= 9 else Tally(passives=1) if score >= 7 else Tally(detractors=1)
    assert tally([score]) == expected


def test_a_rating_of_0_is_a_response() -> None:
    assert tally([0, 0, 10]) == Tally(promoters=1, passives=0, detractors=2)


def test_no_ratings_give_the_empty_tally() -> None:
    assert tally([]) == Tally(0, 0, 0)


@pytest.mark.parametrize(
    ("counted", "expected"),
    [
        pytest.param(Tally(1, 0, 0), 100, id="only promoters"),
        pytest.param(Tally(0, 0, 1), -100, id="only detractors"),
        pytest.param(Tally(0, 1, 0), 0, id="only passives"),
        pytest.param(Tally(3, 1, 3), 0, id="as many of both"),
        pytest.param(Tally(5, 2, 2), 33, id="33.3"),
        pytest.param(Tally(2, 1, 0), 67, id="66.7"),
        pytest.param(Tally(1, 249, 0), 0, id="0.4"),
        pytest.param(Tally(0, 249, 1), 0, id="-0.4"),
        pytest.param(Tally(19, 181, 0), 10, id="9.5"),
        pytest.param(Tally(0, 181, 19), -10, id="-9.5"),
        pytest.param(Tally(5, 195, 0), 3, id="2.5"),
    ],
)
def test_nps_is_the_share_of_promoters_less_that_of_detractors(counted: Tally, expected: int) -> None:
    assert nps(counted) == expected


def test_nps_of_half_a_point_rounds_away_from_zero() -> None:
    assert (nps(Tally(1, 199, 0)), nps(Tally(0, 199, 1))) == (1, -1)


def test_nobodys_nps_is_not_0() -> None:
    with pytest.raises(ZeroDivisionError):
        nps(Tally())


@given(counts)
def test_nps_is_exact(counted: Tally) -> None:
    exact = Fraction(100 * (counted.promoters - counted.detractors), counted.count)
    assert nps(counted) == math.floor(abs(exact) + Fraction(1, 2)) * (1 if exact > 0 else -1)


@given(counts)
def test_promoters_and_detractors_weigh_the_same(counted: Tally) -> None:
    assert nps(Tally(counted.detractors, counted.passives, counted.promoters)) == -nps(counted)


@given(counts)
def test_one_more_promoter_never_lowers_and_one_more_detractor_never_raises(counted: Tally) -> None:
    assert nps(counted + Tally(detractors=1)) <= nps(counted) <= nps(counted + Tally(promoters=1))


@given(counts)
def test_one_more_passive_never_leads_away_from_zero(counted: Tally) -> None:
    before, after = nps(counted), nps(counted + Tally(passives=1))
    assert 0 <= after <= before or before <= after <= 0


@given(scores, st.data())
def test_removing_a_response_is_as_if_it_had_never_been(given_scores: list[int], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(given_scores) - 1))
    without = [*given_scores[:place], *given_scores[place + 1 :]]
    assert tally(without) + tally([given_scores[place]]) == tally(given_scores)


@given(scores.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_responses_changes_nothing(both: tuple[list[int], list[int]]) -> None:
    assert tally(both[0]) == tally(both[1])


@given(scores, scores)
def test_tallies_add_up(some: list[int], others: list[int]) -> None:
    assert tally(some) + tally(others) == tally([*some, *others])


@given(scores)
def test_every_response_is_counted_once(given_scores: list[int]) -> None:
    assert tally(given_scores).count == len(given_scores)
