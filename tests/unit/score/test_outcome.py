from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.score.gather import Gathered
from functions.score.invalidation import Invalidation
from functions.score.outcome import MOST_FACTS, Outcome, decide
from shared.opmm.discussion import reasons_to_talk
from shared.opmm.inputs import Description, ScoringInputs
from shared.opmm.ledger import Change, Move, Reading, readings, total
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from shared.storage.codec import change_item
from shared.storage.records import Scored
from tests.unit.opmm.inputs import DAY, FULL, LATEST, MODEL, answer, days_ago, standing, standings

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
RESPONSE = "response#delighted#r-1"
EXPIRING = standing(responses={days_ago(364): Tally(promoters=1)}, latest_response=LATEST)
"""A single response on the first day of the window."""


def held_of(held: ScoringInputs, on: date = DAY, version: int = 7, changed_at: datetime = NOW) -> Scored:
    card = scorecard(held, MODEL, on)
    compared_on = on - timedelta(days=90)
    compared = scorecard(held, MODEL, compared_on)
    return Scored(
        version=version,
        standing=held,
        earlier=held,
        since=compared_on - timedelta(days=364),
        earlier_total=compared.total,
        discussion=tuple(dict.fromkeys(reason.key for reason in reasons_to_talk(card, compared, MODEL))),
        names=("acme",),
        as_of=on,
        model=MODEL.id,
        readings=readings(card),
        changed_at=changed_at,
    )


def touched(fact_id: str = RESPONSE, cause: Any = "new", *dimensions: str) -> Invalidation:
    touched = Invalidation()
    touched.note(fact_id, cause)
    touched.reaches(fact_id, dict.fromkeys(dimensions or ("nps",), ""), None, UTC)
    return touched


def decided(
    held: Scored | None, now_stands: ScoringInputs, by: Invalidation | None = None, **parts: Any
) -> Outcome | None:
    version = held.version if held else 0
    arguments: dict[str, Any] = {
        "names": ("acme",),
        "version": version,
        "model": MODEL,
        "now": NOW,
        "today": DAY,
    } | parts
    return decide(held, Gathered(now_stands, now_stands), touched=by or Invalidation(), **arguments)


def outcome_of(held: Scored | None, now_stands: ScoringInputs, by: Invalidation | None = None, **parts: Any) -> Outcome:
    outcome = decided(held, now_stands, by, **parts)
    assert outcome
    return outcome


def test_nothing_is_written_when_what_is_held_says_it_all() -> None:
    assert decided(held_of(FULL), FULL, touched()) is None


@given(standings)
def test_a_decision_that_is_taken_again_writes_nothing(now_stands: ScoringInputs) -> None:
    first = outcome_of(None, now_stands)
    assert decided(first.entry, now_stands) is None


def test_the_first_scorecard_moves_from_unanswered() -> None:
    now_stands = standing(answers={"specialisms": answer(2)})
    by = touched("survey#s#1", "new", "specialisms")
    outcome = outcome_of(None, now_stands, by)
    card = scorecard(now_stands, MODEL, DAY)
    assert outcome == Outcome(
        entry=held_of(now_stands, version=1),
        card=card,
        changes=(Change(1, NOW, "new", 0, 2, (Move("specialisms", Reading(), Reading(2, 2)),), ("survey#s#1",)),),
    )


def test_a_client_that_is_only_described_has_a_scorecard_and_an_empty_ledger() -> None:
    outcome = outcome_of(None, standing(), touched("description#crm#name"))
    assert (outcome.entry.version, outcome.entry.changed_at, outcome.changes) == (1, NOW, ())


def test_the_version_after_the_one_that_was_read_is_written() -> None:
    assert outcome_of(None, FULL, version=4).entry.version == 5
    assert outcome_of(held_of(standing(), version=7), FULL).entry.version == 8


def test_what_a_fact_moved_is_told_with_its_cause_and_identity() -> None:
    now_stands = replace(FULL, responses={days_ago(3): Tally(5, 2, 2), DAY: Tally(detractors=9)})
    outcome = outcome_of(held_of(FULL), now_stands, touched(cause="correction"))
    assert outcome.changes == (
        Change(8, NOW, "correction", 17, 14, (Move("nps", Reading(4, 33), Reading(1, -33)),), (RESPONSE,)),
    )


def test_what_time_moved_is_told_as_the_window_without_facts() -> None:
    tomorrow = DAY + timedelta(days=1)
    outcome = outcome_of(held_of(EXPIRING), replace(EXPIRING, responses={}), touched(), today=tomorrow)
    assert outcome.changes == (Change(8, NOW, "window", 4, 0, (Move("nps", Reading(4, 100), Reading()),), ()),)
    assert outcome.entry.as_of == tomorrow


def test_what_time_moved_is_told_apart_from_what_facts_moved() -> None:
    now_stands = standing(responses={DAY: Tally(detractors=1)}, latest_response=LATEST)
    outcome = outcome_of(held_of(EXPIRING), now_stands, touched(), today=DAY + timedelta(days=1))
    assert [(each.cause, each.total_before, each.total_after, each.moves, each.facts) for each in outcome.changes] == [
        ("window", 4, 0, (Move("nps", Reading(4, 100), Reading()),), ()),
        ("new", 0, 1, (Move("nps", Reading(), Reading(1, -100)),), (RESPONSE,)),
    ]


