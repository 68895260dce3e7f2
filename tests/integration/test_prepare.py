"""Preparing a talk: the page, the sections of the client's page, the calendar file, and all talks and notes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import HandlerClients, in_memory_with_clients, look
from tests.support.metering import metered
from tests.support.service import Service, event

VIEWER: dict[str, Any] = {"scopes": ["scores:read", "evidence:read"]}
COUNTS: dict[str, Any] = {"scopes": ["scores:read"]}


def told(type_: str, time: str, data: dict[str, Any]) -> dict[str, Any]:
    return event(type_, data, id=f"{type_}-{time}", time=time, source="people")


def counted(happy: int, day: str) -> dict[str, Any]:
    return told("consultants.counted", f"{day}T10:00:00Z", {"working": 7, "happy": happy, "as_of": day})


def answered(day: str, **answers: Any) -> dict[str, Any]:
    at = f"{day}T09:00:00Z"
    return told("survey.answered", at, {"answered_at": at, "answers": answers})


def rated(number: int, score: int, day: str, **data: Any) -> dict[str, Any]:
    at = f"{day}T09:00:00Z"
    return told("nps.responded", at, {"response_id": f"r-{number}", "score": score, "responded_at": at, **data})


def talked(name: str, on: str, recorded: str, **data: Any) -> dict[str, Any]:
    return told("talk.recorded", f"{recorded}T15:00:00Z", {"talk_id": name, "on": on, **data})


def agreed(name: str, due: str, **data: Any) -> dict[str, Any]:
    said = {"action_id": name, "title": f"Do {name}", "side": "agency", "agreed_on": "2026-06-11", "due": due}
    return told("action.agreed", "2026-06-11T15:00:00Z", {**said, **data})


def noted(name: str, text: str, **data: Any) -> dict[str, Any]:
    return told("note.written", "2026-11-12T11:00:00Z", {"note_id": name, "text": text, **data})


HAPPY = {"dimension": "happy_consultants", "points": 3}
WITH_MARIT: dict[str, Any] = {"with": ["Marit"], "summary": "We share the roadmap.", "internal": "Watch Bram."}
STORY = [
    event("client.described", {"name": "Acme B.V.", "owner": "Noor van Dalen"}),
    answered("2026-05-18", specialisms=3, roadmap="yes", inspiration="incidentally"),
    *(counted(6, day) for day in ("2026-06-01", "2026-09-01")),
    *(counted(4, day) for day in ("2026-10-02", "2026-11-02")),
    *(rated(number, 9, "2026-06-05") for number in range(6)),
    rated(7, 3, "2026-09-14", comment="Nobody told us."),
    rated(8, 8, "2026-09-20"),
    talked("june", "2026-06-11", "2026-06-11", **WITH_MARIT),
    talked("september", "2026-09-24", "2026-08-20"),
    talked("december", "2026-12-03", "2026-11-20", **{"with": ["Marit", "Jeroen"]}),
    agreed("session", "2026-10-01", who="Noor", expects={"dimension": "roadmap", "points": 4}),
    agreed("remarks", "2026-11-20", who="Noor"),
    agreed(
        "replace",
        "2026-12-15",
        agreed_on="2026-10-05",
        who="Daan",
        expects={"dimension": "happy_consultants", "points": 3},
    ),
    agreed("board", "2027-01-15", side="client", who="Marit", internal=True),
    agreed("research", "2026-07-31", expects={"dimension": "specialisms", "points": 3}),
    told("goal.set", "2026-10-05T10:00:00Z", {"goal_id": "g", "points": 16, "by": "2027-06-30"}),
    noted("n", "The board wants fewer suppliers.", dimension="roadmap"),
]


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[Service, HandlerClients]]:
    """A partnership of a year, on the morning of 25 November 2026."""
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.clock.now = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
        assert {row["status"] for row in service.post(STORY).json["results"]} == {"accepted"}
        service.settle()
        yield service, clients


@pytest.fixture
def acme(wired: tuple[Service, HandlerClients]) -> Service:
    return wired[0]


def said(service: Service, path: str, **claims: Any) -> str:
    answer = look(service, path, **claims)
    assert answer.status == HTTPStatus.OK, answer.text
    return " ".join(re.sub("<[^>]*>", " ", answer.text).split())


def test_a_talk_is_prepared_from_what_moved_what_was_agreed_and_what_is_coming(acme: Service) -> None:
    text = said(acme, "/clients/acme/prepare", name="Noor van Dalen")

    assert "Thursday 3 December, with Marit and Jeroen. Prepared for Noor van Dalen on 25 November." in text
    assert "15 of 20, 1 fewer than 90 days ago. The goal is 16 by 30 June 2027: 1 to go." in text
    assert (
        "1 Fewer happy consultants: 6 to 4 \N{MINUS SIGN}1 Facts 1 September: 6 happy of 7. 2 October: 4 happy of 7."
        in text
    )
    assert "Under way Do replace: Daan, by 15 December" in text
    assert "It would take 1 more happy consultant for 1 point more" in text
    assert "2 An agreement was missed: Do session" in text
    assert "3 An agreement is overdue: Do remarks Facts Noor, by 20 November." in text
    assert "4 Specialisms is out of date Facts 3 specialisms, answered 18 May. Ask it again in the talk." in text
    assert (
        "5 The talk of 24 September was not held Facts Neither held nor cancelled. The last talk was 167 days ago."
        in text
    )
    assert "What else was said since the last talk Nobody told us. rating 3, 14 September" in text
    assert "Since the talk of 11 June Question then now Happy consultants 3 2 6 \N{RIGHTWARDS ARROW} 4" in text
    assert "Do session missed, 1 Oct \N{MIDDLE DOT} Noor Do remarks overdue since 20 Nov" in text
    assert "3 Dec Talk with Marit and Jeroen 15 Dec Due : Do replace" in text


def test_every_fact_of_a_topic_is_behind_a_link(acme: Service) -> None:
    body = look(acme, "/clients/acme/prepare").text

    for question in ("happy_consultants", "roadmap", "specialisms"):
        assert f'href="/clients/acme/evidence/{question}"' in body


def test_words_are_for_those_who_read_evidence_and_internal_ones_stay_off_paper(acme: Service) -> None:
    [note] = re.findall(
        r"<blockquote[^>]*><q>The board wants.*?</blockquote>", look(acme, "/clients/acme/prepare").text
    )
    assert 'class="screen"' in note

    without = said(acme, "/clients/acme/prepare", **COUNTS)
    for secret in ("Nobody told us", "The board wants", "Do board", "with Marit"):
        assert secret not in without
    page = said(acme, "/clients/acme", **COUNTS)
    for secret in ("Nobody told us", "The board wants", "Do board", "Watch Bram"):
        assert secret not in page


def test_a_client_prepares_no_talk(acme: Service) -> None:
    assert look(acme, "/clients/acme/prepare", clients=["acme"], **COUNTS).status == HTTPStatus.FORBIDDEN
    for path in ("/clients/nobody/prepare", "/clients/nobody/talks", "/clients/nobody/calendar.ics"):
        assert look(acme, path).status == HTTPStatus.NOT_FOUND
    for path in ("/clients/acme/prepare", "/clients/acme/talks", "/clients/acme/calendar.ics"):
        assert look(acme, path, clients=["beta"], **VIEWER).status == HTTPStatus.FORBIDDEN


def test_one_thing_is_to_be_done_and_viewers_are_offered_nothing_to_write(acme: Service) -> None:
    page, preparation = look(acme, "/clients/acme").text, look(acme, "/clients/acme/prepare").text
    assert re.findall(r'<a href="([^"]*)" class="button filled">', page) == ["/clients/acme/prepare"]
    assert re.findall(r'<a href="([^"]*)" class="button filled">', preparation) == ["/clients/acme/talk?talk=december"]
    assert (
        'href="/clients/acme/agree?title=1+more+happy+consultant&amp;dimension=happy_consultants&amp;points=3"' in page
    )

    page, preparation = (look(acme, f"/clients/acme{path}", **VIEWER).text for path in ("", "/prepare"))
    assert "button filled" not in preparation
    assert not re.findall(r'href="/clients/acme/(?:agree|plan|goal|talk\b)', page)


def test_on_its_day_the_talk_is_to_be_held(acme: Service) -> None:
    before, acme.clock.now = acme.clock.now, datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    page = look(acme, "/clients/acme").text
    acme.clock.now = before

    assert re.findall(r'<a href="([^"]*)" class="button filled">', page) == ["/clients/acme/talk?talk=december"]


def test_the_client_page_tells_what_was_agreed_and_when_people_talk(acme: Service) -> None:
    text = said(acme, "/clients/acme")

    assert "Goal 16 by 30 June 2027: 1 to go" in text
    assert "Next talk Thursday 3 December in 8 days, with Marit and Jeroen Held 11 June; 24 September was not" in text
    assert "Owner ND Noor van Dalen" in text
    assert "Agreements 3 open; of 2 settled 1 kept, 1 missed" in text
    assert "Do remarks Noor, agency \N{MIDDLE DOT} by 20 Nov 5 days overdue" in text
    assert "Do replace Daan, agency \N{MIDDLE DOT} by 15 Dec \N{MIDDLE DOT} Happy consultants to 3 in 20 days" in text
    assert "Do research agency \N{MIDDLE DOT} by 31 Jul \N{MIDDLE DOT} Specialisms to 3 kept 11 Jun" in text
    assert "Talks and notes 1 held, 1 not held, 1 planned, 5 agreements, 1 note" in text
    assert "goal 16 Talk 11 Jun 24 Sep, not held 3 Dec" in text


def test_in_dutch_it_says_the_same(acme: Service) -> None:
    text = said(acme, "/clients/acme/prepare?lang=nl", name="Noor")

    assert "15 van de 20, 1 minder dan 90 dagen geleden. Het doel is 16 uiterlijk 30 juni 2027: nog 1 te gaan." in text
    assert "Minder blije consultants: van 6 naar 4" in text
    assert "Het gesprek van 24 september is niet gevoerd" in text


def test_preparing_costs_what_the_client_page_costs(wired: tuple[Service, HandlerClients]) -> None:
    service, clients = wired
    calls = []
    for path in ("/clients/acme", "/clients/acme/prepare"):
        look(service, path)
        with metered(clients.pages) as meter:
            look(service, path)
        calls.append(meter.calls)

    # One more on the client's page: who gets its alerts.
    assert calls == [{"GetItem": gets, "Query": 10, "BatchGetItem": 1} for gets in (2, 1)]


def test_a_calendar_holds_what_the_page_tells(acme: Service) -> None:
    answer = look(acme, "/clients/acme/calendar.ics")
    text = answer.text.replace("\r\n ", "")

    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="acme.ics"' in answer.headers["Content-Disposition"]
    assert "SUMMARY:Acme B.V.: Talk with Marit and Jeroen" in text
    assert "SUMMARY:Acme B.V.: Due: Do board" in text
    assert "Do board" not in look(acme, "/clients/acme/calendar.ics", **COUNTS).text
    assert "Marit" not in look(acme, "/clients/acme/calendar.ics", **COUNTS).text


def test_all_talks_and_notes_stand_on_a_page_with_what_stood_then(acme: Service) -> None:
    text = said(acme, "/clients/acme/talks")

    assert (
        "Talk planned for 3 December with Marit and Jeroen Talk of 24 September, not held Talk of 11 June with Marit"
        in text
    )
    assert "We share the roadmap. Watch Bram. (stays inside)" in text
    assert "The board wants fewer suppliers." in text
    without = said(acme, "/clients/acme/talks", **COUNTS)
    assert "We share the roadmap." in without
    assert "Watch Bram" not in without
    assert "The board wants" not in without


def test_a_page_of_an_earlier_day_tells_what_was_agreed_by_then(acme: Service) -> None:
    text = said(acme, "/clients/acme?as_of=2026-09-10")

    assert "Agreements 3 open; of 1 settled 1 kept" in text
    assert "button filled" not in look(acme, "/clients/acme?as_of=2026-09-10").text
    assert "Nobody told us" not in text
