from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.timestamps import rfc3339
from tests.support.readings import problem
from tests.support.service import NOW, Service, event, in_memory, token

TOLD = rfc3339(NOW - timedelta(days=10))


def rated(number: int, subject: str, source: str = "tests", comment: str | None = None) -> dict[str, Any]:
    """Three ratings an hour; those of one number have one time and one content, whoever sends them."""
    answered = rfc3339(NOW - timedelta(days=20, hours=number // 3))
    data = {"response_id": f"r-{number}", "score": number % 11, "responded_at": answered, "comment": comment}
    return event("nps.responded", data, subject=subject, source=source, time=TOLD)


def reported(days: int) -> dict[str, Any]:
    data = {"nps": 20, "measured_at": rfc3339(NOW - timedelta(days=days))}
    return event("nps.reported", data, subject="acme", time=TOLD)


SENT = [
    # Under one name from two sources: facts that stand at the very same place.
    *(rated(number, "acme", source) for number in range(8) for source in ("a", "b", "c")),
    # The same fact under two names counts once; another number is a fact of its own.
    *(rated(number, "stray", "a") for number in range(6, 14)),
    reported(20),
    reported(50),
    rated(40, "acme", comment="Splendid"),
    event("consultants.counted", {"working": 6, "happy": 5, "as_of": "2026-11-01"}, time=TOLD),
    event(
        "survey.answered",
        {"answered_at": "2026-11-02T08:00:00Z", "survey_id": "s", "answers": {"roadmap": "yes", "specialisms": 2}},
        time=TOLD,
    ),
    event("client.described", {"aliases": ["stray"]}),
]
FACTS = {
    *(f"response#{source}#r-{number}" for number in range(8) for source in ("a", "b", "c")),
    *(f"response#a#r-{number}" for number in range(8, 14)),
    *(f"reported#tests#{rfc3339(NOW - timedelta(days=days))}" for days in (20, 50)),
    "response#tests#r-40",
}


@pytest.fixture(scope="module")
def acme() -> Iterator[Service]:
    """A client whose facts lie under two names; nothing here changes it."""
    with mock_aws():
        service = in_memory()
        assert service.post(SENT).status == 200
        service.settle()
        yield service


def pages(service: Service, limit: int, dimension: str = "nps") -> Iterator[list[dict[str, Any]]]:
    cursor: str | None = ""
    while cursor is not None:
        query = f"dimension={dimension}&limit={limit}{cursor and f'&cursor={cursor}'}"
        page = service.get(f"/v1/clients/acme/evidence?{query}").json
        yield page["facts"]
        cursor = page["next"]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 7, 32, 33, 100])
def test_pages_have_every_fact_once_newest_first(acme: Service, limit: int) -> None:
    told = list(pages(acme, limit))
    facts = [fact for page in told for fact in page]

    assert sorted(fact["fact_id"] for fact in facts) == sorted(FACTS)
    assert facts == sorted(facts, key=lambda fact: fact["observed_at"], reverse=True)
    assert [len(page) for page in told[:-1]] == [limit] * (len(told) - 1)
    assert facts == next(pages(acme, 100))


@pytest.mark.parametrize(
    ("dimension", "fact"),
    [
        (
            "happy_consultants",
            {
                "fact_id": "count#tests#2026-11-01",
                "kind": "count",
                "source": "tests",
                "observed_at": "2026-11-01",
                "day": "2026-11-01",
                "answer": {"working": 6, "happy": 5},
                "comment": None,
                "author": None,
            },
        ),
        (
            "roadmap",
            {
                "fact_id": "survey#tests#s#roadmap",
                "kind": "survey",
                "source": "tests",
                "observed_at": "2026-11-02T08:00:00Z",
                "day": "2026-11-02",
                "answer": {"roadmap": "yes"},
                "comment": None,
                "author": None,
            },
        ),
    ],
)
def test_the_facts_behind_a_question_are_told_as_they_stand(
    acme: Service, dimension: str, fact: dict[str, Any]
) -> None:
    answer = acme.get(f"/v1/clients/stray/evidence?dimension={dimension}").json

    assert answer == {"facts": [fact], "next": None}


def test_a_question_without_facts_has_no_evidence(acme: Service) -> None:
    assert acme.get("/v1/clients/acme/evidence?dimension=inspiration").json == {"facts": [], "next": None}


def comments(service: Service, **claims: Any) -> list[str]:
    answer = service.get("/v1/clients/acme/evidence?limit=100", bearer=token(**claims)).json
    return [fact["comment"] for fact in answer["facts"] if fact["comment"] is not None]


def test_comments_are_for_tokens_that_read_evidence_limited_to_clients_or_not(acme: Service) -> None:
    assert comments(acme) == comments(acme, clients=["acme"]) == ["Splendid"]
    assert comments(acme, scopes=["scores:read"]) == comments(acme, scopes=["scores:read"], clients=["acme"]) == []


def test_a_cursor_holds_for_its_own_question_and_client(acme: Service) -> None:
    cursor = acme.get("/v1/clients/acme/evidence?limit=1").json["next"]

    assert acme.get(f"/v1/clients/stray/evidence?limit=1&cursor={cursor}").status == 200
    for path in ("evidence?dimension=roadmap&", "history?"):
        document = problem(acme.get(f"/v1/clients/acme/{path}cursor={cursor}"), 422, "Unprocessable Entity")
        assert [error["pointer"] for error in document["errors"]] == ["/query/cursor"]


def test_a_question_that_there_is_not_is_refused(acme: Service) -> None:
    document = problem(acme.get("/v1/clients/acme/evidence?dimension=mood"), 422, "Unprocessable Entity")

    assert [error["pointer"] for error in document["errors"]] == ["/query/dimension"]
