from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from moto import mock_aws

from shared.opmm.model_document import published_model
from shared.version import UNBUILT
from tests.support.calls import call
from tests.support.readings import ROUTES, described, problem
from tests.support.service import NOTHING_TO_DISCUSS, TOKEN_KEY, Service, http_event, in_memory, token

TITLE_422 = "Unprocessable Entity"
UNANSWERED = {"points": None, "value": None, "stale": False}


@pytest.fixture(scope="module")
def acme() -> Iterator[Service]:
    """A client with three happy consultants, and a promoter on a later day; nothing here changes it."""
    with mock_aws():
        yield described(in_memory())


def test_a_row_of_the_list_is_a_scorecard_in_short(acme: Service) -> None:
    card = acme.get("/v1/clients/acme").json

    assert acme.get("/v1/clients").json == {
        "clients": [
            {
                "client_id": "acme",
                "name": "Acme B.V.",
                "status": "active",
                "described": True,
                "owner": None,
                "as_of": "2026-11-25",
                "total": 6,
                "max_total": 20,
                "attainable": 8,
                "complete": False,
                "stale": False,
                "model": "opmm-1",
                "version": 2,
                "changed_at": "2026-11-25T12:00:00Z",
                "digest": card["digest"],
                "discussion": NOTHING_TO_DISCUSS,
                "dimensions": [
                    {"key": "happy_consultants", "points": 2, "value": 3, "stale": False},
                    {"key": "specialisms", **UNANSWERED},
                    {"key": "roadmap", **UNANSWERED},
                    {"key": "inspiration", **UNANSWERED},
                    {"key": "nps", "points": 4, "value": 100, "stale": False},
                ],
            }
        ],
        "next": None,
    }


def test_a_client_is_its_scorecard_with_its_status_and_aliases(acme: Service) -> None:
    card = acme.get("/v1/clients/acme/score").json

    described = {"status": "active", "described": True, "owner": None, "aliases": ["acme-old"]}
    assert acme.get("/v1/clients/acme").json == {**card, **described}
    assert acme.get("/v1/clients/acme-old").json["client_id"] == "acme"


def change(version: int, key: str, *, before: int, points: int, value: int, band: str, fact: str) -> dict[str, Any]:
    return {
        "version": version,
        "at": f"2026-11-{23 + version}T12:00:00Z",
        "cause": "new",
        "total_before": before,
        "total_after": before + points,
        "dimensions": [
            {
                "key": key,
                "before": {"points": None, "value": None, "band": None},
                "after": {"points": points, "value": value, "band": band},
            }
        ],
        "facts": [fact, "description#tests"] if version == 1 else [fact],
    }


COUNTED = change(
    1, "happy_consultants", before=0, points=2, value=3, band="between 2 and 5", fact="count#tests#2026-11-01"
)
RATED = change(2, "nps", before=2, points=4, value=100, band="10 or higher", fact="response#tests#r-0")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [RATED, COUNTED]),
        ("?from=2026-11-25", [RATED]),
        ("?to=2026-11-24", [COUNTED]),
        ("?from=2026-11-24&to=2026-11-25", [RATED, COUNTED]),
        ("?from=2026-11-26", []),
        ("?to=2026-11-23", []),
    ],
)
def test_the_history_is_newest_first_and_bounded_by_days(
    acme: Service, query: str, expected: list[dict[str, Any]]
) -> None:
    assert acme.get(f"/v1/clients/acme/history{query}").json == {"changes": expected, "next": None}


def test_the_history_comes_in_pages(acme: Service) -> None:
    first = acme.get("/v1/clients/acme-old/history?limit=1").json
    second = acme.get(f"/v1/clients/acme/history?limit=1&cursor={first['next']}").json

    assert first["changes"] == [RATED]
    assert second == {"changes": [COUNTED], "next": None}


def test_the_model_is_the_published_document(acme: Service) -> None:
    assert acme.get("/v1/model").json == published_model().document


def test_health_tells_the_version_and_needs_no_token(acme: Service) -> None:
    answer = call(acme.query, http_event("GET", "/v1/health"))

    assert (answer.status, answer.json) == (200, {"status": "ok", "version": UNBUILT})


def test_a_token_for_a_client_reaches_it_by_its_alias_and_one_for_the_alias_does_not(acme: Service) -> None:
    assert acme.get("/v1/clients/acme-old", bearer=token(clients=["acme"])).status == 200
    problem(acme.get("/v1/clients/acme-old", bearer=token(clients=["acme-old"])), 403, "Forbidden")
    assert acme.get("/v1/clients", bearer=token(clients=["acme-old"])).json == {"clients": [], "next": None}


