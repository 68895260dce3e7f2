from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.facts import counted_revision, revision
from shared.opmm.moments import parse_instant
from tools.transfer.revisions import MOST_COUNTED, recorded_at

_INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - by timezones
_COUNTS = st.integers(0, MOST_COUNTED)


@given(_INSTANTS)
def test_a_recorded_time_is_kept(instant: datetime) -> None:
    assert parse_instant(recorded_at(revision(instant, {}))) == instant


@given(st.lists(_INSTANTS.map(lambda instant: revision(instant, {})) | _COUNTS.map(lambda n: counted_revision(n, {}))))
def test_counted_and_recorded_versions_keep_their_order(revisions: list[str]) -> None:
    again = {each: revision(parse_instant(recorded_at(each)), {}) for each in revisions}

    assert sorted(revisions) == sorted(revisions, key=again.__getitem__)
    assert len(set(again.values())) == len(set(revisions))


def test_a_counter_past_all_bounds_is_still_older_than_any_time() -> None:
    assert recorded_at(counted_revision(10**18 - 1, {})) == recorded_at(counted_revision(MOST_COUNTED, {})) < "1900"


def test_a_version_without_its_respondent_is_older_than_the_whole_one() -> None:
    whole = revision(datetime(2026, 11, 20, 8, tzinfo=UTC), {})

    assert recorded_at(whole, incomplete=True) == "2026-11-20T07:59:59.999999Z"
