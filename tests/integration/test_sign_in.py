"""Signing in with an identity provider: from the page that was wanted, to the provider, and back to that page."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import boto3
import httpx
import pytest
from moto import mock_aws

from functions.pages import sign_in
from functions.pages.handler import wire
from shared.http.tokens import ROLES, SCOPES
from shared.people import provider as provider_calls
from shared.people.document import Person
from shared.people.sessions import Attempt, SignedIn
from tests.support.clients import REGION
from tests.support.identity_provider import CLIENT_ID, IdentityProvider, identity_provider
from tests.support.readings import counted
from tests.support.service import NOW, TOKEN_KEY, Clock, Handler, Service, http_event, in_memory, token
from tests.support.template import environment
from tools.people import store
from tools.token_keys import TokenKeys

HOST = "opmm.example.com"
SESSION, ATTEMPT = "__Host-opmm", "__Host-opmm-sign-in"
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1, seconds=1)


@pytest.fixture(scope="module")
def listening() -> Iterator[IdentityProvider]:
    with identity_provider() as provider:
        yield provider


@pytest.fixture
def provider(listening: IdentityProvider) -> IdentityProvider:
    """A provider of which no test has changed anything."""
    listening.forget()
    return listening


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def deployed() -> Iterator[Service]:
    """Two clients, of which no test changes anything."""
    with mock_aws():
        wired = in_memory()
        wired.post([counted(6), counted(3, subject="beta")])
        wired.settle()
        yield wired


@pytest.fixture
def pages(deployed: Service, provider: IdentityProvider, clock: Clock) -> Handler:  # noqa: ARG001 - in place
    """The pages' function, started anew, which lets people in as the provider's document says."""
    provider.clock = lambda: clock().timestamp()
    secrets().put_secret_value(SecretId="opmm/token-keys", SecretString=TokenKeys(TOKEN_KEY).text())
    store(secrets(), "opmm", provider.document())
    return started(clock)


def started(clock: Clock) -> Handler:
    """A function that remembers nothing yet."""
    return wire(environment("PagesFunction"), clock)


def secrets() -> Any:
    return boto3.client("secretsmanager", region_name=REGION)


@dataclass
class Page:
    """What a browser shows."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers["Location"]

    @property
    def heading(self) -> str:
        found = re.search("<h1>(.*?)</h1>", self.text)
        assert found
        return found[1]

    @property
    def query(self) -> dict[str, str]:
        """Of the address that it leads to."""
        return dict(parse_qsl(urlsplit(self.location).query))


@dataclass
class Visitor:
    """A browser: it keeps cookies, and says that what it sends comes from our own page."""

    pages: Handler
    cookies: dict[str, str] = field(default_factory=dict)
    set: list[str] = field(default_factory=list)
    """What the latest response said of cookies."""

    def get(self, path: str, method: str = "GET") -> Page:
        route, _, query = path.partition("?")
        return self._ask(http_event(method, route, headers=self._headers(), query=query))

    def post(self, path: str, headers: Mapping[str, str] | None = None, **form: str) -> Page:
        said = {
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
            "origin": "null",
            **self._headers(),
            **(headers or {}),
        }
        return self._ask(http_event("POST", path, urlencode(form), said))

    def to_provider(self, place: str = "/") -> Page:
        """Presses the button of the sign-in page."""
        return self.post("/sign-in/provider", next=place)

    def there_and_back(self, place: str = "/") -> str:
        """Goes to the provider; gives where that sends the browser, on this host."""
        there = self.to_provider(place)
        assert there.status == 303, there.text
        back = urlsplit(httpx.get(there.location).headers["location"])
        assert f"{back.scheme}://{back.netloc}" == f"https://{HOST}"
        return f"{back.path}?{back.query}"

    def sign_in(self, place: str = "/") -> Page:
        return self.get(self.there_and_back(place))

    def _headers(self) -> dict[str, str]:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"host": HOST, "accept": "text/html", "x-forwarded-proto": "https"} | (
            {"cookie": pairs} if pairs else {}
        )

    def _ask(self, event: dict[str, Any]) -> Page:
        response = self.pages(event, None)
        self.set = response.get("cookies", [])
        for line in self.set:
            name, _, rest = line.partition("=")
            value, _, attributes = rest.partition("; ")
            self.cookies[name] = value
            if "Max-Age=0;" in attributes:
                del self.cookies[name]
        return Page(response["statusCode"], response["headers"], response["body"])


