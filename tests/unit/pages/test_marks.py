import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pages.marks.blocks import blocks
from functions.pages.marks.counts import MonthOfAnswers, answers_of_a_square, counts_bar, month_squares
from functions.pages.marks.dots import dots
from functions.pages.marks.goal import goal_bar
from functions.pages.marks.profile import Column, profile
from functions.pages.marks.sparkline import sparkline
from functions.pages.marks.trend import Frame, Goal, Level, Said, Talk, trend_chart
from shared.opmm.nps import Tally
from shared.texts.words import Words

FIRST, TODAY = date(2025, 12, 1), date(2026, 11, 25)
SAID = Said("All of it", "nobody had answered yet", "14", Words("en").months())
MOVED = re.compile(r'class="moved (?:up|down)">([^<]*)<')


def frame(**parts: object) -> Frame:
    return Frame(FIRST, TODAY, TODAY, 20, 1060, **parts)  # type: ignore[arg-type]  # talks, if any


def drawn(*levels: Level, **marks: object) -> str:
    return trend_chart(levels, frame(talks="talks" in marks), SAID, **marks)  # type: ignore[arg-type]  # marks of a trend


def pieces(picture: str) -> int:
    """Of how many pieces the line of a trend is."""
    [path] = re.findall(r'<path d="([^"]*)" class="line">', picture)
    return str(path).count("M")


@pytest.mark.parametrize(("points", "full"), [(0, 0), (2, 2), (3, 3)])
def test_there_is_a_block_for_each_point(points: int, full: int) -> None:
    picture = blocks(points, 3, 3, low=False)

    assert (picture.count('class="full"'), picture.count('class="cell"')) == (full, 3 - full)


def test_few_points_are_drawn_as_a_warning() -> None:
    assert blocks(1, 4, 4, low=True).count('class="low"') == 1


def test_a_question_that_nobody_has_answered_is_one_dashed_outline() -> None:
    picture = blocks(None, 4, 4, low=False)

    assert (picture.count("<rect"), picture.count('class="unknown"')) == (1, 1)


def test_all_blocks_are_of_one_width() -> None:
    assert {
        re.findall('width="([0-9]+)" height="9" class="blocks"', blocks(1, most, 5, low=False))[0] for most in (3, 5)
    } == {"122"}


def test_a_profile_says_what_it_shows_and_dashes_what_is_unknown() -> None:
    picture = profile([Column(2, 4), Column(None, 4), Column(1, 4, low=True)], "A 2; B not answered yet; C 1")

    assert 'role="img" aria-label="A 2; B not answered yet; C 1"' in picture
    assert [picture.count(f'class="{class_}"') for class_ in ("full", "unknown", "low", "cell")] == [2, 1, 1, 5]


def test_a_goal_has_a_cell_for_each_point() -> None:
    picture = goal_bar(14, 16, 20, "14 of 20, the goal is 16")

    assert [picture.count(f'class="{class_}"') for class_ in ("full", "togo", "cell")] == [14, 2, 4]


def test_a_goal_that_is_reached_has_nothing_to_go() -> None:
    assert 'class="togo"' not in goal_bar(17, 16, 20, "reached")


def test_a_sparkline_leaves_out_what_cannot_be_compared() -> None:
    picture = sparkline([None, 12, 12, None, 14], 20, "12, 14", ticks=[1])

    assert re.findall(r'<path d="([^"]*)" class="line">', picture)[0].count("M") == 2
    assert picture.count('class="tick"') == 1
    assert "circle" not in sparkline([12, None], 20, "12")


def test_every_client_has_a_dot_until_there_are_too_many() -> None:
    assert dots([0, 2, 0, 1], "totals", low=1).count("<circle") == 3
    assert dots([0, 2, 0, 1], "totals", low=1).count('class="low"') == 2
    assert dots([0] * 20 + [61], "totals", low=10).count("<circle") == 6


@given(st.builds(Tally, *[st.integers(0, 400)] * 3).filter(lambda counts: counts.count > 0))
def test_a_bar_of_counts_never_runs_out_of_its_frame(counts: Tally) -> None:
    for left, width in re.findall(r'x="(\d+)" y="0" width="(\d+)"', counts_bar(counts)):
        assert int(left) + int(width) <= 341


def test_there_is_a_square_for_each_answer() -> None:
    months = [MonthOfAnswers("Jan", Tally(2, 1, 3)), MonthOfAnswers("Feb", Tally())]
    picture = month_squares(months, "answers", width=326)

    assert [picture.count(f'class="{class_}"') for class_ in ("full", "passive", "low")] == [2, 1, 3]
    assert re.findall(r">([^<>]+)</text>", picture)[-2:] == ["Feb", "\N{EN DASH}"]


