"""Which version of a fact counts: the later one by time or by the sender's count, never a mix of the two in silence."""

from random import Random
from typing import Any

import httpx
import pytest
from moto import mock_aws

from shared.sheets.reading import Line
from tests.support.calls import stored
from tests.support.service import Service, event, in_memory
from tests.support.webhooks import SOURCES, connected, send
from tools.transfer.sending import batches
from tools.transfer.sending import send as send_lines

pytestmark = pytest.mark.usefixtures("plainly")

DRAWS = 100
RECORDED = "2026-11-23T12:00:00Z"
LATER = "2026-11-23T13:00:00Z"
LATEST = "2026-11-23T14:00:00Z"
MIXED = "cannot be compared"


def response(number: int, score: int, *, excluded: bool | None = None, subject: str = "acme") -> dict[str, Any]:
    data = {"response_id": f"r-{number}", "score": score, "responded_at": "2026-11-14T09:00:00Z", "excluded": excluded}
    return event("nps.responded", {key: value for key, value in data.items() if value is not None}, subject=subject)


def retraction(number: int) -> dict[str, Any]:
    return event("nps.retracted", {"response_id": f"r-{number}"})


@pytest.mark.parametrize("taken_away_first", [False, True])
@pytest.mark.parametrize("excludes", [False, True])
def test_at_the_same_time_what_takes_a_response_away_wins_in_either_order(
    service: Service, *, taken_away_first: bool, excludes: bool
) -> None:
    rng = Random(0)
    values = [response(number, rng.randint(0, 10)) for number in range(DRAWS)]
    away = [
        response(number, rng.randint(0, 10), excluded=True) if excludes else retraction(number)
        for number in range(DRAWS)
    ]
    first, second = (away, values) if taken_away_first else (values, away)

    statuses = [{result["status"] for result in service.post(sent).json["results"]} for sent in (first, second)]

    assert statuses == [{"accepted"}, {"superseded" if taken_away_first else "accepted"}]
    service.settle()
    assert service.get("/v1/clients/acme").json["dimensions"][4]["points"] is None


KINDS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "a response": (
        "nps.responded",
        {"response_id": "r", "score": 9, "responded_at": "2026-11-14T09:00:00Z"},
        {"response_id": "r", "score": 2, "responded_at": "2026-11-14T09:00:00Z"},
    ),
    "an exclusion": (
        "nps.responded",
        {"response_id": "r", "score": 9, "responded_at": "2026-11-14T09:00:00Z"},
        {"response_id": "r", "score": 9, "responded_at": "2026-11-14T09:00:00Z", "excluded": True},
    ),
    "a retraction": ("nps.retracted", {"response_id": "r"}, {"response_id": "r"}),
    "a reported NPS": (
        "nps.reported",
        {"nps": 40, "measured_at": "2026-11-14T09:00:00Z"},
        {"nps": -40, "measured_at": "2026-11-14T09:00:00Z"},
    ),
    "a head count": (
        "consultants.counted",
        {"working": 3, "as_of": "2026-11-01"},
        {"working": 12, "as_of": "2026-11-01"},
    ),
    "a survey": (
        "survey.answered",
        {"survey_id": "s", "answered_at": "2026-11-14T09:00:00Z", "answers": {"roadmap": "no"}},
        {"survey_id": "s", "answered_at": "2026-11-14T09:00:00Z", "answers": {"inspiration": "no"}},
    ),
    "a description": ("client.described", {"name": "Acme"}, {"name": "Acme B.V."}),
    "a description of other fields": ("client.described", {"name": "Acme"}, {"status": "ended", "aliases": ["ac"]}),
}
"""By kind, a version of a fact and another one of it."""


