import re

import pytest

from functions.pages.svg import Axis, Month, blocks, columns, histogram, line, radar


def axes(*most: int) -> list[Axis]:
    return [Axis(f"question {place}", str(place), points) for place, points in enumerate(most)]


def corners(picture: str, class_: str) -> list[str]:
    """Of the last shape of this class."""
    *_, points = re.findall(rf'points="([^"]*)" class="{class_}"', picture)
    return str(points).split()


@pytest.mark.parametrize("count", [3, 4, 5, 6, 9])
def test_a_radar_has_an_axis_for_each_question(count: int) -> None:
    picture = radar(axes(*[4] * count), [4] * count, [4] * count, "points")

    assert len(corners(picture, "now")) == picture.count("<circle") == picture.count("<text") == count
    assert corners(picture, "now")[0] == "180,28"
    assert picture.count('class="ring"') == count + 4


def test_the_five_axes_point_where_they_always_did() -> None:
    assert corners(radar(axes(4, 4, 4, 4, 4), [4] * 5, [4] * 5, "points"), "now") == [
        "180,28",
        "257,84",
        "228,176",
        "131,176",
        "102,84",
    ]


def test_a_question_that_is_worth_less_reaches_less_far() -> None:
    picture = radar(axes(4, 4, 2, 4), [4, 4, 2, 4], [0, 0, 0, 0], "points")

    assert corners(picture, "now") == ["180,28", "262,110", "180,151", "98,110"]
    assert corners(picture, "earlier") == ["180,110"] * 4


def test_what_did_not_move_is_drawn_once() -> None:
    assert "earlier" not in radar(axes(4, 4, 4), [1, 2, 3], [1, 2, 3], "points")


def test_a_name_without_room_gives_way_to_the_short_one() -> None:
    long = Axis("a name that is much too long for the edge", "short", 4)
    picture = radar([long, long, long, long], [1] * 4, [1] * 4, "points")

    assert re.findall(r">([^<>]+)</text>", picture) == [long.name, "short", long.name, "short"]


@pytest.mark.parametrize(
    ("points", "low", "state", "full"), [(None, False, "open", 0), (1, True, "low", 1), (2, False, "good", 2)]
)
def test_there_is_a_block_for_each_point(points: int | None, low: bool, state: str, full: int) -> None:  # noqa: FBT001 - what is tried
    picture = blocks(points, 3, 3, low=low)

    assert f'class="blocks {state}"' in picture
    assert (picture.count('class="full"'), picture.count('class="empty"')) == (full, 3 - full)


def test_all_blocks_are_of_one_size() -> None:
    assert [blocks(1, most, 5, low=False).split(">")[0] for most in (3, 5)] == [
        '<svg viewBox="0 0 148 14" class="blocks good" aria-hidden="true"'
    ] * 2


@pytest.mark.parametrize("highest", [3, 13, 20, 24])
def test_charts_take_totals_of_any_height(highest: int) -> None:
    months = [Month("Jan", 0, highest), Month("Feb", highest, highest)]

    assert 'cy="146"' in line(months, highest, "totals")
    assert 'cy="16"' in line(months, highest, "totals")
    assert histogram([0] * highest + [2], "totals").count('class="above"') == 1


def test_months_without_responses_have_no_column() -> None:
    picture = columns([Month("Jan", None), Month("Feb", -100, 1), Month("Mar", 0, 2)], "NPS")

    assert picture.count("<rect") == 2
    assert picture.count('class="below"') == 1
