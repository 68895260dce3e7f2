"""What becomes of talks, actions and goals: the rules by example, and actions beside an oracle that walks the days."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.opmm.agenda import (
    Action,
    Agenda,
    Closed,
    Expectation,
    Goal,
    Met,
    Settlement,
    Talk,
    goal_status,
    met_on,
    settle,
)
from shared.opmm.scorecard import QuestionSnapshot, Snapshot
from shared.opmm.timeline import Stand
from tests.unit.opmm.inputs import DAY, days_ago

AGREED, DUE = days_ago(60), days_ago(10)


def talk(on: date, recorded_on: date, **parts: Any) -> Talk:
    return Talk(**{"talk_id": "t", "fact_id": f"talk#people#{on}", "on": on, "recorded_on": recorded_on, **parts})


def action(**parts: Any) -> Action:
    values = {
        "action_id": "a",
        "fact_id": "action#people#a",
        "title": "Draw up the roadmap",
        "side": "agency",
        "agreed_on": AGREED,
        "due": DUE,
        "recorded_on": AGREED,
        "expects": Expectation("roadmap", 4),
    }
    return Action(**{**values, **parts})


def snapshot(day: date, points: int | None) -> Snapshot:
    return Snapshot(day, (QuestionSnapshot("roadmap", points, None if points is None else "yes"),))


@pytest.mark.parametrize(
    ("on", "recorded", "day", "status"),
    [
        (DAY, DAY, DAY, "held"),
        (days_ago(1), DAY, DAY, "held"),
        (DAY, days_ago(1), DAY, "planned"),
        (DAY, days_ago(1), days_ago(-1), "missed"),
        (days_ago(-9), DAY, DAY, "planned"),
    ],
)
def test_a_talk_is_held_when_it_is_told_on_its_day_or_later(on: date, recorded: date, day: date, status: str) -> None:
    assert talk(on, recorded).status(day) == status
    assert talk(on, recorded, cancelled=True).status(day) == "cancelled"


def test_last_next_and_missed_talks() -> None:
    held, planned, missed = talk(days_ago(40), days_ago(40)), talk(days_ago(-5), DAY), talk(days_ago(20), days_ago(30))
    forgotten = talk(days_ago(50), days_ago(60))
    agenda = Agenda(talks=(planned, missed, held, forgotten))
    assert (agenda.last_talk(DAY), agenda.next_talk(DAY), agenda.missed_talk(DAY)) == (held.on, planned.on, missed.on)
    assert set(agenda.kept(DAY).talks) == {planned, missed, held}
    assert (agenda.last_talk(days_ago(41)), Agenda().last_talk(DAY)) == (None, None)


@pytest.mark.parametrize(
    ("met", "closed", "expected"),
    [
        (days_ago(20), None, Settlement("kept", days_ago(20), "fact")),
        (DUE, None, Settlement("kept", DUE, "fact")),
        (days_ago(9), None, Settlement("late", days_ago(9), "fact")),
        (days_ago(9), "done", Settlement("late", days_ago(9), "fact")),
        (None, None, Settlement("missed", days_ago(9))),
        (None, "done", Settlement("no_effect", days_ago(9))),
        (days_ago(20), "dropped", Settlement("dropped", AGREED)),
    ],
)
def test_facts_settle_an_action_that_expects_points(met: date | None, closed: Any, expected: Settlement) -> None:
    found = Met(met, "fact") if met else None
    assert settle(action(closed=closed), found, DAY) == expected


@pytest.mark.parametrize(("closed", "status"), [(None, "open"), ("done", "done"), ("dropped", "dropped")])
def test_before_its_day_an_action_is_not_missed(closed: Any, status: str) -> None:
    assert settle(action(closed=closed), None, DUE).status == status


@pytest.mark.parametrize(
    ("closed", "day", "status"),
    [
        (None, DUE, "open"),
        (None, days_ago(9), "overdue"),
        ("done", days_ago(9), "done"),
        ("dropped", days_ago(9), "dropped"),
    ],
)
def test_people_settle_an_action_that_expects_nothing(closed: Any, day: date, status: str) -> None:
    assert settle(action(expects=None, closed=closed), None, day).status == status


def test_points_that_stood_when_it_was_agreed_keep_an_action_from_that_day_on() -> None:
    stands = [Stand(days_ago(100), 4, "co_creating", "old")]
    assert met_on(action(), stands, DAY) == Met(AGREED, "old")


def test_points_of_before_it_was_agreed_that_were_lost_keep_nothing() -> None:
    stands = [Stand(days_ago(100), 4, "co_creating", "old"), Stand(AGREED, 3, "yes", "new")]
    assert met_on(action(), stands, DAY) is None


_points = st.none() | st.integers(0, 4)
_stands = st.lists(st.tuples(st.integers(0, 70), _points), min_size=1, max_size=6, unique_by=lambda told: told[0])


@dataclass(frozen=True)
class _Case:
    """An action on a span of 70 days, told in days from its beginning."""

    told: list[tuple[int, int | None]]
    agreed: int
    lasts: int
    asked: int
    points: int
    closed: Closed | None


_cases = st.builds(
    _Case,
    _stands,
    st.integers(0, 60),
    st.integers(0, 40),
    st.integers(0, 70),
    st.integers(1, 4),
    st.sampled_from([None, "done"]),
)


@given(_cases)
@settings(max_examples=200)
def test_an_action_is_settled_as_an_oracle_says_that_walks_the_days(case: _Case) -> None:
    first = days_ago(70)
    stands = [Stand(first)] + [
        Stand(first + timedelta(days=offset), points, "value", f"fact {offset}")
        for offset, points in sorted(case.told)
        if offset
    ]
    agreed_on = first + timedelta(days=case.agreed)
    due, day = agreed_on + timedelta(days=case.lasts), first + timedelta(days=case.asked)
    one = action(agreed_on=agreed_on, due=due, expects=Expectation("roadmap", case.points), closed=case.closed)

    assert settle(one, met_on(one, stands, day), day) == _oracle(one, stands, day)


def _oracle(one: Action, stands: list[Stand], day: date) -> Settlement:
    """Day by day from the one on which it was agreed: the first that has the points."""
    walked = one.agreed_on
    while walked <= day:
        standing = [stand for stand in stands if stand.since <= walked][-1]
        assert one.expects
        if standing.points is not None and standing.points >= one.expects.points:
            return Settlement("kept" if walked <= one.due else "late", walked, standing.fact_id)
        walked += timedelta(days=1)
    if day <= one.due:
        return Settlement("done", one.recorded_on) if one.closed else Settlement("open")
    return Settlement("no_effect" if one.closed else "missed", one.due + timedelta(days=1))


@pytest.mark.parametrize(
    ("then", "now", "day", "status"),
    [
        (2, 4, DAY, "reached"),
        (2, 3, DAY, "on_the_way"),
        (2, 2, DAY, "behind"),
        (3, 2, DAY, "behind"),
        (None, 2, DAY, "on_the_way"),
        (2, 3, days_ago(-31), "expired"),
        (2, 4, days_ago(-31), "reached"),
    ],
)
def test_a_goal_is_on_its_way_when_the_gap_has_become_smaller(
    then: int | None, now: int, day: date, status: str
) -> None:
    for dimension in (None, "roadmap"):
        goal = Goal("g", "goal#people#g", 4, days_ago(-30), AGREED, dimension)
        assert goal_status(goal, snapshot(AGREED, then), snapshot(day, now)) == status


def test_the_goal_for_the_total_that_was_set_last_comes_first() -> None:
    goals = [
        Goal("1", "1", 16, days_ago(-30), days_ago(9)),
        Goal("2", "2", 15, days_ago(-30), days_ago(5)),
        Goal("3", "3", 4, days_ago(-30), DAY, "roadmap"),
        Goal("4", "4", 17, days_ago(-30), DAY, withdrawn=True),
    ]
    assert Agenda(goals=tuple(goals)).goal() == goals[1]
    assert Agenda(goals=(goals[2],)).goal() == goals[2]
    assert [goal.goal_id for goal in Agenda(goals=tuple(goals)).kept(DAY).goals] == ["2", "1", "3"]


def test_what_is_kept_of_an_agenda_says_the_same_of_the_day_and_later_ones() -> None:
    talks = (talk(days_ago(90), days_ago(90)), talk(days_ago(30), days_ago(30)), talk(days_ago(-8), DAY))
    actions = (
        action(),
        action(fact_id="2", expects=None),
        action(fact_id="3", due=days_ago(-20)),
        action(fact_id="4", expects=None, closed="done"),
    )
    agenda = Agenda(talks, actions)
    kept = agenda.kept(DAY)
    for day in (DAY, days_ago(-10), days_ago(-30)):
        assert kept.last_talk(day) == agenda.last_talk(day)
        assert kept.next_talk(day) == agenda.next_talk(day)
        assert kept.open_actions(day) == agenda.open_actions(day)
        assert kept.overdue(day) == agenda.overdue(day)
    assert kept.kept(days_ago(-30)) == agenda.kept(days_ago(-30))


def test_what_was_closed_later_was_open_then() -> None:
    closed = action(expects=None, closed="done", recorded_on=DAY)
    assert Agenda(actions=(closed,)).until(days_ago(1)).actions == (replace(closed, closed=None),)
