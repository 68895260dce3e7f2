"""What a client is given: counts by month and category, and nothing that leads to a single response."""

import base64
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from moto import mock_aws

from shared.storage.issued import Feed, FeedFile, Register, feed_at, grant_of_feed
from tests.support.calls import call, look, stored
from tests.support.clients import dynamodb_client
from tests.support.readings import ROUTES, counted, problem
from tests.support.service import TOKEN_KEY, Service, event, http_event, in_memory, token
from tests.support.template import create_table
from tests.support.webhooks import SOURCES, register, sample, send
from tools.token_keys import TokenKeys

CLIENT: dict[str, Any] = {"scopes": ["scores:read"], "clients": ["acme"]}
AGENCY = {"scopes": ["scores:read", "evidence:read"], "clients": ["acme"]}

RESPONSE_ID, COMMENT, E_MAIL = "canary-4711", "canary: they never call back", "canary@client.example"
RESPONDED = "2026-11-20T08:13:14.123456Z"
TYPEFORM: dict[str, Any] = json.loads(sample("typeform"))["form_response"]

OF_A_RESPONSE = [RESPONSE_ID, RESPONDED, "08:13:14", COMMENT]
"""What the agency may see of it."""
OF_A_SUBMISSION = [TYPEFORM["token"], TYPEFORM["submitted_at"]]
"""One call that brought a rating and answers under one id, at one time."""
TIMES_OF_DELIVERY = ["12:34:56", "654321"]

PATHS = [
    *ROUTES,
    "/v1/clients?status=all&sort=-changed_at",
    "/v1/clients/acme/score?as_of=2026-11-21",
    "/v1/clients/acme/score?as_of=2026-10-31",
    "/v1/clients/acme/evidence?dimension=happy_consultants",
    "/v1/clients/acme/evidence?dimension=roadmap",
    "/v1/clients/acme/evidence?dimension=specialisms",
    "/v1/clients/acme/evidence?limit=1",
    "/v1/clients/acme/history?limit=1",
    "/v1/clients/acme/history?from=2026-11-01&to=2026-11-30",
    "/v1/clients/acme/nps?from=2026-11-20&to=2026-11-20",
]
PAGES = [
    *("/", "/?format=csv", "/clients/acme", "/clients/acme?lang=nl", "/clients/acme?as_of=2026-11-21"),
    *("/clients/acme/evidence/nps", "/clients/acme/evidence/roadmap", "/model", "/model?client=acme"),
]


def rated(response_id: str, score: int, responded: str, **data: Any) -> dict[str, Any]:
    said = {"response_id": response_id, "score": score, "responded_at": responded, **data}
    return event("nps.responded", said, id=f"event-of-{response_id}", time=responded)


@pytest.fixture(scope="module")
def acme() -> Iterator[Service]:
    """A client with ratings of three months, a survey that came along with one, and figures of HR."""
    with mock_aws():
        service = in_memory()
        service.clock.now = datetime(2026, 11, 24, 12, 34, 56, 654321, tzinfo=UTC)
        register(service, SOURCES)
        service.post([counted(6), event("client.described", {"name": "Acme B.V.", "aliases": ["halmvelt"]})])
        service.post(event("nps.reported", {"nps": 12, "measured_at": "2026-06-01T00:00:00Z"}))
        service.settle()
        service.post(rated("early-1", 9, "2026-09-03T07:07:07.000007Z"))
        service.post(rated("early-2", 3, "2026-09-28T07:07:07.000007Z"))
        service.settle()
        service.post(rated(RESPONSE_ID, 2, RESPONDED, comment=COMMENT, respondent=E_MAIL))
        service.settle()
        assert send(service, "typeform", sample("typeform")).json["status"] == "accepted"
        service.settle()
        yield service


def read(service: Service, **claims: Any) -> str:
    """Every read and page that somebody gets, one behind the other."""
    answers = [service.get(path, bearer=token(**claims)) for path in PATHS]
    answers += [look(service, path, **claims) for path in PAGES]
    assert {answer.status for answer in answers} <= {200, 303}  # a client has no portfolio
    return "\n".join(answer.text + json.dumps(dict(answer.headers)) for answer in answers)


def hashes() -> list[str]:
    found = [fact["respondent"] for fact in stored("FactsTable") if fact.get("respondent")]
    assert found
    return found


def test_nothing_that_a_client_reads_leads_to_a_single_response(acme: Service) -> None:
    text = read(acme, **CLIENT)

    canaries = [*OF_A_RESPONSE, *OF_A_SUBMISSION, *TIMES_OF_DELIVERY, E_MAIL, *hashes(), "early-1", "07:07:07"]
    assert [canary for canary in canaries if canary in text] == []
    assert "response#" not in text


