"""The pages of the deployed function, over tables that events have filled."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import pytest
from moto import mock_aws

from shared.http.tokens import ROLES
from tests.support.calls import HandlerClients, call, in_memory_with_clients, look
from tests.support.metering import metered
from tests.support.readings import counted, problem
from tests.support.service import Service, event, http_event, responses, token

SURVEY = event(
    "survey.answered",
    {
        "answered_at": "2026-11-02T10:00:00Z",
        "answers": {"specialisms": 2, "roadmap": "co_creating", "inspiration": "no"},
    },
    id="s-1",
)
COMMENTED = event(
    "nps.responded",
    {"response_id": "c-1", "score": 3, "responded_at": "2026-11-20T09:00:00Z", "comment": "<b>late</b>"},
    id="c-1",
)
LONG_AGO = event(
    "nps.responded",
    {"response_id": "old", "score": 0, "responded_at": "2025-06-01T09:00:00Z"},
    id="old",
)


@pytest.fixture(scope="module")
def wired() -> Iterator[tuple[Service, HandlerClients]]:
    """A client of whom everything is known, on the evening of a day that has ended in Amsterdam already."""
    with mock_aws():
        service, clients = in_memory_with_clients()
        service.clock.now = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
        service.post([counted(6), event("client.described", {"name": "Acme B.V."}), SURVEY, COMMENTED, LONG_AGO])
        service.post(responses([9, 10, 7]))
        service.settle()
        yield service, clients


@pytest.fixture
def acme(wired: tuple[Service, HandlerClients]) -> Service:
    return wired[0]


def test_the_page_of_a_client_shows_its_scorecard_and_what_is_behind_it(acme: Service) -> None:
    text = " ".join(re.sub("<[^>]*>", " ", look(acme, "/clients/acme").text).split())

    assert "Acme B.V. Scorecard of 25 November 2026" in text
    assert "15 of 20" in text
    assert "Questions 5 Agreements 0" in text
    assert "Goal None yet" in text
    assert "Next talk None planned No talk yet" in text
    assert "6 happy consultants tests, 1 November" in text
    assert "+25 from 4 answers tests, latest 20 November" in text
    assert "6 happy of 50 tests, 1 Nov 2026" in text
    assert "rating 3 tests, 20 Nov 2026 &lt;b&gt;late&lt;/b&gt;" in text
    assert "25 Nov 2026 new fact" in text


def test_comments_are_shown_to_those_who_read_evidence(acme: Service) -> None:
    assert "&lt;b&gt;late" in look(acme, "/clients/acme", clients=["acme"]).text
    assert "&lt;b&gt;late" not in look(acme, "/clients/acme", scopes=["scores:read"]).text


def test_the_year_of_a_client_reaches_behind_the_responses_that_are_held(acme: Service) -> None:
    year = re.findall(r'<th scope="row">(\w+ \d+)</th><td>(\d+)</td>', look(acme, "/clients/acme").text)

    assert year[:2] == [("Nov 2025", "1"), ("Dec 2025", "1")]
    assert year[12] == ("Nov 2026", "15")


def test_a_change_is_shown_on_the_day_in_the_zone_of_the_stack(acme: Service) -> None:
    [_, row] = look(acme, "/?format=csv").text.splitlines()

    assert row.endswith('"2026-11-25"')
    assert "2026-11-24" not in row


def test_a_client_costs_twelve_reads_and_one_more_for_who_may_mute_it(wired: tuple[Service, HandlerClients]) -> None:
    service, clients = wired
    look(service, "/clients/acme")
    with metered(clients.pages) as meter:
        look(service, "/clients/acme", scopes=ROLES["viewer"])
    with metered(clients.pages) as editors:
        look(service, "/clients/acme", scopes=ROLES["editor"])

    assert meter.calls == {"GetItem": 1, "Query": 10, "BatchGetItem": 1}
    assert editors.calls == {**meter.calls, "GetItem": 2}


def test_counts_cost_less_than_people(wired: tuple[Service, HandlerClients]) -> None:
    service, clients = wired
    look(service, "/clients/acme")
    with metered(clients.pages) as page:
        look(service, "/clients/acme", scopes=["scores:read"])
    with metered(clients.query) as evidence:
        service.get("/v1/clients/acme/evidence", bearer=token(scopes=["scores:read"]))

    # the batch holds one key: the specialisms that were named, which is no word about a person
    assert page.calls == {"GetItem": 1, "Query": 9, "BatchGetItem": 1}
    assert evidence.calls == {"GetItem": 1, "Query": 1}


@pytest.mark.parametrize("path", ["/", "/clients/acme", "/model", "/sign-in", "/style.css"])
def test_head_is_get_without_a_body(acme: Service, path: str) -> None:
    got, head = look(acme, path), look(acme, path, method="HEAD")

    assert (head.status, head.headers, head.text) == (got.status, got.headers, "")


@pytest.mark.parametrize("path", ["/v1/clients", "/v1/clients/acme", "/v1/portfolio"])
def test_the_api_takes_no_cookie(acme: Service, path: str) -> None:
    headers = {"cookie": f"__Host-opmm={token()}"}

    problem(call(acme.query, http_event("GET", path, headers=headers)), 401, "Unauthorized")


def test_an_address_that_does_not_exist_is_a_page_for_people_and_a_document_for_programs(acme: Service) -> None:
    assert look(acme, "/nothing").status == HTTPStatus.NOT_FOUND
    assert "Nothing here" in look(acme, "/nothing").text
    problem(look(acme, "/nothing", accept="*/*"), 404, "Not Found")


def test_a_parameter_that_is_wrong_is_a_page(acme: Service) -> None:
    response = look(acme, "/?sort=colour")

    assert (response.status, "This did not work" in response.text) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)


def test_a_client_has_no_portfolio_but_a_letter(acme: Service) -> None:
    mine: dict[str, Any] = {"clients": ["acme"], "scopes": ["scores:read"], "name": "Kim"}
    home, letter = look(acme, "/?lang=nl", **mine), look(acme, "/clients/acme?lang=nl", **mine).text

    assert (home.status, home.headers["Location"]) == (303, "/clients/acme?lang=nl")
    assert "Zo staat ons partnerschap ervoor" in letter
    assert "het bureau" in letter
    assert "Deze pagina is voor Kim" in letter
    assert ">Portfolio<" not in letter
    assert letter.count("<h1>") == 1


def test_the_agency_sees_what_its_client_sees(acme: Service) -> None:
    body = look(acme, "/clients/acme/as-client").text

    assert "How our partnership stands" in body
    assert "&lt;b&gt;late" not in body


def test_a_page_of_another_day_says_so(acme: Service) -> None:
    body = look(acme, "/clients/acme?as_of=2026-11-10").text

    assert "Scorecard of 10 November 2026" in body
    assert "This is 10 November 2026, as the facts known today give it." in body
    assert "&lt;b&gt;late" not in body
    assert look(acme, "/clients/acme?as_of=2030-01-01").status == HTTPStatus.UNPROCESSABLE_ENTITY


def test_every_fact_can_be_reached(acme: Service) -> None:
    acme.post(responses([8] * 60, subject="much"))
    acme.settle()
    page, found = "/clients/much/evidence/nps", []
    while page:
        body = look(acme, page).text
        found += re.findall("<strong>rating 8</strong>", body)
        page = "".join(re.findall(r'href="([^"]*cursor=[^"]*)" rel="next"', body))

    assert len(found) == 60
    assert look(acme, "/clients/much/evidence/mood").status == HTTPStatus.NOT_FOUND


def test_the_model_says_where_a_client_is(acme: Service) -> None:
    body = look(acme, "/model?client=acme").text

    assert body.count('<td class="here">') == 5
    assert "Acme B.V. is here" in body
    assert look(acme, "/model?client=beta", clients=["acme"]).status == HTTPStatus.FORBIDDEN