@pytest.mark.parametrize(
    ("path", "pointers"),
    [
        ("/v1/clients?limit=0&status=gone&sort=age", ["/query/limit", "/query/status", "/query/sort"]),
        ("/v1/clients?limit=101", ["/query/limit"]),
        ("/v1/clients?limit=", ["/query/limit"]),
        ("/v1/clients?limit=1.0", ["/query/limit"]),
        ("/v1/clients?limit=%EF%BC%91", ["/query/limit"]),
        ("/v1/clients?limit=" + "9" * 5000, ["/query/limit"]),
        ("/v1/clients/acme/history?from=yesterday&to=2026-02-30", ["/query/from", "/query/to"]),
        ("/v1/clients/acme/history?from=20261101&to=2026-W01-1", ["/query/from", "/query/to"]),
        ("/v1/clients/acme/history?from=0001-01-01&to=9999-12-31", ["/query/from", "/query/to"]),
        ("/v1/clients/acme/history?from=2026-11-02&to=2026-11-01", ["/query/from"]),
        ("/v1/clients/acme/score?as_of=2026-13-01", ["/query/as_of"]),
    ],
)
def test_every_wrong_parameter_is_pointed_at(acme: Service, path: str, pointers: list[str]) -> None:
    document = problem(acme.get(path), 422, TITLE_422)

    assert [error["pointer"] for error in document["errors"]] == pointers


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/nothing", "/v1/clients/", "/v1/clients/acme/", "/V1/model"])
def test_there_is_nothing_at_other_addresses(acme: Service, path: str) -> None:
    problem(acme.get(path), 404, "Not Found")


@pytest.mark.parametrize("name", ["nobody", "ACME", "a b", "é", "%00", "..", "a" * 3000])
def test_a_client_nobody_wrote_about_is_404(acme: Service, name: str) -> None:
    for rest in ("", "/score", "/history"):
        problem(acme.get(f"/v1/clients/{name}{rest}"), 404, "Not Found")


@pytest.mark.parametrize("path", [*ROUTES, "/v1/health"])
def test_another_method_is_405_and_tells_which_are_allowed(acme: Service, path: str) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        answer = acme.get(path, method=method)
        problem(answer, 405, "Method Not Allowed")
        assert answer.headers["Allow"] == "GET, HEAD"


def test_reading_what_is_only_written_is_405(acme: Service) -> None:
    assert acme.get("/v1/events").headers["Allow"] == "POST"


@pytest.mark.parametrize("path", [*ROUTES, "/v1/health"])
def test_head_answers_as_get_does_without_a_body(acme: Service, path: str) -> None:
    got, head = acme.get(path), acme.get(path, method="HEAD")

    assert (head.status, head.headers, head.text) == (200, got.headers, "")


@pytest.mark.parametrize(
    ("accept", "band"),
    [
        ("nl", "tussen 2 en 5"),
        ("nl-BE, en;q=0.5", "tussen 2 en 5"),
        ("en, nl;q=0.9", "between 2 and 5"),
        ("fr, nl;q=0.1", "tussen 2 en 5"),
        ("fr", "between 2 and 5"),
        ("*", "between 2 and 5"),
        ("", "between 2 and 5"),
        ("nl;q=0, ;;;q=x", "between 2 and 5"),
    ],
)
def test_texts_follow_the_language_the_caller_accepts(acme: Service, accept: str, band: str) -> None:
    card = acme.get("/v1/clients/acme", headers={"Accept-Language": accept}).json

    assert card["dimensions"][0]["band"] == band


def signed(key: str = TOKEN_KEY, algorithm: str = "HS256", **claims: Any) -> str:
    later = datetime.now(UTC) + timedelta(days=1)  # noqa: TID251 - tokens are checked against the real time
    return jwt.encode({"sub": "tests", "scope": "scores:read", "exp": later, **claims}, key, algorithm=algorithm)


UNAUTHENTICATED: Mapping[str, Callable[[], str]] = {
    "alg none": lambda: signed("", "none"),
    "expired": lambda: signed(exp=1),
    "wrong signature": lambda: signed("x" * 64),
    "no token": lambda: " ",
}


@pytest.mark.parametrize("path", [*ROUTES, "/v1/clients/nobody"])
@pytest.mark.parametrize("name", UNAUTHENTICATED)
def test_without_a_good_token_it_is_401_at_every_address(acme: Service, path: str, name: str) -> None:
    answer = acme.get(path, bearer=UNAUTHENTICATED[name]())

    problem(answer, 401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="opmm"'


@pytest.mark.parametrize("path", [*ROUTES, "/v1/clients/nobody"])
def test_a_token_that_may_only_write_is_403_at_every_address(acme: Service, path: str) -> None:
    document = problem(acme.get(path, bearer=token(scopes=["events:write"])), 403, "Forbidden")

    assert document["detail"] == "The token does not grant scores:read."