def test_nothing_that_a_feed_tells_leads_to_a_single_response(acme: Service) -> None:
    create_table(dynamodb_client(), "IssuedTable")
    issued, now = Register(dynamodb_client(), "IssuedTable"), acme.clock.now
    text = ""
    for file in get_args(FeedFile):
        feed = Feed(file, "en")
        grant = grant_of_feed(feed, subject="tests", made_at=now, until=now + timedelta(days=400))
        _, minted = issued.issue(grant, TokenKeys(TOKEN_KEY))
        answer = call(acme.pages, http_event("GET", feed_at("/", minted, feed)))
        assert answer.status == 200
        text += answer.text + json.dumps(dict(answer.headers))

    assert "Acme B.V." in text
    canaries = [*OF_A_RESPONSE, *OF_A_SUBMISSION, *TIMES_OF_DELIVERY, E_MAIL, *hashes(), "early-1", "07:07:07"]
    assert [canary for canary in canaries if canary in text] == []


def test_who_reads_evidence_finds_responses_but_never_who_gave_them(acme: Service) -> None:
    text = read(acme, **AGENCY)

    found = [*OF_A_RESPONSE, *OF_A_SUBMISSION, *TIMES_OF_DELIVERY]
    assert [canary for canary in found if canary not in text] == []
    assert [canary for canary in [E_MAIL, *hashes()] if canary in text] == []


def test_a_cursor_cannot_be_read(acme: Service) -> None:
    for path in ("evidence?limit=1", "history?limit=1"):
        cursor = acme.get(f"/v1/clients/acme/{path}", bearer=token(**AGENCY)).json["next"]
        position = base64.urlsafe_b64decode(f"{cursor}==")
        assert not [text for text in (b"2026", b"change", b"response", b"tests") if text in position]


def test_evidence_counts_responses_by_month_and_lists_the_other_facts(acme: Service) -> None:
    told = acme.get("/v1/clients/acme/evidence", bearer=token(**CLIENT)).json

    months = told["responses"]
    assert (len(months), months[0]["from"], months[-1]) == (
        13,
        "2025-11-01",
        {
            "from": "2026-11-01",
            "to": "2026-11-24",
            "promoters": 1,
            "passives": 0,
            "detractors": 1,
            "count": 2,
            "nps": 0,
        },
    )
    assert {month["from"]: month["count"] for month in months if month["count"]} == {"2026-09-01": 2, "2026-11-01": 2}
    assert [fact["kind"] for fact in told["facts"]] == ["reported"]
    assert told["next"] is None


def test_months_stand_on_the_first_page_of_the_nps_and_nowhere_else(acme: Service) -> None:
    assert "responses" not in acme.get("/v1/clients/acme/evidence", bearer=token(**AGENCY)).json
    assert "responses" not in acme.get("/v1/clients/acme/evidence?dimension=roadmap", bearer=token(**CLIENT)).json


def test_a_head_count_is_told_to_a_client_as_it_stands(acme: Service) -> None:
    path = "/v1/clients/acme/evidence?dimension=happy_consultants"

    told, known = (acme.get(path, bearer=token(**claims)).json for claims in (CLIENT, AGENCY))
    assert told == known
    assert told["facts"][0]["fact_id"] == "count#tests#2026-11-01"


def test_a_survey_is_told_to_a_client_by_its_day_under_one_id_everywhere(acme: Service) -> None:
    def ask(path: str) -> Any:
        return acme.get(f"/v1/clients/acme{path}", bearer=token(**CLIENT)).json

    [fact] = ask("/evidence?dimension=roadmap")["facts"]
    roadmap = next(score for score in ask("")["dimensions"] if score["key"] == "roadmap")
    behind = [fact_id for change in ask("/history")["changes"] for fact_id in change["facts"]]

    assert re.fullmatch(r"survey#client-survey#[0-9a-f]{16}#roadmap", fact["fact_id"])
    assert (fact["observed_at"], fact["day"]) == ("2026-11-12", "2026-11-12")
    assert (roadmap["fact_id"], roadmap["observed_at"]) == (fact["fact_id"], fact["observed_at"])
    assert fact["fact_id"] in behind


def test_a_change_says_how_many_responses_are_behind_it_but_not_which(acme: Service) -> None:
    told = acme.get("/v1/clients/acme/history", bearer=token(**CLIENT)).json["changes"]
    known = acme.get("/v1/clients/acme/history", bearer=token(**AGENCY)).json["changes"]

    assert [len(change["facts"]) + change["responses"] for change in told] == [len(change["facts"]) for change in known]
    assert sum(change["responses"] for change in told) == 4
    assert {change["at"] for change in told} == {"2026-11-23T23:00:00Z"}  # midnight in Amsterdam
    assert all("responses" not in change for change in known)
    same = ("version", "cause", "total_before", "total_after", "dimensions")
    assert [[change[key] for key in same] for change in told] == [[change[key] for key in same] for change in known]


