import itertools
import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from tests.support.oracle import evaluate, happy_points, nps_points, rounded, status

DAY = date(2026, 11, 23)
ZONE = "Europe/Amsterdam"
Event = dict[str, Any]
ids = itertools.count()


def digest(event: Mapping[str, Any], question: str | None = None) -> str:
    said = event["data"]["answers"].get(question) if question else event["data"]
    return json.dumps(said, sort_keys=True)


def event(
    kind: str, time: str = "2026-11-20T09:00:00Z", subject: str = "acme", source: str = "hr", **data: Any
) -> Event:
    return {
        "specversion": "1.0",
        "type": kind,
        "source": source,
        "id": f"e{next(ids)}",
        "subject": subject,
        "time": time,
        "data": data,
    }


def response(response_id: str, score: int, at: str = "2026-11-20T08:00:00Z", **more: Any) -> Event:
    more = {"source": "delighted"} | more
    return event("nps.responded", response_id=response_id, score=score, responded_at=at, **more)


def counted(working: int, as_of: str = "2026-11-01", **more: Any) -> Event:
    return event("consultants.counted", working=working, as_of=as_of, **more)


def survey(at: str, survey_id: str | None = None, time: str = "2026-11-20T09:00:00Z", **answers: Any) -> Event:
    identity = {"survey_id": survey_id} if survey_id else {}
    return event("survey.answered", time, answered_at=at, answers=answers, **identity)


def described(time: str = "2026-11-20T09:00:00Z", subject: str = "acme", source: str = "hr", **data: Any) -> Event:
    return event("client.described", time, subject, source, **data)


def card(*events: Event, client: str = "acme", day: date = DAY, zone: str = ZONE) -> dict[str, Any]:
    found = evaluate(list(events), client, day, zone, digest)
    assert found is not None
    return found


def part(key: str, *events: Event, client: str = "acme", day: date = DAY, zone: str = ZONE) -> dict[str, Any]:
    [found] = [entry for entry in card(*events, client=client, day=day, zone=zone)["dimensions"] if entry["key"] == key]
    assert isinstance(found, dict)
    return found


def test_a_whole_scorecard() -> None:
    ratings = [10, 9, 9, 9, 9, 7, 8, 0, 6]
    events = [response(f"r{number}", score) for number, score in enumerate(ratings)]
    events += [counted(8, happy=6), survey("2026-05-01T10:00:00+02:00", specialisms=3, roadmap="yes")]
    events += [described(name="Acme B.V.")]
    unknown = {"points": None, "max": 4, "value": None, "basis": None, "observed_at": None, "source": None}
    answered = {"max": 4, "basis": "answered", "observed_at": "2026-05-01T08:00:00Z", "source": "hr"}
    assert card(*events) == {
        "client_id": "acme",
        "name": "Acme B.V.",
        "as_of": "2026-11-23",
        "total": 3 + 3 + 3 + 4,
        "max_total": 20,
        "attainable": 16,
        "complete": False,
        "stale": True,
        "model": "opmm-1",
        "dimensions": [
            {
                "key": "happy_consultants",
                "points": 3,
                "max": 4,
                "value": 6,
                "basis": "measured",
                "observed_at": "2026-11-01",
                "source": "hr",
                "stale": False,
            },
            {"key": "specialisms", "points": 3, "value": 3, "stale": True} | answered,
            {"key": "roadmap", "points": 3, "value": "yes", "stale": False} | answered,
            {"key": "inspiration", "stale": False} | unknown,
            {
                "key": "nps",
                "points": 4,
                "max": 4,
                "value": 33,
                "basis": "responses",
                "observed_at": "2026-11-20T08:00:00Z",
                "source": "delighted",
                "stale": False,
                "responses": {"promoters": 5, "passives": 2, "detractors": 2, "count": 9},
            },
        ],
    }


def test_a_client_nobody_told_of_has_no_scorecard() -> None:
    assert evaluate([counted(3)], "other", DAY, ZONE, digest) is None


def test_a_client_with_nothing_answered_has_nothing_but_its_name() -> None:
    empty = card(described(status="active"))
    assert (empty["name"], empty["total"], empty["attainable"], empty["complete"]) == ("acme", 0, 0, False)


@pytest.mark.parametrize(("happy", "points"), [(11, 4), (10, 3), (5, 3), (4, 2), (2, 2), (1, 1), (0, 0)])
def test_points_for_happy_consultants(happy: int, points: int) -> None:
    assert happy_points(happy) == points


@pytest.mark.parametrize(("value", "points"), [(10, 4), (9, 3), (1, 3), (0, 2), (-1, 1), (-100, 1)])
def test_points_for_nps(value: int, points: int) -> None:
    assert nps_points(value) == points


@pytest.mark.parametrize(
    ("exact", "whole"), [("0.4", 0), ("0.5", 1), ("-0.5", -1), ("9.5", 10), ("-0.4", 0), ("2.5", 3), ("-2.5", -3)]
)
def test_nps_is_rounded_half_away_from_zero(exact: str, whole: int) -> None:
    assert rounded(Fraction(exact)) == whole


