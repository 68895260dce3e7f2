"""Talks, actions and goals as facts hold them, and how they are laid down with a scorecard.

What is missing or of another type than it should be reads as absent: one damaged fact hides no other.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, tzinfo
from functools import partial
from typing import Any, TypeVar, get_args

from shared.opmm.agenda import Action, Agenda, Closed, Expectation, Goal, Met, Side, Talk
from shared.opmm.kinds import ACTIONS, GOALS, TALKS
from shared.opmm.model import Model
from shared.opmm.scorecard import QuestionSnapshot, Snapshot
from shared.opmm.timestamps import parse_instant
from shared.storage.fact_items import StoredFact
from shared.storage.shapes import number_or_text, of_type, one_of, optional, whole

_T = TypeVar("_T")
_text = partial(of_type, str)


def agenda_of(facts: Iterable[StoredFact], model: Model, zone: tzinfo) -> Agenda:
    """What these facts say together, each in its latest version; the newest first."""
    told = tuple(facts)
    return Agenda(
        talks=_read(told, TALKS, lambda fact: talk_of(fact, zone)),
        actions=_read(told, ACTIONS, lambda fact: _asked(action_of(fact, zone), model)),
        goals=_read(told, GOALS, lambda fact: _aimed(goal_of(fact, zone), model)),
    )


def talk_of(fact: StoredFact, zone: tzinfo) -> Talk:
    """Raises KeyError, TypeError or ValueError for what is no talk."""
    return Talk(
        talk_id=_text(fact.answer["talk_id"]),
        fact_id=fact.fact_id,
        on=fact.timestamp(zone).day(zone),
        recorded_on=_recorded_on(fact, zone),
        cancelled=of_type(bool, fact.answer.get("cancelled", False)),
    )


def action_of(fact: StoredFact, zone: tzinfo) -> Action:
    """Raises KeyError, TypeError or ValueError for what is no action."""
    answer = fact.answer
    question = optional(_text, answer.get("dimension"))
    return Action(
        action_id=_text(answer["action_id"]),
        fact_id=fact.fact_id,
        title=_text(answer["title"]),
        side=one_of(get_args(Side), answer["side"]),
        agreed_on=fact.timestamp(zone).day(zone),
        due=date.fromisoformat(_text(answer["due"])),
        recorded_on=_recorded_on(fact, zone),
        who=optional(_text, answer.get("who")),
        talk_id=optional(_text, answer.get("talk_id")),
        expects=Expectation(question, whole(answer["points"])) if question else None,
        closed=optional(partial(one_of, get_args(Closed)), answer.get("closed")),
        internal=of_type(bool, answer.get("internal", False)),
    )


def goal_of(fact: StoredFact, zone: tzinfo) -> Goal:
    """Raises KeyError, TypeError or ValueError for what is no goal."""
    answer = fact.answer
    return Goal(
        goal_id=_text(answer["goal_id"]),
        fact_id=fact.fact_id,
        points=whole(answer["points"]),
        by=date.fromisoformat(_text(answer["by"])),
        set_on=fact.timestamp(zone).day(zone),
        dimension=optional(_text, answer.get("dimension")),
        withdrawn=of_type(bool, answer.get("withdrawn", False)),
    )


def _read(facts: Iterable[StoredFact], lane: str, read: Callable[[StoredFact], _T | None]) -> tuple[_T, ...]:
    found: list[_T] = []
    for fact in facts:
        if fact.lane != lane:
            continue
        try:
            told = read(fact)
        except (KeyError, TypeError, ValueError):
            continue
        if told is not None:
            found.append(told)
    return tuple(found)


def _asked(action: Action, model: Model) -> Action | None:
    """An action that expects points of a question which the model does not ask is none by this model."""
    return action if action.expects is None or model.find(action.expects.dimension) else None


def _aimed(goal: Goal, model: Model) -> Goal | None:
    return goal if goal.dimension is None or model.find(goal.dimension) else None


def _recorded_on(fact: StoredFact, zone: tzinfo) -> date:
    return parse_instant(_text(fact.answer["recorded_at"])).astimezone(zone).date()


def from_agenda(agenda: Agenda) -> dict[str, Any]:
    """An agenda as it is laid down with a scorecard."""
    return {
        "talks": [
            [talk.talk_id, talk.fact_id, talk.on.isoformat(), talk.recorded_on.isoformat(), talk.cancelled]
            for talk in agenda.talks
        ],
        "actions": [_from_action(action) for action in agenda.actions],
        "goals": [
            [goal.goal_id, goal.fact_id, goal.points, goal.by.isoformat(), goal.set_on.isoformat(), goal.dimension]
            for goal in agenda.goals
        ],
        "met": {fact_id: [met.day.isoformat(), met.fact_id] for fact_id, met in sorted(agenda.met.items())},
    }


def to_agenda(laid_down: Mapping[str, Any]) -> Agenda:
    """An agenda as `from_agenda` laid it down. Raises KeyError, TypeError or ValueError."""
    return Agenda(
        talks=tuple(_to_talk(*of_type(list, talk)) for talk in of_type(list, laid_down["talks"])),
        actions=tuple(_to_action(of_type(dict, action)) for action in of_type(list, laid_down["actions"])),
        goals=tuple(_to_goal(of_type(list, goal)) for goal in of_type(list, laid_down["goals"])),
        met={fact_id: _to_met(*of_type(list, met)) for fact_id, met in of_type(dict, laid_down["met"]).items()},
    )


def from_snapshots(past: Mapping[date, Snapshot]) -> dict[str, Any]:
    """Scorecards of earlier days as they are laid down."""
    return {
        day.isoformat(): [
            [question.key, question.points, question.value, question.stale] for question in snapshot.dimensions
        ]
        for day, snapshot in sorted(past.items())
    }


def to_snapshots(laid_down: Mapping[str, Any]) -> dict[date, Snapshot]:
    """Scorecards of earlier days as `from_snapshots` laid them down. Raises TypeError or ValueError."""
    found: dict[date, Snapshot] = {}
    for text, questions in laid_down.items():
        day = date.fromisoformat(text)
        found[day] = Snapshot(
            day, tuple(_to_question(*of_type(list, question)) for question in of_type(list, questions))
        )
    return found


def _from_action(action: Action) -> dict[str, Any]:
    said = {
        "id": action.action_id,
        "fact": action.fact_id,
        "title": action.title,
        "side": action.side,
        "agreed": action.agreed_on.isoformat(),
        "due": action.due.isoformat(),
        "recorded": action.recorded_on.isoformat(),
        "who": action.who,
        "talk": action.talk_id,
        "dimension": action.expects and action.expects.dimension,
        "points": action.expects and action.expects.points,
        "closed": action.closed,
        "internal": action.internal or None,
    }
    return {key: value for key, value in said.items() if value is not None}


def _to_action(laid_down: Mapping[str, Any]) -> Action:
    question = optional(_text, laid_down.get("dimension"))
    return Action(
        action_id=_text(laid_down["id"]),
        fact_id=_text(laid_down["fact"]),
        title=_text(laid_down["title"]),
        side=one_of(get_args(Side), laid_down["side"]),
        agreed_on=_day(laid_down["agreed"]),
        due=_day(laid_down["due"]),
        recorded_on=_day(laid_down["recorded"]),
        who=optional(_text, laid_down.get("who")),
        talk_id=optional(_text, laid_down.get("talk")),
        expects=Expectation(question, whole(laid_down["points"])) if question else None,
        closed=optional(partial(one_of, get_args(Closed)), laid_down.get("closed")),
        internal=of_type(bool, laid_down.get("internal", False)),
    )


def _to_talk(talk_id: Any, fact_id: Any, on: Any, recorded_on: Any, cancelled: Any) -> Talk:
    return Talk(_text(talk_id), _text(fact_id), _day(on), _day(recorded_on), of_type(bool, cancelled))


def _to_goal(laid_down: list[Any]) -> Goal:
    goal_id, fact_id, points, by, set_on, dimension = laid_down
    return Goal(_text(goal_id), _text(fact_id), whole(points), _day(by), _day(set_on), optional(_text, dimension))


def _to_met(day: Any, fact_id: Any) -> Met:
    return Met(_day(day), optional(_text, fact_id))


def _to_question(key: Any, points: Any, value: Any, stale: Any) -> QuestionSnapshot:
    """Points for a value, or neither."""
    if (points is None) is not (value is None):
        raise ValueError("points without a value, or the other way round")
    return QuestionSnapshot(_text(key), optional(whole, points), optional(number_or_text, value), of_type(bool, stale))


def _day(value: Any) -> date:
    return date.fromisoformat(_text(value))
