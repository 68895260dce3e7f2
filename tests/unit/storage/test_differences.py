"""In what a scorecard differs from its facts, as far as it concerns where these lie."""

import pytest

from shared.storage.client_anew import places
from shared.storage.holdings import Holdings

HELD = Holdings("acme", {"beta": frozenset({"nps.response", "survey.roadmap"})}, {})


NAMES = ("acme", "beta", "core")


@pytest.mark.parametrize("aliases", [{"beta": frozenset({"survey.roadmap"})}, {}], ids=["one of two", "all"])
def test_a_lane_that_is_empty_by_now_is_no_difference(aliases: dict[str, frozenset[str]]) -> None:
    assert places(HELD, Holdings("acme", aliases, {}), NAMES) == HELD


def test_a_name_that_left_is_one() -> None:
    assert places(HELD, Holdings("acme", {}, {}), ("acme",)) != HELD


@pytest.mark.parametrize(
    "found",
    [
        Holdings("acme", {"beta": frozenset({"nps.response", "action"})}, {}),
        Holdings("acme", {"beta": frozenset(), "core": frozenset({"action"})}, {}),
        Holdings("acme", HELD.aliases, {"beta": frozenset({"response#hr#1"})}),
    ],
    ids=["a lane that nobody looks into", "a name that came", "an overruled fact"],
)
def test_what_nobody_would_look_at_is_one(found: Holdings) -> None:
    assert places(HELD, found, NAMES) != HELD
