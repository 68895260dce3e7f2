import json
from datetime import date
from itertools import permutations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.score.invalidation import STRENGTH, Invalidation, invalidated_by
from shared.opmm.kinds import KINDS
from shared.opmm.ledger import Cause
from shared.storage.dynamodb import to_item
from tests.unit.storage.items import OTHERS, nodes, with_other

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
SAMPLE = Path(__file__).parents[3] / "events" / "stream" / "facts-changed.json"

Image = dict[str, Any]


def image(
    kind: str, observed_at: str | None = None, *, question: str | None = None, name: str = "acme", **answer: Any
) -> Image:
    """A version of a fact as it lies in the table; without a business time it counts for nothing."""
    lane = KINDS[kind].lane_for(question)
    return to_item(
        {
            "client_id": name,
            "fact_id": IDENTITIES[kind],
            "format": 1,
            "kind": kind,
            "question": question,
            "source": "d",
            "revision": "t1#0#x",
            "observed_at": observed_at,
            "answer": answer,
            "lane_time": observed_at and f"{lane}#{observed_at}#t1#0#x",
        }
    )


IDENTITIES = {
    "response": "response#d#1",
    "reported": "reported#d#1",
    "count": "count#hr#1",
    "survey": "survey#s#1#roadmap",
    "description": "description#crm",
}


def record(old: Image | None = None, new: Image | None = None) -> dict[str, Any]:
    images = {"OldImage": old, "NewImage": new}
    [either, *_] = [held for held in (old, new) if held]
    return {
        "dynamodb": {
            "Keys": {key: either[key] for key in ("client_id", "fact_id")},
            **{name: held for name, held in images.items() if held},
        }
    }


RESPONSE = image("response", "2026-11-20T23:30:00Z", score=9)
EARLIER = image("response", "2026-11-18T08:00:00Z", score=3)
RETRACTED = image("response")
MOVED = {**RETRACTED, "moved": {"BOOL": True}}
COUNT = image("count", "2026-11-01", working=4)
ROADMAP = image("survey", "2026-11-20T08:00:00Z", question="roadmap", roadmap="yes")
UNANSWERED = image("survey", question="roadmap")


def test_a_new_response_invalidates_its_day_in_the_tenants_calendar() -> None:
    assert invalidated_by([record(None, RESPONSE)], AMSTERDAM) == Invalidation(
        name="acme",
        lanes={"nps.response": {"acme"}},
        earliest={"nps.response": date(2026, 11, 21)},
        days={date(2026, 11, 21)},
        causes={"response#d#1": "new"},
        reach={"response#d#1": {"nps.response"}},
        latest={"response#d#1": date(2026, 11, 21)},
    )


def test_a_response_that_moved_invalidates_the_day_it_left_and_the_day_it_came_to() -> None:
    assert invalidated_by([record(EARLIER, RESPONSE)], AMSTERDAM) == Invalidation(
        name="acme",
        lanes={"nps.response": {"acme"}},
        earliest={"nps.response": date(2026, 11, 18)},
        days={date(2026, 11, 18), date(2026, 11, 21)},
        causes={"response#d#1": "correction"},
        reach={"response#d#1": {"nps.response"}},
        latest={"response#d#1": date(2026, 11, 21)},
    )


def test_a_retracted_response_invalidates_the_day_it_left() -> None:
    invalidation = invalidated_by([record(EARLIER, RETRACTED)], AMSTERDAM)
    assert invalidation.days == {date(2026, 11, 18)}
    assert invalidation.causes == {"response#d#1": "retraction"}


def test_a_response_that_went_to_another_client_is_a_correction() -> None:
    invalidation = invalidated_by([record(EARLIER, MOVED)], AMSTERDAM)
    assert invalidation.days == {date(2026, 11, 18)}
    assert invalidation.causes == {"response#d#1": "correction"}


def test_a_retraction_that_arrives_first_invalidates_nothing() -> None:
    assert invalidated_by([record(None, RETRACTED)], AMSTERDAM) == Invalidation(
        name="acme", causes={"response#d#1": "retraction"}, reach={"response#d#1": set()}
    )


def test_a_fact_that_was_erased_invalidates_the_place_it_left() -> None:
    invalidation = invalidated_by([record(COUNT, None)], AMSTERDAM)
    assert (invalidation.lanes, invalidation.causes) == ({"consultants": {"acme"}}, {"count#hr#1": "erasure"})


