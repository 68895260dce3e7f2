from datetime import date

import pytest

from shared.http.parameters import MOST_DAYS, Parameters
from shared.http.problems import InvalidError

TODAY = date(2026, 11, 24)


def faults(parameters: Parameters) -> list[str]:
    with pytest.raises(InvalidError) as problem:
        parameters.check()
    return [fault.pointer for fault in problem.value.faults]


@pytest.mark.parametrize(
    ("default", "chosen"), [(None, "happy_consultants"), ("nps", "nps")], ids=["the first", "the default"]
)
def test_a_choice_that_is_not_made_is_the_default(default: str | None, chosen: str) -> None:
    parameters = Parameters({})
    assert parameters.choice("dimension", ("happy_consultants", "nps"), default) == chosen
    parameters.check()


@pytest.mark.parametrize("text", ["", "NPS", "mood"])
def test_a_choice_that_there_is_not_is_refused(text: str) -> None:
    parameters = Parameters({"dimension": text})
    parameters.choice("dimension", ("happy_consultants", "nps"), "nps")
    assert faults(parameters) == ["/query/dimension"]


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ({}, date(2025, 11, 25), TODAY),
        ({"to": "2026-06-30"}, date(2025, 7, 1), date(2026, 6, 30)),
        ({"from": "2026-11-01"}, date(2026, 11, 1), TODAY),
        ({"from": "2026-11-24"}, TODAY, TODAY),
    ],
    ids=str,
)
def test_a_span_is_a_year_up_to_today_unless_said_otherwise(query: dict[str, str], first: date, last: date) -> None:
    parameters = Parameters(query)
    assert parameters.span(TODAY) == (first, last)
    parameters.check()


@pytest.mark.parametrize("query", [{"from": "2023-11-20"}, {"from": "2026-11-25"}, {"from": "today"}], ids=str)
def test_a_span_that_is_too_long_or_turned_round_is_refused(query: dict[str, str]) -> None:
    parameters = Parameters(query)
    parameters.span(TODAY)
    assert faults(parameters) == ["/query/from"]


def test_the_longest_span_is_taken() -> None:
    parameters = Parameters({"from": date.fromordinal(TODAY.toordinal() - MOST_DAYS + 1).isoformat()})
    parameters.span(TODAY)
    parameters.check()
