"""A client and a portfolio to be read, and the checks that every read shares."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from tests.support.service import Answer, Service, event, responses

ROUTES = [
    "/v1/clients",
    "/v1/clients/acme",
    "/v1/clients/acme/score",
    "/v1/clients/acme/history",
    "/v1/clients/acme/next-steps",
    "/v1/clients/acme/evidence",
    "/v1/clients/acme/nps",
    "/v1/portfolio",
    "/v1/model",
]


def counted(happy: int, subject: str = "acme", **attributes: Any) -> dict[str, Any]:
    """A head count of the first of November."""
    data = {"working": 50, "happy": happy, "as_of": "2026-11-01"}
    return event("consultants.counted", data, subject=subject, **attributes)


def described(service: Service) -> Service:
    """A client with three happy consultants, and a promoter on a later day."""
    service.post([counted(3), event("client.described", {"name": "Acme B.V.", "aliases": ["acme-old"]})])
    service.settle()
    service.clock.now += timedelta(days=1)
    service.post(responses([9]))
    service.settle()
    return service


def problem(answer: Answer, status: int, title: str) -> Any:
    """The problem document of an answer."""
    assert (answer.status, answer.headers["Content-Type"]) == (status, "application/problem+json")
    document = answer.json
    assert {key: document[key] for key in ("type", "title", "status")} == {
        "type": "about:blank",
        "title": title,
        "status": status,
    }
    return document


_UNTOLD = ("version", "changed_at", "digest", "discussion", "aliases", "owner")
_UNTOLD_OF_DIMENSIONS = ("band", "fact_id", "interval", "one_answer_moves")


def as_told(card: Mapping[str, Any]) -> dict[str, Any]:
    """A scorecard without what the oracle does not know."""
    return {
        **{key: value for key, value in card.items() if key not in _UNTOLD},
        "dimensions": [
            {key: value for key, value in dimension.items() if key not in _UNTOLD_OF_DIMENSIONS}
            for dimension in card["dimensions"]
        ],
    }


def said(service: Service, name: str) -> dict[str, Any] | None:
    """The scorecard that is held of a client, without what the oracle does not know; None when nothing is."""
    answer = service.get(f"/v1/clients/{name}")
    return None if answer.status == HTTPStatus.NOT_FOUND else as_told(answer.json)


PORTFOLIO = {f"c-{place:02d}": place * 7 % 13 for place in range(30)}


def thirty(service: Service) -> Service:
    """Thirty clients of few different totals."""
    service.post([counted(happy, name) for name, happy in PORTFOLIO.items()])
    service.settle()
    return service


def points(happy: int) -> int:
    """By the published table."""
    return 4 if happy > 10 else 3 if happy > 4 else min(happy, 2)


def walk(service: Service, query: str, bearer: str | None = None, between: Callable[[], object] = bool) -> list[str]:
    """The ids of all pages, one after the other; something may happen between them."""
    ids: list[str] = []
    cursor = ""
    while True:
        page = service.get(f"/v1/clients?{query}{cursor}", bearer=bearer).json
        ids += [row["client_id"] for row in page["clients"]]
        if page["next"] is None:
            return ids
        cursor = f"&cursor={page['next']}"
        between()
