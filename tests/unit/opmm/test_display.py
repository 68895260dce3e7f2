import sys
import unicodedata
from time import process_time

import pytest

from shared.opmm.display import displayed, is_displayable

TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
SIGNS = [chr(code) for code in range(sys.maxunicode + 1)]


@pytest.mark.parametrize(
    "name", ["Vlierbes", " v ", "\u200f\u05e9\u05dc\u05d5\u05dd", "v\u200b\u200b", "\U0001f642", "\u00ad.", "v\u061c"]
)
def test_a_name_with_something_to_be_seen_is_taken(name: str) -> None:
    assert is_displayable(name)


@pytest.mark.parametrize(
    "name", ["", " ", "\u00a0\u2003\u3000", "\u200b\u200f\u2060", "\ufeff", "v\nv", "\u202ev", "v\u2069", "v\u2028"]
)
def test_one_that_is_blank_or_breaks_or_turns_the_text_is_not(name: str) -> None:
    assert not is_displayable(name)


def test_what_unicode_calls_white_space_is_nothing_to_be_seen() -> None:
    assert [sign for sign in SIGNS if sign.isspace() and is_displayable(sign)] == []


def test_what_unicode_calls_control_or_turns_text_stands_in_no_name() -> None:
    never = [sign for sign in SIGNS if unicodedata.category(sign) == "Cc" or unicodedata.bidirectional(sign) in TURNS]

    assert [sign for sign in never if is_displayable(f"v{sign}v")] == []


@pytest.mark.parametrize("name", [" " * 200_000 + "\n", "v" * 200_000 + "\n", " v" * 100_000 + "\n"])
def test_a_long_name_is_looked_through_once(name: str) -> None:
    begun = process_time()

    assert not is_displayable(name)
    assert process_time() - begun < 1


@pytest.mark.parametrize("stored", ["a\u202eb", "a\x00b", "\x1b[31m", "a\u2028b", "a\nb", "\u2066a"])
def test_what_may_not_be_shown_is_shown_as_a_mark(stored: str) -> None:
    assert not is_displayable(stored)
    assert is_displayable(displayed(stored))
    assert displayed(stored).replace("\ufffd", "") == "".join(c for c in stored if c.isprintable())


@pytest.mark.parametrize(
    "stored", ["Cr\u00e8me & Kruimel", "\u200e\u05d1\u05ea", "a  b", "\U0001f469\u200d\U0001f467", ""]
)
def test_other_names_are_shown_as_they_are(stored: str) -> None:
    assert displayed(stored) == stored
