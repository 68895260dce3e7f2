import string

import pytest

from shared.texts.page_texts import TEXTS


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_speak_of_the_same(key: str) -> None:
    told = [{field for _, field, *_ in string.Formatter().parse(text) if field} for text in TEXTS[key]]

    assert all(TEXTS[key])
    assert told[0] == told[1]
