"""What time alone will do, beside an oracle that makes the scorecard of every coming day."""

from datetime import date, timedelta

from hypothesis import given, settings

from shared.opmm.agenda import Action, Agenda, Goal, Talk
from shared.opmm.calendar import DAYS, Entry, calendar
from shared.opmm.inputs import ScoringInputs
from shared.opmm.intervals import end_of_month
from shared.opmm.ledger import UNKNOWN, Reading, readings
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from tests.unit.opmm.inputs import DAY, MODEL, answer, days_ago, standing, standings


def told(inputs: ScoringInputs, *, by_month: bool = False) -> list[Entry]:
    return list(calendar(inputs, Agenda(), MODEL, DAY, by_month=by_month))


def said(inputs: ScoringInputs, day: date) -> Reading:
    return readings(scorecard(inputs, MODEL, day)).get("nps", UNKNOWN)


@given(standings)
@settings(max_examples=30, deadline=None)
def test_every_coming_day_on_which_the_scorecard_changes_is_told_and_no_other(inputs: ScoringInputs) -> None:
    """What the nightly refresh will write in the ledger, and what will then be called stale."""
    expected: list[tuple[date, str, str | None, Reading, Reading]] = []
    stale_before = {score.key for score in scorecard(inputs, MODEL, DAY).dimensions if score.stale}
    for offset in range(1, DAYS + 1):
        day = DAY + timedelta(days=offset)
        before, after = said(inputs, day - timedelta(days=1)), said(inputs, day)
        if before != after:
            expected.append((day, "window", "nps", before, after))
        stale = {score.key for score in scorecard(inputs, MODEL, day).dimensions if score.stale}
        for key in sorted(stale - stale_before, key=MODEL.keys.index):
            answered = inputs.answers[key]
            reading = Reading(MODEL.dimension(key).points_for(answered.value), answered.value)
            expected.append((day, "stale", key, reading, reading))
        stale_before = stale
    found = [(entry.day, entry.kind, entry.dimension, entry.before, entry.after) for entry in told(inputs)]
    assert sorted(found, key=str) == sorted(expected, key=str)
    assert [entry.day for entry in told(inputs)] == sorted(entry.day for entry in told(inputs))


@given(standings)
@settings(max_examples=20, deadline=None)
def test_by_month_it_is_told_at_the_ends_of_months_only(inputs: ScoringInputs) -> None:
    windows = [entry for entry in told(inputs, by_month=True) if entry.kind == "window"]
    assert all(entry.day == end_of_month(entry.day) for entry in windows)
    held = said(inputs, DAY)
    for entry in windows:
        assert (entry.before, entry.after) == (held, said(inputs, entry.day))
        held = entry.after


def test_how_many_leave_is_counted_since_the_entry_before() -> None:
    inputs = standing(responses={days_ago(360): Tally(3, 0, 1), days_ago(350): Tally(0, 0, 2), days_ago(2): Tally(1)})
    entries = told(inputs)
    assert [(entry.day, entry.leaving, entry.points) for entry in entries] == [
        (days_ago(-5), 4, -3),
        (days_ago(-15), 2, 3),
        (days_ago(-363), 1, -4),
    ]


def test_what_is_planned_due_and_aimed_at_is_told_with_its_id_the_soonest_first() -> None:
    agenda = Agenda(
        talks=(
            Talk("held", "talk#p#held", days_ago(30), days_ago(30)),
            Talk("next", "talk#p#next", days_ago(-9), DAY),
            Talk("off", "talk#p#off", days_ago(-8), DAY, cancelled=True),
        ),
        actions=(
            Action("a", "action#p#a", "Two developers", "agency", days_ago(30), days_ago(-9), days_ago(30)),
            Action("b", "action#p#b", "Done", "agency", days_ago(30), days_ago(-9), days_ago(30), closed="done"),
        ),
        goals=(Goal("g", "goal#p#g", 16, days_ago(-100), DAY),),
    )
    inputs = standing(answers={"happy_consultants": answer(6, DAY, "measured")})
    entries = calendar(inputs, agenda, MODEL, DAY)
    assert [(entry.day, entry.kind, entry.subject, entry.title) for entry in entries] == [
        (days_ago(-9), "talk", "next", None),
        (days_ago(-9), "action", "a", "Two developers"),
        (days_ago(-46), "stale", None, None),
        (days_ago(-100), "goal", "g", None),
        (days_ago(-150), "quiet", None, None),
    ]