@pytest.fixture
def visitor(pages: Handler) -> Visitor:
    return Visitor(pages)


def logged(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """What was said of attempts to sign in."""
    return [vars(record) for record in caplog.records if record.getMessage() in ("a sign-in failed", "signed in")]


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


def test_a_session_lasts_twelve_hours(visitor: Visitor, clock: Clock) -> None:
    visitor.sign_in()
    clock.now += 12 * HOUR - timedelta(seconds=1)
    assert visitor.get("/").status == 200
    clock.now += timedelta(seconds=2)
    assert visitor.get("/").location == "/sign-in?next=%2F"


def test_a_person_who_is_taken_out_is_out_within_a_minute_and_nobody_else(
    pages: Handler, provider: IdentityProvider, clock: Clock
) -> None:
    ada, ed = Visitor(pages), Visitor(pages)
    ada.sign_in()
    provider.person |= {"sub": "ed-1", "email": "ed@finance.example", "groups": ["finance"]}
    ed.sign_in()
    store(secrets(), "opmm", provider.document(allow=[{"group": "finance", "role": "viewer"}]))
    clock.now += MINUTE

    assert (ada.get("/").status, ed.get("/").status) == (303, 200)
    page = ada.post("/clients/acme/names", join="beta")
    assert (page.status, page.heading) == (401, "Sign in first")
    provider.person |= {"sub": "ada-1", "email": "ada@agency.example", "groups": []}
    assert ada.sign_in().status == 403


def test_another_role_counts_within_a_minute(visitor: Visitor, provider: IdentityProvider, clock: Clock) -> None:
    visitor.sign_in()
    store(secrets(), "opmm", provider.document(allow=[{"email": "ada@agency.example", "role": "viewer"}]))
    clock.now += MINUTE

    assert '<p class="hint">viewer</p>' in visitor.get("/").text


def test_sessions_of_a_provider_end_with_it(visitor: Visitor, provider: IdentityProvider, clock: Clock) -> None:
    visitor.sign_in()
    store(secrets(), "opmm", provider.document(client_id="another"))
    clock.now += MINUTE
    assert visitor.get("/").status == 303

    store(secrets(), "opmm", {})
    clock.now += MINUTE
    assert (visitor.get("/").status, visitor.get("/").heading) == (401, "Ask for a link")
    assert [visitor.get("/signed-in").status, visitor.to_provider().status] == [404, 404]


def test_a_session_can_be_withdrawn(visitor: Visitor, clock: Clock) -> None:
    visitor.sign_in()
    session = SignedIn.read(visitor.cookies[SESSION], [TOKEN_KEY], clock().timestamp())
    assert session
    assert re.fullmatch("session-[0-9a-f]{16}", session.id)
    TokenKeys.change(secrets(), "opmm", lambda keys: keys.without(session.id, session.expires_at, clock()))

    assert Visitor(started(clock), visitor.cookies).get("/").status == 303


def test_signing_out_forgets_the_session_and_offers_to_sign_out_of_the_provider(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    visitor.sign_in()
    page = visitor.post("/sign-out")

    assert (page.status, page.heading, visitor.cookies) == (200, "You are signed out", {})
    [address] = re.findall(f'href="({provider.issuer}/logout[^"]*)"', page.text)
    query = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    assert query["post_logout_redirect_uri"] == [f"https://{HOST}/sign-in"]
    assert query["client_id"] == [CLIENT_ID]
    assert visitor.get("/").status == 303


@pytest.mark.parametrize("trouble", ["it names no such address", "it is silent"])
def test_signing_out_needs_no_provider(
    visitor: Visitor, provider: IdentityProvider, clock: Clock, trouble: str
) -> None:
    visitor.sign_in()
    if trouble == "it is silent":
        store(secrets(), "opmm", provider.document(discovery="http://127.0.0.1:9/nobody"))
    else:
        provider.configuration = {"end_session_endpoint": None}
    later = Visitor(started(clock), visitor.cookies)
    page = later.post("/sign-out")

    assert (page.status, later.cookies) == (200, {})
    assert "/logout" not in page.text
    assert 'href="/sign-in"' in page.text


def test_signing_out_needs_no_document(visitor: Visitor, clock: Clock) -> None:
    visitor.sign_in()
    secrets().put_secret_value(SecretId="opmm/people", SecretString="not JSON")
    later = Visitor(started(clock), visitor.cookies)

    assert (later.post("/sign-out").status, later.cookies) == (200, {})


def test_a_link_and_a_session_replace_one_another_and_a_link_needs_no_people_document(visitor: Visitor) -> None:
    visitor.sign_in()
    minted = token(scopes=ROLES["client"], clients=["acme"], name="Sam Example")
    assert visitor.post("/sign-in", token=minted).location == "/clients/acme"
    assert '<p class="name">Sam Example</p><p class="hint">client</p>' in visitor.get("/clients/acme").text
    assert visitor.get("/clients/beta").status == 403

    secrets().put_secret_value(SecretId="opmm/people", SecretString="not JSON")
    later = Visitor(started(Clock()), visitor.cookies)
    assert later.get("/clients/acme").status == 200


def test_who_is_signed_in_costs_no_read_more(visitor: Visitor) -> None:
    visitor.sign_in()
    visitor.get("/model")
    with patch("botocore.client.BaseClient._make_api_call", side_effect=AssertionError("nothing is read")):
        assert visitor.get("/model").status == 200


def test_who_came_by_a_link_never_reads_the_people(pages: Handler) -> None:
    fresh = Visitor(pages, {SESSION: token()})
    with patch("shared.people.document.PeopleDocument.__call__", side_effect=AssertionError("nobody asks")):
        assert fresh.get("/model").status == 200


def test_nothing_passes_for_something_else(visitor: Visitor, deployed: Service, pages: Handler, clock: Clock) -> None:
    visitor.to_provider()
    attempt = visitor.cookies[ATTEMPT]
    visitor.sign_in()
    session, link = visitor.cookies[SESSION], token(scopes=SCOPES)

    for cookie in (session, attempt):
        assert deployed.get("/v1/model", bearer=cookie).status == 401
        assert deployed.post(counted(1), bearer=cookie).status == 401
        assert visitor.get(f"/sign-in?token={cookie}").status == 401
        assert visitor.post("/sign-in", token=cookie).status == 401
    assert Visitor(pages, {SESSION: attempt}).get("/").status == 303
    for other in (session, link):
        assert Visitor(pages, {ATTEMPT: other}).get("/signed-in?state=x&code=x").status == 400
    assert SignedIn.read(link, [TOKEN_KEY], clock().timestamp()) is None
    assert Attempt.read(session, [TOKEN_KEY], clock().timestamp()) is None
    forged = SignedIn.now(Person("person-x", None, "ada@agency.example"), "x", clock().timestamp())
    for key in ("another key " * 4, TOKEN_KEY):  # even with our key: of another provider
        assert Visitor(pages, {SESSION: forged.text(key)}).get("/").status == 303


def test_nobody_is_sent_to_another_site(visitor: Visitor) -> None:
    assert visitor.sign_in("//evil.example").location == "/"


def test_a_foreign_site_begins_no_sign_in(visitor: Visitor, provider: IdentityProvider) -> None:
    for headers in ({"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "", "origin": "https://evil.example"}):
        page = visitor.post("/sign-in/provider", headers, next="/")
        assert (page.status, visitor.cookies, provider.calls) == (403, {}, [])
    assert visitor.get("/sign-in/provider").status == 405


RESPONSES: dict[str, tuple[tuple[int, bytes, dict[str, str]], int, str]] = {
    "code refused": ((400, b'{"error": "invalid_grant"}', {}), 400, "no token: invalid_grant"),
    "secret refused": ((401, b'{"error": "invalid_client"}', {}), 400, "no token: invalid_client"),
    "a chatty error": ((400, b'{"error": "ada@agency.example"}', {}), 400, "no token: 400"),
    "an error without JSON": ((400, b"<html>", {}), 400, "no JSON object: 400"),
    "no ID token": ((200, b'{"access_token": "x"}', {}), 400, "no ID token"),
    "an ID token of another kind": ((200, b'{"id_token": 5}', {}), 400, "no ID token"),
    "garbage": ((200, b'{"id_token": "a.b.c"}', {}), 400, "no token"),
    "no JSON": ((200, b"x", {}), 400, "no JSON object: 200"),
    "a list": ((200, b"[]", {}), 400, "no JSON object: 200"),
    "nested": ((200, b"[" * 100_000, {}), 400, "no JSON object: 200"),
    "a redirect": ((302, b"", {"Location": "http://127.0.0.1:9/"}), 400, "a redirect"),
    "too much": ((200, b" " * 200_000, {}), 400, "too much was sent"),
    "trouble": ((500, b"{}", {}), 503, "trouble: 500"),
    "too many": ((429, b"{}", {}), 503, "trouble: 429"),
}


@pytest.mark.parametrize("case", RESPONSES)
def test_whatever_the_provider_responds_there_is_a_page_with_a_way_on(
    visitor: Visitor, provider: IdentityProvider, case: str, caplog: pytest.LogCaptureFixture
) -> None:
    provider.response, status, reason = RESPONSES[case]
    page = visitor.sign_in("/clients/acme")

    assert (page.status, visitor.cookies) == (status, {})
    assert page.headers.get("Retry-After") == ("30" if status == 503 else None)
    assert 'href="/sign-in?next=%2Fclients%2Facme"' in page.text
    assert [line["reason"] for line in logged(caplog)] == [reason]


def test_a_provider_that_cannot_be_reached_is_a_page_that_says_so(
    pages: Handler, provider: IdentityProvider, caplog: pytest.LogCaptureFixture
) -> None:
    store(secrets(), "opmm", provider.document(discovery="http://127.0.0.1:9/nobody"))
    page = Visitor(pages).to_provider()

    assert (page.status, page.headers["Retry-After"]) == (503, "30")
    assert page.heading == f"{urlsplit(provider.issuer).netloc} does not respond"
    assert [line["reason"] for line in logged(caplog)] == ["unreachable: ConnectionRefusedError"]


def test_a_provider_that_is_too_slow_is_waited_for_no_longer(
    visitor: Visitor, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provider_calls, "SECONDS_TO_ANSWER", 0.2)
    provider.delay = 1

    assert visitor.to_provider().status == 503


@pytest.mark.parametrize(
    "configuration",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"token_endpoint": "http://evil.example/token"},
        {"authorization_endpoint": "http://evil.example/"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": "http://evil.example/"},
        {"userinfo_endpoint": "http://evil.example/"},
        {"jwks_uri": "http://evil.example/"},
        {"token_endpoint": ["https://a.example/"]},
        {"token_endpoint": "https://u:p@a.example/"},
    ],
    ids=str,
)
def test_a_configuration_of_another_or_without_tls_is_not_used(
    visitor: Visitor, provider: IdentityProvider, configuration: dict[str, Any]
) -> None:
    provider.configuration = configuration

    assert (visitor.to_provider().status, visitor.cookies) == (400, {})


def test_a_secret_goes_into_the_body_where_the_provider_takes_it_only_there(
    visitor: Visitor, provider: IdentityProvider
) -> None:
    provider.configuration = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}

    assert visitor.sign_in().status == 400  # the stand-in takes it in the header only
    assert provider.calls[-1] == "/token"


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
