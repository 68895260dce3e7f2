import json
from datetime import UTC, date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.score.invalidation import Invalidation, invalidated_by

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SAMPLE = Path(__file__).parents[3] / "events" / "stream" / "facts-changed.json"

Image = dict[str, Any]


def image(kind: str, observed_at: str | None = None, **positions: str) -> Image:
    values = {"kind": kind, "observed_at": observed_at, **{f"{key}_at": place for key, place in positions.items()}}
    return {name: {"S": value} for name, value in values.items() if value}


def record(fact_id: str, old: Image | None = None, new: Image | None = None) -> dict[str, Any]:
    images = {"OldImage": old, "NewImage": new}
    return {
        "dynamodb": {
            "Keys": {"client_id": {"S": "acme"}, "fact_id": {"S": fact_id}},
            **{name: held for name, held in images.items() if held},
        }
    }


RESPONSE = image("response", "2026-11-20T23:30:00Z", nps="response#2026-11-20T23:30:00.000000Z#r")
EARLIER = image("response", "2026-11-18T08:00:00Z", nps="response#2026-11-18T08:00:00.000000Z#r")
RETRACTED = image("response")
COUNT = image("count", "2026-11-01", happy_consultants="2026-10-31T23:00:00.000000Z#r")


def test_a_new_response_touches_its_day_in_the_tenants_calendar() -> None:
    assert invalidated_by([record("response#d#1", None, RESPONSE)], AMSTERDAM) == Invalidation(
        dimensions={"nps"},
        days={date(2026, 11, 21)},
        causes={"response#d#1": "new"},
        reach={"response#d#1": {"nps"}},
    )


def test_a_response_that_moved_touches_the_day_it_left_and_the_day_it_came_to() -> None:
    assert invalidated_by([record("response#d#1", EARLIER, RESPONSE)], AMSTERDAM) == Invalidation(
        dimensions={"nps"},
        days={date(2026, 11, 18), date(2026, 11, 21)},
        causes={"response#d#1": "correction"},
        reach={"response#d#1": {"nps"}},
    )


def test_a_retracted_response_touches_the_day_it_left() -> None:
    touched = invalidated_by([record("response#d#1", EARLIER, RETRACTED)], AMSTERDAM)
    assert (touched.days, touched.causes) == ({date(2026, 11, 18)}, {"response#d#1": "retraction"})


def test_a_retraction_that_arrives_first_touches_nothing() -> None:
    assert invalidated_by([record("response#d#1", None, RETRACTED)], AMSTERDAM) == Invalidation(
        causes={"response#d#1": "retraction"}, reach={"response#d#1": set()}
    )


def test_an_erased_fact_touches_the_place_it_left() -> None:
    touched = invalidated_by([record("count#hr#1", COUNT, None)], AMSTERDAM)
    assert (touched.dimensions, touched.causes) == ({"happy_consultants"}, {"count#hr#1": "erasure"})


def test_a_reported_nps_touches_no_day() -> None:
    reported = image("reported", "2026-11-20T08:00:00Z", nps="reported#2026-11-20T08:00:00.000000Z#r")
    touched = invalidated_by([record("reported#d#1", None, reported)], AMSTERDAM)
    assert (touched.dimensions, touched.days) == ({"nps"}, set())


def test_a_survey_touches_what_it_answers_and_what_it_answered() -> None:
    before, after = image("survey", "2026-11-20", roadmap="x"), image("survey", "2026-11-20", specialisms="x")
    touched = invalidated_by([record("survey#s#1", before, after)], AMSTERDAM)
    assert (touched.dimensions, touched.reach) == (
        {"roadmap", "specialisms"},
        {"survey#s#1": {"roadmap", "specialisms"}},
    )


def test_a_description_touches_the_client_itself() -> None:
    touched = invalidated_by([record("description#crm#name", None, image("description"))], AMSTERDAM)
    assert (touched.described, touched.dimensions) == (True, set())


@pytest.mark.parametrize("order", [1, -1])
def test_a_fact_that_came_and_changed_in_one_batch_is_new(order: int) -> None:
    records = [record("response#d#1", None, EARLIER), record("response#d#1", EARLIER, RESPONSE)]
    assert invalidated_by(records[::order], AMSTERDAM).causes == {"response#d#1": "new"}


def test_records_of_one_client_add_up() -> None:
    records = [record("response#d#1", None, EARLIER), record("count#hr#1", None, COUNT)]
    assert invalidated_by(records, AMSTERDAM) == Invalidation(
        dimensions={"nps", "happy_consultants"},
        days={date(2026, 11, 18)},
        causes={"response#d#1": "new", "count#hr#1": "new"},
        reach={"response#d#1": {"nps"}, "count#hr#1": {"happy_consultants"}},
    )


def test_a_record_that_comes_twice_touches_no_more() -> None:
    records = [record("response#d#1", EARLIER, RESPONSE)]
    assert invalidated_by(records * 2, AMSTERDAM) == invalidated_by(records, AMSTERDAM)


def test_no_records_touch_nothing() -> None:
    assert invalidated_by([], AMSTERDAM) == Invalidation()


def test_the_sample_event_touches_a_client() -> None:
    records = json.loads(SAMPLE.read_text(encoding="utf-8"))["Records"]
    touched = invalidated_by(records, AMSTERDAM)
    assert set(touched.causes) == {each["dynamodb"]["Keys"]["fact_id"]["S"] for each in records}
    assert "nps" in touched.dimensions


def noted(**causes: Any) -> Invalidation:
    touched = Invalidation()
    for fact_id, cause in causes.items():
        touched.note(fact_id, cause)
        touched.reaches(fact_id, {"nps": ""}, None, UTC)
    return touched


@pytest.mark.parametrize(
    ("causes", "named"),
    [
        ({"a": "correction"}, "correction"),
        ({"a": "correction", "b": "new"}, "new"),
        ({"a": "erasure", "b": "retraction"}, "retraction"),
        ({"a": "retraction", "b": "correction", "c": "erasure"}, "correction"),
    ],
)
def test_the_strongest_cause_names_the_change(causes: dict[str, str], named: str) -> None:
    assert noted(**causes).behind(["nps"]) == (tuple(sorted(causes)), named)


def test_facts_that_touched_something_else_are_not_behind_a_change() -> None:
    assert noted(a="new").behind(["roadmap"]) == ((), None)
    assert noted(a="new").behind([]) == ((), None)


def test_a_description_may_be_behind_anything() -> None:
    touched = noted()
    touched.note("description#crm#aliases", "new")
    assert touched.behind(["roadmap"]) == (("description#crm#aliases",), "new")
