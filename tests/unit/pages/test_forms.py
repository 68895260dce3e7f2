import re
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pages.forms.drawing import Sheet
from functions.pages.forms.reading import FORM, Form, drawn_at, new_form_id
from functions.pages.forms.saying import said_note
from shared.texts.form_texts import FORM_TEXTS
from shared.texts.page_texts import TEXTS
from shared.texts.words import Words
from tests.unit.pages.drawing import as_text

NOW = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
TODAY = NOW.date()
ENGLISH = Words("en")


def read(**typed: str) -> Form:
    return Form(typed)


def test_a_form_says_when_it_was_drawn_and_no_two_are_the_same() -> None:
    first, second = new_form_id(NOW), new_form_id(NOW)

    assert first != second
    assert drawn_at(first, NOW + timedelta(days=1)) == NOW


@pytest.mark.parametrize(
    ("form_id", "now"),
    [
        ("", NOW),
        ("made-up", NOW),
        ("20261324-120000-000000-0123456789ab", NOW),
        ("20261124-120000-000000-0123456789ab", NOW + timedelta(days=31)),
        ("٢٠٢٦١١٢٤-120000-000000-0123456789ab", NOW),
    ],
)
def test_what_is_no_form_of_ours_or_too_old_is_not_taken(form_id: str, now: datetime) -> None:
    form = read(form=form_id)

    assert (form.drawn(now), form.faults[FORM].key) == (None, "fault_form")


def test_a_form_that_claims_to_be_drawn_later_was_drawn_now() -> None:
    assert drawn_at(new_form_id(NOW + timedelta(hours=1)), NOW) == NOW


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    form = read(a=text)
    line, prose, names = form.line("a", 20, needed=True), form.prose("a", needed=True), form.names("a")
    day, number, choice = form.day("a"), form.number("a", -100, 100), form.choice("a", ["yes", "no"])

    assert "a" in form.faults or None not in (line, prose, day, number, choice)
    assert line is None or 0 < len(line) <= 20
    assert all(name and name == name.strip() for name in names)
    assert number is None or -100 <= number <= 100
    assert isinstance(drawn_at(text, NOW), datetime | None)


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), (" 7 ", 7), ("\N{MINUS SIGN}5", -5), ("+5", 5), ("7.0", None), ("1e1", None)]
)
def test_a_number_is_whole(text: str, number: int | None) -> None:
    assert read(a=text).number("a", -100, 100) == number


def test_names_stand_between_commas_or_on_lines_and_count_once() -> None:
    assert read(a=" Kim, Jeroen Kok;\nKim\n,").names("a") == ["Kim", "Jeroen Kok"]


def test_the_day_of_an_answer_is_not_in_the_future() -> None:
    assert read(on="2026-11-24").day_up_to("on", TODAY) == date(2026, 11, 24)
    assert read(on="2026-11-25").day_up_to("on", TODAY) is None


def test_a_field_that_came_back_keeps_what_was_typed_and_says_what_is_wrong() -> None:
    form = read(title="<b>", form=new_form_id(NOW))
    form.refuse("title", "fault_long", most=1)
    body = Sheet(ENGLISH, form, "x-").line("title", "What", "known")

    assert 'id="x-title" value="&lt;b&gt;" aria-invalid="true" aria-describedby="x-title-fault"' in body
    assert '<p class="fault" id="x-title-fault">' in body
    assert "At most 1 characters." in as_text(body)
    assert 'href="#x-title"' in str(Sheet(ENGLISH, form, "x-").strip({"title": "What"}))


def test_a_form_that_came_back_keeps_its_id_unless_that_is_what_is_wrong() -> None:
    good, old = read(form=new_form_id(NOW)), read(form="old")
    old.drawn(NOW)

    assert good.id in Sheet(ENGLISH, good).hidden_id(NOW)
    assert re.search(r'value="20261124-120000-123456-[0-9a-f]{12}"', Sheet(ENGLISH, old).hidden_id(NOW))


def test_a_line_break_that_begins_a_text_is_not_lost() -> None:
    assert ">\n\nHello</textarea>" in Sheet(ENGLISH, read(text="\nHello")).area("text", "Note")


@pytest.mark.parametrize("said", [[], ["nonsense"], ["planned"], ["answer", "roadmap"], ["owner"]])
def test_nothing_is_said_of_what_no_form_does(said: list[str]) -> None:
    assert said_note(said, TODAY, ENGLISH) is None


def test_forms_and_pages_do_not_call_two_things_by_one_name() -> None:
    assert not FORM_TEXTS.keys() & TEXTS.keys()