def test_a_reported_nps_invalidates_no_day() -> None:
    invalidation = invalidated_by([record(None, image("reported", "2026-11-20T08:00:00Z", nps=64))], AMSTERDAM)
    assert (invalidation.lanes, invalidation.days) == ({"nps.reported": {"acme"}}, set())


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [(None, ROADMAP, "new"), (ROADMAP, ROADMAP, "correction"), (ROADMAP, UNANSWERED, "retraction")],
    ids=["answered", "answered again", "not answered any more"],
)
def test_a_survey_invalidates_the_question_that_it_answers_or_answered(
    old: Image | None, new: Image, cause: Cause
) -> None:
    invalidation = invalidated_by([record(old, new)], AMSTERDAM)
    assert invalidation.reach == {"survey#s#1#roadmap": {"survey.roadmap"}}
    assert (invalidation.lanes, invalidation.causes) == (
        {"survey.roadmap": {"acme"}},
        {"survey#s#1#roadmap": cause},
    )


def test_the_name_that_a_fact_was_sent_under_is_told() -> None:
    under_alias = image("response", "2026-11-20T23:30:00Z", name="acme-bv", score=9)
    invalidation = invalidated_by([record(None, RESPONSE), record(None, under_alias)], AMSTERDAM)
    assert invalidation.lanes == {"nps.response": {"acme", "acme-bv"}}


def described(**said: str) -> Image:
    return {**image("description"), **{f"said.{part}": {"S": value} for part, value in said.items()}}


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        (None, described(name="A"), "new"),
        (described(name="A"), described(name="A", status="ended"), "new"),
        (described(name="A"), described(name="B"), "correction"),
        (described(name="A"), None, "erasure"),
    ],
    ids=["first", "another part", "the same part", "none any more"],
)
def test_a_description_invalidates_the_client_itself(old: Image | None, new: Image | None, cause: Cause) -> None:
    assert invalidated_by([record(old, new)], AMSTERDAM) == Invalidation(
        name="acme", described=True, causes={"description#crm": cause}
    )


@pytest.mark.parametrize("order", [1, -1])
def test_a_fact_that_came_and_changed_in_one_batch_is_new(order: int) -> None:
    records = [record(None, EARLIER), record(EARLIER, RESPONSE)]
    assert invalidated_by(records[::order], AMSTERDAM).causes == {"response#d#1": "new"}


def test_records_of_one_client_add_up() -> None:
    records = [record(None, EARLIER), record(None, COUNT), record(None, {**EARLIER, "fact_id": {"S": "response#d#2"}})]
    for ordered in permutations(records):
        assert invalidated_by(ordered, AMSTERDAM) == Invalidation(
            name="acme",
            lanes={"nps.response": {"acme"}, "consultants": {"acme"}},
            earliest={"nps.response": date(2026, 11, 18), "consultants": date(2026, 11, 1)},
            days={date(2026, 11, 18)},
            causes={"response#d#1": "new", "response#d#2": "new", "count#hr#1": "new"},
            reach={"response#d#1": {"nps.response"}, "response#d#2": {"nps.response"}, "count#hr#1": {"consultants"}},
            latest={
                "response#d#1": date(2026, 11, 18),
                "response#d#2": date(2026, 11, 18),
                "count#hr#1": date(2026, 11, 1),
            },
        )


def test_a_record_that_comes_twice_reaches_no_further() -> None:
    once, twice = (invalidated_by([record(EARLIER, RESPONSE)] * times, AMSTERDAM) for times in (1, 2))
    assert (twice.lanes, twice.earliest, twice.causes, twice.reach, set(twice.days)) == (
        once.lanes,
        once.earliest,
        once.causes,
        once.reach,
        set(once.days),
    )


def test_no_records_invalidate_nothing() -> None:
    assert invalidated_by([], AMSTERDAM) == Invalidation()


@pytest.mark.parametrize("kept", [RESPONSE, COUNT, ROADMAP], ids=["response", "count", "survey"])
def test_a_damaged_image_never_fails_its_batch(kept: Image) -> None:
    for path, _ in nodes(kept):
        if path in [("client_id",), ("fact_id",)]:  # the keys of a table are what they are
            continue
        for other in OTHERS:
            damaged = with_other(kept, path, other)
            assert set(invalidated_by([record(damaged, kept)], AMSTERDAM).causes) == {kept["fact_id"]["S"]}
            assert set(invalidated_by([record(kept, damaged)], AMSTERDAM).causes) == {kept["fact_id"]["S"]}


def test_the_sample_event_tells_of_a_corrected_response() -> None:
    records = json.loads(SAMPLE.read_text(encoding="utf-8"))["Records"]
    assert invalidated_by(records, AMSTERDAM) == Invalidation(
        name="acme",
        lanes={"nps.response": {"acme"}},
        earliest={"nps.response": date(2026, 11, 18)},
        days={date(2026, 11, 18)},
        causes={"response#delighted#r-1": "correction"},
        reach={"response#delighted#r-1": {"nps.response"}},
        latest={"response#delighted#r-1": date(2026, 11, 18)},
    )


def test_what_takes_away_is_stronger_than_what_changes_and_that_than_what_comes() -> None:
    assert STRENGTH == ("erasure", "retraction", "correction", "new")
