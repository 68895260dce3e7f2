"""Lists in which more rows cannot be read than a page has: all others stand there, once and in order."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from moto import mock_aws

from shared.storage.queries import Queries
from tests.support import readings
from tests.support.calls import look
from tests.support.clients import dynamodb_client
from tests.support.damage import KINDS, REMOVED, damaged, item_of, lay_down
from tests.support.readings import PORTFOLIO, points, walk
from tests.support.service import Service, in_memory, token

UNREADABLE = [name for place, name in enumerate(PORTFOLIO) if place % 5]
READABLE = [name for name in PORTFOLIO if name not in UNREADABLE]
ORDERS = {
    "total": lambda name: (points(PORTFOLIO[name]), name),
    "-total": lambda name: (points(PORTFOLIO[name]), name),
    "name": lambda name: name,
    "-changed_at": lambda name: name,
}


@pytest.fixture(scope="module")
def gaps() -> Iterator[Service]:
    """Thirty clients, of whom the rows of twenty-four cannot be read: each by damage of another kind."""
    damage = [(("summary",), REMOVED), (("summary", "total"), KINDS["text"]), (("format",), {"N": "2"})]
    with mock_aws():
        service = readings.thirty(in_memory())
        for place, name in enumerate(UNREADABLE):
            lay_down(damaged(item_of(name), *damage[place % len(damage)]))
        yield service


@pytest.mark.parametrize("sort", ORDERS)
@pytest.mark.parametrize(("limit", "narrowed"), [(1, ""), (4, ""), (6, "&status=all"), (2, "&complete=false")])
def test_every_client_that_can_be_read_stands_there_once(gaps: Service, limit: int, sort: str, narrowed: str) -> None:
    ordered = sorted(READABLE, key=ORDERS[sort], reverse=sort.startswith("-"))

    assert walk(gaps, f"limit={limit}&sort={sort}{narrowed}") == ordered


@pytest.mark.parametrize("limit", [1, 2, 5])
def test_pages_are_filled_up(gaps: Service, limit: int) -> None:
    page = gaps.get(f"/v1/clients?limit={limit}&sort=name").json

    assert [row["client_id"] for row in page["clients"]] == READABLE[:limit]
    assert page["next"] is not None


def test_a_token_for_some_clients_sees_those_that_can_be_read(gaps: Service) -> None:
    bearer = token(clients=[READABLE[0], *UNREADABLE[:3], READABLE[1]])

    assert walk(gaps, "limit=1&sort=name", bearer) == READABLE[:2]


@pytest.mark.usefixtures("gaps")
def test_a_small_page_takes_few_queries_however_many_rows_cannot_be_read() -> None:
    queries: list[str] = []

    class Counted(Queries):
        def _rows(self, *arguments: Any, **order: Any) -> Any:
            queries.append("query")
            return super()._rows(*arguments, **order)

    counted = Counted(dynamodb_client(), "ScoresTable", lambda _: None)
    page = counted.portfolio("active", "name", 2, None, descending=False)

    assert [row.client_id for row in page.rows] == READABLE[:2]
    assert len(queries) == 2


def test_the_portfolio_counts_those_that_can_be_read(gaps: Service) -> None:
    glance = gaps.get("/v1/portfolio").json

    assert glance["count"] == len(READABLE)
    spread = chain.from_iterable([row["total"]] * row["clients"] for row in glance["totals"])
    assert list(spread) == sorted(points(PORTFOLIO[name]) for name in READABLE)
    body = look(gaps, "/?sort=name").text
    assert [name for name in PORTFOLIO if f"/clients/{name}" in body] == READABLE


def test_a_rebuild_fills_the_gaps(gaps: Service) -> None:
    gaps.rebuild()

    assert walk(gaps, "limit=7&sort=name") == sorted(PORTFOLIO)
