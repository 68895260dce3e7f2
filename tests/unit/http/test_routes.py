import pytest

from shared.http.problems import MethodNotAllowedError, NotFoundError
from shared.http.requests import Request, Response
from shared.http.routes import Routes
from tests.unit.http.calls import request


class Endpoint:
    """Responds with its name and what it was called with."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, request: Request, **captured: str) -> Response:
        return Response(200, [self.name, request.method, captured])


ROUTES = Routes(
    {
        "GET /v1/clients": Endpoint("list"),
        "GET /v1/clients/{client_id}": Endpoint("client"),
        "GET /v1/clients/{client_id}/facts/{fact_id}": Endpoint("fact"),
        "DELETE /v1/parked/{parked_id}": Endpoint("delete"),
        "GET /v1/parked/{parked_id}": Endpoint("parked"),
        "POST /v1/events": None,
    }
)


def responded(method: str, path: str) -> object:
    asked = request(method, path)
    return ROUTES.find(asked).respond(asked).document


def test_a_route_is_found_by_method_and_path() -> None:
    assert responded("GET", "/v1/clients") == ["list", "GET", {}]
    assert responded("DELETE", "/v1/parked/7") == ["delete", "DELETE", {"parked_id": "7"}]


def test_parts_of_the_path_are_captured_by_name() -> None:
    assert responded("GET", "/v1/clients/acme") == ["client", "GET", {"client_id": "acme"}]
    assert responded("GET", "/v1/clients/acme/facts/f-1") == ["fact", "GET", {"client_id": "acme", "fact_id": "f-1"}]


def test_a_found_route_is_named_by_its_template() -> None:
    assert ROUTES.find(request("HEAD", "/v1/clients/acme")).route == "GET /v1/clients/{client_id}"


def test_head_is_taken_where_get_is() -> None:
    assert responded("HEAD", "/v1/clients") == ["list", "HEAD", {}]


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1",
        "/v1/clients/",
        "//v1/clients",
        "/v1//clients",
        "/V1/clients",
        "/v1/clients/acme/",
        "/v1/clients/acme/facts",
        "/v1/clients//facts/f-1",
        "/v1/clients/acme/facts/f-1/more",
        "/v2/clients",
    ],
)
def test_there_is_nothing_at_any_other_address(path: str) -> None:
    with pytest.raises(NotFoundError) as problem:
        ROUTES.find(request("GET", path))
    assert problem.value.detail == "There is nothing at this address."


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "/v1/clients", "GET, HEAD"),
        ("OPTIONS", "/v1/clients/acme", "GET, HEAD"),
        ("PUT", "/v1/parked/7", "DELETE, GET, HEAD"),
        ("get", "/v1/clients", "GET, HEAD"),
    ],
)
def test_another_method_is_told_which_are_allowed(method: str, path: str, allowed: str) -> None:
    with pytest.raises(MethodNotAllowedError) as problem:
        ROUTES.find(request(method, path))
    assert problem.value.headers == {"Allow": allowed}
    assert problem.value.detail == f"Allowed here: {allowed}."


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_route_of_another_function_is_known_by_its_method(method: str) -> None:
    with pytest.raises(MethodNotAllowedError) as problem:
        ROUTES.find(request(method, "/v1/events"))
    assert problem.value.headers == {"Allow": "POST"}


def test_an_address_that_is_written_out_goes_before_one_with_parts_in_braces() -> None:
    routes = Routes({"GET /{name}": Endpoint("any"), "POST /health": Endpoint("health")})
    asked = request("POST", "/health")
    assert routes.find(asked).respond(asked).document == ["health", "POST", {}]
    with pytest.raises(MethodNotAllowedError) as problem:
        routes.find(request("GET", "/health"))
    assert problem.value.headers == {"Allow": "POST"}
