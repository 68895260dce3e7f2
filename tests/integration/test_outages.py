"""Whatever fails of what a function calls, it responds 503, soon, and says when to come again."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import count
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from moto import mock_aws

from functions.pages.routes import Pages
from shared.api.operations import OPERATIONS
from shared.http.feed_addresses import sealed
from shared.storage.deadline import SECONDS_OF_A_REQUEST
from shared.storage.functions import connect_functions
from shared.storage.issued import Feed, Register, grant_of_feed
from tests.integration.test_sources_page import act
from tests.support.browser_forms import OWN
from tests.support.calls import call
from tests.support.clients import dynamodb_client
from tests.support.everything import RESPONDENT, told
from tests.support.outages import (
    MOST_TRIES,
    NOTED,
    OF_ONE_OPERATION,
    OUR_FAULTS,
    OUTAGES,
    Failure,
    Wire,
    responding,
    wired,
)
from tests.support.service import TOKEN_KEY, Answer, Functions, Service, http_event, in_memory, token
from tests.support.template import create_table
from tests.support.webhooks import NAMES, SOURCES, register, sample, signed
from tools.token_keys import TokenKeys

SECRET = SOURCES[NAMES["delighted"]]["secrets"][0]
A_MINUTE = timedelta(seconds=61)
FEED = "0123456789abcdef"
SECRET_READ = "GetSecretValue"
CLOCK = "shared.storage.deadline.monotonic"
PAUSES = "shared.storage.dynamodb._PAUSES"


FILLED = {
    "/sources": {"source": NAMES["delighted"]},
    "/notifications": {"destination": "crm", "act": "again", "delivery": "2026#1", "again": "0"},
}
"""What forms are sent with, by the page."""


@dataclass(frozen=True)
class Request:
    """What is asked of which function."""

    function: str
    event: dict[str, Any]

    @property
    def wants_a_page(self) -> bool:
        return self.function == "pages" and not self.event["rawPath"].startswith("/feeds/")


def of_the_api() -> dict[str, Request]:
    """Every operation, with what it takes."""
    bodies: dict[str, Any] = {"postEvents": told(), "postErasure": {"client_id": "acme"}}
    queries = {"replayParked": f"source={NAMES['delighted']}", "getSubject": f"respondent={RESPONDENT}"}
    filled = {"client_id": "acme", "source": NAMES["delighted"], "parked_id": f"{NAMES['delighted']}.0123"}
    filled["erasure_id"] = "20261124T120000-0a1b2c3d"
    found = {}
    for operation in OPERATIONS:
        path = re.sub(r"\{(\w+)\}", lambda name: filled[name[1]], operation.path)
        body: Any = json.dumps(bodies[operation.id]) if operation.id in bodies else None
        headers = {"authorization": f"Bearer {token()}", "content-type": "application/json"}
        if operation.id == "postWebhook":
            body = sample("delighted").decode()
            headers = {"content-type": "application/json", **signed("delighted", body.encode(), SECRET)}
        asked = http_event(operation.method, path, body, headers, queries.get(operation.id, ""))
        found[operation.id] = Request(operation.function, asked)
    return found


def of_pages() -> dict[str, Request]:
    """Every address of a page; forms as they are sent when nothing was filled in."""
    headers = {"accept": "text/html", "cookie": f"__Host-opmm={token()}"}
    sent = OWN | headers | {"content-type": "application/x-www-form-urlencoded"}
    found = {}
    for route in page_routes():
        method, _, path = route.partition(" ")
        path = path.replace("{client_id}", "acme").replace("{question}", "nps")
        path = path.replace("{file}", f"{sealed(FEED, TOKEN_KEY)}.ics")
        filled = FILLED.get(path, {"talk_id": "t-1", "about": ""})
        body = urlencode({"token": token(), **filled}) if method == "POST" else None
        found[route] = Request("pages", http_event(method, path, body, sent if body else headers))
    return found


def page_routes() -> list[str]:
    with mock_aws():
        kept: list[Pages] = []
        make = Pages.__init__

        def noted(self: Pages, *args: Any, **named: Any) -> None:
            make(self, *args, **named)
            kept.append(self)

        with patch.object(Pages, "__init__", noted):
            in_memory()
    aside = ("GET /style", "GET /talk.js")  # what lies still asks nobody
    return [route for route in kept[0].routes if not route.startswith(aside)]


REQUESTS = of_the_api() | of_pages()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with mock_aws(), patch(PAUSES, (0.001,) * 4):
        wired_up = in_memory()
        create_table(dynamodb_client(), "IssuedTable")
        register(wired_up, SOURCES)
        wired_up.post(told())
        wired_up.settle()
        # A function that another calls checks the token of a minute against the real time.
        wired_up.clock.now = max(wired_up.clock.now, datetime.now(UTC))  # noqa: TID251
        issue_feed(wired_up.clock.now)
        yield wired_up


def issue_feed(now: datetime) -> None:
    """A feed that was just read: what notes that may fail without anybody hearing of it."""
    register = Register(dynamodb_client(), "IssuedTable")
    grant = grant_of_feed(Feed("ics", "en"), subject="tests", made_at=now, until=now + timedelta(days=400))
    made = register.issue_once(grant, TokenKeys(TOKEN_KEY), FEED)
    assert made
    register.mark_read(made[0], now)


def ask(service: Service, request: Request) -> Answer:
    return call(getattr(service, request.function), request.event)


def failing(operation: str, failure: Failure) -> Wire:
    return Wire(lambda called, _: failure if called == operation else None)


_turn = count()


def some(outages: Mapping[str, Failure]) -> list[tuple[str, Failure]]:
    """A third of them, each time others: every operation meets each somewhere."""
    return list(outages.items())[next(_turn) % 3 :: 3]


@pytest.mark.parametrize("name", REQUESTS)
def test_whatever_fails_is_told_as_503_after_a_few_tries(service: Service, name: str) -> None:
    request = REQUESTS[name]
    ask(service, request)
    service.settle()
    service.clock.now += A_MINUTE
    with wired(Wire()) as wire:
        usual = ask(service, request)
    assert usual.status < 500, usual.text

    for operation in dict.fromkeys(wire.calls):
        if operation in (SECRET_READ, NOTED):  # a warm function remembers secrets
            continue
        for outage, failure in [*some(OUTAGES), *OF_ONE_OPERATION.get(operation, {}).items()]:
            service.clock.now += A_MINUTE  # what is remembered no longer
            with wired(failing(operation, failure)) as tried:
                answer = ask(service, request)

            what = f"{operation}: {outage}"
            assert (answer.status, answer.headers.get("Retry-After")) == (503, "5"), what
            assert tried.counted[operation] <= (MOST_TRIES if outage != "unprocessed keys" else 5), what
            if request.wants_a_page:
                assert answer.headers["Content-Type"].startswith("text/html"), what
                assert "<html" in answer.text
            else:
                assert (answer.json["title"], answer.json["detail"]) == ("Service Unavailable", "Try again in a while.")


COLD = {"ingest": "postEvents", "webhooks": "postWebhook", "query": "getClient", "erase": "postErasure"}
COLD |= {"pages": "GET /clients/{client_id}"}


@pytest.mark.parametrize("outage", OUTAGES)
@pytest.mark.parametrize("function", COLD)
def test_a_cold_function_without_secrets_responds_503(service: Service, function: str, outage: str) -> None:
    cold = Service(service.tables)

    with wired(failing(SECRET_READ, OUTAGES[outage])) as tried:
        answer = ask(cold, REQUESTS[COLD[function]])

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert {*tried.calls} == {SECRET_READ}
    assert len(tried.calls) <= MOST_TRIES


@pytest.mark.parametrize("fault", OUR_FAULTS)
@pytest.mark.parametrize("name", ["postEvents", "getClient", "postErasure", "GET /clients/{client_id}"])
def test_what_no_waiting_mends_is_500_and_tried_once(service: Service, name: str, fault: str) -> None:
    with wired(Wire(lambda *_: OUR_FAULTS[fault])) as tried:
        answer = ask(Service(service.tables), REQUESTS[name])

    assert (answer.status, "Retry-After" in answer.headers, len(tried.calls)) == (500, False, 1)


def called_by(invoke: Callable[..., Any]) -> Any:
    """The functions that others call, called so."""
    return patch.object(Functions, "invoke", lambda _, **asked: invoke(**asked))


@pytest.mark.parametrize("outage", OUTAGES)
def test_another_function_that_cannot_be_called_is_an_outage_and_called_once(service: Service, outage: str) -> None:
    client, calls = connect_functions(), count()

    def fail(request: Any, **_: Any) -> Any:
        next(calls)
        return OUTAGES[outage](request)

    client.meta.events.register_first("before-send", fail)
    with called_by(client.invoke):
        answer = ask(service, REQUESTS["GET /sources"])

    assert (answer.status, answer.headers["Retry-After"], next(calls)) == (503, "5", 1)
    assert "<html" in answer.text


@pytest.mark.parametrize(("seconds", "calls"), [(1.0, 5), (2.5, 3), (7.0, 1)])
def test_no_other_function_is_called_that_could_outlive_the_page(service: Service, seconds: float, calls: int) -> None:
    """A call may take 13 s of the 20 that a function has: none is begun after the sixth, and what was done is told."""
    client, now = connect_functions(), [100.0]
    begun: list[float] = []
    taken = {"statusCode": 200, "body": json.dumps({"statuses": {"accepted": 100}, "next": "further"})}

    def slow(request: Any, **_: Any) -> Any:
        begun.append(now[0] - 100)
        now[0] += seconds
        return responding(200, taken)(request)

    client.meta.events.register_first("before-send", slow)
    with called_by(client.invoke), patch(CLOCK, lambda: now[0]):
        answer = act(service, act="replay_all")

    assert begun == [seconds * number for number in range(calls)]
    assert answer.headers["Location"].endswith(f"became=accepted{calls * 100}")


def test_a_page_that_is_late_calls_no_other_function_and_says_so(service: Service) -> None:
    client, seconds = connect_functions(), count(step=7.0)

    with called_by(client.invoke), patch(CLOCK, lambda: next(seconds)):
        answer = ask(service, REQUESTS["GET /sources"])

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")


@pytest.mark.parametrize("name", of_pages())
def test_another_function_that_fails_is_told_as_such_and_when_to_try_again(service: Service, name: str) -> None:
    """It was killed, had no room, or did not start: that passes, and it has logged by itself what it was."""
    called: list[str] = []

    def fails(*, FunctionName: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - the SDK's
        called.append(FunctionName)
        return {"FunctionError": "Unhandled"}

    with called_by(fails):
        answer = ask(service, REQUESTS[name])

    assert answer.status != 500
    if name in ("GET /sources", "GET /notifications", "POST /notifications"):
        assert called
        assert (answer.status, answer.headers["Retry-After"], "<html" in answer.text) == (503, "5", True)


@pytest.mark.parametrize(
    "fields", [{"act": "replay_all"}, {"act": "replay", "id": "nps.1"}, {"act": "forget", "id": "nps.1"}], ids=str
)
def test_nothing_is_said_to_be_done_by_a_function_that_fails(service: Service, fields: dict[str, Any]) -> None:
    with called_by(lambda **_: {"FunctionError": "Unhandled"}):
        answer = act(service, **fields)

    assert (answer.status, answer.headers["Retry-After"], "Location" in answer.headers) == (503, "5", False)


@pytest.mark.parametrize("failed", [{"FunctionError": "Unhandled"}, {"statusCode": 500}], ids=str)
def test_what_was_done_before_another_function_failed_is_told(service: Service, failed: dict[str, Any]) -> None:
    calls = count()

    def fails_third(**_: Any) -> dict[str, Any]:
        taken = {"statusCode": 200, "body": json.dumps({"statuses": {"accepted": 100}, "next": "further"})}
        answered = taken if next(calls) < 2 else {"body": "null"} | failed
        return {"Payload": BytesIO(json.dumps(answered).encode()), **answered}

    with called_by(fails_third):
        answer = act(service, act="replay_all")

    assert answer.headers["Location"].endswith("became=accepted200")


def test_a_request_that_is_slow_without_trouble_ends_as_well(service: Service) -> None:
    seconds = count(step=3.0)
    with wired(Wire()) as usual:
        ask(service, REQUESTS["postEvents"])

    with patch(CLOCK, lambda: next(seconds)), wired(Wire()) as wire:
        answer = ask(service, REQUESTS["postEvents"])

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert len(wire.calls) == SECONDS_OF_A_REQUEST // 3 < len(usual.calls)


def test_calls_that_hang_are_not_tried_again_when_the_time_is_over(service: Service) -> None:
    seconds = count(step=7.0)
    slow = OUTAGES["slow to respond"]

    with patch(CLOCK, lambda: next(seconds)), wired(Wire(lambda *_: slow)) as wire:
        answer = ask(service, REQUESTS["getClient"])

    assert answer.status == 503
    assert len(wire.calls) <= 2  # the SDK itself tries less often after many failures


@pytest.mark.parametrize("name", ["postEvents", "postWebhook"])
def test_what_is_noted_of_a_source_fails_no_call(service: Service, name: str) -> None:
    service.clock.now += A_MINUTE

    with wired(failing(NOTED, OUTAGES["Throttling"])) as tried:
        answer = ask(service, REQUESTS[name])

    assert answer.status == 200
    assert 1 <= tried.counted[NOTED] <= MOST_TRIES
