"""Numbers, times and identifiers, as tools write them."""

from typing import Any

import pytest

from shared.webhooks.coercion import counter_of, identifier, rfc3339_of, whole_number
from shared.webhooks.provider import UnmappableError


@pytest.mark.parametrize(("value", "expected"), [(9, 9), (9.0, 9), (0.0, 0), (-3, -3), (10**19, 10**19)])
def test_a_whole_number_is_one_however_json_writes_it(value: Any, expected: int) -> None:
    assert whole_number(value) == expected
    assert isinstance(whole_number(value), int)


@pytest.mark.parametrize("value", [True, False, "9", 9.5, float("nan"), float("inf"), None, [], {}])
def test_nothing_else_is_a_whole_number(value: Any) -> None:
    assert whole_number(value) is None


@pytest.mark.parametrize("value", [4, 4.0, "4", "004"])
def test_a_counter_may_be_a_number_or_text(value: Any) -> None:
    assert counter_of(value) == 4


@pytest.mark.parametrize(("value", "expected"), [("a", "a"), (10**18, str(10**18)), (1e18, None), ("", None)])
def test_an_identifier_never_goes_through_a_float(value: Any, expected: str | None) -> None:
    assert identifier(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1793696400, "2026-11-03T09:00:00Z"),
        ("1793696400", "2026-11-03T09:00:00Z"),
        (1793696400123, "2026-11-03T09:00:00.123000Z"),
        ("2026-11-03T09:00:00+01:00", "2026-11-03T09:00:00+01:00"),
        ("2026-11-03 09:00:00 -0700", "2026-11-03 09:00:00-07:00"),
        ("2026-11-03 09:00:00 UTC", "2026-11-03 09:00:00+00:00"),
        ("yesterday", "yesterday"),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_times_become_rfc_3339(value: Any, expected: str) -> None:
    assert rfc3339_of(value) == expected


@pytest.mark.parametrize("value", [None, "", True, 1.5, [], {}, -1, 10**15 - 1, 10**20])
def test_what_is_no_time_is_parked(value: Any) -> None:
    with pytest.raises(UnmappableError):
        rfc3339_of(value)
