from collections.abc import Iterator

import pytest
from moto import mock_aws

from tests.support.readings import counted
from tests.support.service import Service, event, in_memory, responses


@pytest.fixture(scope="module")
def acme() -> Iterator[Service]:
    """Six happy consultants, five promoters, two passives and two detractors, and a roadmap that is known."""
    with mock_aws():
        service = in_memory()
        survey = {"answered_at": "2026-11-10T08:00:00Z", "survey_id": "s", "answers": {"roadmap": "yes"}}
        service.post([counted(6), *responses([9] * 5 + [7] * 2 + [3] * 2), event("survey.answered", survey)])
        service.settle()
        yield service


def test_next_steps_tell_what_gains_and_what_loses(acme: Service) -> None:
    assert acme.get("/v1/clients/acme/next-steps").json == {
        "client_id": "acme",
        "total": 10,
        "steps": [
            step("happy_consultants", 1, "happy", 5, "5 more happy consultants"),
            step("specialisms", 1, "specialisms", 1, "1 more specialism"),
            step("roadmap", 1, "answer", "co_creating", "Roadmap: yes, we help draw it up"),
            step("inspiration", 1, "answer", "third_party", "Inspiration sessions: working through a third party"),
            step("happy_consultants", -1, "happy", -2, "2 fewer happy consultants"),
            step("roadmap", -1, "answer", "no", "Roadmap: no"),
            step("nps", -1, "detractors", 2, "2 detractors"),
            step("nps", -4, "day", "2027-11-14", "on 14 November 2027 9 responses leave the window"),
        ],
    }


def step(dimension: str, points: int, input_: str, change: int | str, text: str) -> dict[str, object]:
    return {"dimension": dimension, "points": points, "change": {input_: change}, "text": text}


def test_next_steps_speak_dutch_too(acme: Service) -> None:
    steps = acme.get("/v1/clients/acme/next-steps", headers={"Accept-Language": "nl"}).json["steps"]

    assert [each["text"] for each in steps if each["dimension"] in ("happy_consultants", "nps")] == [
        "5 blije consultants meer",
        "2 blije consultants minder",
        "2 criticasters",
        "op 14 november 2027 vallen 9 reacties uit het venster",
    ]
