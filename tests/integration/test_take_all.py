"""Several events that are told as one: all of them are stored, or none."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.pages.writing import make_intake
from shared.http.problems import ForbiddenError, InvalidError
from shared.http.tokens import SCOPES, Token
from shared.intake.intake import Intake
from shared.storage.dynamodb import connect
from shared.storage.facts import Facts, OvertakenError
from shared.storage.locators import Locators
from shared.storage.scores import Scores
from tests.support.service import NOW, Service, event

pytestmark = pytest.mark.usefixtures("plainly")

ZONE = ZoneInfo("Europe/Amsterdam")
NOOR = Token("person-1", frozenset(SCOPES), name="Noor van Dalen")


@pytest.fixture
def intake(service: Service) -> Intake:
    facts = Facts(connect(), service.tables.facts, lambda _: None)
    return make_intake(
        facts=facts,
        locators=Locators(connect(), service.tables.facts, facts),
        scores=Scores(connect(), service.tables.scores, service.model, ZONE),
        model=service.model,
        zone=ZONE,
        clock=service.clock,
    )


def said(type_: str, data: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return event(type_, data, **{"source": "people", "time": NOW.isoformat(), **attributes})


TALK = said("talk.recorded", {"talk_id": "t", "on": "2026-11-24", "summary": "We look ahead."})
ROADMAP = said("survey.answered", {"survey_id": "t", "answered_at": NOW.isoformat(), "answers": {"roadmap": "yes"}})
ACTION = said(
    "action.agreed", {"action_id": "a", "title": "Go on", "side": "agency", "due": "2026-12-24", "talk_id": "t"}
)


def test_all_of_them_are_stored_with_who_said_them(service: Service, intake: Intake) -> None:
    taken = intake.take_all([TALK, ROADMAP, ACTION], NOOR)
    service.settle()

    assert [(one.client_id, one.status, one.is_new) for one in taken] == [("acme", "accepted", True)] * 3
    card = service.get("/v1/clients/acme").json
    assert (card["total"], card["discussion"]["last_talk"], card["discussion"]["open_actions"]) == (3, "2026-11-24", 1)
    [talk] = service.get("/v1/clients/acme/talks").json["talks"]
    assert (talk["author"], talk["actions"]) == ("Noor van Dalen", ["a"])


def test_what_somebody_told_later_of_one_of_them_is_not_overruled_and_nothing_is_stored(
    service: Service, intake: Intake
) -> None:
    later = (NOW + timedelta(minutes=1)).isoformat()
    assert service.post({**ACTION, "time": later}).status == 202

    with pytest.raises(OvertakenError):
        intake.take_all([TALK, ROADMAP, ACTION], NOOR)

    service.settle()
    assert service.get("/v1/clients/acme/talks").json["talks"] == []
    assert service.get("/v1/clients/acme").json["total"] == 0


def test_the_faults_of_all_are_told_with_their_places_and_nothing_is_stored(service: Service, intake: Intake) -> None:
    wrong = {**ACTION, "data": {**ACTION["data"], "due": "soon", "side": "both"}}
    with pytest.raises(InvalidError) as refused:
        intake.take_all([TALK, wrong, {**ROADMAP, "data": {}}], NOOR)

    assert {fault.pointer for fault in refused.value.faults} >= {"/1/data/due", "/1/data/side", "/2/data/answers"}
    service.settle()
    assert service.get("/v1/clients").json["clients"] == []


def test_a_client_that_is_not_granted_is_refused_before_anything_is_stored(service: Service, intake: Intake) -> None:
    elsewhere = Token("person-2", frozenset(SCOPES), clients=frozenset({"acme"}))
    with pytest.raises(ForbiddenError):
        intake.take_all([TALK, {**ACTION, "subject": "other"}], elsewhere)
    service.settle()
    assert service.get("/v1/clients").json["clients"] == []


def test_what_takes_further_writes_is_not_taken_together_with_others(intake: Intake) -> None:
    response = {"response_id": "r", "score": 9, "responded_at": NOW.isoformat()}
    for other in (said("client.described", {"name": "Acme"}), said("nps.responded", response)):
        with pytest.raises(ValueError, match="more than one write"):
            intake.take_all([TALK, other], NOOR)
