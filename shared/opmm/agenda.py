"""What people plan, agree and aim at with a client: talks, actions and goals, and what becomes of each.

All of it is told by facts like any other: late, twice, corrected. A later version replaces an earlier one, and what
becomes of a talk, an action or a goal on some day follows from its latest version and the scorecard's facts alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from datetime import date, timedelta
from typing import Literal

from shared.opmm.dataclass import dataclass
from shared.opmm.discussion import DayThen
from shared.opmm.timeline import Stand

TalkStatus = Literal["planned", "held", "missed", "cancelled"]
ActionStatus = Literal["open", "overdue", "done", "dropped", "kept", "late", "missed", "no_effect"]
GoalStatus = Literal["reached", "on_the_way", "behind", "expired", "withdrawn"]
Side = Literal["agency", "client"]
Closed = Literal["done", "dropped"]

MOST_GOALS = 5
"""Goals that are kept with a scorecard; those for the total and those set last come first."""

SETTLED_FOR = timedelta(days=90)
"""How long an action that is over is kept with a scorecard, so that what became of it can be told."""

MOST_SETTLED = 20
"""How many of those are kept; the last ones."""

OPEN: tuple[ActionStatus, ...] = ("open", "overdue")
"""What is still to be done."""


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation of agency and client about the scorecard."""

    talk_id: str
    fact_id: str
    on: date
    recorded_on: date
    """The day on which its latest version was recorded: one that was recorded before its day is planned."""
    cancelled: bool = False

    def status(self, day: date) -> TalkStatus:
        """What becomes of it by the end of a day: a planned talk whose day has passed without a word was missed."""
        if self.cancelled:
            return "cancelled"
        if self.recorded_on >= self.on:
            return "held"
        return "planned" if day <= self.on else "missed"


@dataclass(frozen=True, slots=True)
class Expectation:
    """What an action should bring: at least these points of a question."""

    dimension: str
    points: int