@given(st.lists(st.builds(Tally, *[st.integers(0, 300)] * 3), min_size=1, max_size=13))
def test_squares_stand_for_as_many_answers_as_there_is_room_for(counts: list[Tally]) -> None:
    months = [MonthOfAnswers("Jan", tally) for tally in counts]
    each = answers_of_a_square(months)
    picture = month_squares(months, "answers", width=620)

    assert picture.count("<rect") * each >= sum(tally.count for tally in counts)
    assert picture.count("<rect") <= 13 * 3 * 15


def test_a_trend_says_by_how_much_the_total_moved() -> None:
    picture = drawn(Level(FIRST, 12, 20), Level(date(2026, 3, 1), 14, 20), Level(date(2026, 6, 1), 13, 20))

    assert MOVED.findall(picture) == ["+2", "\N{MINUS SIGN}1"]
    assert pieces(picture) == 1
    assert "hatch-1060)" not in picture


def test_where_an_answer_comes_first_the_line_is_broken_and_nothing_has_risen() -> None:
    picture = drawn(Level(FIRST, 0, 0), Level(date(2026, 6, 1), 5, 8), Level(date(2026, 7, 1), 14, 20))

    assert MOVED.findall(picture) == []
    assert pieces(picture) == 2
    assert picture.count('fill="url(#hatch-1060)"') == 2


def test_before_the_first_answer_nothing_is_drawn_but_that() -> None:
    picture = drawn(Level(FIRST, 0, 0))

    assert pieces(picture) == 0
    assert "nobody had answered yet" in picture
    assert "<circle" not in picture


def test_a_true_nothing_is_a_line_at_the_bottom() -> None:
    assert pieces(drawn(Level(FIRST, 0, 20))) == 1


@pytest.mark.parametrize("width", [326, 656, 1060])
@pytest.mark.parametrize("days", [(200, 150, 48, -9), (3, 2, 1, 0), (1, -1), (390,), (30, 29, -20)])
def test_what_is_said_of_talks_covers_no_other_and_stays_in_the_picture(width: int, days: tuple[int, ...]) -> None:
    talks = [Talk(TODAY - timedelta(days=ago), "25 Nov", "planned" if ago < 0 else "held") for ago in days]
    ahead = Frame(FIRST, TODAY + timedelta(days=30), TODAY, 20, width, talks=True)
    picture = trend_chart([Level(FIRST, 14, 20)], ahead, SAID, talks=talks)
    said = re.findall(r'<text x="(\d+)" y="15" text-anchor="(start|end)">25 Nov', picture)
    wide = 7 * len("25 Nov")
    spans = sorted((int(x), int(x) + wide) if anchor == "start" else (int(x) - wide, int(x)) for x, anchor in said)
    bubbles = [int(x) for x in re.findall(r"translate\((\d+) 4\)", picture)]

    assert len(bubbles) == sum(talk.day >= FIRST for talk in talks)
    assert all(start >= 0 and end <= width for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert all(bubble + 12 <= start + 1 or bubble >= end - 1 for start, end in spans for bubble in bubbles)


def test_talks_and_the_goal_are_drawn_where_there_are_any() -> None:
    talks = [Talk(TODAY - timedelta(days=200), "Talk 9 May", "held"), Talk(TODAY, "25 Nov", "planned")]
    goal = Goal(16, FIRST + timedelta(days=30), "goal 16")
    picture = drawn(Level(FIRST, 14, 20), talks=talks, goal=goal)

    assert re.findall('class="talk ([a-z]+)"', picture) == ["held", "planned"]
    assert all(text in picture for text in ("Talk 9 May", "25 Nov", "goal 16"))
    assert "talk" not in drawn(Level(FIRST, 14, 20))


@given(
    st.lists(st.tuples(st.integers(1, 358), st.integers(0, 20), st.sampled_from([0, 4, 12, 20])), max_size=30),
    st.sampled_from([326, 656, 1060]),
)
def test_a_trend_stays_in_its_frame(moves: list[tuple[int, int, int]], width: int) -> None:
    levels = [Level(FIRST, 12, 20)]
    for days, total, attainable in sorted({move[0]: move for move in moves}.values()):
        levels.append(Level(FIRST + timedelta(days=days), min(total, attainable), attainable))
    picture = trend_chart(levels, Frame(FIRST, TODAY, TODAY, 20, width), SAID)

    for left, across in re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', picture):
        assert float(left) + float(across) <= width + 0.2
    assert picture.count('role="img"') == 1
