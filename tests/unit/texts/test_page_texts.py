import string
from typing import get_args

import pytest

from shared.opmm.ledger import Cause
from shared.texts.page_texts import TEXTS as PAGE_TEXTS
from shared.texts.portfolio_texts import PORTFOLIO_TEXTS

TEXTS = {**PAGE_TEXTS, **PORTFOLIO_TEXTS}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_speak_of_the_same(key: str) -> None:
    fields = [{field for _, field, *_ in string.Formatter().parse(text) if field} for text in TEXTS[key]]

    assert all(TEXTS[key])
    assert fields[0] == fields[1]


@pytest.mark.parametrize("singular", [key for key in TEXTS if key.endswith("_one")])
def test_what_has_a_singular_has_a_plural(singular: str) -> None:
    assert singular.removesuffix("_one") in TEXTS


def test_every_cause_has_its_words() -> None:
    wanted = {f"cause_{cause}" for cause in get_args(Cause)}

    assert wanted <= set(TEXTS)


def test_no_text_stands_in_two_modules() -> None:
    assert set(PAGE_TEXTS) & set(PORTFOLIO_TEXTS) == set()
