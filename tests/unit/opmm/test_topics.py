"""What a talk should be about: by example, and what holds for every client there may be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.opmm.agenda import Action, Agenda, Expectation, Met, Talk
from shared.opmm.discussion import Talked, reasons_to_talk
from shared.opmm.inputs import Answer, ScoringInputs
from shared.opmm.ledger import Reading
from shared.opmm.next_steps import next_steps
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from shared.opmm.topics import Known, Topic, topics
from tests.unit.opmm import inputs
from tests.unit.opmm.inputs import DAY, MODEL, answer, days_ago, standing, standings

FULL = replace(inputs.FULL, responses={days_ago(120): Tally(5, 2, 2)})
"""Every question answered, the NPS for some months already."""
COMPARED = timedelta(days=MODEL.discussion.days)
TALK_DAYS = MODEL.discussion.talk_days


def agreed(name: str, due: int, dimension: str | None = None, points: int = 4, **parts: Any) -> Action:
    """An action that was due that many days ago."""
    expects = Expectation(dimension, points) if dimension else None
    on = days_ago(400)
    values = {
        "action_id": name,
        "fact_id": f"action#people#{name}",
        "title": name,
        "side": "agency",
        "expects": expects,
    }
    return Action(**{**values, "agreed_on": on, "due": days_ago(due), "recorded_on": on, **parts})


def talk(on: int, recorded: int) -> Talk:
    return Talk(f"t{on}", f"talk#people#t{on}", days_ago(on), days_ago(recorded))


def known(now: ScoringInputs, before: ScoringInputs | None = None, agenda: Agenda | None = None) -> Known:
    """Of a client that stood otherwise until some months ago, and on the day of the last talk as now."""
    agenda = agenda or Agenda()
    card, earlier = scorecard(now, MODEL, DAY), scorecard(before or now, MODEL, DAY - COMPARED)
    last = agenda.last_talk(DAY)
    then = scorecard(now, MODEL, last) if last else None
    talked = Talked(then, scorecard(before or now, MODEL, last - COMPARED)) if then and last else None
    reasons = reasons_to_talk(card, earlier, MODEL, talked)
    return Known(card, earlier, reasons, agenda, then, next_steps(now, card, MODEL))


def told(*arguments: Any) -> list[Topic]:
    return list(topics(known(*arguments), MODEL))


def with_answers(**answers: Any) -> ScoringInputs:
    return replace(FULL, answers={**FULL.answers, **answers})


def test_the_question_that_lost_most_comes_first_with_what_it_was_and_what_would_mend_it() -> None:
    before = with_answers(roadmap=answer("co_creating"), specialisms=answer(4))
    now = with_answers(roadmap=answer("no"), specialisms=answer(3))
    underway = agreed("session", -9, "roadmap")

    first, second = told(now, before, Agenda(actions=(underway,)))[:2]

    assert (first.kind, first.dimension, first.lost, first.since) == ("fell", "roadmap", 2, DAY - COMPARED)
    assert (first.before, first.after) == (Reading(4, "co_creating"), Reading(2, "no"))
    assert first.under_way == (underway,)
    assert first.advice is not None
    assert first.advice.step is not None
    assert first.advice.step.change == "yes"
    assert (second.dimension, second.lost) == ("specialisms", 1)
    assert {reason.key for reason in first.reasons} == {reason.key for reason in second.reasons} == {"fell"}


def test_a_question_that_nobody_can_tell_any_more_is_no_fall_to_zero() -> None:
    before, now = FULL, replace(FULL, responses={}, latest_response=None)
    [topic] = told(now, before)

    assert (topic.kind, topic.dimension, topic.lost, topic.after) == ("lapsed", "nps", 4, Reading())


def test_what_stood_on_the_day_of_the_talk_already_is_settled_by_it() -> None:
    before, now = with_answers(specialisms=answer(4)), with_answers(specialisms=answer(3))

    assert [topic.dimension for topic in told(now, before)] == ["specialisms"]
    assert told(now, before, Agenda(talks=(talk(20, 20),))) == []


@pytest.mark.parametrize(
    ("dimension", "due", "expected"),
    [
        (None, 3, ["agreement"]),  # overdue, until somebody closes it
        (None, -3, []),
        ("inspiration", 3, ["agreement"]),
        ("inspiration", 30, []),  # the last talk knew
        ("roadmap", 3, []),  # the facts kept it
    ],
)
def test_what_was_agreed_is_a_topic_when_it_was_not_done(dimension: str | None, due: int, expected: list[str]) -> None:
    action = agreed("a", due, dimension)
    met = {action.fact_id: Met(days_ago(due + 1), None)} if dimension == "roadmap" else {}

    assert [topic.kind for topic in told(FULL, FULL, Agenda((talk(20, 20),), (action,), met=met))] == expected


def test_agreements_on_a_question_belong_to_its_topic() -> None:
    low = with_answers(inspiration=answer("third_party"))
    first, second = agreed("a", 3, "inspiration"), agreed("b", 2, "inspiration")
    alone, later = agreed("c", 9), agreed("d", 1)

    topic, other = told(low, low, Agenda(actions=(later, alone, second, first)))

    assert (topic.kind, topic.broken) == ("low", (first, second))
    assert (other.kind, other.dimension, other.broken) == ("agreement", None, (alone, later))


def test_a_talk_that_was_not_held_and_a_long_silence_are_one_topic() -> None:
    last, missed = talk(TALK_DAYS, TALK_DAYS), talk(10, 30)

    [quiet] = told(FULL, FULL, Agenda(talks=(last,)))
    [not_held] = told(FULL, FULL, Agenda(talks=(last, missed)))

    assert (quiet.kind, [reason.key for reason in quiet.reasons]) == ("quiet", ["quiet"])
    assert (not_held.kind, not_held.day, not_held.reasons) == ("not_held", days_ago(10), quiet.reasons)


def test_an_answer_that_is_out_of_date_is_to_be_asked_in_the_talk_whether_or_not_one_knew() -> None:
    old = with_answers(roadmap=answer("yes", days_ago(400)))

    assert [(topic.kind, topic.dimension) for topic in told(old, old)] == [("stale", "roadmap")]
    assert [topic.kind for topic in told(old, old, Agenda(talks=(talk(2, 2),)))] == ["stale"]


def happy(count: int) -> Answer:
    return answer(count, days_ago(22), "measured", "hr")


def test_fewer_happy_consultants_under_a_rising_nps_are_a_topic_without_lost_points() -> None:
    before = replace(with_answers(happy_consultants=happy(8)), responses={days_ago(300): Tally(1, 0, 0)})
    now = with_answers(happy_consultants=happy(6))
    before = replace(before, responses={days_ago(300): Tally(5, 2, 3)})

    [topic] = told(now, before)

    assert (topic.kind, topic.dimension, topic.lost) == ("diverging", "happy_consultants", 0)


_actions = st.builds(
    agreed,
    st.sampled_from("abcdefgh"),
    st.integers(-100, 300),
    st.none() | st.sampled_from(MODEL.keys),
    st.integers(0, 4),
    closed=st.sampled_from([None, None, "done", "dropped"]),
)
_talks = st.integers(-60, 300).flatmap(lambda on: st.builds(talk, st.just(on), st.integers(on - 30, on + 60)))
agendas = st.builds(
    Agenda,
    talks=st.lists(_talks, max_size=3, unique_by=lambda talk: talk.on).map(tuple),
    actions=st.lists(_actions, max_size=6, unique_by=lambda action: action.action_id).map(tuple),
)


@given(standings, standings, agendas, st.randoms())
@settings(max_examples=150, deadline=None)
def test_every_reason_is_told_every_question_once_and_the_order_of_the_agenda_is_nothing(
    now: ScoringInputs, before: ScoringInputs, agenda: Agenda, random: Any
) -> None:
    client = known(now, before, agenda)
    found = topics(client, MODEL)

    assert {reason for topic in found for reason in topic.reasons} == set(client.reasons)
    asked = [topic.dimension for topic in found if topic.dimension]
    assert len(asked) == len(set(asked))
    assert all(topic.lost >= 0 and (topic.kind in ("fell", "lapsed")) == (topic.lost > 0) for topic in found)
    weights = [topic.lost for topic in found]
    assert weights == sorted(weights, reverse=True)

    broken = [action for topic in found for action in topic.broken]
    overdue = {action for action in agenda.actions if agenda.settled(action, DAY).status == "overdue"}
    assert len(broken) == len(set(broken))
    assert overdue <= set(broken)
    assert all(agenda.settled(action, DAY).status in ("overdue", "missed", "no_effect") for action in broken)

    mixed = replace(
        agenda,
        talks=tuple(random.sample(agenda.talks, len(agenda.talks))),
        actions=tuple(random.sample(agenda.actions, len(agenda.actions))),
    )
    assert topics(replace(client, agenda=mixed), MODEL) == found


@given(standings)
@settings(max_examples=40, deadline=None)
def test_where_nothing_moved_and_nothing_is_old_or_weak_there_is_nothing_to_talk_about(now: ScoringInputs) -> None:
    client = known(now)
    if not client.reasons and not any(score.stale for score in client.card.dimensions):
        # What time alone took away in between is a fall, too.
        assert all(topic.kind in ("fell", "lapsed") for topic in topics(client, MODEL))


def test_nobody_is_told_of_a_client_of_whom_nothing_is_known() -> None:
    assert told(standing()) == []
