"""Mappings of one's own."""

from typing import Any

import pytest

from tests.unit.webhooks.adapting import adapted, data, reason

RESPONDED = {"type": "nps.responded", "response_id": "id", "score": "rating", "responded_at": "at"}
COUNTED = {"type": "consultants.counted", "working": "working", "happy": "happy", "as_of": "day"}


def sent(event: dict[str, str], payload: Any) -> Any:
    [found] = data("custom", payload, event=event)
    return found


def time_of(event: dict[str, str], payload: Any) -> Any:
    [found] = adapted("custom", payload, event=event)
    return found.time, found.order


RESPONSE = {
    "id": 7,
    "rating": "8",
    "at": 1794000000,
    "version": 4,
    "version_as_float": 4.0,
    "changed": "2026-11-07T00:00:00Z",
}


def test_ids_become_text_and_times_rfc_3339() -> None:
    assert sent(RESPONDED, RESPONSE) == {"response_id": "7", "score": 8, "responded_at": "2026-11-06T21:20:00Z"}


@pytest.mark.parametrize(
    ("revision", "expected"),
    [
        ({}, ("2026-11-06T21:20:00Z", None)),
        ({"revision": "version"}, ("2026-11-06T21:20:00Z", 4)),
        ({"revision": "version_as_float"}, ("2026-11-06T21:20:00Z", 4)),
        ({"revision": "changed"}, ("2026-11-07T00:00:00Z", None)),
        ({"time": "changed"}, ("2026-11-07T00:00:00Z", None)),
    ],
)
def test_the_revision_is_a_counter_or_a_time_or_the_business_time(
    revision: dict[str, str], expected: tuple[str, int | None]
) -> None:
    assert time_of(RESPONDED | revision, RESPONSE) == expected


def test_a_retraction_that_is_counted_needs_no_time() -> None:
    event = {"type": "nps.retracted", "response_id": "id", "revision": "version"}

    assert time_of(event, RESPONSE) == ("1970-01-01T00:00:00Z", 4)


@pytest.mark.parametrize("version", [-1, 10**18])
def test_a_counter_out_of_bounds_is_parked(version: int) -> None:
    event = RESPONDED | {"revision": "version"}

    assert reason("custom", RESPONSE | {"version": version}, event=event) == "unknown_shape"


def test_a_head_count_of_a_day_is_recorded_when_the_day_begins_anywhere() -> None:
    payload = {"working": "12", "happy": 9.0, "day": "2026-11-01"}

    assert sent(COUNTED, payload) == {"working": 12, "happy": 9, "as_of": "2026-11-01"}
    assert time_of(COUNTED, payload) == ("2026-11-01T00:00:00+14:00", None)


def test_a_survey_has_the_answers_that_are_there() -> None:
    event = {"type": "survey.answered", "answered_at": "at", "survey_id": "id", "roadmap": "r", "specialisms": "s"}

    assert sent(event, {"at": "2026-11-01T00:00:00Z", "id": 3, "s": "Design"}) == {
        "survey_id": "3",
        "answered_at": "2026-11-01T00:00:00Z",
        "answers": {"specialisms": ["Design"]},
    }
    assert sent(event, {"at": "2026-11-01T00:00:00Z", "id": 3, "s": "4"})["answers"] == {"specialisms": 4}
    assert data("custom", {"at": "2026-11-01T00:00:00Z", "id": 3}, event=event) == []


def test_an_expression_that_does_not_fit_is_parked() -> None:
    event = RESPONDED | {"score": "max_by(@.all, &n)"}

    assert reason("custom", {"all": [{"n": 1}, {"n": "x"}]}, event=event) == "unknown_shape"
