from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.facts import (
    COUNTED,
    TIMED,
    bare_revision,
    counted_revision,
    fact_id,
    recorded_version,
    revision,
    sort_of,
)
from shared.opmm.timestamps import rfc3339

NINE = datetime(2026, 11, 20, 9, tzinfo=UTC)
awkward = st.text(alphabet="a#%235", max_size=6) | st.text(max_size=6)
parts = st.lists(awkward, min_size=1, max_size=3)
instants = st.datetimes(
    min_value=datetime(1970, 1, 2),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
contents = st.dictionaries(st.text(max_size=3), st.none() | st.integers() | st.text(max_size=5), max_size=3)


@pytest.mark.parametrize(
    ("source", "ids", "expected"),
    [
        ("delighted", ("r-1",), "response#delighted#r-1"),
        ("a#b", ("c",), "response#a%23b#c"),
        ("a", ("b#c",), "response#a#b%23c"),
        ("a%23b", ("c",), "response#a%2523b#c"),
        ("a", ("",), "response#a#"),
    ],
)
def test_the_identity_of_a_fact_is_readable(source: str, ids: tuple[str, ...], expected: str) -> None:
    assert fact_id("response", source, *ids) == expected


@given(awkward, parts, awkward, parts)
def test_different_sources_and_ids_are_different_facts(one: str, ids: list[str], other: str, others: list[str]) -> None:
    same = (one, ids) == (other, others)
    assert (fact_id("survey", one, *ids) == fact_id("survey", other, *others)) == same


@given(st.lists(awkward, min_size=2, max_size=4), st.data())
def test_moving_the_border_between_source_and_id_makes_another_fact(texts: list[str], data: st.DataObject) -> None:
    cut = data.draw(st.integers(1, len(texts) - 1))
    whole = fact_id("survey", "#".join(texts[:cut]), "#".join(texts[cut:]))
    assert whole.count("#") == 2
    assert whole != fact_id("survey", "#".join(texts), "")


def test_different_kinds_are_different_facts() -> None:
    assert fact_id("reported", "a", "b") != fact_id("count", "a", "b")


def test_a_revision_begins_with_the_instant_in_utc() -> None:
    local = NINE.astimezone(timezone(timedelta(hours=1)))
    assert revision(local, {"score": 9}) == revision(NINE, {"score": 9})
    assert revision(NINE, {"score": 9}).startswith("t2026-11-20T09:00:00.000000Z#0#")


def test_a_revision_is_the_same_in_every_run() -> None:
    assert (
        revision(NINE, {"score": 9, "comment": "écht"})
        == "t2026-11-20T09:00:00.000000Z#0#820b3440aebd48b2658a0d8f47931397"
    )


def test_the_order_of_fields_does_not_change_a_revision() -> None:
    assert revision(NINE, {"a": 1, "b": 2}) == revision(NINE, {"b": 2, "a": 1})


@pytest.mark.parametrize(
    "other", [{"score": 8}, {"score": "9"}, {"score": 9, "comment": ""}, {"rating": 9}, {}], ids=str
)
def test_other_content_is_another_revision_of_the_same_time(other: dict[str, Any]) -> None:
    nine = revision(NINE, {"score": 9})
    assert revision(NINE, other) != nine
    assert revision(NINE, other).partition("#")[0] == nine.partition("#")[0]


@given(instants, instants, contents, contents)
def test_what_was_recorded_later_is_the_later_revision(
    one: datetime, other: datetime, said: dict[str, Any], said_otherwise: dict[str, Any]
) -> None:
    if one != other:
        assert (revision(one, said) < revision(other, said_otherwise)) == (one < other)


@given(st.integers(0, 10**12), st.integers(0, 10**12), contents, contents)
def test_a_counter_of_fixed_width_orders_revisions(
    one: int, other: int, said: dict[str, Any], said_otherwise: dict[str, Any]
) -> None:
    if one != other:
        earlier, later = counted_revision(one, said), counted_revision(other, said_otherwise)
        assert (earlier < later) == (one < other)


@given(instants, contents, contents)
def test_at_the_same_instant_what_takes_away_is_the_later_revision(
    when: datetime, said: dict[str, Any], said_otherwise: dict[str, Any]
) -> None:
    assert revision(when, said) < revision(when, said_otherwise, takes_away=True)
    assert revision(when, said, takes_away=True) < revision(when + timedelta(microseconds=1), said_otherwise)


@given(instants, st.integers(0, 10**12), contents)
def test_a_revision_says_of_which_sort_it_is_and_what_ordered_it(
    when: datetime, count: int, said: dict[str, Any]
) -> None:
    timed, counted = revision(when, said), counted_revision(count, said, takes_away=True)

    assert (sort_of(timed), sort_of(counted)) == (TIMED, COUNTED)
    assert (recorded_version(timed), recorded_version(counted)) == (rfc3339(when), count)


def test_content_with_a_lone_surrogate_has_a_revision() -> None:
    assert revision(NINE, {"comment": "\ud800"}) != revision(NINE, {"comment": "\ud801"})


def test_a_revision_without_details_tells_nothing_of_them() -> None:
    said = {"answer": {"score": 9}}
    versions = [revision(NINE, said | {"details": details}) for details in ({}, {"comment": "a"}, {"comment": "b"})]
    assert len(set(versions)) == 3
    assert len({bare_revision(version) for version in versions}) == 1


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9), st.text(max_size=2)), min_size=2, max_size=2))
def test_versions_that_differ_in_more_than_details_stand_in_the_same_order_without_them(
    versions: list[tuple[int, int, str]],
) -> None:
    (one, other) = (
        revision(NINE + timedelta(minutes=minutes), {"score": score, "details": {"comment": comment}})
        for minutes, score, comment in versions
    )
    if versions[0][:2] != versions[1][:2]:
        assert (one < other) == (bare_revision(one) < bare_revision(other)) == (one < bare_revision(other))
