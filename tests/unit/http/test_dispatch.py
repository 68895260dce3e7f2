import io
import json
from typing import Any

import pytest
from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError, ConnectTimeoutError

from shared.http.dispatch import dispatch
from shared.http.problems import ForbiddenError
from shared.http.requests import Request, Response
from shared.http.routes import Routes
from shared.storage.errors import STORAGE_ERRORS

SECRET = "what was sent"
EVENT = {"requestContext": {"http": {"method": "GET"}, "requestId": "r-1"}, "rawPath": "/v1/clients/acme"}


SECURE = {"X-Content-Type-Options": "nosniff", "Strict-Transport-Security": "max-age=63072000"}


class Call:
    """One response and what was logged about it."""

    def __init__(self, outcome: Response | Exception, method: str = "GET", host: str = "") -> None:
        def endpoint(request: Request, client_id: str) -> Response:
            assert (request.method, client_id) == (method, "acme")
            if isinstance(outcome, Exception):
                raise outcome
            return outcome

        written = io.StringIO()
        context = {**EVENT["requestContext"], "http": {"method": method}}  # type: ignore[dict-item]
        logger = Logger(service=f"test-{id(self)}", stream=written)
        routes = Routes({"GET /v1/clients/{client_id}": endpoint})
        event = {**EVENT, "requestContext": context, "headers": {"host": host}}
        self.returned: dict[str, Any] = dispatch(event, routes, logger, STORAGE_ERRORS)
        self.logged = [json.loads(line) for line in written.getvalue().splitlines()]

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
    assert "acme" not in json.dumps(call.logged)


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
