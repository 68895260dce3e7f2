"""What is responded when not all is well, from the errors that the service raises; and 304."""

from collections.abc import Iterable, Mapping

from shared.http.problems import (
    ForbiddenError,
    InvalidError,
    MethodNotAllowedError,
    NotFoundError,
    NotJsonError,
    ProblemError,
    TooLargeError,
    UnauthenticatedError,
    UnavailableError,
    UnsupportedMediaTypeError,
    VersionSortError,
)
from tools.openapi.schemas import Schema, ref

_PROBLEMS: tuple[type[ProblemError], ...] = (
    NotJsonError,
    UnauthenticatedError,
    ForbiddenError,
    NotFoundError,
    MethodNotAllowedError,
    TooLargeError,
    UnsupportedMediaTypeError,
    VersionSortError,
    InvalidError,
    UnavailableError,
)
_HEADERS: Mapping[type[ProblemError], Mapping[str, str]] = {
    UnauthenticatedError: {"WWW-Authenticate": "How to authenticate."},
    MethodNotAllowedError: {"Allow": "The methods of this address."},
    UnavailableError: {"Retry-After": "Seconds to wait."},
}
_TAGGED = {"ETag": "Changes whenever the response would.", "Vary": "What the response depends on."}
_NOT_MODIFIED = 304


def headers(texts: Mapping[str, str], *, tagged: bool = False) -> Schema:
    """Headers that a response always has, with those of an entity tag."""
    described = {**texts, **(_TAGGED if tagged else {})}
    return {
        name: {"description": text, "required": True, "schema": {"type": "string"}} for name, text in described.items()
    }


def problems() -> dict[str, Schema]:
    """By name: the response to each problem, and to a caller who holds what was asked for."""
    return {_name(problem): _response(problem) for problem in _PROBLEMS} | {
        "NotModified": {"description": "What the caller holds still stands.", "headers": headers({}, tagged=True)}
    }


def refusals(statuses: Iterable[int], *, tagged: bool) -> dict[str, Schema]:
    """The problems of these statuses, as an operation lists them."""
    names = {problem.status.value: _name(problem) for problem in _PROBLEMS} | {_NOT_MODIFIED: "NotModified"}
    listed = {*statuses, *([_NOT_MODIFIED] if tagged else [])}
    return {str(status): {"$ref": f"#/components/responses/{names[status]}"} for status in sorted(listed)}


def _name(problem: type[ProblemError]) -> str:
    return problem.__name__.removesuffix("Error")


def _response(problem: type[ProblemError]) -> Schema:
    made: Schema = {
        "description": (problem.__doc__ or "").strip().partition("\n")[0],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    return made | ({"headers": headers(_HEADERS[problem])} if problem in _HEADERS else {})
