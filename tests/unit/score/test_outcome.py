from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.score.invalidation import Invalidation
from functions.score.outcome import MOST_FACTS, MOST_UNNAMED, Before, Decision, Outcome
from shared.opmm import signals
from shared.opmm.agenda import Agenda
from shared.opmm.discussion import reasons_to_talk
from shared.opmm.inputs import Description, ScoringInputs
from shared.opmm.ledger import Cause, Change, Move, Reading, readings, total
from shared.opmm.months import responses_since
from shared.opmm.nps import Tally, tally
from shared.opmm.scorecard import changes_on, known_points, scorecard
from shared.storage.client_anew import Found
from shared.storage.client_facts import Readings
from shared.storage.holdings import Holdings
from shared.storage.ledger_codec import change_item
from shared.storage.records import MadeWith, Scored
from tests.unit.opmm.inputs import (
    DAY,
    FULL,
    LATEST,
    MODEL,
    answer,
    days_ago,
    reported,
    standing,
    standings,
    tallies,
)
from tests.unit.score.records import RESPONSE, happened, stored

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TOMORROW = DAY + timedelta(days=1)
MADE_WITH = MadeWith(MODEL.fingerprint, "Europe/Amsterdam")
EXPIRING = standing(responses={days_ago(364): Tally(promoters=1)}, latest_response=LATEST)
"""A single response on the first day of the window."""
MANY = standing(responses={DAY: Tally(promoters=200)}, latest_response=LATEST)
"""As many responses today as records tell of, and more."""
MORE = replace(FULL, responses={days_ago(3): Tally(5, 2, 2), DAY: Tally(1, 0, 0)})
"""Another promoter, and the NPS is 40 instead of 33."""
SAME = replace(FULL, responses={days_ago(3): Tally(5, 2, 2), DAY: Tally(5, 2, 2)})
"""As many again, of the same NPS."""
ROADMAP, OTHER_ROADMAP, DESCRIPTION = "survey#s#1#roadmap", "survey#s#2#roadmap", "description#crm"
TOLD = {"roadmap": Reading(4, "co_creating"), "nps": Reading(1, -3)}
"""What a ledger told."""
FOUND = standing(answers={"roadmap": answer("yes", fact_id=ROADMAP)})


