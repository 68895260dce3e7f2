"""The client that proves a deployment is scored like any other, and nobody ever sees it in a list."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.opmm.model_document import published_model
from shared.opmm.slugs import PROOF_CLIENT
from shared.reading.portfolio import SORTS
from tests.support.calls import look
from tests.support.service import Service, event
from tools.deploy.proof import proof_event

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def proven(service: Service) -> Service:
    assert service.post(proof_event(published_model(), NOW).event).json["status"] == "accepted"
    service.post(event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}, subject="acme"))
    service.settle()
    return service


def test_it_is_scored_as_any_other_client(proven: Service) -> None:
    sent = proof_event(published_model(), NOW)

    card = proven.get(f"/v1/clients/{PROOF_CLIENT}/score").json

    assert {each["key"]: each["points"] for each in card["dimensions"]}[sent.question.key] == sent.points == 3


@pytest.mark.parametrize("status", ["active", "ended", "all"])
@pytest.mark.parametrize("sort", SORTS)
def test_no_list_has_it(proven: Service, status: str, sort: str) -> None:
    listed = proven.get(f"/v1/clients?status={status}&sort={sort}").json["clients"]

    assert [row["client_id"] for row in listed] == ([] if status == "ended" else ["acme"])


def test_neither_the_portfolio_nor_its_page_has_it(proven: Service) -> None:
    assert PROOF_CLIENT not in proven.get("/v1/portfolio").text
    assert PROOF_CLIENT not in look(proven, "/portfolio").text


def test_it_stays_out_of_lists_when_the_night_has_looked_at_it(proven: Service) -> None:
    proven.night()
    proven.rebuild()

    assert [row["client_id"] for row in proven.get("/v1/clients?status=all").json["clients"]] == ["acme"]


@pytest.mark.parametrize("kept", [("consultants", "nps", "survey"), ("nps", "survey"), ("survey",)])
def test_there_is_a_sentfor_whatever_a_model_asks(service: Service, kept: tuple[str, ...]) -> None:
    model = published_model()
    dimensions = tuple(dimension for dimension in model.dimensions if dimension.answers_from in kept)
    sent = proof_event(replace(model, dimensions=dimensions), NOW)

    assert service.post(sent.event).json["status"] == "accepted"
    service.settle()
    card = service.get(f"/v1/clients/{PROOF_CLIENT}/score").json
    assert {each["key"]: each["points"] for each in card["dimensions"]}[sent.question.key] == sent.points
