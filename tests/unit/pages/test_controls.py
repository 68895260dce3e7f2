import pytest

from functions.pages.controls import (
    Choice,
    answer_row,
    badge,
    button,
    chip,
    disclosure,
    empty_state,
    fault_strip,
    field,
    initials,
    link_button,
    person,
    saved_strip,
    segments,
    set_chip,
)
from functions.pages.icons import icon
from functions.pages.markup import tag


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Noor van Dalen", "ND"), ("Demo", "D"), ("", ""), ("(x)", ""), ("Anna-Lisa (team) Çelik", "AÇ")],
)
def test_a_person_goes_by_the_first_letters_of_their_names(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_initials_are_read_out_as_the_name() -> None:
    assert '<span aria-hidden="true">ND</span><span class="heard">Noor van Dalen</span>' in person("Noor van Dalen")


@pytest.mark.parametrize("name", ["calendar", "eye", "lock", "printer", "check", "cross", "alert", "ring", "clock"])
def test_icons_are_not_read_out(name: str) -> None:
    assert 'aria-hidden="true"' in icon(name)


def test_a_chip_that_is_set_says_what_pressing_it_does() -> None:
    assert "remove this filter" in set_chip("stale", "/", "remove this filter")
    assert '<span class="count">3</span>' in chip(Choice("stale", "/?stale=true", count=3))


def test_one_of_the_segments_is_where_the_reader_is() -> None:
    drawn = segments([Choice("Mine", "/?owner=me", count=5), Choice("All", "/", chosen=True, count=16)], "Whose")

    assert drawn.count('aria-current="true"') == 1
    assert 'aria-label="Whose"' in drawn


@pytest.mark.parametrize("open_", [True, False])
def test_a_form_can_come_back_open_in_its_row(open_: bool) -> None:  # noqa: FBT001 - what is tried
    drawn = answer_row("Roadmap", "Answer", "Close", tag.form(), open_=open_)

    assert drawn.startswith('<details open class="answer">' if open_ else '<details class="answer">')


def test_a_fault_is_told_with_a_link_to_its_field_and_beside_it() -> None:
    strip = fault_strip("One thing to mend:", [("by when", "due-2")])
    wrong = field("By when", tag.input(id="due-2", aria_describedby="due-2-fault"), id_="due-2", fault="lies before")

    assert 'role="alert"' in strip
    assert '<a href="#due-2">by when</a>' in strip
    assert 'class="field wrong"' in wrong
    assert 'id="due-2-fault"' in wrong
    assert "fault" not in field("By when", tag.input(id="due-2"), id_="due-2")


def test_what_was_saved_is_said_aloud() -> None:
    assert 'role="status"' in saved_strip("Saved. 13 to 14: roadmap.")


def test_an_empty_place_says_what_it_is_and_what_to_do() -> None:
    assert empty_state("None yet.", "A goal gets a path.", button("Set a goal", weight="small")).count("<button") == 1


def test_buttons_say_their_weight() -> None:
    assert 'class="button filled"' in button("Save", weight="filled")
    assert 'class="button outlined"' in link_button("Prepare", "/")
    assert "<summary>" in disclosure("More", "text")
    assert 'class="badge up"' in badge(1)