def held_of(inputs: ScoringInputs, on: date = DAY, **parts: Any) -> Scored:
    """What the score function has written of these inputs."""
    card = scorecard(inputs, MODEL, on)
    compared_on = on - timedelta(days=90)
    compared = scorecard(inputs, MODEL, compared_on)
    values = {
        "version": 7,
        "inputs": inputs,
        "earlier": inputs,
        "since": responses_since(on, MODEL),
        "earlier_total": compared.total,
        "earlier_points": known_points(compared),
        "discussion": reasons_to_talk(card, compared, MODEL),
        "standing": signals.standing(card, (), Agenda()),
        "holdings": Holdings("acme"),
        "as_of": on,
        "made_with": MADE_WITH,
        "model": MODEL.id,
        "readings": readings(card),
        "changes_on": changes_on(inputs, MODEL, on),
        "changed_at": NOW,
        **parts,
    }
    return Scored(**values)


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a decision is taken in, besides what is held and found and what happened."""

    before: Before = field(default_factory=Before)
    now: datetime = NOW
    today: date = DAY
    joined: bool = False
    holdings: Holdings = field(default_factory=lambda: Holdings("acme"))
    earlier: ScoringInputs | None = None
    named: tuple[str, ...] = ()


def decided(
    held: Scored | None, found: ScoringInputs, invalidation: Invalidation | None = None, **situation: Any
) -> Outcome | None:
    given = Situation(**situation)
    gathered = Found(Readings(found, given.earlier or found), given.holdings, joined=given.joined)
    decision = Decision(MODEL, MADE_WITH, given.now, given.today)
    return decision.outcome(held, given.before, gathered, invalidation or Invalidation(), given.named)


def outcome_of(
    held: Scored | None, found: ScoringInputs, invalidation: Invalidation | None = None, **situation: Any
) -> Outcome:
    outcome = decided(held, found, invalidation, **situation)
    assert outcome
    return outcome


def named_by(outcome: Outcome) -> list[tuple[Cause, tuple[str, ...]]]:
    """The cause of each change, and the facts that it names."""
    return [(change.cause, change.facts) for change in outcome.changes]


def test_nothing_is_written_when_what_is_held_says_it_all() -> None:
    assert decided(held_of(FULL), FULL) is None
    assert decided(held_of(FULL), FULL, Invalidation(everything=True)) is None
    assert decided(held_of(FULL), FULL, Invalidation(refresh=True)) is None
    assert decided(held_of(FULL), FULL, happened({ROADMAP: "correction"})) is None


@given(standings)
def test_a_decision_that_is_taken_again_writes_nothing(found: ScoringInputs) -> None:
    first = outcome_of(None, found)
    assert decided(first.record, found) is None


def test_the_first_scorecard_moves_from_unanswered() -> None:
    found = standing(answers={"specialisms": answer(2, fact_id="survey#s#1#specialisms")})
    outcome = outcome_of(None, found, happened({"survey#s#1#specialisms": "new"}))
    move = Move("specialisms", Reading(), Reading(2, 2))
    assert outcome == Outcome(
        record=held_of(found, version=1),
        card=scorecard(found, MODEL, DAY),
        changes=(Change(1, NOW, "new", 0, 2, (move,), ("survey#s#1#specialisms",), latest=DAY),),
    )


def test_a_client_that_is_only_described_has_a_scorecard_and_an_empty_ledger() -> None:
    outcome = outcome_of(None, standing(), happened({DESCRIPTION: "new"}))
    assert (outcome.record.version, outcome.record.changed_at, outcome.changes) == (1, NOW, ())


def test_the_version_after_the_one_that_was_read_is_written() -> None:
    assert outcome_of(None, FULL, before=Before(version=4)).record.version == 5
    assert outcome_of(held_of(standing()), FULL).record.version == 8


def test_a_day_on_which_nothing_is_said_differently_is_not_written() -> None:
    assert decided(held_of(FULL), FULL, today=TOMORROW) is None


def test_a_day_on_which_something_grows_stale_is_written_without_a_change() -> None:
    old = replace(FULL, answers={"roadmap": answer("yes", days_ago(365), fact_id=ROADMAP)})
    outcome = outcome_of(held_of(old), old, today=TOMORROW)
    assert (outcome.changes, outcome.record.as_of, outcome.card.stale) == ((), TOMORROW, True)


def test_another_name_is_written_without_a_change() -> None:
    renamed = replace(FULL, description=Description("Acme Holding", "ended"))
    outcome = outcome_of(held_of(FULL), renamed, happened({DESCRIPTION: "new"}))
    assert (outcome.record.inputs, outcome.changes) == (renamed, ())


@pytest.mark.parametrize(
    "parts",
    [
        {"holdings": Holdings("acme", {"acme-bv": frozenset({"consultants"})})},
        {"earlier": standing()},
    ],
    ids=["where facts lie", "what stood before"],
)
def test_what_a_scorecard_was_made_from_is_written_when_it_differs(parts: dict[str, Any]) -> None:
    outcome = outcome_of(held_of(FULL), FULL, **parts)
    assert (outcome.changes, outcome.record.changed_at, outcome.record.version) == ((), NOW, 8)


def test_where_answers_stand_is_written_when_it_differs_and_facts_lie_under_several_names() -> None:
    placed = replace(FULL, answers={**FULL.answers, "roadmap": replace(FULL.answers["roadmap"], position="p")})
    assert placed == FULL
    assert decided(held_of(FULL), placed) is None
    several = Holdings("acme", {"acme-bv": frozenset({"consultants"})})
    assert decided(held_of(placed, holdings=several), placed, holdings=several) is None
    assert outcome_of(held_of(FULL, holdings=several), placed, holdings=several).changes == ()


@pytest.mark.parametrize("behind", [timedelta(0), timedelta(seconds=3), timedelta(days=2)], ids=str)
def test_changed_at_never_goes_back(behind: timedelta) -> None:
    outcome = outcome_of(held_of(standing()), FULL, now=NOW - behind)
    assert outcome.record.changed_at == NOW
    assert [change.at for change in outcome.changes] == [NOW]


def test_changed_at_is_when_something_moved() -> None:
    later = NOW + timedelta(hours=1)
    assert outcome_of(held_of(standing()), FULL, now=later).record.changed_at == later
    renamed = replace(FULL, description=Description("Acme Holding"))
    assert outcome_of(held_of(FULL), renamed, now=later).record.changed_at == NOW


def test_what_a_fact_moved_is_told_with_its_cause_and_identity() -> None:
    found = replace(FULL, responses={days_ago(3): Tally(5, 2, 2), DAY: Tally(detractors=9)})
    outcome = outcome_of(held_of(FULL), found, happened({RESPONSE: "correction"}))
    move = Move("nps", Reading(4, 33), Reading(1, -33))
    assert outcome.changes == (Change(8, NOW, "correction", 17, 14, (move,), (RESPONSE,), latest=DAY),)


@pytest.mark.parametrize(
    ("causes", "named"),
    [
        (["new"], "new"),
        (["correction"], "correction"),
        (["new", "correction"], "correction"),
        (["new", "retraction"], "retraction"),
        (["correction", "retraction"], "retraction"),
        (["retraction", "erasure"], "erasure"),
        (["new", "correction", "retraction", "erasure"], "erasure"),
    ],
    ids=str,
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_strongest_cause_names_the_change(causes: list[Cause], named: Cause, order: int) -> None:
    by_fact = {f"response#d#{place}": cause for place, cause in enumerate(causes[::order])}
    outcome = outcome_of(held_of(standing()), MANY, happened(by_fact))
    assert named_by(outcome) == [(named, tuple(sorted(by_fact)))]


def test_what_time_moved_is_told_as_the_window_without_facts() -> None:
    outcome = outcome_of(
        held_of(EXPIRING), replace(EXPIRING, responses={}), happened({RESPONSE: "new"}), today=TOMORROW
    )
    move = Move("nps", Reading(4, 100), Reading())
    assert outcome.changes == (Change(8, NOW, "window", 4, 0, (move,), ()),)
    assert outcome.record.as_of == TOMORROW


def test_what_time_moved_is_told_apart_from_what_facts_moved() -> None:
    found = standing(responses={DAY: Tally(detractors=1)}, latest_response=LATEST)
    outcome = outcome_of(held_of(EXPIRING), found, happened({RESPONSE: "new"}, score=0), today=TOMORROW)
    assert outcome.changes == (
        Change(8, NOW, "window", 4, 0, (Move("nps", Reading(4, 100), Reading()),), ()),
        Change(9, NOW, "new", 0, 1, (Move("nps", Reading(), Reading(1, -100)),), (RESPONSE,), latest=DAY),
    )


def test_a_move_that_nothing_explains_is_a_rebuild() -> None:
    assert named_by(outcome_of(held_of(standing()), FULL)) == [("rebuild", ())]
    assert named_by(outcome_of(held_of(standing()), FULL, Invalidation(everything=True))) == [("rebuild", ())]


def test_what_is_named_names_the_change_though_a_day_has_lost_a_response_of_which_no_record_tells_yet() -> None:
    held = held_of(replace(FULL, responses={DAY: Tally(promoters=2)}))
    found = replace(FULL, responses={DAY: Tally(promoters=1, detractors=1)})
    came = happened({RESPONSE: "new"}, score=0)
    assert named_by(outcome_of(held, found, came)) == [("new", (RESPONSE,))]


def test_a_response_that_somebody_counted_before_its_record_came_makes_no_correction() -> None:
    held = held_of(replace(FULL, responses={DAY: Tally(passives=1)}))
    found = replace(FULL, responses={DAY: Tally(passives=1), days_ago(9): Tally(promoters=1)})
    came = happened({RESPONSE: "new"}, score=7)
    came.reaches(stored("response#d#9", at=f"{days_ago(9)}T08:00:00Z", score=9), UTC)
    came.note("response#d#9", "new")
    assert named_by(outcome_of(held, found, came)) == [("new", ("response#d#9", RESPONSE))]


def test_a_change_is_told_under_the_names_of_what_it_names_though_they_hold_nothing_that_counts() -> None:
    """A response of another name may have moved on to a third client by the time that it is looked at."""
    joined = replace(MORE, description=Description("Acme", "active", ("dune", "eden")))
    came = happened({"response#d#2": "correction"})
    came.name = "dune"
    [change] = outcome_of(held_of(FULL), joined, came).changes
    assert (change.facts, change.names) == (("response#d#2",), ("dune",))

    waiting = held_of(replace(FULL, description=joined.description), unnamed={"response#d#2": "new"})
    [change] = outcome_of(waiting, joined, happened({"response#d#1": "new"})).changes
    assert (change.facts, change.names) == (("response#d#1", "response#d#2"), ("dune", "eden"))

    own = happened({"response#d#1": "new"})
    own.name = "acme"
    [change] = outcome_of(held_of(FULL), joined, own).changes
    assert change.names == ()


@given(tallies.filter(lambda counts: counts.promoters > 0), st.integers(0, 10))
def test_a_response_that_came_and_is_counted_is_new(counted: Tally, score: int) -> None:
    came = happened({RESPONSE: "new"}, score=score)
    one = tally([score])
    held, found = replace(FULL, responses={DAY: counted}), replace(FULL, responses={DAY: counted + one})
    outcome = decided(held_of(held), found, came)
    assert outcome is None or {change.cause for change in outcome.changes} <= {"new"}


def test_responses_from_before_all_that_is_held_explain_nothing_and_make_no_correction() -> None:
    long_ago = stored("response#d#old", at="2024-06-01T08:00:00Z")
    came = happened({RESPONSE: "new"})
    came.note(long_ago.fact_id, "new")
    came.reaches(long_ago, UTC)
    assert named_by(outcome_of(held_of(standing()), MANY, came)) == [("new", (long_ago.fact_id, RESPONSE))]


def test_a_day_that_lost_a_response_of_which_a_record_tells_is_what_that_says() -> None:
    held = held_of(replace(FULL, responses={DAY: Tally(promoters=2, detractors=1)}))
    found = replace(FULL, responses={DAY: Tally(promoters=1, detractors=1)})
    gone = happened({RESPONSE: "retraction"}, score=9)
    assert named_by(outcome_of(held, found, gone)) == [("retraction", (RESPONSE,))]


def test_only_facts_that_reach_what_moved_are_named() -> None:
    causes: dict[str, Cause] = {RESPONSE: "new", ROADMAP: "retraction", DESCRIPTION: "correction"}
    outcome = outcome_of(held_of(standing()), MANY, happened(causes))
    assert named_by(outcome) == [("new", (RESPONSE,))]


def test_a_change_names_100_facts_at_most() -> None:
    causes: dict[str, Cause] = {f"response#delighted#{number:03d}": "new" for number in range(MOST_FACTS + 1)}
    outcome = outcome_of(None, MANY, happened(causes))
    assert named_by(outcome) == [("new", tuple(f"response#delighted#{number:03d}" for number in range(100)))]


def test_the_fact_that_stands_now_is_named_though_its_record_is_still_on_its_way() -> None:
    found = standing(answers={"roadmap": answer("yes", fact_id=ROADMAP)})
    elsewhere = happened({"survey#s#1#inspiration": "new"})
    assert named_by(outcome_of(held_of(standing()), found, elsewhere)) == [("new", (ROADMAP,))]


def test_a_fact_that_replaced_another_is_new_though_its_record_is_still_on_its_way() -> None:
    held = held_of(standing(answers={"roadmap": answer("yes", days_ago(2), fact_id=ROADMAP)}))
    found = standing(answers={"roadmap": answer("no", fact_id=OTHER_ROADMAP)})
    outcome = outcome_of(held, found, happened({"survey#s#2#inspiration": "new"}))
    assert named_by(outcome) == [("new", (OTHER_ROADMAP,))]


def test_a_fact_that_was_held_and_says_something_else_is_a_correction() -> None:
    held = held_of(standing(answers={"roadmap": answer("yes", fact_id=ROADMAP)}))
    found = standing(answers={"roadmap": answer("no", fact_id=ROADMAP)})
    outcome = outcome_of(held, found, happened({"survey#s#1#inspiration": "new"}))
    assert named_by(outcome) == [("correction", (ROADMAP,))]


def test_what_its_own_record_says_of_a_fact_goes_first() -> None:
    found = standing(answers={"roadmap": answer("yes", fact_id=ROADMAP)})
    outcome = outcome_of(held_of(standing()), found, happened({ROADMAP: "correction"}))
    assert named_by(outcome) == [("correction", (ROADMAP,))]


def test_an_older_fact_that_counts_again_is_not_named() -> None:
    held = held_of(standing(answers={"roadmap": answer("yes", fact_id=OTHER_ROADMAP)}))
    found = standing(answers={"roadmap": answer("no", days_ago(9), fact_id=ROADMAP)})
    outcome = outcome_of(held, found, happened({OTHER_ROADMAP: "retraction"}))
    assert named_by(outcome) == [("retraction", (OTHER_ROADMAP,))]


@pytest.mark.parametrize("responses", [{}, {days_ago(400): Tally(1)}], ids=["no responses", "none in the window"])
def test_a_reported_figure_is_named_where_it_counts(responses: dict[date, Tally]) -> None:
    found = standing(reported=reported(50), responses=responses)
    outcome = outcome_of(held_of(standing(responses=responses)), found, happened({ROADMAP: "new"}))
    assert named_by(outcome) == [("new", ("reported#delighted#1",))]


def test_no_reported_figure_is_named_where_responses_count() -> None:
    found = replace(MANY, reported=reported(50))
    outcome = outcome_of(held_of(standing()), found, happened({RESPONSE: "new"}))
    assert named_by(outcome) == [("new", (RESPONSE,))]


def test_no_reported_figure_is_named_from_before_the_window() -> None:
    found = standing(reported=reported(50, days_ago(400)))
    held = held_of(standing(reported=reported(50)))
    outcome = outcome_of(held, found, happened({"reported#delighted#2": "retraction"}))
    assert named_by(outcome) == [("retraction", ("reported#delighted#2",))]


def test_the_word_that_joined_names_is_behind_whatever_moved() -> None:
    found = standing(
        answers={"roadmap": answer("yes", fact_id=ROADMAP)}, responses={DAY: Tally(1)}, latest_response=LATEST
    )
    outcome = outcome_of(held_of(standing()), found, happened({DESCRIPTION: "new"}), joined=True)
    assert named_by(outcome) == [("new", (DESCRIPTION, ROADMAP))]


def test_no_description_is_behind_a_move_when_the_names_are_as_before() -> None:
    outcome = outcome_of(held_of(standing()), MANY, happened({DESCRIPTION: "new", RESPONSE: "new"}))
    assert named_by(outcome) == [("new", (RESPONSE,))]


def test_responses_that_move_nothing_wait_to_be_named() -> None:
    outcome = outcome_of(held_of(FULL), SAME, happened({"response#d#2": "new", "response#d#1": "retraction"}))
    assert outcome.changes == ()
    assert outcome.record.unnamed == {"response#d#2": "new", "response#d#1": "retraction"}


def test_waiting_responses_are_named_behind_the_next_change_of_the_nps_and_wait_no_longer() -> None:
    held = held_of(FULL, unnamed={"response#d#2": "new"})
    outcome = outcome_of(held, MORE, happened({"response#d#1": "new"}))
    assert named_by(outcome) == [("new", ("response#d#1", "response#d#2"))]
    assert outcome.record.unnamed == {}


def test_waiting_responses_are_named_with_what_happened_to_them() -> None:
    held = held_of(FULL, unnamed={"response#d#2": "retraction"})
    outcome = outcome_of(held, MORE, happened({"response#d#1": "new"}))
    assert named_by(outcome) == [("retraction", ("response#d#1", "response#d#2"))]


def test_waiting_responses_are_named_though_nothing_else_happened() -> None:
    held = held_of(FULL, unnamed={"response#d#2": "correction"})
    assert named_by(outcome_of(held, MORE)) == [("correction", ("response#d#2",))]


def test_responses_go_on_waiting_when_another_question_moves() -> None:
    held = held_of(FULL, unnamed={"response#d#2": "new"})
    found = replace(FULL, answers={**FULL.answers, "roadmap": answer("no", fact_id=ROADMAP)})
    outcome = outcome_of(held, found, happened({ROADMAP: "new"}))
    assert named_by(outcome) == [("new", (ROADMAP,))]
    assert outcome.record.unnamed == {"response#d#2": "new"}


def test_responses_go_on_waiting_when_only_the_window_moves_the_nps() -> None:
    inputs = standing(responses={days_ago(364): Tally(1), days_ago(1): Tally(0, 1, 0)}, latest_response=LATEST)
    held = held_of(inputs, unnamed={"response#d#2": "new"})
    outcome = outcome_of(held, inputs, Invalidation(refresh=True), today=TOMORROW)
    assert named_by(outcome) == [("window", ())]
    assert outcome.record.unnamed == {"response#d#2": "new"}


def test_a_response_waits_once() -> None:
    held = held_of(SAME, unnamed={"response#d#2": "new"})
    assert decided(held, SAME, happened({"response#d#2": "correction"})) is None


def test_a_response_that_a_change_names_already_does_not_wait() -> None:
    assert decided(held_of(FULL), FULL, happened({RESPONSE: "new"}), named=(RESPONSE,)) is None


def test_40_responses_wait_at_most_and_those_that_wait_longest_first() -> None:
    waiting: dict[str, Cause] = {f"response#d#{number:03d}": "new" for number in range(MOST_UNNAMED - 1, 0, -1)}
    held = held_of(FULL, unnamed=waiting)
    more: dict[str, Cause] = {"response#d#900": "new", "response#d#800": "new", "response#d#700": "new"}
    outcome = outcome_of(held, SAME, happened(more))
    assert list(outcome.record.unnamed) == [*waiting, "response#d#900"]
    assert len(outcome.record.unnamed) == MOST_UNNAMED


def test_only_responses_wait() -> None:
    assert decided(held_of(FULL), FULL, happened({ROADMAP: "correction", DESCRIPTION: "new"})) is None


def test_responses_that_never_counted_do_not_wait() -> None:
    tombstone = Invalidation()
    tombstone.note(RESPONSE, "retraction")
    tombstone.reaches(replace(stored(RESPONSE), lane=None), UTC)
    assert decided(held_of(FULL), FULL, tombstone) is None


@pytest.mark.parametrize("cause", ["rebuild", "model"])
def test_what_cannot_be_read_goes_on_from_what_its_ledger_told(cause: Cause) -> None:
    outcome = outcome_of(None, FOUND, before=Before(41, TOLD, cause))
    moves = (Move("roadmap", Reading(4, "co_creating"), Reading(3, "yes")), Move("nps", Reading(1, -3), Reading()))
    assert outcome.changes == (Change(42, NOW, cause, 5, 3, moves, ()),)
    assert outcome.record == held_of(FOUND, version=42)


def test_what_is_made_anew_keeps_its_cause_whatever_happened_meanwhile() -> None:
    outcome = outcome_of(None, FOUND, happened({ROADMAP: "new"}), before=Before(41, TOLD, "model"))
    assert named_by(outcome) == [("model", (ROADMAP,))]


def test_what_is_made_anew_and_says_the_same_is_written_without_a_change() -> None:
    told = {"roadmap": Reading(3, "yes")}
    outcome = outcome_of(None, FOUND, before=Before(41, told, "rebuild"))
    assert (outcome.record.version, outcome.changes) == (42, ())


def test_questions_that_the_model_has_dropped_move_last() -> None:
    told = {"gone": Reading(2, "x"), **TOLD, "also_gone": Reading(1, 7)}
    outcome = outcome_of(None, FULL, before=Before(41, told, "model"))
    [change] = outcome.changes
    moved = [key for key in MODEL.keys if key != "roadmap"]
    assert [move.key for move in change.moves] == [*moved, "gone", "also_gone"]
    assert change.moves[-2:] == (
        Move("gone", Reading(2, "x"), Reading()),
        Move("also_gone", Reading(1, 7), Reading()),
    )
    assert (change.total_before, change.total_after) == (8, 17)


@given(standings, standings, st.integers(0, 400))
def test_the_changes_lead_from_the_total_before_to_the_total_after(
    held: ScoringInputs, found: ScoringInputs, days: int
) -> None:
    before = held_of(held)
    outcome = decided(before, found, today=DAY + timedelta(days=days))
    if outcome is None:
        day = DAY + timedelta(days=days)
        assert readings(scorecard(found, MODEL, day)) == before.readings
        assert scorecard(found, MODEL, day).said() == scorecard(held, MODEL, DAY).said()
        return
    _adds_up(outcome, total(before.readings))


@given(
    st.dictionaries(st.sampled_from([*MODEL.keys, "gone"]), st.builds(Reading, st.integers(0, 4), st.integers())),
    standings,
)
def test_the_changes_of_what_is_made_anew_lead_there_too(told: dict[str, Reading], found: ScoringInputs) -> None:
    _adds_up(outcome_of(None, found, before=Before(3, told, "rebuild")), total(told))


def _adds_up(outcome: Outcome, before: int) -> None:
    totals = [before, *(change.total_after for change in outcome.changes)]
    assert [change.total_before for change in outcome.changes] == totals[:-1]
    assert totals[-1] == outcome.card.total == total(outcome.record.readings)
    for change in outcome.changes:
        moved = sum((move.after.points or 0) - (move.before.points or 0) for move in change.moves)
        assert moved == change.total_after - change.total_before


def test_changes_of_one_outcome_have_places_of_their_own_in_the_ledger() -> None:
    found = standing(responses={DAY: Tally(detractors=1)}, latest_response=LATEST)
    outcome = outcome_of(held_of(EXPIRING), found, happened({RESPONSE: "new"}), today=TOMORROW)
    assert len({change_item("acme", change)["item"] for change in outcome.changes}) == 2
    assert outcome.record.version == outcome.changes[-1].version
