"""The page that a client sees: NOW is 24 November 2026."""

import html
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import HandlerClients, in_memory_with_clients, look
from tests.support.metering import metered
from tests.support.readings import counted
from tests.support.service import Service, event, responses

KIM: dict[str, Any] = {"clients": ["acme"], "scopes": ["scores:read"], "name": "Kim"}
"""Somebody at the client."""


def talk(key: str, on: str, time: str, **data: Any) -> dict[str, Any]:
    return event("talk.recorded", {"talk_id": key, "on": on, **data}, id=f"{key}-{time}", time=time)


def action(key: str, **data: Any) -> dict[str, Any]:
    said = {"action_id": key, "title": f"Title of {key}", "side": "agency", "due": "2026-12-15", **data}
    return event("action.agreed", said, id=key, time="2026-09-01T15:00:00Z")


def roadmap(answer: str, day: str) -> dict[str, Any]:
    return event("survey.answered", {"answered_at": f"{day}T09:00:00Z", "answers": {"roadmap": answer}}, id=day)


STORY = (
    counted(6),
    roadmap("yes", "2026-08-20"),
    roadmap("co_creating", "2026-10-10"),
    event(
        "survey.answered",
        {"answered_at": "2026-09-20T09:00:00Z", "answers": {"specialisms": ["Data", "Web"]}},
        id="named",
    ),
    event("client.described", {"name": "Acme B.V.", "owner": "Ada Example"}),
    talk("first", "2026-03-02", "2026-03-02T15:00:00Z", summary="Long ago"),
    talk(
        "second",
        "2026-09-01",
        "2026-09-01T15:00:00Z",
        summary="We talked.\n\nA lot.",
        internal="hush",
        **{"with": ["Kim", "Ada"]},
    ),
    talk("missed", "2026-10-20", "2026-10-01T15:00:00Z"),
    talk("third", "2026-12-03", "2026-11-01T15:00:00Z", **{"with": ["Kim", "Ada"]}),
    action("kept", expects={"dimension": "roadmap", "points": 4}, due="2026-10-31"),
    action("late", expects={"dimension": "roadmap", "points": 4}, due="2026-10-01"),
    action("failed", expects={"dimension": "inspiration", "points": 3}, due="2026-10-01"),
    action("overdue", due="2026-11-01", who="Ada"),
    action("theirs", side="client", who="Kim"),
    action("hidden", internal=True),
    event("goal.set", {"goal_id": "g", "points": 16, "by": "2027-06-30"}, time="2026-09-01T15:00:00Z"),
    event("note.written", {"note_id": "n", "text": "secret note"}),
)


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[Service, HandlerClients]]:
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.post([*STORY, *responses([9, 10, 7, 3, 9, 8])])
        service.settle()
        yield service, clients


@pytest.fixture
def acme(wired: tuple[Service, HandlerClients]) -> Service:
    return wired[0]


def words(body: str) -> str:
    return html.unescape(" ".join(re.sub("<[^>]*>", " ", body).split()))


def test_a_client_lands_on_the_next_talk_and_can_take_it_along(acme: Service) -> None:
    body = look(acme, "/clients/acme", **KIM).text

    assert "Thursday 3 December Our next talk With Kim and Ada." in words(body)
    assert body.count('class="button filled"') == 1
    assert 'href="/clients/acme/next-talk.ics"' in body


def test_the_next_talk_is_a_file_for_either_calendar(acme: Service) -> None:
    for claims in (KIM, {}):
        file = look(acme, "/clients/acme/next-talk.ics", **claims)

        assert (file.status, file.headers["Content-Type"]) == (HTTPStatus.OK, "text/calendar; charset=utf-8")
        assert "DTSTART;VALUE=DATE:20261203" in file.text
        assert file.text.count("BEGIN:VEVENT") == 1
    assert look(acme, "/clients/acme/next-talk.ics", clients=["beta"]).status == HTTPStatus.FORBIDDEN


def test_what_was_agreed_stands_by_sides_and_what_became_of_the_rest_is_counted(acme: Service) -> None:
    said = words(look(acme, "/clients/acme", **KIM).text)

    assert "The agency does Title of overdue Ada, was to be done by 1 November" in said
    assert "Acme B.V. does Title of theirs Kim, by 15 December" in said
    assert "In the past year: 1 agreement kept, 1 later than agreed, 1 that did not work out." in said


def test_what_was_said_stands_with_who_was_there_and_what_has_moved_since(acme: Service) -> None:
    body = look(acme, "/clients/acme", **KIM).text
    said = words(body)

    assert "What we talked about on 1 September We talked. A lot. Kim, Ada. Then 3, now 13 of 16" in said
    assert "roadmap from 3 to 4" in said
    assert body.count('class="talk held"') == 3 * 2
    assert body.count('class="talk missed"') == 3
    assert "goal 16" in said


def test_questions_are_told_in_words_of_the_table(acme: Service) -> None:
    said = words(look(acme, "/clients/acme", **KIM).text)

    assert "6 of the 50 consultants like working here" in said
    assert "Data and web" in said
    assert "3 promoters, 2 passives, 1 detractor" in said
    assert "Goal: 16 by 30 June 2027, 3 to go" in said
    assert "Questions? Ask Ada Example, the agency." in said


@pytest.mark.parametrize("path", ["/clients/acme", "/clients/acme?as_of=2026-11-20", "/model?client=acme"])
def test_nothing_internal_is_there(acme: Service, path: str) -> None:
    body = look(acme, path, **KIM).text

    assert not re.search("hush|secret note|Title of hidden|Portfolio|detractor on|crm", body)


def test_the_agency_sees_what_the_client_sees_under_a_strip_that_says_so(acme: Service) -> None:
    theirs, ours = (
        re.search("<main.*</main>", look(acme, path, **claims).text, re.DOTALL)
        for path, claims in (("/clients/acme", KIM), ("/clients/acme/as-client", {}))
    )
    assert theirs
    assert ours
    preview = re.search('<div class="strip preview".*?</div>', ours[0], re.DOTALL)
    assert preview
    assert "This is what the client sees" in preview[0]
    without = ours[0].replace(preview[0], "")
    opened = re.search("This page is for Kim and stays open until [^.]*[.] ", theirs[0])
    assert opened
    assert without == theirs[0].replace(opened[0], "")


def test_of_a_day_that_is_over_nothing_is_told_of_what_came_later(acme: Service) -> None:
    said = words(look(acme, "/clients/acme?as_of=2026-09-10", **KIM).text)

    assert "How our partnership stands" in said
    assert "Our next talk" not in said
    assert "reported" not in said
    assert "What we agreed" not in said


def test_a_client_with_no_talk_is_told_whom_to_ask(acme: Service) -> None:
    acme.post(counted(3, subject="beta"))
    acme.settle()
    body = look(acme, "/clients/beta", **{**KIM, "clients": ["beta"]}).text

    assert "No talk is planned yet. Ask the agency for a day." in words(body)
    assert "Nothing yet. What we agree in a talk stands here" in words(body)
    assert 'class="button filled"' not in body
    assert look(acme, "/clients/beta/next-talk.ics").status == HTTPStatus.NOT_FOUND


def test_a_letter_costs_three_reads_more_than_its_scorecard(wired: tuple[Service, HandlerClients]) -> None:
    service, clients = wired
    look(service, "/clients/acme", **KIM)
    with metered(clients.pages) as meter:
        look(service, "/clients/acme", **KIM)

    assert meter.calls == {"GetItem": 1, "Query": 9, "BatchGetItem": 1}