def test_the_score_is_the_same_for_a_client_without_the_time_of_a_response(acme: Service) -> None:
    told, known = (acme.get("/v1/clients/acme", bearer=token(**claims)).json for claims in (CLIENT, AGENCY))

    same = ("total", "attainable", "digest", "version", "discussion", "as_of")
    assert [told[key] for key in same] == [known[key] for key in same]
    nps, known_nps = told["dimensions"][-1], known["dimensions"][-1]
    assert nps == known_nps | {"observed_at": None}
    assert known_nps["observed_at"] == RESPONDED
    assert (told["changed_at"], known["changed_at"]) == ("2026-11-23T23:00:00Z", "2026-11-24T12:34:56.654321Z")


@pytest.mark.parametrize(("day", "counts"), [("2026-11-19", None), ("2026-10-31", 2), ("2026-11-24", 4)])
def test_counts_of_an_earlier_day_are_told_for_whole_months(acme: Service, day: str, counts: int | None) -> None:
    path = f"/v1/clients/acme/score?as_of={day}"
    told, known = (acme.get(path, bearer=token(**claims)).json["dimensions"][-1] for claims in (CLIENT, AGENCY))

    assert (told["responses"] and told["responses"]["count"]) == counts
    assert (told["value"], told["points"], told["basis"]) == (known["value"], known["points"], "responses")
    assert (told["interval"] is None) == (counts is None)
    assert told["one_answer_moves"] == known["one_answer_moves"]


def test_days_are_for_those_who_read_evidence(acme: Service) -> None:
    path = "/v1/clients/acme/nps?interval=day"

    document = problem(acme.get(path, bearer=token(**CLIENT)), 403, "Forbidden")
    assert "evidence:read" in document["detail"]
    assert acme.get(path, bearer=token(**AGENCY)).status == 200


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("from=2026-11-20&to=2026-11-20", "2026-11-01", "2026-11-24"),
        ("from=2026-09-28&to=2026-09-28&interval=month", "2026-09-01", "2026-09-30"),
        ("from=2026-09-28&to=2026-12-05", "2026-09-01", "2026-12-05"),
        ("", "2025-11-01", "2026-11-24"),
    ],
)
def test_no_day_is_cut_out_of_a_month(acme: Service, asked: str, first: str, last: str) -> None:
    months = acme.get(f"/v1/clients/acme/nps?{asked}", bearer=token(**CLIENT)).json["intervals"]

    assert (months[0]["from"], months[-1]["to"]) == (first, last)


def test_what_time_will_do_is_told_for_the_end_of_a_month(acme: Service) -> None:
    def by_time(claims: dict[str, Any]) -> list[str]:
        steps = acme.get("/v1/clients/acme/next-steps", bearer=token(**claims)).json["steps"]
        return [step["change"]["day"] for step in steps if "day" in step["change"]]

    assert by_time(AGENCY) == ["2027-09-03"]
    # The two of September leave one after the other, and its end says the same as today.
    assert by_time(CLIENT) == ["2027-11-30"]


def test_a_client_without_responses_is_told_of_no_month(acme: Service) -> None:
    acme.post(counted(3, "bare"))
    acme.settle()
    text = look(acme, "/clients/bare", scopes=["scores:read"]).text

    assert "promoters" not in text


def test_the_page_of_a_client_counts_by_month_what_the_agency_reads_one_by_one(acme: Service) -> None:
    def words(claims: dict[str, Any]) -> str:
        return " ".join(re.sub("<[^>]*>", " ", look(acme, "/clients/acme", **claims).text).split())

    told, known = words({"scopes": CLIENT["scopes"]}), words(AGENCY)

    assert "Nov 2026 promoters 1, passives 0, detractors 1" in told
    assert "0 from 4 answers tests " in told
    assert "0 from 4 answers tests, latest 20 November" in known
    assert "latest 20 November" not in told
    assert "rating 2" not in told
    assert "rating 2 tests, 20 Nov 2026" in known
    assert "NPS 12 tests, 1 Jun 2026" in told


def test_the_letter_of_a_client_tells_no_day_and_no_system_of_a_response(acme: Service) -> None:
    for page in ("/clients/acme", "/clients/acme?as_of=2026-11-21", "/clients/acme?as_of=2026-09-10"):
        text = " ".join(re.sub("<[^>]*>", " ", look(acme, page, **CLIENT).text).split())
        assert "How our partnership stands" in text
        assert not re.search(r"\b(tests|typeform|rating)\b", text)
    assert "promoter" not in look(acme, "/clients/acme?as_of=2026-09-10", **CLIENT).text
