"""The whole service by a model of three questions that does not ask for an NPS.

What is expected was worked out by hand from the document in `tests/support/models`.
"""

from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.integration.test_other_models import answered, short, text_of
from tests.support.calls import look
from tests.support.ledgers import adds_up, ledger
from tests.support.models import test_model
from tests.support.service import Service, event, in_memory, responses

THREE = test_model("three")


@pytest.fixture(scope="module")
def three() -> Iterator[Service]:
    with mock_aws():
        service = in_memory(model=THREE)
        counted = event("consultants.counted", {"working": 3, "as_of": "2026-11-20"})
        service.post([counted, answered({"roadmap": "no", "joint_cases": 7}), *responses([9, 3])])
        service.settle()
        yield service


def test_three_questions_without_an_nps_make_a_scorecard(three: Service) -> None:
    card = three.get("/v1/clients/acme").json

    assert short(three) == {
        "roadmap": (2, 4, "no", "answered", "no"),
        "joint_cases": (5, 5, 7, "answered", "6 or more"),
        "happy_consultants": (2, 4, 3, "headcount", "between 2 and 5"),
    }
    assert (card["total"], card["max_total"], card["attainable"], card["complete"]) == (9, 13, 13, True)
    assert adds_up(ledger(three, "acme"), 9)
    assert three.get("/v1/portfolio").json["totals"][-1] == {"total": 13, "clients": 0}


def test_every_read_and_page_does_without_an_nps(three: Service) -> None:
    steps = three.get("/v1/clients/acme/next-steps").json["steps"]
    assert {step["dimension"] for step in steps} == set(THREE.keys)
    for path in ("", "/score", "/score?as_of=2026-11-12", "/history", "/evidence?dimension=joint_cases", "/nps"):
        assert three.get(f"/v1/clients/acme{path}").status == 200
    without_dimension = three.get("/v1/clients/acme/evidence").json["facts"]
    assert [fact["answer"] for fact in without_dimension] == [{"roadmap": "no"}]
    client, portfolio = (text_of(look(three, path).text) for path in ("/clients/acme", "/"))
    assert "9 of 13" in client
    assert "NPS" not in client + portfolio


def test_responses_that_no_question_asks_for_are_kept_and_move_nothing(three: Service) -> None:
    before = three.get("/v1/clients/acme").json
    assert three.post(responses([0], source="later")[0]).json["status"] == "accepted"
    three.settle()
    three.rebuild()

    assert three.get("/v1/clients/acme").json == before
