import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.opmm.slugs import SLUG_PATTERN, slugify


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
        ("x" * 62 + " y", "x" * 62),
        ("x" * 70, "x" * 63),
        ("日本", ""),
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


@given(st.from_regex(SLUG_PATTERN, fullmatch=True).filter(lambda slug: not re.search("--|-$", slug)))
def test_a_slug_without_needless_hyphens_is_its_own_slug(slug: str) -> None:
    assert slugify(slug) == slug


@given(st.text(max_size=200))
def test_the_slug_of_a_slug_is_the_same(name: str) -> None:
    assert slugify(slugify(name)) == slugify(name)


def test_letters_that_are_no_marked_letters_stay_readable() -> None:
    assert (slugify("Ørsted"), slugify("Groß & Łódź"), slugify("Æsir")) == ("orsted", "gross-lodz", "aesir")
