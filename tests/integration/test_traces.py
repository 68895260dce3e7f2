"""Who did what: one line for every request, which tells whose token it came with and nobody's name."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import pytest
from aws_lambda_powertools import Logger
from moto import mock_aws

from shared.api.operations import OPERATIONS
from shared.telemetry import pseudonym
from tests.support.calls import call
from tests.support.readings import counted
from tests.support.service import TOKEN_KEY, Service, event, http_event, in_memory, token

EMAIL = "canary-mail@example.com"
NAME = "Canary Person"
COMMENT = "canary-comment"
STRANGE = "canary-strange"
JTI = "0123456789abcdef"
WHO = {"subject": EMAIL, "name": NAME, "token_id": JTI}

PAGES = ("GET /", "GET /portfolio", "GET /clients/{client_id}", "GET /model", "POST /clients/{client_id}/names")
ROUTES: list[tuple[str, str]] = [(operation.function, route) for operation in OPERATIONS for route in operation.routes]
ROUTES += [("pages", route) for route in (*PAGES, "GET /sign-in", "POST /sign-in", "POST /sign-out", "GET /style.css")]
TOKENS = {operation.route for operation in OPERATIONS if operation.scope} | set(PAGES)
"""Routes that look at a token."""
OF_A_CLIENT = [(function, route) for function, route in ROUTES if route in TOKENS and "{client_id}" in route]

SENT = event(
    "nps.responded",
    {
        "response_id": "r-1",
        "score": 9,
        "responded_at": "2026-11-14T09:00:00Z",
        "respondent": EMAIL,
        "comment": COMMENT,
    },
)


@dataclass
class Traced:
    """The service, and where its functions log."""

    service: Service
    lines: list[dict[str, Any]]

    def ask(self, function: str, route: str, bearer: str, query: str = "", client: str = "acme") -> dict[str, Any]:
        """The one line of a request with canaries wherever a stranger writes."""
        method, _, path = route.partition(" ")
        path = (
            path.replace("{client_id}", client)
            .replace("{source}", STRANGE)
            .replace("{parked_id}", "nps.0123")
            .replace("{erasure_id}", "20261124T120000-0a1b2c3d")
        )
        headers = {"content-type": "application/json", "x-canary": STRANGE, "sec-fetch-site": "same-origin"}
        if function == "pages":
            headers |= {"cookie": f"__Host-opmm={bearer}", "host": "opmm.example.com"}
        else:
            headers |= {"authorization": f"Bearer {bearer}"}
        body = json.dumps(SENT) if method == "POST" else None
        handler = {
            "ingest": self.service.ingest,
            "query": self.service.query,
            "pages": self.service.pages,
            "erase": self.service.erase,
        }[function]
        self.lines.clear()
        status = call(handler, http_event(method, path, body, headers, query)).status
        logged = [line for line in self.lines if line["message"] == "responded"]
        assert (len(logged), logged[0]["status"]) == (1, status)
        text = json.dumps(self.lines)
        assert not [found for found in (EMAIL, NAME, COMMENT, STRANGE, "canary", "Canary", bearer) if found in text]
        return logged[0]


class _Lines:
    """A stream that keeps what is logged."""

    def __init__(self, lines: list[dict[str, Any]]) -> None:
        self._lines = lines

    def write(self, text: str) -> None:
        self._lines += [json.loads(line) for line in text.splitlines() if line]

    def flush(self) -> None:
        """Everything is kept at once."""


@pytest.fixture(scope="module")
def traced() -> Iterator[Traced]:
    lines: list[dict[str, Any]] = []
    loggers = iter(range(100))

    def made() -> Logger:
        return Logger(service=f"traced-{next(loggers)}", stream=_Lines(lines), level="INFO")  # type: ignore[arg-type]

    with mock_aws():
        functions = ("ingest", "query", "pages", "erase")
        patches = [patch(f"functions.{function}.handler.own_logger", made) for function in functions]
        for each in patches:
            each.start()
        try:
            service = in_memory()
        finally:
            for each in patches:
                each.stop()
        service.post([counted(6), counted(3, subject="beta")])
        service.settle()
        yield Traced(service, lines)


@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_every_request_leaves_a_line_that_says_whose_token_did_what_and_nothing_else(
    traced: Traced, function: str, route: str
) -> None:
    line = traced.ask(function, route, token(**WHO))

    assert (line["route"], line["request_id"]) == (route, "request-1")
    if route in TOKENS:
        assert (line["token_id"], line["subject"]) == (JTI, pseudonym(EMAIL, TOKEN_KEY))
    if route in TOKENS and route.startswith("GET") and "{client_id}" in route:
        assert (line["status"], line["client_id"]) == (200, "acme")


@pytest.mark.parametrize(("function", "route"), ROUTES)
def test_every_refusal_leaves_a_line_with_its_reason(traced: Traced, function: str, route: str) -> None:
    if route not in TOKENS:
        return
    nobody = traced.ask(function, route, f"{STRANGE}.{STRANGE}.x")
    unscoped = traced.ask(function, route, token(scopes=["people:write"], **WHO))
    unknown = traced.ask(function, route, token(**WHO), query=f"{STRANGE}={STRANGE}")

    assert (unscoped["status"], unscoped["problem"], unscoped["token_id"]) == (403, "ForbiddenError", JTI)
    assert (nobody["status"], nobody["problem"], "token_id" in nobody) == (401, "UnauthenticatedError", False)
    assert (unknown["status"], unknown["problem"]) == (422, "QueryNamesError")
    assert {line["route"] for line in (nobody, unscoped, unknown)} == {route}


@pytest.mark.parametrize(("function", "route"), OF_A_CLIENT)
def test_a_client_is_named_only_to_say_that_it_was_seen(traced: Traced, function: str, route: str) -> None:
    other = traced.ask(function, route, token(clients=["beta"], **WHO))
    absent = traced.ask(function, route, token(**WHO), client=STRANGE)

    assert (other["status"], other["problem"], other["token_id"]) == (403, "ForbiddenError", JTI)
    assert (absent["status"], absent["problem"]) == (404, "NotFoundError")
    assert not {"client_id"} & (other.keys() | absent.keys())


def test_a_withdrawn_token_is_told_by_its_id(traced: Traced) -> None:
    with patch("functions.query.handler.is_withdrawn", return_value=True):
        line = traced.ask("query", "GET /v1/portfolio", token(**WHO))

    assert (line["status"], line["token_id"]) == (401, JTI)


def test_an_event_is_told_by_its_client_and_a_batch_by_its_outcomes(traced: Traced) -> None:
    traced.ask("ingest", "POST /v1/events", token(**WHO))
    line = traced.ask("ingest", "POST /v1/events", token(**WHO))
    assert (line["client_id"], line["outcomes"]) == ("acme", {"duplicate": 1})

    traced.lines.clear()
    traced.service.post([SENT, {}])
    [line] = [line for line in traced.lines if line["message"] == "responded"]
    assert line["outcomes"] == {"duplicate": 1, "rejected": 1}


def test_one_subject_is_told_from_another_as_long_as_the_key_stays() -> None:
    assert pseudonym("a", "k1") == pseudonym("a", "k1")
    assert len({pseudonym("a", "k1"), pseudonym("b", "k1"), pseudonym("a", "k2")}) == 3
    assert len(pseudonym("\ud800", "k1")) == 16
