import string
from typing import get_args

import pytest

from shared.opmm.ledger import Cause
from shared.texts.letter_texts import LETTER_TEXTS
from shared.texts.page_texts import TEXTS as OF_PAGES
from shared.texts.talk_texts import TALK_TEXTS

TEXTS = {**OF_PAGES, **TALK_TEXTS, **LETTER_TEXTS}


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_speak_of_the_same(key: str) -> None:
    fields = [{field for _, field, *_ in string.Formatter().parse(text) if field} for text in TEXTS[key]]

    assert all(TEXTS[key])
    assert fields[0] == fields[1]


@pytest.mark.parametrize("singular", [key for key in TEXTS if key.endswith("_one")])
def test_what_has_a_singular_has_a_plural(singular: str) -> None:
    assert singular.removesuffix("_one") in TEXTS


def test_no_key_stands_twice() -> None:
    assert len(TEXTS) == len(OF_PAGES) + len(TALK_TEXTS) + len(LETTER_TEXTS)


def test_every_cause_has_its_words() -> None:
    wanted = {f"cause_{cause}" for cause in get_args(Cause)}

    assert wanted <= set(TEXTS)
