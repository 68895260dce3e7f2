from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.timestamps import parse_instant, sortable
from shared.sheets.revisions import is_counted, version_of


def revision(instant: datetime) -> str:
    return f"t{sortable(instant)}#0#digest"


def counted_revision(count: int) -> str:
    return f"c{count:020d}#1#digest"


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001 - by timezones
def test_a_recorded_time_is_kept(instant: datetime) -> None:
    assert parse_instant(version_of(revision(instant))) == instant


@given(st.integers(0, 10**18 - 1))
def test_a_count_is_kept(count: int) -> None:
    assert version_of(counted_revision(count)) == str(count)
    assert is_counted(version_of(counted_revision(count)))


@pytest.mark.parametrize(
    ("whole", "older"),
    [
        (revision(datetime(2026, 11, 20, 8, tzinfo=UTC)), "2026-11-20T07:59:59.999999Z"),
        (counted_revision(3), "2"),
        (counted_revision(0), "0"),
    ],
)
def test_a_version_without_its_respondent_is_older_than_the_whole_one(whole: str, older: str) -> None:
    assert version_of(whole, incomplete=True) == older
