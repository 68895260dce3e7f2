"""The overview that is kept for all, on the table as the template declares it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from shared.storage.dynamodb import to_item
from shared.storage.overviews import Kept, Mover, Overview, Overviews

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MOVERS = (Mover("acme", "Acme B.V.", 3, 12), Mover("beta", "Beta", 9, 8))
OVERVIEW = Overview(
    count=150, totals=(50, 100), incomplete=7, stale=6, due=5, undescribed=4, movers=MOVERS, up=3, down=2
)
KEPT = Kept(OVERVIEW, "a-model", NOW)


@pytest.fixture
def overviews(client: "DynamoDBClient") -> Overviews:
    return Overviews(client, "ScoresTable")


def test_what_is_kept_is_read(overviews: Overviews) -> None:
    assert overviews.read() is None

    overviews.keep(KEPT)

    assert overviews.read() == KEPT


def test_rows_that_were_read_earlier_change_nothing(overviews: Overviews) -> None:
    newer = replace(KEPT, read_at=NOW + SECOND, overview=replace(OVERVIEW, count=151))
    overviews.keep(newer)

    overviews.keep(KEPT)

    assert overviews.read() == newer


def test_one_at_a_time_counts_anew_until_it_has_or_its_time_is_over(overviews: Overviews) -> None:
    overviews.keep(KEPT)

    assert overviews.claim(NOW)
    assert not overviews.claim(NOW + 20 * SECOND)
    assert overviews.claim(NOW + 21 * SECOND)
    assert overviews.read() == KEPT
    assert overviews.claim(NOW - SECOND)  # the clock of who claimed was ahead

    overviews.keep(replace(KEPT, read_at=NOW + SECOND))
    assert overviews.claim(NOW + 2 * SECOND)


def test_after_an_erasure_nothing_that_was_read_before_is_kept(overviews: Overviews) -> None:
    overviews.keep(KEPT)

    overviews.forget(NOW + 90 * SECOND)
    overviews.keep(replace(KEPT, read_at=NOW + 89 * SECOND))
    assert overviews.read() is None

    later = replace(KEPT, read_at=NOW + 91 * SECOND)
    overviews.keep(later)
    assert overviews.read() == later


@pytest.mark.parametrize(
    "damage",
    [{"format": 2}, {"count": "many"}, {"totals": ["x"]}, {"movers": [["acme", "Acme"]]}, {"read_at": "then"}],
)
def test_what_cannot_be_read_is_as_good_as_absent(
    overviews: Overviews, client: "DynamoDBClient", damage: dict[str, Any]
) -> None:
    overviews.keep(KEPT)
    item = client.get_item(TableName="ScoresTable", Key=to_item({"client_id": "#portfolio", "item": "overview"}))
    client.put_item(TableName="ScoresTable", Item={**item["Item"], **to_item(damage)})

    assert overviews.read() is None
