"""Exactly once, whatever breaks: the short form of `make faults` and `make mutants`, a history of each sort."""

import pytest

from tests.campaigns.columns import COLUMNS
from tests.campaigns.mutants import MUTANTS
from tests.campaigns.stage import play

pytestmark = pytest.mark.filterwarnings("ignore:No application metrics")  # functions share those of one process

SEED = 1
MOST = 8
"""Histories until a mutant is caught; the first of them does, as long as nothing else has changed."""

LATE = {"checkpoint-too-high", "forgotten-alias"}
"""They take more histories than a test has time for: `make mutants` hunts them."""


@pytest.mark.parametrize("column", COLUMNS)
def test_scores_and_ledgers_are_what_the_events_give(column: str) -> None:
    verdict = play(COLUMNS[column], SEED)

    assert (verdict.scores, verdict.ledgers) == ((), ())


@pytest.mark.parametrize("mutant", [name for name in MUTANTS if name not in LATE])
def test_a_mistake_in_the_product_is_caught(mutant: str) -> None:
    known = MUTANTS[mutant]

    with known.patched():
        caught = any(play(COLUMNS[known.column], seed).wrong for seed in range(known.seed, known.seed + MOST))

    assert caught
