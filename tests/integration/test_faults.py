"""Exactly once, whatever breaks: the short form of `make faults` and `make mutants`, a history of each sort."""

import pytest

from tests.campaigns.columns import COLUMNS
from tests.campaigns.mutants import MUTANTS
from tests.campaigns.stage import play

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")  # functions share those of one process

SEED = 1
EVENTS = 20
"""Half of what a history of the campaign has."""

MOST = 8
"""Histories until a mutant is caught; the first of them does, as long as nothing else has changed."""


@pytest.mark.parametrize("column", COLUMNS)
def test_scores_and_ledgers_are_what_the_events_give(column: str) -> None:
    verdict = play(COLUMNS[column], SEED, EVENTS)

    assert (verdict.scores, verdict.ledgers) == ((), ())


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mistake_in_the_product_is_caught(mutant: str) -> None:
    known = MUTANTS[mutant]

    with known.patched():
        caught = any(play(COLUMNS[known.column], seed, EVENTS).wrong for seed in range(MOST))

    assert caught
