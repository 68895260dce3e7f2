import pytest

from functions.pages.page_context import PageContext
from shared.http.requests import Request


def visit(accept: str = "", **query: str) -> PageContext:
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
    assert visit(accept, **query).words.language == expected


def test_links_keep_a_chosen_language_and_no_other() -> None:
    assert visit("nl").link("/") == "/"
    assert visit(lang="nl").link("/", sort="name", cursor=None) == "/?lang=nl&sort=name"


def test_the_switch_keeps_the_place_and_never_the_token() -> None:
    assert visit(sort="name", lang="en", token="secret").here_in("nl") == "/clients/acme?sort=name&lang=nl"


def test_an_address_of_another_host_is_not_linked() -> None:
    elsewhere = PageContext(Request("GET", "//evil.example", {}, {}))

    assert elsewhere.here_in("nl") == "/evil.example?lang=nl"
