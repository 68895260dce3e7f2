from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.aliases import Claim, owner, resolve

names = st.sampled_from("abcdef")
claims = st.lists(st.builds(Claim, st.sampled_from("12345678"), names, names), max_size=12)


def test_an_alias_belongs_to_who_claims_it() -> None:
    assert resolve([Claim("1", "acme", "acme-bv")]) == {"acme-bv": "acme"}


def test_an_alias_of_an_alias_belongs_to_the_client_at_the_end() -> None:
    assert resolve([Claim("1", "b", "c"), Claim("2", "a", "b")]) == {"b": "a", "c": "a"}


def test_of_two_claims_the_later_wins() -> None:
    assert resolve([Claim("1", "a", "c"), Claim("2", "b", "c")]) == {"c": "b"}


def test_of_two_claims_at_once_the_later_name_wins() -> None:
    assert resolve([Claim("1", "b", "c"), Claim("1", "a", "c")]) == {"c": "b"}


def test_nobody_is_an_alias_of_themselves() -> None:
    assert resolve([Claim("1", "a", "a")]) == {}


def test_of_two_that_claim_each_other_the_later_claim_stands() -> None:
    assert resolve([Claim("1", "a", "b"), Claim("2", "b", "a")]) == {"a": "b"}


def test_a_claim_that_closes_a_circle_through_others_falls() -> None:
    assert resolve([Claim("3", "a", "b"), Claim("2", "b", "c"), Claim("1", "c", "a")]) == {"b": "a", "c": "a"}


def test_a_claim_that_would_close_a_circle_leaves_its_alias_to_an_earlier_claim() -> None:
    assert resolve([Claim("3", "a", "b"), Claim("2", "b", "a"), Claim("1", "c", "a")]) == {"b": "c", "a": "c"}


def test_a_name_that_nobody_has_is_its_own_owner() -> None:
    assert owner("a", {"b": "a"}) == "a"


@given(claims.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some))))
def test_the_order_of_claims_changes_nothing(both: tuple[list[Claim], list[Claim]]) -> None:
    assert resolve(both[0]) == resolve(both[1])


@given(claims)
def test_repeated_claims_change_nothing(some: list[Claim]) -> None:
    assert resolve([*some, *some]) == resolve(some)


@given(claims)
def test_every_alias_leads_to_a_claimant_that_is_no_alias(some: list[Claim]) -> None:
    owners = resolve(some)
    assert not set(owners.values()) & set(owners)
    assert set(owners.values()) <= {claim.claimant for claim in some}
    assert set(owners) <= {claim.alias for claim in some}


@given(claims)
def test_an_alias_has_the_owner_of_one_of_its_claimants(some: list[Claim]) -> None:
    owners = resolve(some)
    for alias, client in owners.items():
        assert client in {owners.get(claim.claimant, claim.claimant) for claim in some if claim.alias == alias}


@given(claims, names, names)
def test_the_latest_claim_of_all_wins(some: list[Claim], claimant: str, alias: str) -> None:
    owners = resolve([*some, Claim("9", claimant, alias)])
    if claimant != alias:
        assert owners[alias] == owners.get(claimant, claimant)


@given(claims)
def test_a_name_that_somebody_else_claims_is_an_alias_unless_that_closes_a_circle(some: list[Claim]) -> None:
    owners = resolve(some)
    for claim in some:
        assert claim.alias in owners or owners.get(claim.claimant, claim.claimant) == claim.alias
