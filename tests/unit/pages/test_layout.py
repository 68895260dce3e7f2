import pytest

from functions.pages.controls import badge
from functions.pages.layout import PageContext
from shared.http.requests import Request
from tests.support.models import test_model


def context(accept: str = "", **query: str) -> PageContext:
    return PageContext(Request("GET", "/clients/acme", {"accept-language": accept}, query))


@pytest.mark.parametrize(
    ("accept", "query", "expected"),
    [
        ("", {}, "en"),
        ("nl-NL, en;q=0.5", {}, "nl"),
        ("nl", {"lang": "en"}, "en"),
        ("en", {"lang": "nl"}, "nl"),
        ("nl", {"lang": "xx"}, "nl"),
    ],
)
def test_a_chosen_language_goes_before_that_of_the_browser(accept: str, query: dict[str, str], expected: str) -> None:
    assert context(accept, **query).words.language == expected


def test_links_keep_a_chosen_language_and_no_other() -> None:
    assert context("nl").link("/") == "/"
    assert context(lang="nl").link("/", sort="name", cursor=None) == "/?lang=nl&sort=name"


def test_the_switch_keeps_the_place_and_never_the_token() -> None:
    assert context(sort="name", lang="en", token="secret").here_in("nl") == "/clients/acme?sort=name&lang=nl"


def test_an_address_of_another_host_is_not_linked() -> None:
    elsewhere = PageContext(Request("GET", "//evil.example", {}, {}))

    assert elsewhere.here_in("nl") == "/evil.example?lang=nl"


@pytest.mark.parametrize(
    ("difference", "expected"), [(2, ("+2", "up")), (0, ("0", "still")), (-1, ("\N{MINUS SIGN}1", "down"))]
)
def test_a_badge_says_by_how_much_and_which_way(difference: int, expected: tuple[str, str]) -> None:
    text, direction = expected

    assert badge(difference) == f'<span class="badge {direction}">{text}</span>'


def test_what_is_low_is_said_by_the_model() -> None:
    rules = {name: test_model(name).discussion.low_points for name in ("six", "three")}

    assert rules == {"six": 1, "three": 0}
    assert [test_model("six").discussion.is_low(points) for points in (None, 0, 1, 2)] == [False, True, True, False]
    assert [test_model("three").discussion.is_low(points) for points in (None, 0, 1)] == [False, True, False]
