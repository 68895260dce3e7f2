"""What time alone will do: the coming days on which a scorecard, or what is planned and agreed, says something else."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

from shared.opmm.agenda import Agenda
from shared.opmm.dataclass import dataclass
from shared.opmm.inputs import ScoringInputs
from shared.opmm.intervals import end_of_month
from shared.opmm.ledger import UNKNOWN, Reading
from shared.opmm.model import Model
from shared.opmm.timeline import Stand, nps_over_time, windows

DAYS = 365
"""How far it looks."""

EntryKind = Literal["window", "stale", "quiet", "talk", "action", "goal"]
"""The NPS window moves on, an answer grows stale, a talk is long ago; a talk is planned, an action due, a goal ends."""

_ORDER: tuple[EntryKind, ...] = ("window", "stale", "quiet", "talk", "action", "goal")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a day will bring if no further fact comes in."""

    day: date
    kind: EntryKind
    dimension: str | None = None
    before: Reading = UNKNOWN
    after: Reading = UNKNOWN
    """What the question will then say, where the window moves it."""
    leaving: int = 0
    """How many responses leave the window since the entry before."""
    subject: str | None = None
    """The id of the talk, the action or the goal."""
    title: str | None = None
    """Of an action."""

    @property
    def points(self) -> int:
        """The difference to the total."""
        return (self.after.points or 0) - (self.before.points or 0)


def calendar(
    inputs: ScoringInputs, agenda: Agenda, model: Model, today: date, *, by_month: bool = False
) -> tuple[Entry, ...]:
    """Every entry of the coming days, the soonest first; what is planned or due today is among them.

    `by_month` tells what the window will do at the ends of months only: the very day tells when somebody has responded.
    """
    last = today + timedelta(days=DAYS)
    entries = [
        *_by_window(inputs, model, today, last, by_month=by_month),
        *_by_age(inputs, model, today, last),
        *_planned(agenda, model, today, last),
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.day, _ORDER.index(entry.kind), entry.subject or "")))


def planned_entries(agenda: Agenda, today: date) -> Iterator[Entry]:
    """The talks that are planned and the actions that are due, from today on."""
    for talk in agenda.talks:
        if talk.status(today) == "planned":
            yield Entry(talk.on, "talk", subject=talk.talk_id)
    for action in agenda.open_actions(today):
        if today <= action.due:
            dimension = action.expects.dimension if action.expects else None
            yield Entry(action.due, "action", dimension, subject=action.action_id, title=action.title)


def _by_window(inputs: ScoringInputs, model: Model, today: date, last: date, *, by_month: bool) -> Iterator[Entry]:
    asked = model.answered_from("nps")
    if asked is None:
        return
    reported = [inputs.reported] if inputs.reported else []
    span = (today, last)
    stands = nps_over_time(asked, inputs.responses, reported, model.nps_window_days, span)
    if by_month:
        stands = _at_ends_of_months(stands, span)
    counted = {day: counts.count for day, counts in windows(inputs.responses, model.nps_window_days, span)}
    for before, after in pairwise(stands):
        if (before.points, before.value) != (after.points, after.value):
            yield Entry(
                after.since,
                "window",
                asked.key,
                Reading(before.points, before.value),
                Reading(after.points, after.value),
                leaving=counted[before.since] - counted[after.since],
            )


def _at_ends_of_months(stands: list[Stand], span: tuple[date, date]) -> list[Stand]:
    """What stands today and at the end of each month, where that is another."""
    found = [stands[0]]
    end = end_of_month(span[0])
    while end <= span[1]:
        stand = [stand for stand in stands if stand.since <= end][-1]
        if end > span[0] and (stand.points, stand.value) != (found[-1].points, found[-1].value):
            found.append(Stand(end, stand.points, stand.value, stand.fact_id))
        end = end_of_month(end + timedelta(days=1))
    return found


def _by_age(inputs: ScoringInputs, model: Model, today: date, last: date) -> Iterator[Entry]:
    for dimension in model.dimensions:
        answer = inputs.answers.get(dimension.key)
        if answer is None or dimension.fresh_days is None:
            continue
        day = answer.day + timedelta(days=dimension.fresh_days + 1)
        if today < day <= last:
            reading = Reading(dimension.points_for(answer.value), answer.value)
            yield Entry(day, "stale", dimension.key, reading, reading)


def _planned(agenda: Agenda, model: Model, today: date, last: date) -> Iterator[Entry]:
    talked = agenda.last_talk(today)
    quiet = talked and talked + timedelta(days=model.discussion.talk_days)
    if quiet and today < quiet <= last:
        yield Entry(quiet, "quiet")
    yield from (entry for entry in planned_entries(agenda, today) if entry.day <= last)
    for goal in agenda.goals:
        if not goal.withdrawn and today <= goal.by <= last:
            yield Entry(goal.by, "goal", goal.dimension, subject=goal.goal_id)
