from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import (
    UNANSWERED,
    Change,
    Move,
    Reading,
    Readings,
    moves,
    points_moved,
    readings,
    together,
    told,
    total,
)
from shared.opmm.scorecard import scorecard
from tests.unit.opmm.inputs import DAY, FULL, MODEL, standings

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
said = st.builds(
    lambda held, days: readings(scorecard(held, MODEL, DAY + timedelta(days=days))), standings, st.integers(0, 400)
)

SAID: Readings = {
    "happy_consultants": Reading(3, 6),
    "specialisms": Reading(4, 4),
    "roadmap": Reading(4, "co_creating"),
    "inspiration": Reading(2, "no"),
    "nps": Reading(4, 33),
}


def test_readings_are_points_and_value_of_each_question() -> None:
    assert readings(scorecard(FULL, MODEL, DAY)) == SAID


def test_a_client_without_facts_reads_as_unanswered() -> None:
    assert readings(scorecard(ScoringInputs("acme", FULL.description), MODEL, DAY)) == UNANSWERED
    assert total(UNANSWERED) == 0


def test_a_move_tells_what_a_question_read_before_and_after() -> None:
    after = {**SAID, "nps": Reading(1, -5), "happy_consultants": Reading(3, 7)}
    assert moves(SAID, after, MODEL.keys) == (
        Move("happy_consultants", Reading(3, 6), Reading(3, 7)),
        Move("nps", Reading(4, 33), Reading(1, -5)),
    )


def test_0_points_and_no_answer_are_told_apart() -> None:
    after = {**UNANSWERED, "specialisms": Reading(0, 0)}
    assert moves(UNANSWERED, after) == (Move("specialisms", Reading(None, None), Reading(0, 0)),)


def answered(told: Readings) -> Readings:
    """Without what is unanswered, as readings are told."""
    return {key: reading for key, reading in told.items() if reading != Reading()}


def test_a_question_that_the_model_has_dropped_moves_last() -> None:
    assert [move.key for move in moves({**SAID, "mood": Reading(2, 5)}, UNANSWERED, MODEL.keys)] == [
        *MODEL.keys,
        "mood",
    ]


def written(story: list[Readings]) -> list[Change]:
    """The ledger of a client that read so, one after the other."""
    pairs = enumerate(zip([UNANSWERED, *story], story, strict=False), 1)
    return [
        Change(number, NOW, "new", total(before), total(after), moves(before, after, MODEL.keys), (f"fact-{number}",))
        for number, (before, after) in pairs
    ]


@given(st.lists(said, min_size=2, max_size=5))
def test_changes_together_move_what_differs_between_their_ends(story: list[Readings]) -> None:
    one = together(written(story)[1:])
    assert (one.version, one.total_before, one.total_after) == (len(story), total(story[0]), total(story[-1]))
    assert set(one.moves) == set(moves(story[0], story[-1]))
    assert one.facts == tuple(f"fact-{number}" for number in range(2, len(story) + 1))


def test_changes_together_are_of_the_latest_day_that_is_behind_any_of_them() -> None:
    first, second = written([SAID, {**SAID, "nps": Reading(1, -5)}])
    later = replace(first, latest=DAY, names=("acme-antwerp",))
    one = together([later, replace(second, cause="correction", names=("acme",))])
    assert (one.latest, one.names, one.cause) == (DAY, ("acme", "acme-antwerp"), "new")
    assert together([first, second]).latest is None


def test_what_lies_between_changes_together_is_no_part_of_their_points() -> None:
    first, _, third = written([{**SAID, "nps": Reading(4, 33)}, {**SAID, "roadmap": Reading(1, "no")}, UNANSWERED])
    fell = third.total_before - third.total_after
    assert together([first, third]).total_before == first.total_before - first.total_after + fell


@given(st.lists(said, max_size=5))
def test_a_ledger_tells_where_its_last_entry_ended(story: list[Readings]) -> None:
    assert told(written(story)) == dict(story[-1] if story else UNANSWERED)


@given(said)
def test_nothing_moves_while_nothing_reads_differently(same: Readings) -> None:
    assert moves(same, dict(same)) == ()


@given(said, said)
def test_the_points_of_the_moves_add_up_to_the_difference_of_the_totals(before: Readings, after: Readings) -> None:
    moved = moves(before, after)
    assert sum((move.after.points or 0) - (move.before.points or 0) for move in moved) == total(after) - total(before)


@given(said, said)
def test_what_is_answered_for_the_first_time_moves_no_points(before: Readings, after: Readings) -> None:
    known = {key: reading for key, reading in after.items() if key in answered(before)}
    assert points_moved(moves(before, after)) == total(known) - total(before)


@given(said, said)
def test_moves_lead_from_before_to_after_in_the_order_of_the_model(before: Readings, after: Readings) -> None:
    moved = moves(before, after, MODEL.keys)
    assert answered({**before, **{move.key: move.after for move in moved}}) == dict(after)
    assert answered({**after, **{move.key: move.before for move in moved}}) == dict(before)
    assert [move.key for move in moved] == [key for key in MODEL.keys if before.get(key) != after.get(key)]
