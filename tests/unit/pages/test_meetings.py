"""What pages say of agreements, goals and what is coming, made by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from functions.pages.agenda import Meetings
from functions.pages.agreement_components import Agreements
from functions.pages.coming import Coming, coming
from functions.pages.meeting_components import MeetingTexts
from functions.pages.partnership import Partnership
from shared.opmm.agenda import Action, ActionStatus, Agenda, Expectation, Goal, Settlement, Talk
from shared.opmm.inputs import ScoringInputs
from shared.opmm.model_document import published_model
from shared.opmm.nps import Tally
from shared.texts.words import Words
from tests.unit.pages.drawing import DAY, UNANSWERED, answered, as_text, loaded

MODEL, EN = published_model(), Words("en")


def days_ago(days: int) -> date:
    return DAY - timedelta(days=days)


def agreed(**parts: Any) -> Action:
    values = {"action_id": "a", "fact_id": "action#people#a", "title": "Call them", "side": "agency"}
    days = {"agreed_on": days_ago(60), "due": days_ago(10), "recorded_on": days_ago(60)}
    return Action(**{**values, **days, **parts})


@pytest.mark.parametrize(
    ("status", "on", "due", "english", "dutch"),
    [
        ("open", None, DAY, "today", "vandaag"),
        ("open", None, days_ago(-1), "tomorrow", "morgen"),
        ("open", None, days_ago(-9), "in 9 days", "over 9 dagen"),
        ("overdue", None, days_ago(1), "1 day overdue", "1 dag over tijd"),
        ("late", days_ago(7), days_ago(10), "3 days late", "3 dagen te laat"),
        ("kept", days_ago(13), days_ago(10), "kept 11 Nov", "nagekomen 11 nov"),
        ("done", days_ago(13), days_ago(10), "done 11 Nov", "gedaan 11 nov"),
        ("missed", days_ago(9), days_ago(10), "missed", "niet nagekomen"),
        ("no_effect", days_ago(9), days_ago(10), "done, without effect", "gedaan, zonder effect"),
        ("dropped", days_ago(20), days_ago(10), "dropped", "vervallen"),
    ],
)
def test_what_became_of_an_agreement_is_said_in_words(
    status: ActionStatus, on: date | None, due: date, english: str, dutch: str
) -> None:
    for words, said in ((EN, english), (Words("nl"), dutch)):
        row = Agreements(DAY, MODEL, words).row(agreed(due=due), Settlement(status, on))
        assert row.endswith(f">{said}</span></li>")
        assert as_text(Agreements(DAY, MODEL, words).brief(agreed(due=due), Settlement(status, on)))


def client(now: ScoringInputs, told: Meetings | None = None) -> Partnership:
    return loaded(MODEL, now, now, told=told)


def ahead(now: ScoringInputs, agenda: Agenda | None = None, *, people: bool = True) -> list[Coming]:
    told = Meetings(agenda or Agenda())
    return coming(client(now, told).card, told, MODEL, EN, people=people)


def said(found: Sequence[Coming]) -> list[str]:
    return [one.text for one in found if one.entry.kind in ("window", "quiet", "talk", "goal")]


def with_responses(responses: dict[date, Tally]) -> ScoringInputs:
    return replace(answered(MODEL), responses=responses)


def test_of_the_nps_only_the_first_day_is_told_that_moves_its_points_by_itself() -> None:
    at_once = with_responses({days_ago(360): Tally(3), days_ago(300): Tally(0, 0, 1), days_ago(5): Tally(1, 0, 1)})
    one = next(one for one in ahead(at_once) if one.entry.kind == "window")

    assert (one.text, one.points, one.day) == (
        "3 answers leave the NPS: +33 becomes \N{MINUS SIGN}33",
        -3,
        days_ago(-5),
    )
    assert len(said(ahead(at_once))) == 1


def test_those_who_are_told_counts_hear_of_months() -> None:
    at_once = with_responses({days_ago(360): Tally(3), days_ago(5): Tally(1, 0, 2)})

    assert all(one.whole_month for one in ahead(at_once, people=False) if one.entry.kind == "window")


def test_an_nps_that_runs_dry_is_told_when_that_comes_near_and_takes_no_points_away() -> None:
    [near] = [one for one in ahead(with_responses({days_ago(360): Tally(3)})) if one.entry.kind == "window"]

    assert (near.text, near.points) == ("Nobody's answer counts for the NPS any more", 0)
    assert said(ahead(with_responses({days_ago(5): Tally(29)}))) == []


def test_a_long_silence_is_not_announced_where_a_talk_is_planned_before_it() -> None:
    held = Talk("h", "talk#people#h", days_ago(100), days_ago(100))
    planned = Talk("p", "talk#people#p", days_ago(-9), days_ago(1))

    assert said(ahead(answered(MODEL), Agenda((held,)))) == ["180 days since the last talk"]
    assert said(ahead(answered(MODEL), Agenda((held, planned)))) == ["Talk"]


def goal(points: int, **parts: Any) -> Meetings:
    return Meetings(Agenda(goals=(Goal("g", "goal#people#g", points, days_ago(-200), days_ago(30), **parts),)))


def goal_text(now: ScoringInputs, told: Meetings) -> str:
    prop = MeetingTexts(client(now, told), MODEL, EN).goal_prop()
    return " ".join(as_text(str([prop.value, prop.hint])).split())


def test_the_path_to_a_goal_never_says_no_and_asks_what_nobody_has_answered() -> None:
    worst = goal_text(answered(MODEL, best=False), goal(9))

    assert "no" not in worst.lower().replace("not nearer", "").replace("nearest", "").split()
    assert "third" not in worst
    assert "ask it: " in goal_text(UNANSWERED, goal(4))


def test_a_goal_that_is_reached_needs_no_path() -> None:
    assert "20 by 12 June 2027: reached" in goal_text(answered(MODEL), goal(20))
    assert "Nearest" not in goal_text(answered(MODEL), goal(20))
    assert "Roadmap, 4 by 12 June 2027: reached" in goal_text(answered(MODEL), goal(4, dimension="roadmap"))


def test_what_nobody_expects_points_of_is_told_without_a_question() -> None:
    plain, moving = agreed(who="Noor"), agreed(expects=Expectation("roadmap", 4), side="client", internal=True)
    agreements = Agreements(DAY, MODEL, EN)

    dot = "\N{MIDDLE DOT}"
    assert f"Noor, agency {dot} by 14 Nov<" in agreements.row(plain, Settlement("open"))
    assert f"client {dot} by 14 Nov {dot} Roadmap to 4 {dot} stays inside" in agreements.row(moving, Settlement("open"))
