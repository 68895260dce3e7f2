"""From operations to routes: each function brings its endpoints, and every operation its scope and its entity tag."""

from collections.abc import Mapping

from shared.api.operations import OPERATIONS, Function, Operation
from shared.http.entity_tags import tagged
from shared.http.parameters import refuse_other_names
from shared.http.requests import Request, Response
from shared.http.routes import Endpoint, Routes
from shared.http.tokens import Token, Verifier
from shared.opmm.dataclass import dataclass


class EndpointsError(ValueError):
    """A function has no endpoint for one of its operations, or one that is for none of them."""


def api_routes(function: Function, endpoints: Mapping[str, Endpoint], verify: Verifier) -> Routes:
    """The routes of a function, by the ids of its operations; the other functions' are known by their methods.

    The endpoint of an operation with a scope takes the verified token behind the request.
    """
    own = {operation.id for operation in OPERATIONS if operation.function == function}
    if own != endpoints.keys():
        raise EndpointsError(f"{function}: endpoints differ from operations in {sorted(own ^ endpoints.keys())}")
    table: dict[str, Endpoint | None] = {}
    for operation in OPERATIONS:
        endpoint = _Guarded(operation, endpoints[operation.id], verify) if operation.id in own else None
        table |= dict.fromkeys(operation.routes, endpoint)
    return Routes(table)


@dataclass(frozen=True, slots=True)
class _Guarded:
    """The endpoint of an operation, for those whom its scope lets in."""

    operation: Operation
    endpoint: Endpoint
    verify: Verifier

    def __call__(self, request: Request, **captured: str) -> Response:
        """Raises UnauthenticatedError or ForbiddenError before anything else is looked at, then QueryNamesError."""
        given: tuple[Token, ...] = ()
        if self.operation.scope is not None:
            given = (self.verify(request.headers.get("authorization")),)
            given[0].require(self.operation.scope)
        if self.operation.query is not None:
            refuse_other_names(request, self.operation.query)
        response = self.endpoint(request, *given, **captured)
        return tagged(request, response) if self.operation.tagged else response