def test_a_day_on_which_nothing_moves_is_written_without_a_change() -> None:
    held = held_of(FULL, changed_at=NOW - timedelta(days=1))
    outcome = outcome_of(held, FULL, today=DAY + timedelta(days=1))
    assert outcome.entry == replace(
        held, version=8, as_of=DAY + timedelta(days=1), since=held.since + timedelta(days=1)
    )
    assert outcome.changes == ()


def test_what_another_model_moved_is_told_as_the_model() -> None:
    stricter = replace(MODEL, id="opmm-2", nps_window_days=3)
    outcome = outcome_of(held_of(FULL), FULL, model=stricter)
    assert outcome.changes == (Change(8, NOW, "model", 17, 13, (Move("nps", Reading(4, 33), Reading()),), ()),)
    assert (outcome.entry.model, outcome.card.model) == ("opmm-2", "opmm-2")


def test_another_model_that_says_the_same_is_written_without_a_change() -> None:
    outcome = outcome_of(held_of(FULL), FULL, model=replace(MODEL, id="opmm-2"))
    assert (outcome.entry.model, outcome.entry.version, outcome.changes) == ("opmm-2", 8, ())


def test_a_move_without_facts_behind_it_is_a_rebuild() -> None:
    outcome = outcome_of(held_of(standing()), FULL)
    assert [(each.cause, each.facts) for each in outcome.changes] == [("rebuild", ())]


def test_only_facts_that_reach_what_moved_are_named() -> None:
    by = touched()
    by.note("survey#s#9", "new")
    by.reaches("survey#s#9", {"roadmap": ""}, None, UTC)
    outcome = outcome_of(held_of(standing()), EXPIRING, by)
    assert [each.facts for each in outcome.changes] == [(RESPONSE,)]


def test_a_change_names_100_facts_at_most() -> None:
    by = Invalidation()
    for number in range(MOST_FACTS + 1):
        by.note(f"response#delighted#{number:03d}", "new")
        by.reaches(f"response#delighted#{number:03d}", {"nps": ""}, None, UTC)
    outcome = outcome_of(None, EXPIRING, by)
    assert [each.facts for each in outcome.changes] == [
        tuple(f"response#delighted#{number:03d}" for number in range(100))
    ]


@pytest.mark.parametrize(
    "parts",
    [{"names": ("acme", "acme-bv")}, {"today": DAY + timedelta(days=1)}],
    ids=["names", "day"],
)
def test_what_a_scorecard_was_made_from_is_written_when_it_differs(parts: dict[str, Any]) -> None:
    outcome = outcome_of(held_of(FULL), FULL, **parts)
    assert (outcome.changes, outcome.entry.changed_at) == ((), NOW)


def test_another_name_is_written_without_a_change() -> None:
    renamed = replace(FULL, description=Description("Acme Holding", "ended"))
    outcome = outcome_of(held_of(FULL), renamed, touched("description#crm#name"))
    assert (outcome.entry.standing, outcome.changes) == (renamed, ())


def test_a_scorecard_never_goes_back_a_day() -> None:
    tomorrow = DAY + timedelta(days=1)
    assert decided(held_of(FULL, on=tomorrow), FULL) is None
    assert outcome_of(held_of(FULL, on=tomorrow), standing()).card.as_of == tomorrow


@pytest.mark.parametrize("behind", [timedelta(0), timedelta(seconds=3), timedelta(days=2)], ids=str)
def test_changed_at_never_goes_back(behind: timedelta) -> None:
    outcome = outcome_of(held_of(standing()), FULL, now=NOW - behind)
    assert outcome.entry.changed_at == NOW
    assert [each.at for each in outcome.changes] == [NOW]


def test_changed_at_is_when_something_moved() -> None:
    later = NOW + timedelta(hours=1)
    assert outcome_of(held_of(standing()), FULL, now=later).entry.changed_at == later
    assert outcome_of(held_of(FULL), FULL, now=later, names=("acme", "other")).entry.changed_at == NOW


@given(standings, standings, st.integers(0, 400))
def test_the_changes_lead_from_the_total_before_to_the_total_after(
    held: ScoringInputs, stands: ScoringInputs, days: int
) -> None:
    before = held_of(held)
    outcome = decided(before, stands, today=DAY + timedelta(days=days))
    if outcome is None:
        assert (held, days) == (stands, 0)
        return
    totals = [total(before.readings), *(each.total_after for each in outcome.changes)]
    assert [each.total_before for each in outcome.changes] == totals[:-1]
    assert totals[-1] == outcome.card.total == total(outcome.entry.readings)
    for each in outcome.changes:
        moved = sum((move.after.points or 0) - (move.before.points or 0) for move in each.moves)
        assert moved == each.total_after - each.total_before


def test_changes_of_one_outcome_have_places_of_their_own_in_the_ledger() -> None:
    now_stands = standing(responses={DAY: Tally(detractors=1)}, latest_response=LATEST)
    outcome = outcome_of(held_of(EXPIRING), now_stands, touched(), today=DAY + timedelta(days=1))
    assert len({change_item("acme", each)["item"] for each in outcome.changes}) == 2
    assert outcome.entry.version == outcome.changes[-1].version
