import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.sheets.cells import flag, names_cell, number, number_or_names
from shared.texts.spreadsheets import guarded, unguarded


@given(st.text(alphabet="'=+-@;\"\t\r\na ", max_size=8) | st.text())
@example("'=1")
@example(";''=1")
def test_what_is_guarded_is_read_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\uff1d1", "'=1", ' "=1'])
def test_what_begins_like_a_formula_is_guarded(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("ok;=cmd|'/c calc'!A1", "ok;'=cmd|'/c calc'!A1"),
        ("ok\t=1", "ok\t'=1"),
        ("ok\r\n=1\n+2", "ok\r\n'=1\n'+2"),
        ('ok; "=1', "ok;' \"=1"),
        ("=1;=2", "'=1;'=2"),
        ("\t=1", "'\t'=1"),
        (";'=1", ";''=1"),
    ],
)
def test_so_is_what_another_delimiter_would_make_the_beginning_of_a_cell(text: str, safe: str) -> None:
    assert (guarded(text), unguarded(safe)) == (safe, text)


@pytest.mark.parametrize("text", ["", "fine", "a=b", "'t was fine", "1-1", "''", "a;b=1", "a, -b", "a\n\nb", "ux;java"])
def test_other_text_is_left_alone(text: str) -> None:
    assert (guarded(text), unguarded(text)) == (text, text)


@pytest.mark.parametrize("text", ["=1+1", "-", "+31 6", "@home"])
def test_a_formula_that_nobody_guarded_is_plain_data(text: str) -> None:
    assert unguarded(text) == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9", 9),
        (" 10 ", 10),
        ("0", 0),
        ("007", 7),
        ("", None),
        ("9.5", "9.5"),
        ("-1", "-1"),
        ("true", "true"),
        ("٣", "٣"),
    ],
)
def test_a_number_is_digits_and_all_else_stays_text(text: str, value: int | str | None) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("true", True), ("TRUE", True), ("1", True), ("yes", True), ("no", False), ("0", False), ("", None), ("x", "x")],
)
def test_a_flag_is_yes_or_no(text: str, value: object) -> None:
    assert flag(text) is value or flag(text) == value == "x"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("ux", ["ux"]),
        ("UX; java", ["UX", "java"]),
        ("3;", ["3"]),
        (";", []),
        ("", None),
        (r"a\;b;c\\", ["a;b", "c\\"]),
        ("-1", ["-1"]),
    ],
)
def test_an_answer_that_counts_is_a_number_or_names(text: str, value: object) -> None:
    assert number_or_names(text) == value


@given(st.lists(st.text(alphabet="a3;\\ 'é", min_size=1).map(str.strip).filter(bool), max_size=4))
def test_names_are_read_as_they_were_written(names: list[str]) -> None:
    assert number_or_names(names_cell(names)) == names
