import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.slugs import SLUG_PATTERN, folded, name_key, slugify


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("acme", "acme"),
        ("Acme B.V.", "acme-b-v"),
        ("  De   Bijenkorf  ", "de-bijenkorf"),
        ("Café René", "cafe-rene"),
        ("A&B / C_D", "a-b-c-d"),
        ("--x--", "x"),
        ("7-Eleven", "7-eleven"),
        ("\uff21\uff22\uff23", "abc"),  # full-width letters
        ("x" * 62 + " y", "x" * 54 + "-4a4aff3e"),
        ("x" * 70, "x" * 54 + "-c71bd109"),
        ("a--b", "a--b"),  # an id
        ("C#", "c-951a4d36"),
        ("C++", "c-cedb1bac"),
        ("日本", "client-cf2abf0c"),
        ("日本電気 BV", "bv-68a0bfe2"),
        ("Северсталь BV", "bv-28d1d455"),
        ("BV", "bv"),
        ("Crème & Kruimel", "creme-kruimel"),
        ("Acme\u00ae", "acme"),
        ("!?", ""),
        ("", ""),
    ],
)
def test_a_slug_is_what_remains_of_a_name(name: str, slug: str) -> None:
    assert slugify(name) == slug


@given(st.text(max_size=200))
def test_a_slug_has_the_form_of_a_client_id_or_is_empty(name: str) -> None:
    slug = slugify(name)
    assert slug == "" or re.fullmatch(SLUG_PATTERN, slug)


@given(st.from_regex(SLUG_PATTERN, fullmatch=True))
def test_an_id_is_its_own_slug(slug: str) -> None:
    assert slugify(slug) == slug


@given(st.text(max_size=200))
def test_the_slug_of_a_slug_is_the_same(name: str) -> None:
    assert slugify(slugify(name)) == slugify(name)


def test_letters_that_are_no_marked_letters_stay_readable() -> None:
    assert (slugify("Ørsted"), slugify("Groß & Łódź"), slugify("Æsir")) == ("orsted", "gross-lodz", "aesir")


ALIKE = st.text(alphabet="abcé#+%€日中Ж\u0915\u093f\u0941 .-&'", min_size=1, max_size=12)
"""Names that are easily taken for one another."""


def without_accents(name: str) -> str:
    """A folded name without the accents that a slug may drop: no two clients differ by these alone."""
    plain = re.sub("(?<=[a-z])[\u0300-\u036f]+", "", unicodedata.normalize("NFKD", folded(name)))
    return unicodedata.normalize("NFKC", plain)


@given(ALIKE, ALIKE)
def test_names_that_differ_in_more_than_accents_and_punctuation_have_different_slugs(one: str, other: str) -> None:
    if without_accents(one) != without_accents(other):
        assert slugify(one) != slugify(other)


@given(st.text(max_size=80), st.text(max_size=80))
def test_two_long_names_never_have_one_slug(one: str, other: str) -> None:
    beginning = "Ministerie van Binnenlandse Zaken en Koninkrijksrelaties, afdeling "
    if without_accents(one) != without_accents(other):
        assert slugify(beginning + one) != slugify(beginning + other)


@given(st.text(max_size=200))
def test_a_name_has_a_slug_exactly_when_something_of_it_is_compared(name: str) -> None:
    assert bool(slugify(name)) == bool(folded(name)) == (name_key(name) is not None)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Vermeulen BV", "Vermeulen B.V."),
        ("\uff21\uff23\uff2d\uff25", "acme"),
        ("Straße", "STRASSE"),
        ("A & B", "a-b"),
        ("x\u200b", "x"),
    ],
)
def test_display_names_that_differ_in_case_punctuation_and_width_are_one(one: str, other: str) -> None:
    assert (folded(one), name_key(one)) == (folded(other), name_key(other))


@pytest.mark.parametrize(("one", "other"), [("C#", "C"), ("C++", "C"), ("Café", "Cafe"), ("A1", "A2")])
def test_display_names_that_differ_in_letters_digits_and_telling_signs_are_two(one: str, other: str) -> None:
    assert folded(one) != folded(other)
