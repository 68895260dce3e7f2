import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pages.markup import Markup, document, tag

NASTY = "<script>alert('\"&')</script>"


def test_text_is_escaped_wherever_it_stands() -> None:
    assert tag.p(NASTY, title=NASTY) == (
        '<p title="&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)&lt;/script&gt;">'
        "&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)&lt;/script&gt;</p>"
    )


def test_markup_is_kept_and_what_is_made_of_it_is_text_again() -> None:
    bold = tag.b("a")

    assert tag.p(bold) == "<p><b>a</b></p>"
    assert tag.p(bold + NASTY) == tag.p("<b>a</b>" + NASTY)
    assert tag.p(f"{bold}") == "<p>&lt;b&gt;a&lt;/b&gt;</p>"
    assert not isinstance(bold + "", Markup)


@given(st.text(), st.text())
def test_no_text_makes_an_element_or_leaves_an_attribute(inside: str, value: str) -> None:
    made = tag.p(inside, title=value)

    assert (made.count("<"), made.count(">"), made.count('"')) == (2, 2, 2)


def test_children_may_be_nested_numbers_or_nothing() -> None:
    assert tag.ul(None, [tag.li(0), (tag.li(letter) for letter in "ab")]) == "<ul><li>0</li><li>a</li><li>b</li></ul>"


@pytest.mark.parametrize(
    ("value", "expected"), [(True, "<p hidden></p>"), (False, "<p></p>"), (None, "<p></p>"), ("", '<p hidden=""></p>')]
)
def test_attributes_may_be_bare_or_left_out(
    value: str | bool | None,  # noqa: FBT001 - that is what is tried
    expected: str,
) -> None:
    assert tag.p(hidden=value) == expected


def test_names_of_attributes_are_those_of_html() -> None:
    assert tag.input(class_="a", aria_label="b", name="c") == '<input class="a" aria-label="b" name="c">'


def test_a_page_says_its_language() -> None:
    assert document("nl", tag.body()) == '<!doctype html>\n<html lang="nl"><body></body></html>'