@dataclass(frozen=True, slots=True)
class Action:
    """What was agreed: who does what by when, and which question it should move."""

    action_id: str
    fact_id: str
    title: str
    side: Side
    agreed_on: date
    due: date
    recorded_on: date
    """The day on which its latest version was recorded; that of its closing, when it is closed."""
    who: str | None = None
    talk_id: str | None = None
    expects: Expectation | None = None
    closed: Closed | None = None
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Met:
    """The first day on which the question of an action had the points that were expected, and the fact behind it."""

    day: date
    fact_id: str | None
    """None where many facts are behind it, as for an NPS of responses."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """What became of an action by the end of a day."""

    status: ActionStatus
    on: date | None = None
    """The day on which that was settled; None for what is open."""
    fact_id: str | None = None
    """The fact that settled it."""

    @property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.status in OPEN


@dataclass(frozen=True, slots=True)
class Goal:
    """The total, or the points of one question, aimed at by a day."""

    goal_id: str
    fact_id: str
    points: int
    by: date
    set_on: date
    dimension: str | None = None
    """None for the total."""
    withdrawn: bool = False

    def reached_points(self, day: DayThen) -> int:
        """The points on a day of what it is about; 0 while nobody has answered."""
        if self.dimension is None:
            return day.total
        return next((question.points or 0 for question in day.dimensions if question.key == self.dimension), 0)


@dataclass(frozen=True, slots=True)
class Agenda:
    """The talks, actions and goals of a client."""

    talks: tuple[Talk, ...] = ()
    actions: tuple[Action, ...] = ()
    goals: tuple[Goal, ...] = ()
    met: Mapping[str, Met] = field(default_factory=dict)
    """By fact, for actions that expect something: when it came. Absent while it has not."""

    def last_talk(self, day: date) -> date | None:
        """The last day up to this one on which a talk was held."""
        return max((talk.on for talk in self.talks if talk.status(day) == "held" and talk.on <= day), default=None)

    def talked(self, first: date, last: date) -> tuple[date, ...]:
        """The days of a span on which talks were held."""
        return tuple(
            sorted({talk.on for talk in self.talks if talk.status(last) == "held" and first <= talk.on <= last})
        )

    def next_talk(self, day: date) -> date | None:
        """The next day on which a talk is planned, this one included."""
        return min((talk.on for talk in self.talks if talk.status(day) == "planned"), default=None)

    def missed_talk(self, day: date) -> date | None:
        """The last day since the last talk on which one was planned that nobody held or cancelled."""
        last = self.last_talk(day)
        missed = (talk.on for talk in self.talks if talk.status(day) == "missed" and (last is None or talk.on > last))
        return max(missed, default=None)

    def goal(self) -> Goal | None:
        """The goal for the total that was set last; one for a question where there is none for the total."""
        standing = [goal for goal in self.goals if not goal.withdrawn]
        return max(
            standing, key=lambda goal: (goal.dimension is None, goal.set_on, goal.by, goal.fact_id), default=None
        )

    def settled(self, action: Action, day: date) -> Settlement:
        """What became of an action by the end of a day."""
        return settle(action, self.met.get(action.fact_id), day)

    def open_actions(self, day: date) -> list[Action]:
        """What is to be done, the soonest first."""
        standing = [action for action in self.actions if self.settled(action, day).is_open]
        return sorted(standing, key=lambda action: (action.due, action.action_id))

    def settled_actions(self, day: date) -> list[tuple[Action, Settlement]]:
        """What is not to be done any more, and what became of it; the latest first."""
        found = [(action, self.settled(action, day)) for action in self.actions]
        return sorted(
            ((action, settlement) for action, settlement in found if not settlement.is_open),
            key=lambda told: (told[1].on or told[0].due, told[0].action_id),
            reverse=True,
        )

    def overdue(self, day: date) -> int:
        """How many of those should have been done by now."""
        return sum(self.settled(action, day).status == "overdue" for action in self.actions)

    def past_days(self, day: date, compared: int) -> tuple[date, ...]:
        """The earlier days whose scorecards it is compared with.

        That of the last talk, the one `compared` days before it, and those on which the goals were set that stand.
        """
        talked = self.last_talk(day)
        talks = () if talked is None else (talked, talked - timedelta(days=compared))
        return tuple(sorted({*talks, *(goal.set_on for goal in self.goals if goal.set_on <= day)}))

    def kept(self, day: date) -> "Agenda":
        """What can still matter on this day or a later one: it stays small, however long the partnership lasts."""
        last = self.last_talk(day)
        talks = (talk for talk in self.talks if not talk.cancelled and (last is None or talk.on >= last))
        over = {action: _over_on(action) for action in self.actions if _is_over(action, day)}
        late = sorted(over, key=lambda action: (over[action], action.fact_id), reverse=True)[:MOST_SETTLED]
        remembered = {action for action in late if over[action] > day - SETTLED_FOR}
        actions = tuple(action for action in self.actions if action not in over or action in remembered)
        goals = sorted((goal for goal in self.goals if not goal.withdrawn), key=_precedence, reverse=True)
        known = {action.fact_id for action in actions}
        return Agenda(
            # One that was told as held on a day yet to come is none of the past.
            talks=tuple(talk for talk in talks if talk.on == last or talk.on > day or talk.status(day) != "held"),
            actions=actions,
            goals=tuple(goals[:MOST_GOALS]),
            met={fact_id: met for fact_id, met in self.met.items() if fact_id in known},
        )

    def until(self, day: date) -> "Agenda":
        """What was planned, agreed and set by the end of an earlier day, as far as it is known today."""
        return Agenda(
            talks=tuple(talk for talk in self.talks if talk.on <= day),
            actions=tuple(_as_of(action, day) for action in self.actions if action.agreed_on <= day),
            goals=tuple(goal for goal in self.goals if goal.set_on <= day),
            met={fact_id: met for fact_id, met in self.met.items() if met.day <= day},
        )


def settle(action: Action, met: Met | None, day: date) -> Settlement:
    """What became of an action by the end of a day; `met` as the facts known today say.

    Facts settle what expects something: `kept` by its day, `late` after it; `missed` when they have not come, and
    `no_effect` when somebody had called it done. Without an expectation the word of people is all there is.
    """
    if action.closed == "dropped":
        return Settlement("dropped", action.recorded_on)
    if action.expects is not None:
        return _by_facts(action, met, day)
    if action.closed == "done":
        return Settlement("done", action.recorded_on)
    return Settlement("overdue" if day > action.due else "open")


def _by_facts(action: Action, met: Met | None, day: date) -> Settlement:
    if met and met.day <= min(day, action.due):
        return Settlement("kept", met.day, met.fact_id)
    if day <= action.due:
        return Settlement("done", action.recorded_on) if action.closed else Settlement("open")
    if met and met.day <= day:
        return Settlement("late", met.day, met.fact_id)
    return Settlement("no_effect" if action.closed else "missed", action.due + timedelta(days=1))


def met_on(action: Action, stands: Sequence[Stand], day: date) -> Met | None:
    """The first day, not before it was agreed on, on which the question had the points that an action expects.

    `stands` are those of that question, the oldest first, from the one of the day on which it was agreed.
    """
    if action.expects is None:
        return None
    for stand, following in zip(stands, (*stands[1:], None), strict=True):
        first = max(stand.since, action.agreed_on)
        lasts = following is None or following.since > first
        if lasts and first <= day and stand.points is not None and stand.points >= action.expects.points:
            return Met(first, stand.fact_id)
    return None


def goal_status(goal: Goal, then: DayThen, now: DayThen) -> GoalStatus:
    """How far a goal is on a day; `then` is the day on which it was set.

    On the way is a goal whose gap has become smaller since.
    """
    if goal.withdrawn:
        return "withdrawn"
    gap = goal.points - goal.reached_points(now)
    if gap <= 0:
        return "reached"
    if now.as_of > goal.by:
        return "expired"
    return "on_the_way" if gap < goal.points - goal.reached_points(then) else "behind"


def _precedence(goal: Goal) -> tuple[bool, date, date, str]:
    return goal.dimension is None, goal.set_on, goal.by, goal.fact_id


def _is_over(action: Action, day: date) -> bool:
    """Whether nothing is to be done any more: somebody has closed it, or facts had to settle it by a day gone by."""
    return action.closed is not None or (action.expects is not None and action.due < day)


def _over_on(action: Action) -> date:
    return action.recorded_on if action.closed else action.due


def _as_of(action: Action, day: date) -> Action:
    """An action that was closed later was not closed then."""
    if action.closed is None or action.recorded_on <= day:
        return action
    return replace(action, closed=None)
