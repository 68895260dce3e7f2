"""Signing in with an identity provider, in a real browser. Without Chromium these tests are skipped, but not on CI."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # no stubs
from playwright.sync_api import Browser, Page, expect

from tests.end_to_end.calls import calling, eventually
from tests.support.identity_provider import ADA, IdentityProvider, identity_provider
from tools.demo.identity_provider import set_up
from tools.people import store, stored
from tools.stack import Stack

WANTED = "/clients/vlierbes?as_of=2026-11-01"
PEOPLE: dict[str, dict[str, Any]] = {
    "viewer": {"sub": "vera", "name": "Vera Viewer", "email": "vera@finance.example", "groups": ["finance"]},
    "editor": {"sub": "ed", "name": "Ed Editor", "email": "ed@agency.example"},
    "admin": {**ADA},
}
LEAVER = {"sub": "leo", "name": "Leo Leaver", "email": "leo@leaving.example", "groups": ["leaving"]}


@pytest.fixture(scope="module")
def let_in(stack: Stack, portfolio: list[dict[str, Any]]) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Stores a people document, which a function that is started anew reads at once; in the end nobody can sign in."""
    assert portfolio
    secrets = stack.session.client("secretsmanager", endpoint_url=stack.endpoint_url)
    functions: Any = stack.session.client("lambda", endpoint_url=stack.endpoint_url)
    pages = f"{stack.stack_name}-pages"
    # What was published cannot be changed, and so not started anew: the alias leads to what can.
    functions.update_alias(FunctionName=pages, Name="live", FunctionVersion="$LATEST")

    def keep(document: dict[str, Any], *, anew: bool = True) -> None:
        store(secrets, stack.stack_name, document)
        if anew:
            timeout = functions.get_function_configuration(FunctionName=pages)["Timeout"]
            functions.update_function_configuration(FunctionName=pages, Timeout=timeout)

    with calling(stack) as api:
        eventually(lambda: api.get("v1/clients/vlierbes").status_code, 200, seconds=60)
    yield keep
    keep({})


@pytest.fixture(scope="module")
def listening() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture(scope="module", autouse=True)
def taken_out(
    browser: Browser, stack: Stack, listening: IdentityProvider, let_in: Callable[..., None]
) -> Iterator[Page]:
    """The page of somebody who signed in, and was taken out before the other tests: most of the minute goes by in them.

    All others may sign in with either document.
    """
    document = listening.document()
    let_in({**document, "allow": [*document["allow"], {"group": "leaving", "role": "viewer"}]})
    context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
    page = context.new_page()
    listening.person = LEAVER
    sign_in(page)
    heading(page, "Vlierbes Reizen")
    let_in(document, anew=False)
    yield page
    context.close()


@pytest.fixture
def provider(listening: IdentityProvider) -> IdentityProvider:
    """A provider of which no test has changed anything."""
    listening.forget()
    return listening


@pytest.fixture
def page(browser: Browser, stack: Stack) -> Iterator[Page]:
    context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
    yield context.new_page()
    context.close()


def sign_in(page: Page) -> None:
    """Opens a page, is led to the sign-in page, and presses its button; the stand-in asks nobody anything."""
    page.goto(WANTED)
    page.get_by_role("button", name="Sign in with").click()


def seen_as(page: Page, name: str, role: str) -> None:
    """Opens the menu behind the initials, which says who looks and as what, and closes it again."""
    menu = page.locator("summary", has_text=f"Signed in as {name}")
    menu.click()
    expect(page.locator(".menu-box .hint")).to_have_text(role)
    menu.click()


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_a_visitor_is_led_to_the_provider_and_back_to_the_page_that_was_wanted(
    page: Page, provider: IdentityProvider
) -> None:
    referers: list[str | None] = []
    page.on("request", lambda request: referers.append(request.header_value("referer")))
    sign_in(page)

    expect(page).to_have_url(f"{page.url.partition('/clients')[0]}{WANTED}")
    seen_as(page, "Ada Example", "admin")
    assert provider.asked[0]["code_challenge_method"] == "S256"
    assert [referer for referer in referers if referer] == []
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("opmm", True, "Lax")
    assert provider.issuer not in page.content()


