"""The whole service by a model of six questions: one document, and not a line of code about it.

What is expected was worked out by hand from the document in `tests/support/models`.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.model_document import published_model
from tests.support.calls import look
from tests.support.ledgers import adds_up, ledger
from tests.support.models import test_model
from tests.support.readings import problem
from tests.support.service import NOTHING_TO_DISCUSS, Service, event, in_memory, responses
from tests.support.webhooks import NAMES, SOURCES, register, send, values

SIX = test_model("six")

SOURCE = {
    **SOURCES[NAMES["formbricks"]],
    "answers": {
        "nps": {"question": "q-recommend"},
        "governance": {"question": "q-board", "choices": {"Elke maand": "monthly", "Nooit": "never"}},
        "joint_cases": {"question": "q-cases"},
    },
}
COUNTED = event("consultants.counted", {"working": 12, "happy": 11, "as_of": "2026-11-20"})
ANSWERS = {
    "roadmap": "yes",
    "governance": "quarterly",
    "innovation_budget": "by_request",
    "joint_cases": ["Waterloket", "Portaal ", "portaal"],
}


def answered(answers: dict[str, Any], survey_id: str = "autumn", **data: Any) -> dict[str, Any]:
    return event(
        "survey.answered", {"answered_at": "2026-11-01T10:00:00Z", "survey_id": survey_id, "answers": answers, **data}
    )


def formbricks() -> Any:
    """The sample of the tool, about acme, with the questions of the model of six."""
    payload = values("formbricks")
    payload["data"]["contactAttributes"]["client"] = "Acme"
    payload["data"]["data"] = {"q-recommend": 10, "q-board": "Elke maand"}
    return payload


def filled(service: Service) -> Service:
    """Facts over every door: events one by one and in a batch, and a webhook."""
    register(service, {NAMES["formbricks"]: SOURCE})
    assert service.post(COUNTED).json["status"] == "accepted"
    batch = service.post([answered(ANSWERS), *responses([9, 0, 7])])
    assert [result["status"] for result in batch.json["results"]] == ["accepted"] * 4
    assert send(service, "formbricks", formbricks()).json["status"] == "accepted"
    service.settle()
    return service


@pytest.fixture(scope="module")
def six() -> Iterator[Service]:
    with mock_aws():
        yield filled(in_memory(model=SIX))


def short(service: Service) -> Any:
    """A scorecard in short: by question points, most points, value, ground and band."""
    card = service.get("/v1/clients/acme").json
    return {
        dimension["key"]: tuple(dimension[field] for field in ("points", "max", "value", "basis", "band"))
        for dimension in card["dimensions"]
    }


BY_SIX = {
    "happy_consultants": (4, 4, 11, "measured", "more than 10"),
    "roadmap": (3, 4, "yes", "answered", "yes"),
    "governance": (3, 3, "monthly", "answered", "every month"),
    "innovation_budget": (2, 4, "by_request", "answered", "when we ask"),
    "joint_cases": (1, 5, 2, "answered", "1 or 2"),
    "nps": (4, 4, 25, "responses", "10 or higher"),
}
SUMS = {"total": 17, "max_total": 24, "attainable": 24, "complete": True, "stale": False, "model": "six"}


def test_six_questions_make_a_scorecard(six: Service) -> None:
    assert short(six) == BY_SIX
    for path in ("/v1/clients/acme", "/v1/clients/acme/score", "/v1/clients/acme/score?as_of=2026-11-24"):
        card = six.get(path).json
        assert {field: card[field] for field in SUMS} == SUMS
        assert card["dimensions"][5]["responses"] == {"promoters": 2, "passives": 1, "detractors": 1, "count": 4}
        assert card["discussion"] == NOTHING_TO_DISCUSS | {
            "due": True,
            "reasons": [{"key": "low", "dimension": "joint_cases", "text": "Joint cases: 1 of 5."}],
        }


def test_an_earlier_day_has_what_was_answered_by_then(six: Service) -> None:
    card = six.get("/v1/clients/acme/score?as_of=2026-11-12").json

    points = {dimension["key"]: dimension["points"] for dimension in card["dimensions"]}
    assert points == {**dict.fromkeys(BY_SIX), "roadmap": 3, "governance": 2, "innovation_budget": 2, "joint_cases": 1}
    assert (card["total"], card["attainable"], card["complete"]) == (8, 16, False)


def test_lists_and_the_portfolio_follow_the_model(six: Service) -> None:
    [row] = six.get("/v1/clients?max_total=24").json["clients"]
    assert {field: row[field] for field in SUMS} == SUMS
    assert [(entry["key"], entry["points"], entry["value"]) for entry in row["dimensions"]] == [
        (key, points, value) for key, (points, _, value, _, _) in BY_SIX.items()
    ]
    glance = six.get("/v1/portfolio").json
    assert glance["totals"] == [{"total": total, "clients": int(total == 17)} for total in range(25)]
    assert (glance["count"], glance["incomplete"], glance["due"], glance["days"]) == (1, 0, 1, 60)
    problem(six.get("/v1/clients?max_total=25"), 422, "Unprocessable Entity")


def test_next_steps_name_the_inputs_of_the_model(six: Service) -> None:
    steps = six.get("/v1/clients/acme/next-steps").json["steps"]

    assert [(step["dimension"], step["points"], step["change"], step["text"]) for step in steps] == [
        ("innovation_budget", 2, {"answer": "own_budget"}, "Innovation budget: yes, a budget of its own"),
        ("joint_cases", 2, {"joint_cases": 1}, "1 more joint case"),
        ("roadmap", 1, {"answer": "co_creating"}, "Roadmap: yes, we help draw it up"),
        ("happy_consultants", -1, {"happy": -1}, "1 fewer happy consultant"),
        ("roadmap", -1, {"answer": "no"}, "Roadmap: no"),
        ("governance", -1, {"answer": "quarterly"}, "Governance: every quarter"),
        ("joint_cases", -1, {"joint_cases": -2}, "2 fewer joint cases"),
        ("innovation_budget", -2, {"answer": "none"}, "Innovation budget: no"),
        ("nps", -2, {"detractors": 1}, "1 detractor"),
        ("nps", -2, {"day": "2027-05-12"}, "on 12 May 2027 1 response leaves the window"),
    ]


def test_evidence_is_told_of_every_question(six: Service) -> None:
    behind = {
        key: [
            (fact["kind"], fact["answer"])
            for fact in six.get(f"/v1/clients/acme/evidence?dimension={key}").json["facts"]
        ]
        for key in SIX.keys
    }
    responses_by_score = sorted(behind.pop("nps"), key=lambda fact: fact[1]["score"])

    assert responses_by_score == [("response", {"score": score}) for score in (0, 7, 9, 10)]
    assert six.get("/v1/clients/acme/evidence").json["facts"][0]["kind"] == "response"
    assert behind == {
        "happy_consultants": [("count", {"working": 12, "happy": 11})],
        "roadmap": [("survey", {"roadmap": "yes"})],
        "governance": [("survey", {"governance": "monthly"}), ("survey", {"governance": "quarterly"})],
        "innovation_budget": [("survey", {"innovation_budget": "by_request"})],
        "joint_cases": [("survey", {"joint_cases": 2})],
    }
    assert six.get("/v1/clients/acme/evidence?dimension=specialisms").status == 422


def test_history_and_nps_add_up(six: Service) -> None:
    changes = ledger(six, "acme")
    assert adds_up(changes, 17)
    assert {move["key"] for change in changes for move in change["dimensions"]} == set(SIX.keys)
    assert all(move["after"]["band"] for change in changes for move in change["dimensions"])
    months = six.get("/v1/clients/acme/nps").json["intervals"]
    assert [(month["from"], month["nps"], month["count"]) for month in months if month["count"]] == [
        ("2026-11-01", 25, 4)
    ]


def test_the_model_is_served_and_the_description_of_the_api_is_the_same_for_all(six: Service) -> None:
    assert six.get("/v1/model").json == SIX.document
    served = six.get("/v1/openapi.json").text
    with_its_words = re.search("innovation_budget|joint_cases|governance", served)
    assert with_its_words is None
    assert served == six.redeployed(model=published_model()).get("/v1/openapi.json").text


def test_pages_draw_six_questions(six: Service) -> None:
    client, portfolio, model = (text_of(look(six, path).text) for path in ("/clients/acme", "/", "/model"))

    assert "17 of 24" in client
    for dimension in SIX.dimensions:
        assert dimension.name["en"] in client
        assert dimension.name["en"] in portfolio
        assert dimension.question["en"] in model
    assert "1 of 5 2 joint cases" in client
    assert "17 /24" in portfolio


def text_of(body: str) -> str:
    return " ".join(unescape(re.sub("<[^>]*>", " ", body)).split())


@pytest.mark.parametrize(
    ("answers", "pointer"),
    [
        ({"governance": "sometimes"}, "/data/answers/governance"),
        ({"governance": 3}, "/data/answers/governance"),
        ({"joint_cases": -1}, "/data/answers/joint_cases"),
        ({"joint_cases": "many"}, "/data/answers/joint_cases"),
        ({"roadmap": "yes", "specialisms": 3}, "/data/answers/specialisms"),
        ({"inspiration": "regularly"}, "/data/answers/inspiration"),
        ({"nps": 9}, "/data/answers/nps"),
        ({}, "/data/answers"),
    ],
)
def test_what_the_model_does_not_know_is_refused_with_the_place(
    six: Service, answers: dict[str, Any], pointer: str
) -> None:
    refused = problem(six.post(answered(answers, "refused")), 422, "Unprocessable Entity")
    assert pointer in [fault["pointer"] for fault in refused["errors"]]

    in_a_batch = six.post([answered(answers, "refused")]).json["results"]
    assert [result["status"] for result in in_a_batch] == ["rejected"]


def test_a_webhook_with_an_answer_that_the_model_does_not_know_is_parked(six: Service) -> None:
    payload = formbricks()
    payload["data"] |= {"id": "other", "data": {"q-board": "Soms"}}

    parked = send(six, "formbricks", payload).json
    assert (parked["status"], [part["reason"] for part in parked["results"]]) == ("parked", ["not_valid"])
