import string
from typing import get_args

import pytest

from shared.opmm.ledger import Cause
from shared.texts.feed_texts import FEED_TEXTS
from shared.texts.form_texts import FORM_TEXTS
from shared.texts.letter_texts import LETTER_TEXTS
from shared.texts.message_texts import MESSAGE_TEXTS
from shared.texts.page_texts import TEXTS
from shared.texts.portfolio_texts import PORTFOLIO_TEXTS
from shared.texts.preparation_texts import PREPARATION_TEXTS
from shared.texts.talk_texts import TALK_TEXTS

_MODULES = (
    *(TEXTS, FEED_TEXTS, FORM_TEXTS, LETTER_TEXTS, MESSAGE_TEXTS, PORTFOLIO_TEXTS, PREPARATION_TEXTS, TALK_TEXTS),
)
ALL = {key: text for module in _MODULES for key, text in module.items()}


@pytest.mark.parametrize("key", ALL)
def test_both_languages_speak_of_the_same(key: str) -> None:
    fields = [{field for _, field, *_ in string.Formatter().parse(text) if field} for text in ALL[key]]

    assert all(ALL[key])
    assert fields[0] == fields[1]


@pytest.mark.parametrize("singular", [key for key in ALL if key.endswith("_one")])
def test_what_has_a_singular_has_a_plural(singular: str) -> None:
    assert singular.removesuffix("_one") in ALL


def test_no_key_stands_twice() -> None:
    assert len(ALL) == sum(map(len, _MODULES))


def test_every_cause_has_its_words() -> None:
    wanted = {f"cause_{cause}" for cause in get_args(Cause)}

    assert wanted <= set(TEXTS)
    assert {f"by_{cause}" for cause in get_args(Cause)} <= set(MESSAGE_TEXTS)
