from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.support import readings
from tests.support.readings import PORTFOLIO, points, problem, walk
from tests.support.service import Service, in_memory, token


@pytest.fixture(scope="module")
def thirty() -> Iterator[Service]:
    with mock_aws():
        yield readings.thirty(in_memory())


@pytest.mark.parametrize("limit", [1, 7, 10, 29, 30, 100])
@pytest.mark.parametrize("sort", ["total", "-total"])
@pytest.mark.parametrize("status", ["active", "all"])
def test_pages_have_every_client_once_in_order(thirty: Service, limit: int, sort: str, status: str) -> None:
    ordered = sorted(PORTFOLIO, key=lambda name: (points(PORTFOLIO[name]), name), reverse=sort == "-total")

    assert walk(thirty, f"limit={limit}&sort={sort}&status={status}") == ordered


def test_a_page_has_25_rows_unless_said_otherwise(thirty: Service) -> None:
    assert len(thirty.get("/v1/clients").json["clients"]) == 25


def test_a_token_for_some_clients_sees_only_those(thirty: Service) -> None:
    bearer = token(clients=["c-03", "c-01", "c-20", "absent"])

    assert walk(thirty, "limit=2&sort=total", bearer) == sorted(
        ["c-01", "c-03", "c-20"], key=lambda name: (points(PORTFOLIO[name]), name)
    )
    assert thirty.get("/v1/clients/c-01", bearer=bearer).status == 200
    for path in ("/v1/clients/c-02", "/v1/clients/c-02/score", "/v1/clients/c-02/history", "/v1/clients/nobody"):
        problem(thirty.get(path, bearer=bearer), 403, "Forbidden")
    problem(thirty.get("/v1/clients/absent", bearer=bearer), 404, "Not Found")


def tampered(cursor: str) -> list[str]:
    place = len(cursor) // 2
    other = "A" if cursor[place] != "A" else "B"
    return [
        "",
        "x",
        "é",
        "====",
        cursor[:-4],
        cursor + "AAAA",
        cursor[:place] + other + cursor[place + 1 :],
        "a" * 9000,
    ]


def test_a_cursor_that_is_not_ours_or_not_of_this_list_is_422(thirty: Service) -> None:
    cursor = thirty.get("/v1/clients?limit=2").json["next"]
    paths = [f"/v1/clients?limit=2&cursor={wrong}" for wrong in tampered(cursor)]
    paths += [f"/v1/clients?sort=total&cursor={cursor}", f"/v1/clients?status=all&cursor={cursor}"]
    paths += [f"/v1/clients/c-00/history?cursor={cursor}"]
    paths += [f"/v1/{of}?cursor=" for of in ("clients", "changes", "clients/c-00/history", "clients/c-00/evidence")]

    assert [problem(thirty.get(path), 422, "Unprocessable Entity")["errors"] for path in paths] == [
        [{"pointer": "/query/cursor", "detail": "is not a cursor of this list; begin without one"}]
    ] * len(paths)