@pytest.mark.parametrize("role", PEOPLE)
def test_people_see_the_forms_of_their_role(page: Page, provider: IdentityProvider, role: str) -> None:
    provider.person = PEOPLE[role]
    sign_in(page)

    seen_as(page, PEOPLE[role]["name"], role)
    page.goto("/clients/vlierbes")
    expect(page.get_by_role("button", name="Join")).to_have_count(1 if role == "admin" else 0)


@pytest.mark.parametrize(
    ("back", "claims"),
    [
        ({"state": "another"}, {}),
        ({"code": "another"}, {}),
        ({}, {"nonce": "another"}),
        ({}, {"aud": "another"}),
        ({}, {"iss": "https://evil.example"}),
        ({}, {"exp": 1_700_000_000}),
    ],
    ids=str,
)
def test_what_is_not_for_this_attempt_signs_nobody_in_and_leaves_a_way_on(
    page: Page, provider: IdentityProvider, back: dict[str, str], claims: dict[str, Any]
) -> None:
    provider.sends_back, provider.claims = back, claims
    sign_in(page)
    heading(page, "Signing in did not work")
    assert page.context.cookies() == []

    provider.sends_back, provider.claims = {}, {}
    page.get_by_role("link", name="To the sign-in page").click()
    page.get_by_role("button", name="Sign in with").click()
    assert page.url.endswith(WANTED)
    seen_as(page, "Ada Example", "admin")


def test_an_address_to_which_the_provider_led_is_of_no_use_twice(page: Page, provider: IdentityProvider) -> None:
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url) if "/signed-in?" in request.url else None)
    sign_in(page)
    calls = list(provider.calls)
    page.goto(addresses[0])

    heading(page, "Signing in did not work")
    assert provider.calls == calls
    page.goto("/")
    heading(page, "Portfolio")


def test_whom_nobody_lets_in_is_told_so(page: Page, provider: IdentityProvider) -> None:
    provider.person["email"] = "eve@evil.example"
    sign_in(page)

    heading(page, "You have no access yet")


def test_after_signing_out_pages_lead_to_the_sign_in_page(page: Page, provider: IdentityProvider) -> None:
    sign_in(page)
    page.locator("summary", has_text="Signed in as").click()
    page.get_by_role("button", name="Sign out").click()

    heading(page, "You are signed out")
    expect(page.get_by_role("link", name="Sign out of")).to_have_attribute(
        "href", re.compile(f"^{re.escape(provider.issuer)}/logout")
    )
    assert page.context.cookies() == []
    page.goto("/model")
    heading(page, "Sign in")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_to_complain_about(
    browser: Browser, stack: Stack, provider: IdentityProvider, scheme: Any
) -> None:
    context = browser.new_context(base_url=stack.pages_url, color_scheme=scheme, bypass_csp=True)  # axe is injected
    page = context.new_page()
    page.goto("/sign-in")
    assert Axe().run(page).violations_count == 0
    provider.claims = {"nonce": "another"}
    sign_in(page)
    heading(page, "Signing in did not work")
    assert Axe().run(page).violations_count == 0
    context.close()


def test_a_person_who_is_taken_out_is_out_within_a_minute(taken_out: Page, provider: IdentityProvider) -> None:
    provider.person = LEAVER

    def led() -> bool:
        taken_out.goto("/model")
        return "/sign-in?next=" in taken_out.url

    eventually(led, expected=True, seconds=65)
    taken_out.get_by_role("button", name="Sign in with").click()
    heading(taken_out, "You have no access yet")


def test_the_invented_people_sign_in_with_the_provider_of_the_local_stack(
    browser: Browser, stack: Stack, let_in: Callable[..., None]
) -> None:
    people = set_up(stack)
    secrets = stack.session.client("secretsmanager", endpoint_url=stack.endpoint_url)
    let_in(stored(secrets, stack.stack_name))
    for person in people:
        context = browser.new_context(base_url=stack.pages_url, locale="en-GB")
        page = context.new_page()
        sign_in(page)
        page.get_by_label("Username").fill(person.email)
        page.get_by_label("Password").fill(person.password)
        page.get_by_role("button", name="Sign in").click()
        seen_as(page, person.name, person.role)
        context.close()
