"""What is answered besides what was asked for: problems, and 304."""

from collections.abc import Iterable

from shared.http.dispatch import UnavailableError
from shared.http.problems import (
    ForbiddenError,
    InvalidError,
    MethodNotAllowedError,
    NotFoundError,
    NotJsonError,
    ProblemError,
    TooLargeError,
    UnauthenticatedError,
    UnsupportedMediaTypeError,
)
from tools.openapi.shapes import TEXT, Schema, ref

_PROBLEMS: tuple[type[ProblemError], ...] = (
    NotJsonError,
    UnauthenticatedError,
    ForbiddenError,
    NotFoundError,
    MethodNotAllowedError,
    TooLargeError,
    UnsupportedMediaTypeError,
    InvalidError,
    UnavailableError,
)
_HEADERS = {
    UnauthenticatedError: {"WWW-Authenticate": "How to authenticate."},
    MethodNotAllowedError: {"Allow": "The methods of this address."},
    UnavailableError: {"Retry-After": "Seconds to wait."},
}
TAGGED: Schema = {
    "ETag": {"description": "Changes whenever the answer would.", "required": True, "schema": TEXT},
    "Vary": {"description": "What the answer depends on.", "required": True, "schema": TEXT},
}


def problems() -> dict[str, Schema]:
    """By name: the answer to each problem."""
    return {_name(problem): _answer(problem) for problem in _PROBLEMS} | {
        "NotModified": {"description": "What the caller holds still stands.", "headers": TAGGED}
    }


def refused(statuses: Iterable[int]) -> dict[str, Schema]:
    """The problems of these statuses, as a call lists them."""
    names = {problem.status.value: _name(problem) for problem in _PROBLEMS} | {304: "NotModified"}
    return {str(status): {"$ref": f"#/components/responses/{names[status]}"} for status in sorted(statuses)}


def answered(description: str, schema: str, *, headers: Schema | None = None) -> Schema:
    """An answer that carries a schema of this document."""
    made: Schema = {"description": description, "content": {"application/json": {"schema": ref(schema)}}}
    return made | ({"headers": headers} if headers else {})


def _name(problem: type[ProblemError]) -> str:
    return problem.__name__.removesuffix("Error")


def _answer(problem: type[ProblemError]) -> Schema:
    made: Schema = {
        "description": (problem.__doc__ or "").strip().partition("\n")[0],
        "content": {"application/problem+json": {"schema": ref("Problem")}},
    }
    headers = _HEADERS.get(problem)
    if headers:
        made["headers"] = {
            name: {"description": description, "required": True, "schema": TEXT}
            for name, description in headers.items()
        }
    return made
