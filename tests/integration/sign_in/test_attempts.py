"""Signing in with an identity provider: from the page that was wanted, to the provider, and back to that page."""

import re
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest

from functions.pages import sign_in
from shared.people.sessions import SignedIn
from tests.support.identity_provider import CLIENT_ID, IdentityProvider
from tests.support.service import NOW, TOKEN_KEY, Clock, Handler, token
from tests.support.visitors import HOST, SESSION, Page, Visitor, logged, secrets, started
from tools.people import store


def test_a_visitor_is_led_to_the_sign_in_page_and_from_there_to_the_page_that_was_wanted(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    led = visitor.get("/clients/acme?as_of=2026-11-01&lang=nl")
    assert (led.status, led.location) == (
        303,
        "/sign-in?lang=nl&next=%2Fclients%2Facme%3Fas_of%3D2026-11-01%26lang%3Dnl",
    )
    assert led.headers["Cache-Control"] == "no-store"

    offered = visitor.get(led.location)
    assert (offered.status, offered.heading) == (200, "Inloggen")
    assert 'name="next" value="/clients/acme?as_of=2026-11-01&amp;lang=nl"' in offered.text
    assert "persoonlijke link" in offered.text

    back = visitor.sign_in("/clients/acme?as_of=2026-11-01&lang=nl")
    assert (back.status, back.location) == (303, "/clients/acme?as_of=2026-11-01&lang=nl")
    assert visitor.cookies.keys() == {SESSION}
    assert visitor.get(back.location).status == 200
    assert [call for call in provider.calls if call != "/authorize"] == ["/.well-known/openid-configuration", "/token"]


def test_what_the_provider_is_asked_is_bound_to_this_attempt(visitor: Visitor, provider: IdentityProvider) -> None:
    first, second = visitor.to_provider().query, visitor.to_provider().query

    assert first | {"state": "", "nonce": "", "code_challenge": ""} == {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": f"https://{HOST}/signed-in",
        "scope": "openid email profile",
        "code_challenge_method": "S256",
        "state": "",
        "nonce": "",
        "code_challenge": "",
    }
    assert all(first[name] != second[name] and len(first[name]) >= 32 for name in ("state", "nonce", "code_challenge"))
    assert provider.asked == []


def test_cookies_are_of_this_host_and_out_of_reach_of_scripts_and_end_in_time(visitor: Visitor) -> None:
    visitor.to_provider()
    [attempt] = visitor.set
    assert re.fullmatch(r"__Host-opmm-sign-in=[\w.-]+; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure", attempt)

    visitor.sign_in()
    session, over = visitor.set
    assert re.fullmatch(r"__Host-opmm=[\w.-]+; Max-Age=43200; Path=/; HttpOnly; SameSite=Lax; Secure", session)
    assert over == "__Host-opmm-sign-in=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure"


def test_the_page_says_who_looks_and_as_what(visitor: Visitor) -> None:
    visitor.sign_in()

    for query, role in (("", "admin"), ("?lang=nl", "beheerder")):
        assert f'<p class="name">Ada Example</p><p class="hint">{role}</p>' in visitor.get(f"/{query}").text


@pytest.mark.parametrize(
    ("person", "role", "forms"),
    [
        ({"email": "ADA@Agency.Example"}, "admin", 1),
        ({"email": "ed@agency.example"}, "editor", 0),
        ({"email": "vera@finance.example", "groups": ["finance", "others"]}, "viewer", 0),
        ({"email": "ada@agency.example", "groups": ["finance"]}, "admin", 1),
        ({"email": "vera@finance.example", "groups": "finance", "email_verified": False}, "viewer", 0),
        ({"email": None, "groups": ["finance"]}, "viewer", 0),
    ],
    ids=str,
)
def test_a_page_lets_people_do_what_the_highest_role_that_fits_may(
    visitor: Visitor, provider: IdentityProvider, person: dict[str, Any], role: str, forms: int
) -> None:
    provider.person |= person
    visitor.sign_in()
    page = visitor.get("/clients/acme")

    assert (page.status, f'<p class="hint">{role}</p>' in page.text, page.text.count('name="join"')) == (
        200,
        True,
        forms,
    )
    joined = visitor.post("/clients/acme/names", join="nobody")
    assert joined.status == (422 if role == "admin" else 403)


@pytest.mark.parametrize(
    "person",
    [
        {"email": "eve@evil.example"},
        {"email": "eve@agency.example.evil.example"},
        {"email": "eve@evil-agency.example"},
        {"email": "ada@agency.example@evil.example"},
        {"email": "ada@agency.example", "email_verified": False},
        {"email": "ada@agency.example", "email_verified": "false"},
        {"email": "ad\u0430@agency.example"},
        {"email": ["ada@agency.example"]},
        {"email": None, "groups": ["Finance", "finance "]},
        {"email": None, "groups": {"finance": True}},
        {"email": None},
    ],
    ids=str,
)
def test_whom_nobody_lets_in_stays_outside_and_is_told_whom_to_ask(
    visitor: Visitor, provider: IdentityProvider, person: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    provider.person |= person
    page = visitor.sign_in("/clients/acme")

    assert (page.status, page.heading) == (403, "You have no access yet")
    assert "Ask whoever looks after these pages" in page.text
    assert 'href="/sign-in?next=%2Fclients%2Facme"' in page.text
    assert visitor.cookies == {}
    [line] = logged(caplog)
    assert line["reason"] == "nobody lets them in"
    assert re.fullmatch("[0-9a-f]{12}", line["person"])


def test_a_document_may_say_whom_to_ask(visitor: Visitor, provider: IdentityProvider) -> None:
    store(secrets(), "opmm", provider.document(contact="Ada <Example>"))
    provider.person |= {"email": "eve@evil.example"}

    assert "nobody has let you in. Ask Ada &lt;Example&gt;." in visitor.sign_in().text


def test_who_says_no_at_the_provider_gets_a_page_too(visitor: Visitor, provider: IdentityProvider) -> None:
    provider.sends_back = {"error": "access_denied"}
    page = visitor.sign_in()

    assert (page.status, page.heading, visitor.cookies) == (403, "You have no access yet", {})


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, "another issuer"),
        ({"aud": "another"}, "another audience"),
        ({"exp": NOW.timestamp() - 61}, "expired"),
        ({"nonce": "another"}, "another nonce"),
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_attempt_signs_nobody_in(
    visitor: Visitor,
    provider: IdentityProvider,
    claims: dict[str, Any],
    reason: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    provider.claims = claims
    page = visitor.sign_in("/clients/acme")

    assert (page.status, page.heading, visitor.cookies) == (400, "Signing in did not work", {})
    assert 'href="/sign-in?next=%2Fclients%2Facme"' in page.text
    assert [line["reason"] for line in logged(caplog)] == [reason]


def test_an_answer_with_another_state_is_refused_and_the_attempt_is_over(
    visitor: Visitor, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    back = visitor.there_and_back()
    refused = visitor.get(re.sub("state=[^&]+", "state=another", back))

    assert (refused.status, visitor.cookies) == (400, {})
    assert visitor.get(back).status == 400
    assert [line["reason"] for line in logged(caplog)] == ["another state", "no attempt"]
    assert "/token" not in provider.calls


@pytest.mark.parametrize("query", ["", "state=", "code=x", "code=x&state=%ED%A0%80", "error=access_denied"])
def test_who_has_begun_nothing_ends_nothing(visitor: Visitor, provider: IdentityProvider, query: str) -> None:
    assert visitor.get(f"/signed-in?{query}").status == 400
    visitor.to_provider()
    assert visitor.get(f"/signed-in?{query}").status == 400
    assert "/token" not in provider.calls


def test_an_answer_is_of_use_once_and_a_second_time_there_is_a_way_on(visitor: Visitor) -> None:
    back = visitor.there_and_back()
    attempt = dict(visitor.cookies)
    assert visitor.get(back).status == 303

    again = visitor.get(back)
    assert (again.status, again.heading) == (400, "Signing in did not work")
    assert 'href="/sign-in"' in again.text
    assert visitor.get("/").status == 200

    visitor.cookies |= attempt  # of a browser that has kept it
    assert visitor.get(back).status == 400


def test_an_answer_belongs_to_the_browser_that_asked(pages: Handler) -> None:
    mine, other = Visitor(pages), Visitor(pages)
    other.to_provider()

    assert other.get(mine.there_and_back()).status == 400


def test_an_attempt_lasts_ten_minutes(visitor: Visitor, clock: Clock) -> None:
    back = visitor.there_and_back()
    clock.now += timedelta(minutes=10, seconds=1)

    assert visitor.get(back).status == 400


@pytest.mark.parametrize(
    ("error", "reason"), [("invalid_scope", "reports invalid_scope"), ("Ada said no", "reports an error")]
)
def test_an_error_of_the_provider_is_logged_by_its_code_only(
    visitor: Visitor, provider: IdentityProvider, error: str, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.sends_back = {"error": error, "error_description": "ada@agency.example"}

    assert visitor.sign_in().status == 400
    assert [line["reason"] for line in logged(caplog)] == [f"the provider {reason}"]


def test_a_response_that_names_another_issuer_is_refused(visitor: Visitor, provider: IdentityProvider) -> None:
    assert visitor.get(f"{visitor.there_and_back()}&iss=https://evil.example").status == 400
    assert visitor.get(f"{visitor.there_and_back()}&{urlencode({'iss': provider.issuer})}").status == 303


def test_nobody_is_sent_to_another_site(visitor: Visitor) -> None:
    assert visitor.sign_in("//evil.example").location == "/"


def test_a_foreign_site_begins_no_sign_in(visitor: Visitor, provider: IdentityProvider) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "", "origin": "https://evil.example"}):
        page = visitor.post("/sign-in/provider", headers, next="/")
        assert (page.status, visitor.cookies, provider.calls) == (403, {}, [])
    assert visitor.get("/sign-in/provider").status == 405


def test_a_document_that_cannot_be_read_closes_the_door_for_people_and_says_so(visitor: Visitor) -> None:
    secrets().put_secret_value(SecretId="opmm/people", SecretString='{"issuer": "https://a.example"}')

    page = visitor.get("/")
    assert (page.status, page.headers["Retry-After"]) == (503, "60")


def test_no_line_of_the_log_holds_an_address_a_code_or_a_token(
    visitor: Visitor, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    back = visitor.sign_in("/clients/acme")
    assert back.status == 303
    provider.person |= {"email": "eve@evil.example", "sub": "eve-sub"}
    provider.claims = {"nonce": "another"}
    visitor.sign_in()
    visitor.post("/sign-out")
    text = "\n".join(str(vars(record)) for record in caplog.records)

    assert re.search("'token_id': 'session-[0-9a-f]{16}'", text)
    for secret in ("agency.example", "Ada", "ada-1", "eve-sub", "evil", "code-", "hush", "eyJ", provider.issuer):
        assert secret not in text, secret


def test_a_person_is_the_same_whatever_they_are_called(
    pages: Handler, provider: IdentityProvider, clock: Clock
) -> None:
    def subject() -> str:
        visitor = Visitor(pages)
        visitor.sign_in()
        session = SignedIn.read(visitor.cookies[SESSION], [TOKEN_KEY], clock().timestamp())
        assert session
        return session.person.subject

    first = subject()
    provider.person |= {"email": "a.example@agency.example", "name": "A. Example"}
    assert subject() == first
    provider.person |= {"sub": "ada-2"}
    assert subject() != first


def test_the_sign_in_page_may_lead_to_the_provider_and_no_other_page_may(visitor: Visitor) -> None:
    def form_action(page: Page) -> str:
        return str(re.findall("form-action ([^;]*)", page.headers["Content-Security-Policy"])[0])

    assert form_action(visitor.get("/sign-in")).startswith("'self' https:")
    assert form_action(visitor.get(f"/sign-in?token={token()}")) == "'self'"
    visitor.sign_in()
    assert form_action(visitor.get("/")) == "'self'"


@pytest.mark.usefixtures("pages")
def test_who_only_looks_waits_for_no_sign_in() -> None:
    with patch.object(sign_in, "SignIn", side_effect=AssertionError("nobody signs in")):
        fresh = started(Clock())
        assert Visitor(fresh, {SESSION: token()}).get("/model").status == 200
        assert Visitor(fresh).get("/sign-in").status == 200
