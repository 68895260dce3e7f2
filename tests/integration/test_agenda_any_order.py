"""What is kept of talks, actions, goals and past months is what all facts give, in any order and on any day.

The score function keeps an agenda up to date by reading what may have changed; here it is held against one that is read
anew, over orders, repetitions, corrections, retractions, aliases and days that pass.
"""

from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws

from shared.storage.client_agenda import Planned
from tests.support.agendas import kept, kept_months, months_anew, read_anew
from tests.support.plain_tables import plain_tables
from tests.support.service import NOW, event, in_memory, post_in_any_order

pytestmark = pytest.mark.usefixtures("plainly")

SUBJECTS = ("acme", "acme-old")
"""A client, and a name that becomes its alias."""


def day(offset: int) -> str:
    return (NOW.date() - timedelta(days=offset)).isoformat()


def at(offset: int, minute: int = 0) -> str:
    return f"{day(offset)}T08:{minute:02}:00Z"


LAST = event("consultants.counted", {"working": 1, "as_of": day(0)}, id="any")
"""There is a client whatever else is drawn."""

_ago = st.integers(0, 460)
_soon = st.integers(-60, 200)
_points = st.integers(1, 4)
_questions = st.sampled_from(["roadmap", "nps", "happy_consultants"])


@st.composite
def _event(draw: st.DrawFn) -> dict[str, Any]:
    ago = draw(_ago)
    recorded = {"time": at(ago, draw(st.integers(0, 59))), "subject": draw(st.sampled_from(SUBJECTS))}
    type_, data = draw(st.one_of(_talks, _actions, _goals, _facts(ago)))
    return event(type_, {key: value for key, value in data.items() if value is not None}, **recorded)


_number = st.integers(0, 2)
_talks = st.builds(
    lambda number, on, cancelled: ("talk.recorded", {"talk_id": f"t-{number}", "on": day(on), "cancelled": cancelled}),
    _number,
    _soon,
    st.booleans(),
)
_goals = st.builds(
    lambda number, points, by, withdrawn: (
        "goal.set",
        {"goal_id": f"g-{number}", "points": points, "by": day(by), "withdrawn": withdrawn},
    ),
    _number,
    _points,
    _soon,
    st.booleans(),
)
_actions = st.builds(
    lambda number, agreed, lasts, expects, closed: (
        "action.agreed",
        {
            "action_id": f"a-{number}",
            "title": "Something",
            "side": "agency",
            "agreed_on": day(agreed),
            "due": day(agreed - lasts),
            "expects": expects,
            "closed": closed,
        },
    ),
    _number,
    _ago | st.integers(-3, 0),
    st.integers(0, 400),
    st.none() | st.fixed_dictionaries({"dimension": _questions, "points": _points}),
    st.sampled_from([None, None, "done", "dropped"]),
)


def _facts(ago: int) -> st.SearchStrategy[tuple[str, dict[str, Any]]]:
    roadmap = st.sampled_from(["co_creating", "yes", "no", "third_party"])
    return st.one_of(
        st.builds(lambda number: ("nps.retracted", {"response_id": f"r-{number}"}), _number),
        st.builds(
            lambda number, score: (
                "nps.responded",
                {"response_id": f"r-{number}", "score": score, "responded_at": at(ago)},
            ),
            _number,
            st.integers(0, 10),
        ),
        st.builds(lambda working: ("consultants.counted", {"working": working, "as_of": day(ago)}), st.integers(0, 12)),
        st.builds(
            lambda number, answer: (
                "survey.answered",
                {"survey_id": f"s-{number}", "answered_at": at(ago), "answers": {"roadmap": answer}},
            ),
            _number,
            roadmap,
        ),
    )


def play(sent: list[dict[str, Any]], rng: Random, days: int) -> tuple[Planned, Planned, list[str]]:
    """The agenda that is kept after all of it came in a drawn order, the one read anew, and the reasons to talk."""
    with mock_aws(), plain_tables():
        service = in_memory()
        post_in_any_order(service, sent, rng)
        service.clock.now += timedelta(days=days)
        if days:
            service.night()
        held, anew = kept(service, "acme"), read_anew(service, "acme")
        assert kept_months(service, "acme") == months_anew(service, "acme")
        reasons = service.get("/v1/clients/acme").json["discussion"]["reasons"]
        return held, anew, [reason["key"] for reason in reasons]


_days = st.sampled_from([0, 1, 40])
_sent = st.lists(_event(), min_size=2, max_size=14)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_sent, st.booleans(), _days, st.integers(0, 2**32))
def test_what_is_kept_is_what_all_facts_give(sent: list[dict[str, Any]], joined: bool, days: int, seed: int) -> None:  # noqa: FBT001 - hypothesis gives it
    told = [*sent, LAST]
    if joined:
        told.append(event("client.described", {"aliases": ["acme-old"]}, id="joined", time=at(0)))

    held, anew, _ = play(told, Random(seed), days)

    assert held == anew


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_sent, _days, st.integers(0, 2**32))
def test_order_and_repetition_change_nothing(sent: list[dict[str, Any]], days: int, seed: int) -> None:
    rng = Random(seed)
    assert play([*sent, LAST], rng, days) == play([*sent, LAST], rng, days)


@pytest.mark.parametrize(
    "first",
    [
        {"agreed_on": day(200)},
        {"agreed_on": day(200), "expects": {"dimension": "roadmap", "points": 1}},
        {"agreed_on": day(200), "expects": {"dimension": "happy_consultants", "points": 1}},
    ],
    ids=["agreed later", "more is expected", "something else is expected"],
)
def test_what_an_action_said_before_it_was_changed_is_not_what_it_was_met_by(first: dict[str, Any]) -> None:
    data = {"action_id": "a-0", "title": "Something", "side": "agency", "due": day(-30)}
    expects = {"dimension": "roadmap", "points": 3}
    with mock_aws(), plain_tables():
        service = in_memory()
        answered = {"survey_id": "s-0", "answered_at": at(300), "answers": {"roadmap": "yes"}}
        counted = {"working": 12, "happy": 12, "as_of": day(300)}
        for sent in (
            event("survey.answered", answered, time=at(300)),
            event("consultants.counted", counted, time=at(300)),
            event("action.agreed", {**data, "expects": expects, **first}, time=at(0, minute=1), id="said"),
            event("action.agreed", {**data, "agreed_on": day(100), "expects": expects}, time=at(0, minute=2), id="now"),
        ):
            service.post(sent)
            service.settle()

        held = kept(service, "acme")

        assert held == read_anew(service, "acme")
        assert [met.day for met in held.agenda.met.values()] == [NOW.date() - timedelta(days=100)]
