"""Problem documents (RFC 9457): every error is told in one shape, with all faults at once."""

from collections.abc import Collection, Mapping, Sequence
from http import HTTPStatus
from typing import NotRequired, TypedDict
from urllib.parse import quote

from shared.opmm.dataclass import dataclass

_LONGEST_NAME = 100
"""Of a parameter, as it is told: who has sent it knows the rest."""

_TITLES = {
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Request Entity Too Large",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Unprocessable Entity",
}
"""Python 3.13 calls these statuses otherwise than those before it; what the API says does not depend on that."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: a JSON pointer into what was sent."""

    pointer: str
    detail: str


class FaultDocument(TypedDict):
    """One thing that is wrong, and where."""

    pointer: str
    """A JSON pointer into what was sent; `/query/...` for a parameter."""
    detail: str


class ProblemDocument(TypedDict):
    """What is wrong (RFC 9457), with all faults at once."""

    type: str
    title: str
    status: int
    detail: str
    errors: NotRequired[list[FaultDocument]]


class ProblemError(Exception):
    """A request that cannot be met; becomes a problem document."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, detail: str, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = tuple(faults)
        self.headers = dict(headers or {})

    def document(self) -> ProblemDocument:
        """The problem as JSON values."""
        document: ProblemDocument = {
            "type": "about:blank",
            "title": _TITLES.get(self.status, self.status.phrase),
            "status": self.status.value,
            "detail": self.detail,
        }
        if self.faults:
            document["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in self.faults]
        return document


class NotJsonError(ProblemError):
    """The body cannot be read as JSON, or not even as the bytes that were sent."""

    status = HTTPStatus.BAD_REQUEST


class UnauthenticatedError(ProblemError):
    """There is no token, or it is not one of ours, or its time is over."""

    status = HTTPStatus.UNAUTHORIZED

    def __init__(self, detail: str) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": 'Bearer realm="opmm"'})


class ForbiddenError(ProblemError):
    """The token does not grant this scope, this client or this source."""

    status = HTTPStatus.FORBIDDEN


class CrossSiteError(ForbiddenError):
    """A form came from no page of ours, or from a browser that does not say whence: a foreign site could send it."""

    def __init__(self) -> None:
        super().__init__("The request does not come from a page of this service.")


class NotFoundError(ProblemError):
    """There is nothing at this address."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowedError(ProblemError):
    """The address exists, but not for this method."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, allowed: Sequence[str]) -> None:
        methods = ", ".join(allowed)
        super().__init__(f"Allowed here: {methods}.", headers={"Allow": methods})


class VersionSortError(ProblemError):
    """The versions of this fact are counted and this one is timed, or the other way round: they do not compare."""

    status = HTTPStatus.CONFLICT


class TooLargeError(ProblemError):
    """The body, or the batch in it, is larger than what is taken at once."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaTypeError(ProblemError):
    """The body is not of a type that is taken here."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class UnavailableError(ProblemError):
    """Something this service depends on does not answer; the same request may succeed in a while."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class InvalidError(ProblemError):
    """What was sent can be read but is not valid; the faults say what and where."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class QueryNamesError(InvalidError):
    """A parameter of the query does not exist at this address, or is given more than once."""

    def __init__(self, unknown: Collection[str], repeated: Collection[str], known: Collection[str]) -> None:
        there = f"here there are {', '.join(sorted(known))}" if known else "there are none here"
        super().__init__(
            "The query is not valid.",
            [
                *(Fault(query_pointer(name), f"is no parameter: {there}") for name in sorted(unknown)),
                *(Fault(query_pointer(name), "is given more than once") for name in sorted(repeated)),
            ],
        )
        self.unknown = frozenset(unknown)
        self.repeated = frozenset(repeated)


def query_pointer(name: str) -> str:
    """Where in a request a parameter of the query is; a name that a stranger chose is percent-encoded, and cut."""
    return f"/query/{quote(name, safe='', errors='replace')[:_LONGEST_NAME]}"
