from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.api.operations import OPERATIONS, Function, Operation
from shared.api.parameters import PARAMETERS
from shared.api.routes import EndpointsError, api_routes
from shared.http.problems import ForbiddenError, MethodNotAllowedError, QueryNamesError, UnauthenticatedError
from shared.http.requests import Request, Response, request_of
from shared.http.routes import Endpoint
from shared.http.tokens import SCOPES, Verifier, mint

KEY = "k" * 64
LATER = datetime(2999, 1, 1, tzinfo=UTC)
SECURED = [operation for operation in OPERATIONS if operation.scope]
OPEN = [operation for operation in OPERATIONS if not operation.scope]


def responding(*arguments: Any, **captured: str) -> Response:
    """Responds with what an endpoint was called with, besides the request."""
    return Response(200, [[argument.subject for argument in arguments[1:]], captured])


def endpoints(function: Function) -> dict[str, Endpoint]:
    return {operation.id: responding for operation in OPERATIONS if operation.function == function}


def asked(operation: Operation, headers: Mapping[str, str], method: str = "", query: str = "") -> Response:
    http = {"http": {"method": method or operation.method}}
    sent = {"requestContext": http, "rawPath": operation.path, "headers": headers, "rawQueryString": query}
    request = request_of(sent)
    routes = api_routes(operation.function, endpoints(operation.function), Verifier(lambda: [KEY]))
    return routes.find(request).respond(request)


def bearer(*scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {mint(KEY, subject='tests', scopes=scopes, expires_at=LATER)}"}


@pytest.mark.parametrize("function", ["ingest", "query", "erase"])
def test_a_function_must_have_every_endpoint_of_its_operations(function: Function) -> None:
    for missing in endpoints(function):
        rest = {operation_id: responding for operation_id in endpoints(function) if operation_id != missing}
        with pytest.raises(EndpointsError, match=missing):
            api_routes(function, rest, Verifier(lambda: [KEY]))


@pytest.mark.parametrize("function", ["ingest", "query", "erase"])
@pytest.mark.parametrize("surplus", ["inventScore", "postEvents", "getScore"])
def test_a_function_must_have_no_endpoint_of_another_nor_of_none(function: Function, surplus: str) -> None:
    if surplus not in endpoints(function):
        with pytest.raises(EndpointsError, match=surplus):
            api_routes(function, {**endpoints(function), surplus: responding}, Verifier(lambda: [KEY]))


@pytest.mark.parametrize("operation", SECURED, ids=lambda operation: operation.id)
def test_an_operation_lets_in_whom_its_scope_does_and_nobody_else(operation: Operation) -> None:
    assert operation.scope
    subjects, _ = asked(operation, bearer(operation.scope)).document
    assert subjects == ["tests"]
    with pytest.raises(ForbiddenError):
        asked(operation, bearer(*(scope for scope in SCOPES if scope != operation.scope)))
    with pytest.raises(UnauthenticatedError):
        asked(operation, {})


@pytest.mark.parametrize("operation", OPEN, ids=lambda operation: operation.id)
def test_an_operation_without_a_scope_looks_at_no_token(operation: Operation) -> None:
    subjects, _ = asked(operation, {"authorization": "Bearer invented"}).document
    assert subjects == []


def test_what_the_path_holds_reaches_the_endpoint() -> None:
    [get_client] = [operation for operation in OPERATIONS if operation.id == "getClient"]
    assert asked(get_client, bearer("scores:read")).document[1] == {"client_id": "{client_id}"}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_what_is_tagged_is_not_sent_again_to_who_holds_it(operation: Operation) -> None:
    headers = bearer(operation.scope) if operation.scope else {}
    tag = asked(operation, headers).headers.get("ETag")
    assert bool(tag) is operation.tagged
    if tag:
        assert asked(operation, {**headers, "if-none-match": tag}).status == 304


@pytest.mark.parametrize("function", ["ingest", "query", "erase"])
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_a_wrong_method_is_told_as_such_by_any_function(function: Function, operation: Operation) -> None:
    routes = api_routes(function, endpoints(function), Verifier(lambda: [KEY]))
    with pytest.raises(MethodNotAllowedError) as problem:
        routes.find(Request("PATCH", operation.path, {}, {}))
    assert operation.method in problem.value.headers["Allow"].split(", ")


def test_a_tool_may_probe_with_options() -> None:
    [probe] = [operation for operation in OPERATIONS if operation.id == "probeWebhook"]
    assert asked(probe, {}, "OPTIONS").status == 200


TOLERANT = {"postWebhook", "probeWebhook"}
"""Tools bring parameters of their own, and drop what is refused."""


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_operation_refuses_parameters_that_it_does_not_name_and_any_that_stands_twice(
    operation: Operation,
) -> None:
    headers = bearer(operation.scope) if operation.scope else {}
    known = {PARAMETERS[name].name for name in operation.parameters if PARAMETERS[name].place == "query"}
    twice = next(iter(sorted(known)), "")
    repeated = f"&{twice}=1&{twice}=1" if twice else ""
    if operation.id in TOLERANT:
        assert asked(operation, headers, query="other=1&other=2").status == 200
        return
    with pytest.raises(QueryNamesError) as problem:
        asked(operation, headers, query=f"other=1&other=2{repeated}")

    there = f"here there are {', '.join(sorted(known))}" if known else "there are none here"
    faults = [(fault.pointer, fault.detail) for fault in problem.value.faults]
    assert faults[0] == ("/query/other", f"is no parameter: {there}")
    assert faults[1:] == ([(f"/query/{twice}", "is given more than once")] if twice else [])


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_every_parameter_that_an_operation_names_reaches_its_endpoint(operation: Operation) -> None:
    names = {PARAMETERS[name].name for name in operation.parameters if PARAMETERS[name].place == "query"}
    headers = bearer(operation.scope) if operation.scope else {}

    assert asked(operation, headers, query="&".join(f"{name}=" for name in names)).status == 200


def test_who_is_not_let_in_is_not_told_of_parameters() -> None:
    [list_clients] = [operation for operation in OPERATIONS if operation.id == "listClients"]
    with pytest.raises(UnauthenticatedError):
        asked(list_clients, {}, query="other=1")
    with pytest.raises(ForbiddenError):
        asked(list_clients, bearer("events:write"), query="other=1")


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("=1", "/query/"),
        ("a%2Fb~=1", "/query/a%2Fb~"),
        ("caf%C3%A9", "/query/caf%C3%A9"),
        ("\ud800=1", "/query/%3F"),
        ("x" * 5000, f"/query/{'x' * 100}"),
    ],
)
def test_a_strange_name_is_told_in_signs_that_harm_nobody(query: str, pointer: str) -> None:
    [get_health] = [operation for operation in OPERATIONS if operation.id == "getHealth"]
    with pytest.raises(QueryNamesError) as problem:
        asked(get_health, {}, query=query)

    assert [fault.pointer for fault in problem.value.faults] == [pointer]
