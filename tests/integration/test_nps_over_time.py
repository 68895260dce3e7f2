from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from moto import mock_aws

from tests.support.readings import problem
from tests.support.service import Service, event, in_memory

RATINGS = [
    ("2026-11-24T08:00:00Z", 9),
    ("2026-11-23T23:30:00Z", 10),  # the 24th in Amsterdam
    ("2026-11-20T08:00:00Z", 7),
    ("2026-10-31T23:00:00Z", 0),  # the first of November there
    ("2026-10-31T22:59:59Z", 3),
    ("2026-02-28T12:00:00Z", 9),
    ("2025-11-25T12:00:00Z", 9),
    ("2025-11-24T12:00:00Z", 9),
    ("2023-01-01T12:00:00Z", 0),
]


@pytest.fixture(scope="module")
def acme() -> Iterator[Service]:
    """A client with ratings over years, some under an alias; nothing here changes it."""
    with mock_aws():
        service = in_memory()
        sent = [
            event(
                "nps.responded",
                {"response_id": str(number), "score": score, "responded_at": answered},
                subject=("acme", "stray")[number % 2],
                time="2026-11-24T09:00:00Z",
            )
            for number, (answered, score) in enumerate(RATINGS)
        ]
        service.post([*sent, event("client.described", {"aliases": ["stray"]})])
        service.settle()
        yield service


def intervals(service: Service, query: str = "") -> list[dict[str, Any]]:
    answer = service.get(f"/v1/clients/acme/nps{query}").json
    assert answer["client_id"] == "acme"
    return list(answer["intervals"])


def test_a_year_by_months_unless_said_otherwise(acme: Service) -> None:
    told = intervals(acme)

    assert (told[0]["from"], told[0]["to"]) == ("2025-11-25", "2025-11-30")
    assert told[-1] == {
        "from": "2026-11-01",
        "to": "2026-11-24",
        "promoters": 2,
        "passives": 1,
        "detractors": 1,
        "count": 4,
        "nps": 25,
    }
    assert told[1] == {
        "from": "2025-12-01",
        "to": "2025-12-31",
        "promoters": 0,
        "passives": 0,
        "detractors": 0,
        "count": 0,
        "nps": None,
    }
    assert len(told) == 13


@pytest.mark.parametrize("interval", ["month", "day"])
@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2025-11-25", "2026-11-24"),
        ("2026-02-28", "2026-02-28"),
        ("2023-12-31", "2026-12-31"),
        ("2024-02-10", "2024-03-01"),
        ("2026-10-31", "2026-11-01"),
    ],
)
def test_intervals_leave_no_gap_and_hold_every_response_of_their_days(
    acme: Service, interval: str, first: str, last: str
) -> None:
    told = intervals(acme, f"?from={first}&to={last}&interval={interval}")

    begins = [date.fromisoformat(each["from"]) for each in told]
    ends = [date.fromisoformat(each["to"]) for each in told]
    assert (begins[0].isoformat(), ends[-1].isoformat()) == (first, last)
    assert begins[1:] == [end + timedelta(days=1) for end in ends[:-1]]
    assert all(
        begin == end if interval == "day" else begin.month == end.month for begin, end in zip(begins, ends, strict=True)
    )
    on = ["2026-11-24", "2026-11-24", "2026-11-20", "2026-11-01", "2026-10-31"] + [at[:10] for at, _ in RATINGS[5:]]
    of_days = Counter(day for day in on if first <= day <= last)
    assert sum(each["count"] for each in told) == of_days.total()
    assert all(each["count"] == each["promoters"] + each["passives"] + each["detractors"] for each in told)
    if interval == "day":
        assert {each["from"]: each["count"] for each in told if each["count"]} == of_days


def test_the_intervals_of_the_window_add_up_to_the_scorecard(acme: Service) -> None:
    tally = acme.get("/v1/clients/acme").json["dimensions"][4]["responses"]

    assert {key: sum(each[key] for each in intervals(acme)) for key in tally} == tally


@pytest.mark.parametrize(
    ("query", "pointers"),
    [
        ("?from=2020-01-01&to=2026-01-01", {"/query/from"}),
        ("?from=2026-11-02&to=2026-11-01", {"/query/from"}),
        ("?from=2026-11-25", {"/query/from"}),
        ("?interval=week&to=soon", {"/query/interval", "/query/to"}),
    ],
)
def test_what_is_too_long_or_no_interval_is_refused(acme: Service, query: str, pointers: set[str]) -> None:
    document = problem(acme.get(f"/v1/clients/acme/nps{query}"), 422, "Unprocessable Entity")

    assert {error["pointer"] for error in document["errors"]} == pointers
