import io
import json
from itertools import count
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError, ConnectTimeoutError

from shared.http.dispatch import dispatch
from shared.http.problems import ForbiddenError, NotFoundError, QueryNamesError, UnauthenticatedError
from shared.http.requests import Request, Response
from shared.http.routes import Routes
from shared.storage.outages import is_outage

SECRET = "what was sent"
EVENT = {"requestContext": {"http": {"method": "GET"}, "requestId": "r-1"}, "rawPath": "/v1/clients/acme"}


SECURE = {"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=63072000"}


_NUMBERS = count()
"""A logger that has the name of another is that one, and writes where that wrote."""


class Call:
    """One response and what was logged about it."""

    def __init__(
        self, outcome: Response | Exception, method: str = "GET", host: str = "", path: str = "/v1/clients/acme"
    ) -> None:
        def endpoint(request: Request, client_id: str) -> Response:
            assert (request.method, client_id) == (method, "acme")
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        written = io.StringIO()
        context = {**EVENT["requestContext"], "http": {"method": method}}  # type: ignore[dict-item]
        logger = Logger(service=f"test-{next(_NUMBERS)}", stream=written)
        routes = Routes({"GET /v1/clients/{client_id}": endpoint})
        event = {**EVENT, "requestContext": context, "headers": {"host": host}, "rawPath": path}
        self.returned: dict[str, Any] = dispatch(event, routes, logger, is_outage)
        self.logged = [json.loads(line) for line in written.getvalue().splitlines()]
        logger.info("behind it")
        self.later = json.loads(written.getvalue().splitlines()[-1])

    @property
    def told(self) -> tuple[int, Any]:
        return self.returned["statusCode"], json.loads(self.returned["body"])["detail"]


def test_a_response_is_handed_over_and_logged_without_what_it_says() -> None:
    call = Call(Response(200, {"name": SECRET}))
    assert call.returned == Response(200, {"name": SECRET}, SECURE).as_event()
    [line] = call.logged
    assert (line["status"], line["route"], line["method"], line["request_id"]) == (
        200,
        "GET /v1/clients/{client_id}",
        "GET",
        "r-1",
    )
    assert SECRET not in json.dumps(call.logged)
    assert line["client_id"] == "acme"
    assert "problem" not in line


def test_head_has_the_headers_of_get_and_no_body() -> None:
    response = Response(200, {"name": "Acme"}, {"ETag": '"1"'})
    assert Call(response, "HEAD").returned == {**Call(response).returned, "body": ""}


@pytest.mark.parametrize(
    "outcome", [Response(204), ForbiddenError("no"), KeyError(), ConnectTimeoutError(endpoint_url="")]
)
@pytest.mark.parametrize(
    ("host", "secure"), [("opmm.example.com", SECURE), ("x.localhost:4566", {"X-Content-Type-Options": "nosniff"})]
)
def test_every_response_is_taken_for_what_it_is_and_over_tls_only_but_on_this_machine(
    outcome: Response | Exception, host: str, secure: dict[str, str]
) -> None:
    headers = Call(outcome, host=host).returned["headers"]

    assert {name: value for name, value in headers.items() if name in SECURE} == secure


def test_a_problem_is_told() -> None:
    assert Call(ForbiddenError("Not you.")).told == (403, "Not you.")


@pytest.mark.parametrize(
    ("error", "name", "code"),
    [
        (
            ClientError({"Error": {"Code": "ThrottlingException", "Message": SECRET}}, "Query"),
            "ClientError",
            "ThrottlingException",
        ),
        (ConnectTimeoutError(endpoint_url=SECRET), "ConnectTimeoutError", None),
    ],
    ids=["refused", "unreachable"],
)
def test_a_service_that_does_not_answer_is_worth_another_try(error: Exception, name: str, code: str | None) -> None:
    call = Call(error)
    assert call.told == (503, "Try again in a while.")
    assert call.returned["headers"]["Retry-After"] == "5"
    assert (call.logged[0]["level"], call.logged[0]["error"], call.logged[0].get("code")) == ("ERROR", name, code)
    assert SECRET not in json.dumps([call.returned, call.logged])


def test_a_fault_of_ours_is_logged_by_its_place_and_told_without_its_message() -> None:
    call = Call(ValueError(SECRET))
    assert call.told == (500, "Something went wrong here. It has been logged.")
    assert (call.logged[0]["level"], call.logged[0]["error"]) == ("ERROR", "ValueError")
    assert call.logged[0]["place"].startswith("test_dispatch.py:")
    assert SECRET not in json.dumps([call.returned, call.logged])


@pytest.mark.parametrize(
    ("outcome", "name"),
    [
        (UnauthenticatedError("no"), "UnauthenticatedError"),
        (ForbiddenError("no"), "ForbiddenError"),
        (NotFoundError("no"), "NotFoundError"),
        (QueryNamesError({SECRET}, (), ()), "QueryNamesError"),
        (ConnectTimeoutError(endpoint_url=""), "UnavailableError"),
        (KeyError(), "UnexpectedError"),
    ],
)
def test_what_is_refused_is_logged_with_its_reason_and_without_what_the_address_says(
    outcome: Exception, name: str
) -> None:
    call = Call(outcome)

    *_, line = call.logged
    assert (line["problem"], line["route"]) == (name, "GET /v1/clients/{client_id}")
    assert {line["request_id"] for line in call.logged} == {"r-1"}
    assert "acme" not in json.dumps(call.logged)
    assert SECRET not in json.dumps(call.logged)


def test_an_address_that_does_not_exist_is_logged_without_a_route() -> None:
    [line] = Call(Response(200), path=f"/{SECRET}").logged

    assert (line["status"], line["problem"], line["request_id"]) == (404, "NotFoundError", "r-1")
    assert "route" not in line
    assert SECRET not in json.dumps(line)


def test_what_a_response_is_about_is_logged_with_it() -> None:
    [line] = Call(Response(200, about={"source": "hr", "outcomes": {"accepted": 2}})).logged

    assert (line["source"], line["outcomes"]) == ("hr", {"accepted": 2})


@pytest.mark.parametrize("outcome", [Response(200), ForbiddenError("no"), KeyError()])
def test_nothing_of_a_request_is_said_of_what_comes_after_it(outcome: Response | Exception) -> None:
    assert not {"request_id", "method", "route", "token_id", "subject"} & Call(outcome).later.keys()
