"""What the commands of erasure say, and when they stop; what a stack does of it is tested elsewhere."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from tools.__main__ import app
from tools.erasures import followed, held, told
from tools.errors import ToolError


def client(respond: Callable[[httpx.Request], tuple[int, Any]]) -> httpx.Client:
    def handle(request: httpx.Request) -> httpx.Response:
        status, document = respond(request)
        return httpx.Response(status, json=document)

    return httpx.Client(base_url="https://opmm.example/", transport=httpx.MockTransport(handle))


def page(responses: int, following: str | None) -> dict[str, Any]:
    return {
        "clients": [{"client_id": "acme", "responses": responses, "mentions": 0}],
        "sources": [{"source": "nps", "parked": 1}],
        "next": following,
    }


def test_the_pages_of_what_is_held_are_added_up() -> None:
    asked = []

    def respond(request: httpx.Request) -> tuple[int, Any]:
        asked.append(dict(request.url.params))
        return 200, page(2, None) if "cursor" in request.url.params else page(1, "c")

    found = held(client(respond), "robin@example.com")

    assert asked == [
        {"respondent": "robin@example.com"},
        {"respondent": "robin@example.com", "cursor": "c"},
    ]
    assert found == {"responses": Counter(acme=3), "mentions": Counter(), "parked": Counter(nps=2)}
    assert told(found) == "responses at acme: 3\nparked calls of nps: 2"


def test_nothing_held_is_said_as_such() -> None:
    assert told({"responses": Counter()}) == "Nothing is held of this person."


def test_an_erasure_is_followed_until_it_does_not_run_any_more() -> None:
    statuses = iter(["running", "running", "done"])
    waited: list[float] = []

    receipt = followed(client(lambda _: (200, {"status": next(statuses)})), "e", waited.append)

    assert (receipt, len(waited)) == ({"status": "done"}, 2)


def test_a_refusal_is_told_with_its_reason_and_nothing_of_what_was_asked() -> None:
    refusing = client(lambda _: (403, {"detail": "The token does not grant admin."}))

    with pytest.raises(ToolError, match="does not grant admin") as refused:
        held(refusing, "robin@example.com")
    assert "robin" not in str(refused.value)


@pytest.mark.parametrize(
    "words", [(), ("--respondent", "x", "--client", "y"), ("--client", "y", "--ratings"), ("--respondent", " ")]
)
def test_a_wish_that_is_not_clear_reaches_no_stack(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["erase", *words]).exit_code
