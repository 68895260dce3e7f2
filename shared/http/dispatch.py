"""One place where whatever happens becomes a response: problems as documents, trouble as 5xx without its message."""

import traceback
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools import Logger

from shared.http.problems import ProblemError, UnavailableError
from shared.http.requests import Request, Response, problem_response, request_of
from shared.http.routes import Routes
from shared.telemetry import one_request

_LOGGED = ("client_id",)
"""The parts of an address that are logged with what succeeded there."""

_RETRY_AFTER = "5"
"""In seconds, when somebody else is down."""

_NOT_SNIFFED = {"X-Content-Type-Options": "nosniff"}
_TLS_ONLY = {"Strict-Transport-Security": "max-age=63072000"}
"""Two years; nothing is said of the domains below, which may be somebody else's."""


class UnexpectedError(ProblemError):
    """A fault of ours."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR


def dispatch(
    event: Mapping[str, Any],
    routes: Routes,
    logger: Logger,
    is_outage: Callable[[Exception], bool],
    respond_to: Callable[[Request, ProblemError], Response] = lambda _, problem: problem_response(problem),
    *,
    concluded: Callable[[Request, int], Mapping[str, Any]] = lambda _, __: {},
) -> dict[str, Any]:
    """Responds to an event of API Gateway; `is_outage` says of an error whether somebody else is down.

    `respond_to` words a problem: a document, unless said otherwise. `concluded` hears of every request and the status
    of its response, and has more to say of it in the log.

    Logs one line for every request: whose token at which route, about whom, with which outcome. Ids, statuses and types
    of errors, never what was sent.
    """
    request = request_of(event)
    with one_request(logger, event["requestContext"].get("requestId"), request.method):
        response, told = _response(request, routes, logger, is_outage, respond_to)
        logger.info("responded", status=response.status, **told, **concluded(request, response.status))
    returned = response.as_event()
    returned["headers"] |= _NOT_SNIFFED if request.on_this_machine else _NOT_SNIFFED | _TLS_ONLY
    return {**returned, "body": ""} if request.method == "HEAD" else returned


def _response(
    request: Request,
    routes: Routes,
    logger: Logger,
    is_outage: Callable[[Exception], bool],
    respond_to: Callable[[Request, ProblemError], Response],
) -> tuple[Response, dict[str, Any]]:
    """What is responded to a request, whatever happens, and what is logged of it."""
    problem: ProblemError | None = None
    told: dict[str, Any] = {}
    try:
        match = routes.find(request)
        logger.append_keys(route=match.route)
        response = match.respond(request)
        # Only now is it known to name a client: whatever a stranger writes into an address is not logged.
        told = {name: match.captured[name] for name in _LOGGED if name in match.captured and response.succeeded}
    except ProblemError as refusal:
        problem = refusal
    except Exception as error:  # noqa: BLE001 - the last line: it must not become API Gateway's own message
        name, code = type(error).__name__, _code(error)
        if is_outage(error):
            logger.error("a service does not answer", error=name, code=code)
            problem = UnavailableError("Try again in a while.", headers={"Retry-After": _RETRY_AFTER})
        else:
            logger.error("unexpected error", error=name, code=code, place=_place(error))
            problem = UnexpectedError("Something went wrong here. It has been logged.")
    if problem:
        response = respond_to(request, problem)
        told["problem"] = type(problem).__name__
    return response, {**told, **response.about}


def _code(error: Exception) -> str | None:
    """The code in a response of AWS; None when there was none."""
    response: Mapping[str, Any] = getattr(error, "response", None) or {}
    code: str | None = response.get("Error", {}).get("Code")
    return code


def _place(error: BaseException) -> str:
    """Where an error was raised, or our call of the SDK that raised it: file and line.

    Its message could quote what was sent.
    """
    frames = list(traceback.walk_tb(error.__traceback__))
    ours = [(frame, line) for frame, line in frames if "/botocore/" not in frame.f_code.co_filename] or frames
    return f"{ours[-1][0].f_code.co_filename.rpartition('/')[2]}:{ours[-1][1]}" if ours else ""
