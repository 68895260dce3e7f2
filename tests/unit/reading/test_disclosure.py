from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.http.problems import ForbiddenError
from shared.http.tokens import ROLES, Token
from shared.opmm.facts import fact_id
from shared.reading.disclosure import Disclosure, months_of_window, response_count

ZONE = ZoneInfo("Europe/Amsterdam")
COUNTS, PEOPLE = Disclosure(people=False, zone=ZONE), Disclosure(people=True, zone=ZONE)
TODAY = date(2026, 11, 24)

days = st.dates(date(2000, 1, 1), date(2100, 1, 1))
texts = st.text(max_size=20)


@pytest.mark.parametrize(("role", "people"), [("client", False), ("viewer", True), ("editor", True), ("admin", True)])
@pytest.mark.parametrize("clients", [None, frozenset({"acme"})])
def test_the_scope_decides_whoever_the_token_is_limited_to(
    role: str, clients: frozenset[str] | None, *, people: bool
) -> None:
    token = Token("somebody", frozenset(ROLES[role]), clients=clients)  # type: ignore[index]  # one of the roles
    assert Disclosure.to(token, ZONE).people is people


def test_whoever_asks_for_days_is_told_which_scope_is_missing() -> None:
    PEOPLE.require_people()
    with pytest.raises(ForbiddenError, match=r"evidence:read.*interval=month"):
        COUNTS.require_people()


@given(texts, texts, texts)
def test_a_survey_keeps_its_source_and_question_but_not_its_id(source: str, survey: str, question: str) -> None:
    known = fact_id("survey", source, survey, question)
    told = COUNTS.fact_id(known)

    assert PEOPLE.fact_id(known) == known
    assert told.split("#")[:2] + told.split("#")[3:] == known.split("#")[:2] + known.split("#")[3:]
    assert len(told.split("#")[2]) == 16
    assert told.split("#")[2] == COUNTS.fact_id(fact_id("survey", source, survey, "another")).split("#")[2]


@pytest.mark.parametrize("known", ["count#hr#2026-11-01", "reported#nps#2026-11-01T08:00:00Z", "mood#hr#1"])
def test_other_facts_keep_their_ids(known: str) -> None:
    assert COUNTS.fact_id(known) == known


def test_responses_are_counted_instead_of_named() -> None:
    facts = ["response#nps#1", "count#hr#2026-11-01", "response#nps#2"]

    assert (COUNTS.facts(facts), response_count(facts)) == (["count#hr#2026-11-01"], 2)
    assert PEOPLE.facts(facts) == facts


def test_an_instant_is_told_as_the_day_that_it_lies_in_there() -> None:
    late = datetime(2026, 11, 23, 23, 30, 1, 5, tzinfo=UTC)

    assert COUNTS.instant(late) == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    assert PEOPLE.instant(late) == late


@given(days, days)
def test_months_are_whole_but_for_days_to_come(one: date, other: date) -> None:
    first, last = sorted((one, other))
    begin, end = COUNTS.whole_months(first, last, TODAY)

    assert begin <= first
    assert begin.day == 1
    assert end >= last
    assert end in {last, TODAY} or end.month != date.fromordinal(end.toordinal() + 1).month
    assert end != last or last >= TODAY or end.month != date.fromordinal(end.toordinal() + 1).month
    assert PEOPLE.whole_months(first, last, TODAY) == (first, last)


@given(days)
def test_the_months_of_the_window_hold_all_its_days(today: date) -> None:
    first, last = months_of_window(today)

    assert (first.day, last) == (1, today)
    assert 365 <= (last - first).days + 1 <= 365 + 30