def test_without_happiness_the_head_count_counts() -> None:
    found = part("happy_consultants", counted(12))
    assert (found["value"], found["points"], found["basis"]) == (12, 4, "headcount")


def test_zero_happy_consultants_is_an_answer() -> None:
    found = part("happy_consultants", counted(5, happy=0))
    assert (found["value"], found["points"], found["basis"]) == (0, 0, "measured")


def test_specialisms_count_distinct_names() -> None:
    found = part(
        "specialisms", survey("2026-11-01T10:00:00Z", specialisms=["Cloud", " cloud ", "DATA", "Straße", "STRASSE"])
    )
    assert (found["value"], found["points"]) == (3, 3)
    found = part("specialisms", survey("2026-11-01T10:00:00Z", specialisms=0))
    assert (found["value"], found["points"]) == (0, 0)
    assert part("specialisms", survey("2026-11-01T10:00:00Z", specialisms=9))["points"] == 4


@pytest.mark.parametrize(
    ("key", "as_of", "stale"),
    [("happy_consultants", "2026-10-09", False), ("happy_consultants", "2026-10-08", True)],
)
def test_a_head_count_is_stale_after_45_days(key: str, as_of: str, stale: bool) -> None:  # noqa: FBT001
    assert part(key, counted(5, as_of))["stale"] is stale
    assert part(key, counted(5, as_of))["points"] == 3


@pytest.mark.parametrize(
    ("key", "answer", "last_fresh", "first_stale"),
    [
        ("specialisms", 2, "2026-05-27", "2026-05-26"),
        ("roadmap", "no", "2025-11-23", "2025-11-22"),
        ("inspiration", "no", "2025-11-23", "2025-11-22"),
    ],
)
def test_answers_go_stale_by_whole_days(key: str, answer: Any, last_fresh: str, first_stale: str) -> None:
    for day, stale in ((last_fresh, False), (first_stale, True)):
        assert part(key, survey(f"{day}T12:00:00Z", **{key: answer}))["stale"] is stale


def test_the_window_is_365_days_of_the_tenants_zone() -> None:
    inside = response("a", 9, "2025-11-23T23:00:00Z")  # 24 November 2025 in Amsterdam, the first day
    before = response("b", 0, "2025-11-23T22:59:59Z")
    assert part("nps", inside, before)["value"] == 100
    last = response("c", 0, "2026-11-23T22:59:59Z")
    after = response("d", 0, "2026-11-23T23:00:00Z")
    assert part("nps", inside, last, after)["responses"] == {
        "promoters": 1,
        "passives": 0,
        "detractors": 1,
        "count": 2,
    }
    assert part("nps", before, zone="UTC")["points"] is None
    assert part("nps", after, zone="UTC")["value"] == -100


def test_responses_win_from_a_report_and_a_report_counts_only_in_the_window() -> None:
    reported = event("nps.reported", nps=0, measured_at="2026-11-22T08:00:00.250Z")
    found = part("nps", reported)
    assert (found["value"], found["points"], found["basis"], found["responses"]) == (0, 2, "reported", None)
    assert found["observed_at"] == "2026-11-22T08:00:00.250000Z"
    assert part("nps", reported, response("a", 10))["basis"] == "responses"
    assert part("nps", event("nps.reported", nps=50, measured_at="2025-11-01T08:00:00Z"))["points"] is None


def test_excluded_and_retracted_responses_do_not_count() -> None:
    retraction = event("nps.retracted", "2026-11-21T09:00:00Z", source="delighted", response_id="a")
    assert part("nps", retraction, response("a", 0), response("b", 9))["value"] == 100
    assert part("nps", response("a", 0, excluded=True), response("b", 9, excluded=False))["value"] == 100
    early = event("nps.retracted", "2026-11-19T09:00:00Z", source="delighted", response_id="a")
    assert part("nps", early, response("a", 0))["value"] == -100


def test_a_later_revision_replaces_a_fact_and_a_tie_is_broken_by_the_digest() -> None:
    first = response("a", 0, time="2026-11-20T09:00:00Z")
    second = response("a", 9, time="2026-11-20T10:30:00+01:00")
    assert part("nps", second, first)["value"] == 100
    low, high = response("t", 1), response("t", 9)
    assert digest(low) < digest(high)
    assert part("nps", high, low)["value"] == part("nps", low, high)["value"] == 100


def test_other_sources_have_facts_of_their_own() -> None:
    found = part("nps", response("a", 0), response("a", 9, source="other"))
    assert found["responses"]["count"] == 2


def test_the_latest_business_time_counts_whatever_arrives_last() -> None:
    newer = counted(8, "2026-11-02", time="2026-11-02T09:00:00Z")
    late = counted(1, "2026-11-01", time="2026-11-20T09:00:00Z")
    assert part("happy_consultants", newer, late)["value"] == 8