@pytest.mark.parametrize("counted_first", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_other_sort_of_version_is_told_and_changes_nothing(
    service: Service, kind: str, *, counted_first: bool
) -> None:
    type_, one, other = KINDS[kind]
    sorts: list[dict[str, Any]] = [{"time": RECORDED, "sequence": "7"}, {"time": LATER}]
    first, second = sorts if counted_first else sorts[::-1]
    service.post(event(type_, one, **first))
    service.settle()
    held = stored()
    sent = event(type_, other, id="e-2", **second)

    alone = service.post(sent)
    batched = service.post([event(type_, one, **first), sent])
    service.settle()

    assert (alone.status, alone.headers["Content-Type"]) == (409, "application/problem+json")
    assert (alone.json["title"], MIXED in alone.json["detail"]) == ("Conflict", True)
    assert batched.status == 207
    assert batched.json["results"] == [
        {"id": "e-1", "client_id": "acme", "status": "duplicate"},
        {"id": "e-2", "status": "rejected", "problem": alone.json},
    ]
    assert stored() == held


def test_versions_that_are_counted_are_ordered_by_the_count_whatever_their_time(service: Service) -> None:
    def counted(working: int, sequence: str, time: str) -> dict[str, Any]:
        return event("consultants.counted", {"working": working, "as_of": "2026-11-01"}, time=time, sequence=sequence)

    told = [counted(3, "9", LATEST), counted(12, "10", RECORDED), counted(1, "8", LATEST), counted(12, "10", LATEST)]

    statuses = [service.post(each).json["status"] for each in told]
    service.settle()

    assert statuses == ["accepted", "accepted", "superseded", "duplicate"]
    assert service.get("/v1/clients/acme").json["dimensions"][0]["value"] == 12


def test_a_webhook_parks_the_other_sort_of_version() -> None:
    def sent(**attributes: Any) -> list[dict[str, Any]]:
        return [event("consultants.counted", {"working": 3, "as_of": "2026-11-01"}, **attributes)]

    with connected(SOURCES) as service:
        assert send(service, "standard", sent(sequence="1")).json["status"] == "accepted"
        held = stored("FactsTable")

        answer = send(service, "standard", sent(time=LATER))

        assert (answer.status, answer.json["status"]) == (200, "parked")
        [parked] = service.get_ingest("/v1/parked").json["parked"]
        assert (parked["reason"], MIXED in parked["detail"]) == ("not_valid", True)
        assert service.post("", path=f"/v1/parked/{parked['id']}/replay").json["status"] == "parked"
        assert stored("FactsTable") == held


def test_an_import_shows_the_line_of_the_other_sort_of_version(service: Service) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        told = service.post(request.content)
        return httpx.Response(told.status, text=told.text)

    events = [
        event("client.described", {"name": "Acme"}),
        event("client.described", {"status": "ended"}, time=LATER, sequence="1"),
        event("client.described", {"name": "Beta"}, subject="beta"),
    ]
    lines = [Line("events.jsonl", place, 0, sent) for place, sent in enumerate(events, 1)]
    client = httpx.Client(base_url="http://opmm.test/", transport=httpx.MockTransport(answer))

    outcomes = [outcome for batch in batches(lines) for outcome in send_lines(client, batch, lambda _: None)]

    assert [outcome.status for outcome in outcomes] == ["accepted", "rejected", "accepted"]
    assert [any("keep to one of them" in fault for fault in outcome.faults) for outcome in outcomes] == [
        False,
        True,
        False,
    ]


def survey(time: str, answered_at: str = "2026-11-14T09:00:00Z", **answers: Any) -> dict[str, Any]:
    data = {"survey_id": "s", "answered_at": answered_at, "answers": answers}
    return event("survey.answered", data, time=time)


THREE: dict[str, Any] = {"specialisms": 4, "roadmap": "yes", "inspiration": "regularly"}
TWO: dict[str, Any] = {"specialisms": 4, "roadmap": "yes"}


def values(service: Service) -> dict[str, Any]:
    card = service.get("/v1/clients/acme").json
    return {dimension["key"]: dimension["value"] for dimension in card["dimensions"][1:4]}


@pytest.mark.parametrize("settled", [False, True])
@pytest.mark.parametrize("late", [False, True])
def test_a_later_version_of_a_survey_withdraws_what_it_no_longer_answers(
    service: Service, *, settled: bool, late: bool
) -> None:
    versions = [survey(RECORDED, **THREE), survey(LATER, **TWO)]
    for sent in versions[::-1] if late else versions:
        answer = service.post(sent)
        if settled:
            service.settle()
    service.settle()

    assert answer.json["status"] == ("superseded" if late else "accepted")
    assert values(service) == {**TWO, "inspiration": None}
    facts = {
        key: [
            fact["fact_id"] for fact in service.get(f"/v1/clients/acme/evidence?dimension={key}&limit=5").json["facts"]
        ]
        for key in THREE
    }
    assert facts == {
        "specialisms": ["survey#tests#s#specialisms"],
        "roadmap": ["survey#tests#s#roadmap"],
        "inspiration": [],
    }
    if settled and not late:
        latest = service.get("/v1/clients/acme/history").json["changes"][0]
        assert (latest["cause"], latest["facts"]) == ("retraction", ["survey#tests#s#inspiration"])
        assert (latest["total_before"], latest["total_after"]) == (11, 7)


def test_an_answer_that_is_withdrawn_gives_way_to_the_one_of_an_earlier_survey(service: Service) -> None:
    earlier = survey(RECORDED, "2026-10-01T09:00:00Z", inspiration="no")
    earlier["data"]["survey_id"] = "earlier"
    for sent in (earlier, survey(RECORDED, **THREE), survey(LATER, **TWO)):
        service.post(sent)
        service.settle()

    assert values(service) == {**TWO, "inspiration": "no"}


def test_an_answer_that_comes_back_in_a_later_version_counts_again(service: Service) -> None:
    for sent in (survey(RECORDED, **THREE), survey(LATER, **TWO), survey(LATEST, **THREE)):
        assert service.post(sent).json["status"] == "accepted"
        service.settle()

    assert values(service) == THREE


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind not in ("a retraction", "a description of other fields")]
)
def test_an_older_version_that_comes_late_changes_nothing(service: Service, kind: str) -> None:
    type_, one, other = KINDS[kind]
    service.post(event(type_, other, time=LATER))
    service.settle()
    held = stored()

    answer = service.post(event(type_, one, time=RECORDED))
    service.settle()

    assert (answer.status, answer.json["status"]) == (200, "superseded")
    assert stored() == held


def test_the_versions_of_one_fact_count_by_the_last_in_any_order_and_any_repetition() -> None:
    rng = Random(1)
    versions = [survey(RECORDED, **THREE), survey(LATER, **TWO), survey(LATEST, inspiration="no")]
    for _ in range(12):
        with mock_aws():
            service = in_memory()
            for sent in rng.sample([*versions, *versions], k=6):
                service.post(sent)
                if rng.random() < 0.5:
                    service.settle()
            service.settle()
            assert values(service) == {"specialisms": None, "roadmap": None, "inspiration": "no"}
