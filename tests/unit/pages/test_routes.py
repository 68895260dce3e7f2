"""What people get at the door, without any table being read."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NoReturn, cast
from zoneinfo import ZoneInfo

import jwt
import pytest

from functions.pages.layout import stylesheet
from functions.pages.routes import Pages, Rare
from functions.pages.session import Session
from shared.http.problems import ForbiddenError, NotFoundError, ProblemError, UnauthenticatedError
from shared.http.requests import Request, Response, request_of
from shared.http.routes import Routes
from shared.http.tokens import Verifier, mint
from shared.opmm.model_document import published_model
from shared.reading.access import Access
from shared.reading.all_rows import AllRows
from shared.reading.scorecards import Cards

if TYPE_CHECKING:
    from shared.people.document import PeopleDocument
    from shared.storage.attention import Attentions
    from shared.storage.facts import Facts
    from shared.storage.queries import Queries
    from shared.storage.scores import Scores

KEY = "k" * 64
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EXPIRES = datetime(2100, 1, 1, tzinfo=UTC)
SECONDS = int((EXPIRES - NOW).total_seconds())
NOTHING = None


def never() -> NoReturn:
    pytest.fail("nobody writes here")


def wired() -> Pages:
    access = Access(cast("Scores", NOTHING), lambda: [KEY], lambda *_: None)
    cards = Cards(cast("Facts", NOTHING), published_model(), ZoneInfo("Europe/Amsterdam"), lambda: NOW)
    verify = Verifier(access.keys, {"withdrawn"}.__contains__)
    session = Session(verify, cards.zone, cards.clock, cast("PeopleDocument", lambda: None), never)
    return Pages(
        access,
        cards,
        cast("Queries", NOTHING),
        session,
        never,
        rows=AllRows(cast("Queries", NOTHING), lambda: NOW),
        rare=Rare(never, never, never, never, never, never, never),
        attentions=cast("Attentions", NOTHING),
    )


def ask(method: str, path: str, cookies: tuple[str, ...] = (), body: str = "", **headers: str) -> Response:
    route, _, query = path.partition("?")
    request = request_of(
        {
            "requestContext": {"http": {"method": method}},
            "rawPath": route,
            "rawQueryString": query,
            "headers": {name.replace("_", "-"): value for name, value in headers.items()},
            **({"cookies": list(cookies)} if cookies else {}),
            "body": body,
        }
    )
    door = wired()
    try:
        return Routes(door.routes).find(request).respond(request)
    except ProblemError as problem:
        return door.problem(request, problem)


def press(text: str, path: str = "/sign-in", **headers: str) -> Response:
    """The button of a link is pressed; headers that a browser sends with it, unless said otherwise."""
    said = {"host": "opmm.example.com", "sec_fetch_site": "same-origin", "origin": "null", **headers}
    said = {"content_type": "application/x-www-form-urlencoded", **said}
    return ask("POST", path, (), f"token={text}", **{name: value for name, value in said.items() if value})


def token(scope: str = "scores:read", *clients: str, **claims: str) -> str:
    return mint(KEY, subject="tests", scopes=[scope], expires_at=EXPIRES, clients=clients, **claims)


def test_an_opened_link_is_a_page_with_a_button_and_signs_nobody_in() -> None:
    text = token(name="Sam <Example>")
    response = ask("GET", f"/sign-in?token={text}&lang=nl", host="opmm.example.com")
    body = response.body or ""

    assert (response.status, response.cookies) == (200, ())
    assert f'<form method="post" action="/sign-in?lang=nl"><input type="hidden" name="token" value="{text}">' in body
    assert "Deze link is voor Sam &lt;Example&gt;." in body
    assert "tot 1 januari 2100" in body
    assert body.count(text) == 1
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.as_event()["headers"]["Cache-Control"] == "no-store"


def test_the_end_of_a_link_may_lie_behind_the_calendar() -> None:
    text = jwt.encode({"sub": "tests", "scope": "scores:read", "exp": 10**15}, KEY)

    assert ask("GET", f"/sign-in?token={text}").status == 200


def test_its_button_makes_it_a_cookie_and_leads_to_the_portfolio() -> None:
    text = token()
    response = press(text, "/sign-in?lang=nl")

    assert (response.status, response.headers["Location"]) == (303, "/?lang=nl")
    assert response.cookies == (f"__Host-opmm={text}; Max-Age={SECONDS}; Path=/; HttpOnly; SameSite=Lax; Secure",)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.as_event()["headers"]["Cache-Control"] == "no-store"
    assert response.as_event()["cookies"] == list(response.cookies)


def test_a_link_for_one_client_leads_to_that_client() -> None:
    assert press(token("scores:read", "acme")).headers["Location"] == "/clients/acme"
    assert press(token("scores:read", "acme", "beta")).headers["Location"] == "/"
    assert press(token("scores:read", "//evil")).headers["Location"] == "/"


def test_a_token_in_the_address_of_a_button_is_not_taken() -> None:
    response = press("", f"/sign-in?token={token()}")

    assert (response.status, response.cookies) == (422, ())


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),
        ({"sec_fetch_site": "", "origin": "https://opmm.example.com"}, True),
        ({"origin": "https://opmm.example.com"}, True),
        ({"sec_fetch_site": "", "origin": "https://OPMM.example.com"}, True),
        ({"sec_fetch_site": "", "origin": ""}, False),
        ({"sec_fetch_site": "", "origin": "null"}, False),
        ({"sec_fetch_site": "", "origin": "https://evil.example"}, False),
        ({"sec_fetch_site": "", "origin": "http://opmm.example.com"}, False),
        ({"sec_fetch_site": "", "origin": "https://opmm.example.com:444"}, False),
        ({"sec_fetch_site": "", "origin": "https://opmm.example.com.evil.example"}, False),
        ({"sec_fetch_site": "", "origin": "https://", "host": ""}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "none"}, False),
        ({"sec_fetch_site": "cross-site", "origin": "https://opmm.example.com"}, False),
        ({"sec_fetch_site": "same-origin", "origin": "https://evil.example"}, False),
        ({"host": "x.localhost:4566", "sec_fetch_site": "", "origin": "http://x.localhost:4566"}, True),
        ({"host": "x.localhost:4566", "sec_fetch_site": "", "origin": "http://x.localhost:4567"}, False),
    ],
    ids=str,
)
def test_only_a_page_of_this_host_signs_somebody_in_or_out(headers: dict[str, str], taken: bool) -> None:  # noqa: FBT001 - what is expected
    signed_in, signed_out = press(token(), **headers), press("", "/sign-out", **headers)

    assert (signed_in.status, signed_out.status) == ((303, 200) if taken else (403, 403))
    assert [bool(response.cookies) for response in (signed_in, signed_out)] == [taken, taken]
    if not taken:
        assert "Open your own link once more and use its button." in (signed_in.body or "")


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({"host": "abc.execute-api.localhost:4566"}, True),
        ({"host": "localhost"}, True),
        ({"host": "localhost", "x_forwarded_proto": "https"}, False),
        ({"host": "localhost.example.com"}, False),
        ({"host": "opmm.example.com"}, False),
    ],
)
def test_only_on_this_machine_a_cookie_travels_without_tls(headers: dict[str, str], here: bool) -> None:  # noqa: FBT001 - what is expected
    (cookie,) = press(token(), **headers).cookies

    assert cookie.startswith("opmm=" if here else "__Host-opmm=")
    assert cookie.endswith("; Secure") == (not here)


@pytest.mark.parametrize(
    ("text", "status"),
    [("", 401), ("invented", 401), (token("events:write"), 403), (token(token_id="withdrawn"), 401)],
    ids=["none", "invented", "scope", "withdrawn"],
)
def test_a_link_that_does_not_open_anything_sets_no_cookie(text: str, status: int) -> None:
    for response in (ask("GET", f"/sign-in?token={text}"), press(text)):
        assert (response.status, response.cookies) == (status, ())
        assert "<form" not in (response.body or "")


@pytest.mark.parametrize("media_type", ["application/json", "text/plain", "multipart/form-data"])
def test_what_is_no_form_signs_nobody_in(media_type: str) -> None:
    assert press(token(), content_type=media_type).status == 401


def test_who_is_signed_in_is_out_once_the_link_is_withdrawn() -> None:
    assert ask("GET", "/model", (f"__Host-opmm={token(token_id='another')}",)).status == 200
    assert ask("GET", "/model", (f"__Host-opmm={token(token_id='withdrawn')}",)).status == 401


def test_signing_out_clears_the_cookie() -> None:
    response = press("", "/sign-out")

    assert (response.status, response.headers["Clear-Site-Data"]) == (200, '"storage"')
    assert response.cookies == ("__Host-opmm=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure",)


def test_a_cookie_opens_pages_from_either_place_of_the_event() -> None:
    cookie = f"__Host-opmm={token()}"

    assert ask("GET", "/model", ("other=1", cookie)).status == 200
    assert ask("GET", "/model", cookie=f"other=1; {cookie}").status == 200
    assert ask("GET", "/model", cookie=f"opmm={token()}", host="x.localhost:4566").status == 200
    assert ask("GET", "/model", cookie=f"opmm={token()}", host="opmm.example.com").status == 401
    assert ask("GET", "/model", authorization=f"Bearer {token()}").status == 401


def test_every_page_lets_nothing_run_and_nothing_in() -> None:
    for response in (
        ask("GET", "/model", (f"__Host-opmm={token()}",)),
        ask("GET", f"/sign-in?token={token()}"),
        ask("GET", "/"),
        ask("POST", "/sign-out"),
        press("", "/sign-out"),
    ):
        assert response.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert not re.search(r"<script|<style|\son\w+=|\sstyle=|https?://(?!www\.w3\.org)", response.body or "")


@pytest.mark.parametrize("path", ["/", "/portfolio", "/clients/acme", "/model"])
def test_without_a_cookie_people_are_told_to_ask_for_a_link(path: str) -> None:
    english, dutch = ask("GET", path), ask("GET", path, accept_language="nl")

    assert (english.status, english.headers["Content-Type"]) == (401, "text/html; charset=utf-8")
    assert "Ask for a link" in (english.body or "")
    assert "Vraag om een link" in (dutch.body or "")
    assert "WWW-Authenticate" not in english.headers


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/", "", "text/html; charset=utf-8"),
        ("/clients/acme", "application/json", "text/html; charset=utf-8"),
        ("/nothing", "text/html,*/*", "text/html; charset=utf-8"),
        ("/nothing", "*/*", "application/problem+json"),
        ("/v1/clients", "text/html", "application/problem+json"),
        ("/V1/clients", "text/html", "application/problem+json"),
    ],
)
def test_problems_are_pages_where_people_look(path: str, accept: str, kind: str) -> None:
    response = wired().problem(Request("GET", path, {"accept": accept}, {}), NotFoundError("gone"))

    assert (response.status, response.headers["Content-Type"]) == (404, kind)


def test_a_problem_page_says_nothing_of_what_was_asked() -> None:
    bodies = [
        wired().problem(Request("GET", "/clients/acme", {}, {}), problem).body
        for problem in (ForbiddenError("one"), ForbiddenError("another"))
    ]

    assert bodies[0] == bodies[1]
    assert "one" not in re.sub("<[^>]*>", " ", bodies[0] or "").split()


def test_headers_of_a_problem_stay_on_its_page() -> None:
    problem = UnauthenticatedError("no")
    problem.headers["Retry-After"] = "5"

    assert wired().problem(Request("GET", "/", {}, {}), problem).headers["Retry-After"] == "5"


def test_the_stylesheet_needs_no_cookie_and_asks_for_nothing_else() -> None:
    response = ask("GET", "/style.css")

    assert (response.status, response.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert response.body == stylesheet()[0]
    assert not re.search(r"url\(|@import|https?:", response.body)


@pytest.mark.parametrize("route", sorted(wired().routes.keys() - {"GET /signed-in", "GET /feeds/{file}"}))
def test_every_page_refuses_a_parameter_that_it_does_not_know_and_leads_on_without_it(route: str) -> None:
    method, _, path = route.partition(" ")
    path = path.replace("{client_id}", "acme").replace("{question}", "nps")

    response = ask(method, f"{path}?tota=1&lang=en&lang=nl", (f"__Host-opmm={token()}",))

    assert response.status == 422
    assert "<code>lang</code> <code>tota</code>" in (response.body or "")
    assert f'<a href="{path if method == "GET" else "/?lang=nl"}">Open de pagina zonder</a>' in (response.body or "")


def test_what_a_page_does_know_stays_in_the_address_that_leads_on() -> None:
    text = token()

    assert f'href="/sign-in?token={text}"' in (ask("GET", f"/sign-in?token={text}&utm_source=mail").body or "")
    assert 'href="/?sort=name&amp;lang=en"' in (ask("GET", "/?sort=name&lang=en&search=acme").body or "")


@pytest.mark.parametrize("name", ["", "x" * 41, "%E2%80%AEevil", "%00", "<script>"])
def test_a_strange_name_of_a_parameter_does_no_harm_to_the_page(name: str) -> None:
    response = ask("GET", f"/model?{name}=1")

    assert response.status == 422
    assert "Open the page without it" in (response.body or "")
    assert not re.search("x{41}|\u202e|\\x00|<script", re.sub(' href="[^"]*"', "", response.body or ""))