def test_a_date_is_the_start_of_that_day_in_the_tenants_zone() -> None:
    start = counted(8, "2026-11-02", time="2026-11-05T09:00:00Z")
    same_instant = counted(9, "2026-11-01T23:00:00Z", time="2026-11-04T09:00:00Z")
    assert part("happy_consultants", same_instant, start)["value"] == 8
    a_second_later = counted(9, "2026-11-01T23:00:01Z", time="2026-11-04T09:00:00Z")
    assert part("happy_consultants", start, a_second_later)["value"] == 9


def test_at_the_same_instant_the_fact_with_the_higher_revision_counts() -> None:
    first = counted(1, time="2026-11-02T09:00:00Z")
    other = counted(2, time="2026-11-03T09:00:00Z", source="crm")
    corrected = counted(3, time="2026-11-04T09:00:00Z")
    assert part("happy_consultants", first, other)["value"] == 2
    assert part("happy_consultants", first, other, corrected)["value"] == 3


def test_as_of_an_earlier_day_only_facts_up_to_it_count() -> None:
    events = [counted(8, "2026-11-02"), counted(1, "2026-10-01")]
    assert part("happy_consultants", *events, day=date(2026, 11, 1))["value"] == 1
    assert part("happy_consultants", *events, day=date(2026, 11, 2))["value"] == 8
    assert card(*events, day=date(2020, 1, 1))["total"] == 0


def test_each_question_takes_its_own_latest_answer() -> None:
    events = [
        survey("2026-10-01T10:00:00Z", roadmap="yes", inspiration="no"),
        survey("2026-11-01T10:00:00Z", roadmap="third_party"),
    ]
    assert part("roadmap", *events)["value"] == "third_party"
    assert part("inspiration", *events)["value"] == "no"


def test_a_corrected_survey_no_longer_answers_what_it_leaves_out() -> None:
    old = survey("2026-10-01T10:00:00Z", roadmap="no")
    first = survey("2026-11-01T10:00:00Z", "s1", "2026-11-01T11:00:00Z", roadmap="yes", inspiration="no")
    corrected = survey("2026-11-01T10:00:00Z", "s1", "2026-11-02T11:00:00Z", inspiration="regularly")
    assert part("roadmap", old, first)["value"] == "yes"
    assert part("roadmap", old, corrected, first)["value"] == "no"
    assert part("inspiration", corrected, first)["points"] == 4


def test_surveys_without_an_id_are_told_apart_by_their_event() -> None:
    first = survey("2026-11-01T10:00:00Z", time="2026-11-01T11:00:00Z", roadmap="yes")
    second = survey("2026-11-02T10:00:00Z", time="2026-11-02T11:00:00Z", inspiration="no")
    assert part("roadmap", first, second)["value"] == "yes"
    corrected = second | {"id": first["id"]}
    assert part("roadmap", first, corrected)["value"] is None


def test_descriptions_merge_per_field_over_sources() -> None:
    events = [
        described("2026-11-03T09:00:00Z", name="New", source="crm"),
        described("2026-11-04T09:00:00Z", status="ended"),
        described("2026-11-02T09:00:00Z", name="Old"),
    ]
    assert card(*events)["name"] == "New"
    assert status(events, "acme", digest) == "ended"
    assert status(events[:1], "acme", digest) == "active"


def test_the_facts_of_aliases_count_and_their_address_answers_with_the_client() -> None:
    events = [
        counted(8, subject="acme-nl"),
        response("a", 9, subject="acme-bv"),
        described(aliases=["acme-nl"]),
        described(subject="acme-nl", aliases=["acme-bv"], name="Acme"),
    ]
    whole = card(*events)
    assert (whole["client_id"], whole["name"], whole["attainable"]) == ("acme", "Acme", 8)
    assert card(*events, client="acme-bv") == whole


def test_one_fact_under_two_names_is_one_fact() -> None:
    events = [
        response("a", 0, time="2026-11-20T10:00:00Z"),
        response("a", 9, time="2026-11-20T11:00:00Z", subject="acme-nl"),
        described(aliases=["acme-nl"]),
    ]
    assert part("nps", *events)["responses"]["count"] == 1
    assert part("nps", *events)["value"] == 100


def test_the_latest_claim_to_a_name_wins() -> None:
    fact = counted(8, subject="shared-name")
    acme = described("2026-11-02T09:00:00Z", aliases=["shared-name"])
    beta = described("2026-11-03T09:00:00Z", subject="beta", aliases=["shared-name"])
    assert card(fact, beta, acme, client="shared-name")["client_id"] == "beta"
    assert part("happy_consultants", fact, beta, acme)["value"] is None
    given_up = described("2026-11-04T09:00:00Z", subject="beta", aliases=[])
    assert card(fact, beta, acme, given_up, client="shared-name")["client_id"] == "acme"


def test_of_two_clients_that_claim_each_other_the_later_claim_holds() -> None:
    acme = described("2026-11-02T09:00:00Z", aliases=["beta", "acme"])
    beta = described("2026-11-03T09:00:00Z", subject="beta", aliases=["acme"])
    assert card(acme, beta)["client_id"] == "beta"
    assert card(acme, beta, client="beta")["client_id"] == "beta"
