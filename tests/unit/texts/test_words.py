import re

import pytest

from functions.notify.channels import calling
from shared.storage.deliveries import KEPT_FOR
from shared.texts.words import Words, raw, signed
from tests.support.models import test_model

ENGLISH, DUTCH = Words("en"), Words("nl")


@pytest.mark.parametrize(
    ("count", "english", "dutch"),
    [
        (1, "The question", "De vraag"),
        (5, "The five questions", "De vijf vragen"),
        (12, "The twelve questions", "De twaalf vragen"),
        (13, "The 13 questions", "De 13 vragen"),
    ],
)
def test_questions_are_counted_in_words(count: int, english: str, dutch: str) -> None:
    assert (ENGLISH.counted("questions", count), DUTCH.counted("questions", count)) == (english, dutch)


def test_a_value_is_said_as_the_row_of_the_table_that_holds_it() -> None:
    governance = test_model("six").dimension("governance")

    assert ENGLISH.band("quarterly", governance) == "every quarter"
    assert DUTCH.band(None, governance) == "onbeantwoord"


def test_a_value_that_has_no_row_is_shown_as_it_is() -> None:
    governance = test_model("six").dimension("governance")

    assert ENGLISH.band("weekly", governance) == "weekly"
    assert ENGLISH.band(-3, None) == "\N{MINUS SIGN}3"


@pytest.mark.parametrize(
    ("key", "number"), [("deliveries_note", KEPT_FOR.days), ("answer_timeout", round(calling.LONGEST))]
)
def test_what_is_told_of_deliveries_is_what_becomes_of_them(key: str, number: int) -> None:
    assert re.findall(r"\d+", ENGLISH(key)) == re.findall(r"\d+", DUTCH(key)) == [str(number)]


def test_numbers_have_a_real_minus() -> None:
    assert [signed(number) for number in (2, 0, -2)] == ["+2", "0", "\N{MINUS SIGN}2"]
    assert [raw(value) for value in (-2, "yes", None)] == ["\N{MINUS SIGN}2", "yes", "None"]
