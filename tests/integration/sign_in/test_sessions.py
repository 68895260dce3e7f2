"""Who has signed in stays so for a while, as somebody whom the document knows, and until they sign out."""

import re
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.http.tokens import ROLES, SCOPES
from shared.people.document import Person
from shared.people.sessions import Attempt, SignedIn
from tests.support.identity_provider import CLIENT_ID, IdentityProvider
from tests.support.readings import counted
from tests.support.service import TOKEN_KEY, Clock, Handler, Service, token
from tests.support.visitors import ATTEMPT, HOST, HOUR, MINUTE, SESSION, Visitor, secrets, started
from tools.people import store
from tools.token_keys import TokenKeys


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
