"""What lies on a day yet to come, or longer ago than anything looks back to, is kept as all facts give it on every day.

The night finds no drift in it, and no news is told that is none.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.integration.test_signals import kinds
from tests.support.service import NOW, Service, event

pytestmark = pytest.mark.usefixtures("plainly")

BEFORE_MIDNIGHT = datetime(2026, 11, 24, 22, 57, tzinfo=UTC)
"""Three minutes before the 25th where the tenant is."""
TOMORROW = "2026-11-24T23:01:00Z"


def day(offset: int) -> str:
    return (NOW.date() - timedelta(days=offset)).isoformat()


def at(offset: int) -> str:
    return f"{day(offset)}T08:00:00Z"


def send(service: Service, *events: dict[str, Any]) -> None:
    for each in events:
        assert service.post(each).status in (200, 202)
        service.settle()


def count(service: Service, number: int = 1) -> None:
    """Something else is told, so that the scorecard becomes one of this day."""
    today = service.clock.now
    data = {"working": number, "as_of": "2026-11-20"}
    send(service, event("consultants.counted", data, id=f"n-{number}", time=today.isoformat()))


def differs(service: Service) -> list[str]:
    found: list[str] = service.get("/v1/clients/acme/verify").json["differs"]
    return found


def answered(time: str) -> dict[str, Any]:
    return event("survey.answered", {"survey_id": "s", "answered_at": time, "answers": {"roadmap": "yes"}}, time=time)


def agreed(on: int, due: int) -> dict[str, Any]:
    expects = {"dimension": "roadmap", "points": 3}
    data = {"action_id": "a", "title": "Draw it up", "side": "agency", "agreed_on": day(on), "due": day(due)}
    return event("action.agreed", {**data, "expects": expects}, time=at(0), id="a")


def responded(number: int, ago: int) -> dict[str, Any]:
    data = {"response_id": f"r-{number}", "score": 9, "responded_at": at(ago)}
    return event("nps.responded", data, time=at(ago), id=f"r-{number}")


def test_an_agreement_of_a_day_yet_to_come_is_met_by_that_day_and_never_told_as_missed(service: Service) -> None:
    send(service, answered(at(30)), agreed(-1, due=-1))
    for number, days in enumerate((1, 2), start=1):  # no night comes between
        service.clock.now = datetime(2026, 11, 23 + days, 23, 5, tzinfo=UTC)
        count(service, number)
        assert differs(service) == []
    service.night()

    assert service.get("/v1/clients/acme/actions").json["actions"][0]["status"] == "kept"
    assert kinds() == []


def test_an_answer_of_a_sender_that_is_ahead_meets_an_agreement_once_its_day_has_come(service: Service) -> None:
    service.clock.now = BEFORE_MIDNIGHT
    send(service, agreed(5, due=-30), answered(TOMORROW))
    assert service.get("/v1/clients/acme/actions").json["actions"][0]["status"] == "open"

    service.clock.now += timedelta(minutes=10)
    count(service)

    assert differs(service) == []
    assert service.get("/v1/clients/acme/actions").json["actions"][0]["status"] == "kept"


def test_a_talk_of_a_sender_that_is_ahead_was_held_once_its_day_has_come(service: Service) -> None:
    service.clock.now = BEFORE_MIDNIGHT
    send(service, event("talk.recorded", {"talk_id": "t", "on": "2026-11-25"}, time=TOMORROW))
    count(service)
    service.clock.now += timedelta(minutes=10)
    count(service, 2)

    assert differs(service) == []
    assert service.get("/v1/clients/acme").json["discussion"]["last_talk"] == "2026-11-25"


def test_responses_that_are_older_than_anything_looks_back_to_are_no_drift(service: Service) -> None:
    count(service)
    send(service, responded(0, 1000))
    assert differs(service) == []

    send(service, responded(1, 3), event("nps.retracted", {"response_id": "r-1"}, time=at(1)))

    assert differs(service) == []


def test_the_last_response_that_time_takes_out_of_reach_is_no_drift(service: Service) -> None:
    send(service, responded(0, 3))
    for days in (672, 5, 1, 1, 1, 1):
        service.clock.now += timedelta(days=days)
        count(service, days)
        assert differs(service) == []
        service.night()
