import pytest

from shared.http import problems
from shared.http.problems import Fault, InvalidError, MethodNotAllowedError, ProblemError, UnauthenticatedError


def test_a_problem_tells_all_faults_at_once() -> None:
    faults = [Fault("/data/score", "must be at most 10"), Fault("", "is no object")]
    assert InvalidError("The event is not valid.", faults).document() == {
        "type": "about:blank",
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "The event is not valid.",
        "errors": [
            {"pointer": "/data/score", "detail": "must be at most 10"},
            {"pointer": "", "detail": "is no object"},
        ],
    }


def test_a_problem_without_faults_has_no_errors() -> None:
    assert ProblemError("No.").document() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "No.",
    }


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("NotJsonError", 400),
        ("ForbiddenError", 403),
        ("NotFoundError", 404),
        ("TooLargeError", 413),
        ("UnsupportedMediaTypeError", 415),
        ("InvalidError", 422),
    ],
)
def test_each_problem_has_its_status(name: str, status: int) -> None:
    problem = getattr(problems, name)("No.")
    assert (problem.document()["status"], problem.headers) == (status, {})


def test_who_is_unknown_is_asked_for_a_token() -> None:
    problem = UnauthenticatedError("Who?")
    assert (problem.document()["status"], problem.headers) == (401, {"WWW-Authenticate": 'Bearer realm="opmm"'})


def test_a_wrong_method_is_told_the_right_ones() -> None:
    problem = MethodNotAllowedError(["GET", "HEAD"])
    assert (problem.document()["status"], problem.headers) == (405, {"Allow": "GET, HEAD"})
    assert problem.document()["detail"] == "Allowed here: GET, HEAD."
