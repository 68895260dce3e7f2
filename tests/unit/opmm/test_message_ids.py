"""Receivers keep ids, so they are held here as they were from the first."""

from datetime import UTC, datetime

import pytest

from shared.opmm.message_ids import alert_id, digest_id, occurrence_id, response_id, sample_id
from shared.storage.journal import Reference

AT = datetime(2026, 11, 24, 9, 30, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (occurrence_id(AT, "acme", "change", "0000000007"), "202611-25d930f44d60a7f7"),
        (occurrence_id(AT, "acme", "signal", "0000000007#0"), "202611-5d65666fa981433a"),
        (alert_id("202611-25d930f44d60a7f7"), "202611-25d930f44d60a7f7-alert"),
        (response_id(AT, "nps_response#delighted$1"), "202611-03aa478a786c78c8-alert"),
        (digest_id("sam-teams", AT), "202611-3549d723f060837e-digest"),
        (sample_id("sam-teams", AT), "202611-a80b9c8e48070f8d-test"),
    ],
)
def test_ids_stay_what_they_are(made: str, expected: str) -> None:
    assert made == expected


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("change#2026-11-24T09:30:15.000000Z#0000000007", "202611-25d930f44d60a7f7"),
        ("signal#2026-11-24T09:30:15.000000Z#0000000007#0", "202611-5d65666fa981433a"),
    ],
)
def test_a_reference_has_the_id_of_what_it_refers_to(item: str, expected: str) -> None:
    assert Reference("acme", item).id == expected
