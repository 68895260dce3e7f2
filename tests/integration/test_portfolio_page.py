"""The page of all partnerships: orders, filters, neighbours and the file, over rows that events have made."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from moto import mock_aws

from tests.support.calls import look
from tests.support.readings import counted
from tests.support.service import Service, event, in_memory


@pytest.fixture(scope="module")
def several() -> Iterator[Service]:
    """Three active clients, of which one needs a talk, and one that has ended."""
    with mock_aws():
        service = in_memory()
        service.post([counted(happy, client) for client, happy in (("one", 1), ("three", 3), ("twelve", 12))])
        service.post(
            [counted(6, "gone"), event("client.described", {"name": "Gone", "status": "ended"}, subject="gone")]
        )
        service.post(event("client.described", {"name": "Één B.V."}, subject="one"))
        service.post(event("client.described", {"owner": "Noor"}, subject="three"))
        service.post(agreed("twelve", "late", "2026-11-20"))
        service.post(
            [
                agreed("three", "soon", "2026-12-20", side="client"),
                agreed("three", "inside", "2026-12-20", internal=True),
            ]
        )
        service.post(agreed("three", "over", "2026-12-20", closed="done"))
        service.post(event("talk.recorded", {"talk_id": "t", "on": "2026-12-03"}, subject="three"))
        service.settle()
        yield service


def agreed(client: str, title: str, due: str, **parts: Any) -> dict[str, Any]:
    data = {"action_id": title, "title": title, "side": "agency", "due": due, **parts}
    return event("action.agreed", data, subject=client, id=title)


def listed(service: Service, query: str = "", **claims: Any) -> list[str]:
    body = look(service, f"/?{query}", **{"name": "Noor", **claims}).text
    return re.findall(r'class="client" role="row"><th[^>]*><a href="/clients/([a-z]+)', body)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["one", "three", "twelve"]),
        ("sort=-total", ["twelve", "three", "one"]),
        ("sort=happy_consultants", ["one", "three", "twelve"]),
        ("sort=moved", ["one", "three", "twelve"]),
        ("owner=noor", ["three"]),
        ("mine=true", ["three"]),
        ("overdue=true", ["twelve"]),
        ("overdue=false", ["one", "three"]),
        ("due=true", ["one"]),
        ("due=false&sort=total", ["three", "twelve"]),
        ("q=ÉÉN", ["one"]),
        ("q=nobody", []),
        ("status=ended", ["gone"]),
        ("status=all&sort=total", ["one", "three", "gone", "twelve"]),
        ("max_total=2", ["one", "three"]),
        ("limit=1", ["one"]),
    ],
)
def test_the_list_shows_what_is_asked_for_and_what_needs_a_talk_first(
    several: Service, query: str, expected: list[str]
) -> None:
    assert listed(several, query) == expected


def test_what_is_filtered_by_is_said_and_can_be_cleared(several: Service) -> None:
    body = look(several, "/?q=n&due=true&max_total=7").text

    assert re.findall(r'<a href="([^"]*)" class="chip set">', body) == [
        "/?due=true&amp;max_total=7",
        "/?q=n&amp;max_total=7",
        "/?q=n&amp;due=true",
    ]
    assert "Showing 1 of 3:" in body
    assert '<a href="/">Clear</a>' in body
    assert "No client fits: name has nobody." in look(several, "/?q=nobody").text


def test_a_list_goes_on_where_a_page_ended(several: Service) -> None:
    body = look(several, "/?limit=2").text
    [following] = re.findall(r'href="([^"]*cursor=[^"]*)"', body)

    assert listed(several, following.replace("&amp;", "&").removeprefix("/?")) == ["twelve"]


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("after=one", "/clients/three"),
        ("before=three", "/clients/one"),
        ("after=one&sort=-total&max_total=3", "/?sort=-total&max_total=3"),
        ("after=twelve&sort=-total", "/clients/three?list=sort%3D-total"),
        ("after=nobody", "/"),
        ("before=one&due=true", "/?due=true"),
    ],
)
def test_previous_and_next_keep_the_list(several: Service, query: str, place: str) -> None:
    response = look(several, f"/?{query}")

    assert (response.status, response.headers["Location"]) == (303, place)


def test_what_is_shown_can_be_taken_along_as_a_file(several: Service) -> None:
    response = look(several, "/?format=csv&sort=-total&status=all")
    rows = response.text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [row.partition(",")[0].strip('"') for row in rows] == ["client_id", "twelve", "gone", "three", "one"]


def test_talks_and_agreements_of_what_is_listed_can_be_taken_into_a_calendar(several: Service) -> None:
    response = look(several, "/?format=ics&mine=true", name="Noor")

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert re.findall(r"SUMMARY:(.*)\r", response.text) == ["three: talk", "three: due: inside", "three: due: soon"]
    told = look(several, "/?format=ics", scopes=["scores:read"]).text
    assert ("soon" in told, "inside" in told) == (True, False)


def titles(service: Service, query: str = "", **claims: Any) -> list[str]:
    body = look(service, f"/agreements?{query}", **{"name": "noor", **claims}).text
    return re.findall(r'<h3><a href="/clients/\w+#agreements" class="whole">(\w+)</a>', body)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["inside", "soon", "late"]),
        ("overdue=true", ["late"]),
        ("side=client", ["soon"]),
        ("status=settled", ["over"]),
        ("status=settled&side=client", []),
    ],
)
def test_agreements_are_listed_over_all_clients_ones_own_first(
    several: Service, query: str, expected: list[str]
) -> None:
    assert titles(several, query) == expected


def test_without_evidence_nothing_internal_is_listed_and_other_clients_never_are(several: Service) -> None:
    assert titles(several, scopes=["scores:read"]) == ["soon", "late"]
    assert titles(several, clients=["three"]) == ["inside", "soon"]
    assert "Nothing is agreed at the moment." in look(several, "/agreements", clients=["one"]).text


@pytest.mark.parametrize("path", ["/agreements?sort=due", "/agreements?status=all", "/?mine=1", "/?open=true"])
def test_parameters_that_there_are_not_are_refused(several: Service, path: str) -> None:
    assert look(several, path).status == 422
