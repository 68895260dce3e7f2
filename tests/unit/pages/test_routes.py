"""What people get at the door, without any table being read."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

import pytest

from functions.pages.layout import stylesheet
from functions.pages.routes import Pages
from shared.http.problems import ForbiddenError, NotFoundError, ProblemError, UnauthenticatedError
from shared.http.requests import Request, Response, request_of
from shared.http.routes import Routes
from shared.http.tokens import mint
from shared.opmm.model import published_model
from shared.reading.access import Access
from shared.reading.scorecards import Cards

if TYPE_CHECKING:
    from shared.storage.facts import Facts
    from shared.storage.queries import Queries
    from shared.storage.scores import Scores

KEY = "k" * 64
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EXPIRES = datetime(2100, 1, 1, tzinfo=UTC)
SECONDS = int((EXPIRES - NOW).total_seconds())
NOTHING = None


def wired() -> Pages:
    access = Access(cast("Scores", NOTHING), lambda: [KEY], lambda *_: None)
    cards = Cards(cast("Facts", NOTHING), published_model(), ZoneInfo("Europe/Amsterdam"), lambda: NOW)
    return Pages(access, cards, cast("Queries", NOTHING))


def ask(method: str, path: str, cookies: tuple[str, ...] = (), **headers: str) -> Response:
    route, _, query = path.partition("?")
    request = request_of(
        {
            "requestContext": {"http": {"method": method}},
            "rawPath": route,
            "rawQueryString": query,
            "headers": {name.replace("_", "-"): value for name, value in headers.items()},
            **({"cookies": list(cookies)} if cookies else {}),
        }
    )
    door = wired()
    try:
        return Routes(door.routes).find(request).respond(request)
    except ProblemError as problem:
        return door.problem(request, problem)


def token(scope: str = "scores:read", *clients: str) -> str:
    return mint(KEY, subject="tests", scopes=[scope], expires_at=EXPIRES, clients=clients)


def test_a_link_becomes_a_cookie_and_leads_to_the_portfolio() -> None:
    text = token()
    response = ask("GET", f"/sign-in?token={text}&lang=nl", host="opmm.example.com", x_forwarded_proto="https")

    assert (response.status, response.headers["Location"]) == (303, "/?lang=nl")
    assert response.cookies == (f"opmm_token={text}; Max-Age={SECONDS}; Path=/; HttpOnly; SameSite=Lax; Secure",)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.as_event()["headers"]["Cache-Control"] == "no-store"
    assert response.as_event()["cookies"] == list(response.cookies)


def test_a_link_for_one_client_leads_to_that_client() -> None:
    assert ask("GET", f"/sign-in?token={token('scores:read', 'acme')}").headers["Location"] == "/clients/acme"
    assert ask("GET", f"/sign-in?token={token('scores:read', 'acme', 'beta')}").headers["Location"] == "/"
    assert ask("GET", f"/sign-in?token={token('scores:read', '//evil')}").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("headers", "secure"),
    [
        ({"host": "abc.execute-api.localhost:4566"}, False),
        ({"host": "localhost"}, False),
        ({"host": "localhost", "x_forwarded_proto": "https"}, True),
        ({"host": "localhost.example.com"}, True),
        ({"host": "opmm.example.com"}, True),
        ({}, True),
    ],
)
def test_only_on_this_machine_a_cookie_travels_without_tls(headers: dict[str, str], secure: bool) -> None:  # noqa: FBT001 - what is expected
    (cookie,) = ask("GET", f"/sign-in?token={token()}", (), **headers).cookies

    assert cookie.endswith("; Secure") == secure


@pytest.mark.parametrize(
    ("text", "status"), [("", 401), ("invented", 401), (token("events:write"), 403)], ids=["none", "invented", "scope"]
)
def test_a_link_that_does_not_open_anything_sets_no_cookie(text: str, status: int) -> None:
    response = ask("GET", f"/sign-in?token={text}")

    assert (response.status, response.cookies) == (status, ())


def test_signing_out_clears_the_cookie() -> None:
    response = ask("POST", "/sign-out", (f"opmm_token={token()}",), host="opmm.example.com")

    assert response.status == 200
    assert response.cookies == ("opmm_token=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure",)


def test_a_cookie_opens_pages_from_either_place_of_the_event() -> None:
    cookie = f"opmm_token={token()}"

    assert ask("GET", "/model", ("other=1", cookie)).status == 200
    assert ask("GET", "/model", cookie=f"other=1; {cookie}").status == 200
    assert ask("GET", "/model", authorization=f"Bearer {token()}").status == 401


def test_every_page_lets_nothing_run_and_nothing_in() -> None:
    for response in (ask("GET", "/model", (f"opmm_token={token()}",)), ask("GET", "/"), ask("POST", "/sign-out")):
        assert response.headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        assert response.headers["X-Content-Type-Options"] == "nosniff"
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
