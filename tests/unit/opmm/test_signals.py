from datetime import date, timedelta

import pytest

from shared.opmm.agenda import Action, Agenda, Expectation, Met, Talk
from shared.opmm.discussion import Reason
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.opmm.signals import MOST_AT_ONCE, Standing, begun, standing

DAY = date(2026, 11, 24)
YESTERDAY, TOMORROW = DAY - timedelta(days=1), DAY + timedelta(days=1)


def card(day: date = DAY, *stale: str) -> Scorecard:
    dimensions = tuple(DimensionScore(key, 4, 2, 2, stale=key in stale) for key in ("roadmap", "specialisms"))
    return Scorecard("acme", day, "opmm-1", 20, dimensions)


def talk(on: date, recorded_on: date = date(2026, 1, 1), *, cancelled: bool = False) -> Talk:
    return Talk("t", f"talk#crm#{on}", on, recorded_on, cancelled)


def action(due: date, points: int | None = None, **parts: object) -> Action:
    expects = None if points is None else Expectation("roadmap", points)
    values = {"agreed_on": date(2026, 1, 1), "recorded_on": date(2026, 1, 1), "expects": expects, **parts}
    return Action("a", f"action#crm#{due}", "Something", "agency", due=due, **values)  # type: ignore[arg-type]


def test_nothing_stands_of_a_client_with_whom_all_is_well() -> None:
    agenda = Agenda(talks=(talk(DAY), talk(TOMORROW)), actions=(action(DAY), action(DAY, 3)))

    assert standing(card(), (), agenda) == frozenset()


def test_a_talk_is_due_when_the_last_one_is_long_ago_and_for_no_other_reason() -> None:
    assert standing(card(), (Reason("quiet", days=120),), Agenda()) == {Standing("talk_due")}
    assert standing(card(), (Reason("fell", points=3), Reason("stale", "roadmap")), Agenda()) == frozenset()


def test_a_planned_talk_was_missed_when_its_day_is_over() -> None:
    missed = Agenda(talks=(talk(YESTERDAY),))

    assert standing(card(), (), missed) == {Standing("talk_missed", f"talk#crm#{YESTERDAY}", YESTERDAY)}
    assert standing(card(YESTERDAY), (), missed) == frozenset()


@pytest.mark.parametrize(
    "talks",
    [
        (talk(YESTERDAY, cancelled=True),),
        (talk(YESTERDAY, DAY),),
        (talk(YESTERDAY), talk(DAY, DAY)),
    ],
    ids=["cancelled", "held", "another was held since"],
)
def test_a_talk_that_was_not_missed_is_no_news(talks: tuple[Talk, ...]) -> None:
    assert standing(card(), (), Agenda(talks=talks)) == frozenset()


@pytest.mark.parametrize("points", [None, 3], ids=["that people settle", "that facts settle"])
def test_an_agreement_is_missed_when_its_day_is_over(points: int | None) -> None:
    agenda = Agenda(actions=(action(YESTERDAY, points, internal=True),))

    assert standing(card(), (), agenda) == {
        Standing("action_missed", f"action#crm#{YESTERDAY}", YESTERDAY, internal=True)
    }
    assert standing(card(YESTERDAY), (), agenda) == frozenset()


def test_an_agreement_that_was_kept_or_dropped_is_no_news() -> None:
    kept, dropped = action(YESTERDAY, 3), action(YESTERDAY - timedelta(days=1), closed="dropped")
    agenda = Agenda(actions=(kept, dropped), met={kept.fact_id: Met(YESTERDAY, "survey#s#1#roadmap")})

    assert standing(card(), (), agenda) == frozenset()


def test_an_answer_stands_that_is_out_of_date() -> None:
    assert standing(card(DAY, "roadmap"), (), Agenda()) == {Standing("answer_stale", "roadmap")}


STALE, DUE = Standing("answer_stale", "roadmap"), Standing("talk_due")


def test_only_what_did_not_stand_before_is_news() -> None:
    assert begun(frozenset({STALE}), frozenset({STALE, DUE})).told == (DUE,)
    assert begun(frozenset({STALE, DUE}), frozenset({STALE})).told == ()


def test_what_stands_again_after_it_did_not_is_news_again() -> None:
    gone = begun(frozenset({STALE}), frozenset())

    assert begun(gone.held, frozenset({STALE})).told == (STALE,)


def test_nothing_is_news_where_nobody_knows_what_stood() -> None:
    first = begun(None, frozenset({STALE}))

    assert first.told == ()
    assert first.held == {STALE}


def test_very_much_at_once_is_told_in_several_goes_and_each_of_it_once() -> None:
    now = frozenset(Standing("action_missed", f"action#crm#{number}", DAY) for number in range(2 * MOST_AT_ONCE + 1))
    held, goes = frozenset[Standing](), []
    while (news := begun(held, now)).told:
        goes.append(news.told)
        held = news.held

    assert [len(go) for go in goes] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]
    assert held == now
    assert {each for go in goes for each in go} == now
