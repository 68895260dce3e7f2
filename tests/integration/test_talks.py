"""Talks, actions and goals, from the event to what is read: NOW is 24 November 2026."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.service import Answer, Service, event, token

pytestmark = pytest.mark.usefixtures("plainly")

CLIENT = {"scopes": ["scores:read"], "clients": ["acme"]}
"""What a token of somebody at the client says."""


def talk(on: str, **data: Any) -> dict[str, Any]:
    attributes = {key: data.pop(key) for key in ("time", "source", "subject") if key in data}
    return event("talk.recorded", {"talk_id": "t-1", "on": on, **data}, **attributes)


def action(**data: Any) -> dict[str, Any]:
    attributes = {key: data.pop(key) for key in ("time", "source", "subject") if key in data}
    said = {"action_id": "a-1", "title": "Draw up the roadmap", "side": "agency", "due": "2026-12-15", **data}
    return event("action.agreed", {key: value for key, value in said.items() if value is not None}, **attributes)


def roadmap(answer: str, at: str, **attributes: Any) -> dict[str, Any]:
    said = {"answered_at": at, "answers": {"roadmap": answer}}
    return event("survey.answered", said, **{"id": f"roadmap-{at}", "time": at, **attributes})


def told(service: Service, *events: dict[str, Any]) -> None:
    for sent in events:
        response = service.post(sent)
        assert response.status == 202, response.text
        service.settle()


def discussion(service: Service, query: str = "") -> Any:
    return service.get(f"/v1/clients/acme{query}").json["discussion"]


def keys(said: Any) -> list[str]:
    return [reason["key"] for reason in said["reasons"]]


def only(response: Answer, key: str) -> Any:
    [row] = response.json[key]
    return row


def test_a_talk_settles_the_reasons_of_its_day_until_they_are_worse_or_it_is_long_ago(service: Service) -> None:
    told(service, roadmap("third_party", "2026-11-01T09:00:00Z"))
    assert keys(discussion(service)) == ["low"]

    told(service, talk("2026-11-20", time="2026-11-20T15:00:00Z"))

    assert discussion(service) == {
        "due": False,
        "reasons": [],
        "last_talk": "2026-11-20",
        "next_talk": None,
        "missed_talk": None,
        "open_actions": 0,
    }
    row = only(service.get("/v1/clients"), "clients")
    assert row["discussion"] == discussion(service)
    told(service, event("consultants.counted", {"working": 1, "happy": 1, "as_of": "2026-11-23"}))
    assert [reason["dimension"] for reason in discussion(service)["reasons"]] == ["happy_consultants"]
    service.clock.now += timedelta(days=176)
    assert keys(service.get("/v1/clients/acme").json["discussion"]) == ["low", "low", "stale", "quiet"]


def test_the_reasons_of_a_day_before_a_talk_are_those_of_that_day(service: Service) -> None:
    told(service, roadmap("third_party", "2026-11-01T09:00:00Z"), talk("2026-11-20", time="2026-11-20T15:00:00Z"))

    before, after = (
        service.get(f"/v1/clients/acme/score?as_of={day}").json["discussion"] for day in ("2026-11-19", "2026-11-20")
    )
    assert (keys(before), before["last_talk"]) == (["low"], None)
    assert (keys(after), after["last_talk"]) == ([], "2026-11-20")


def test_a_late_fact_of_before_the_talk_is_settled_by_it_too(service: Service) -> None:
    told(service, talk("2026-11-20", time="2026-11-20T15:00:00Z"), roadmap("third_party", "2026-11-01T09:00:00Z"))
    assert keys(discussion(service)) == []


def test_a_planned_talk_is_the_next_one_until_its_day_is_over_and_then_missed(service: Service) -> None:
    told(service, talk("2026-12-03", time="2026-11-24T09:00:00Z", **{"with": ["Marit de Wit"]}))
    assert (discussion(service)["next_talk"], discussion(service)["missed_talk"]) == ("2026-12-03", None)

    service.clock.now += timedelta(days=10)

    assert (discussion(service)["next_talk"], discussion(service)["missed_talk"]) == (None, "2026-12-03")
    row = only(service.get("/v1/clients"), "clients")
    assert row["discussion"]["missed_talk"] == "2026-12-03"
    assert only(service.get("/v1/clients/acme/talks"), "talks")["status"] == "missed"


@pytest.mark.parametrize("later", [{"cancelled": True}, {"on": "2026-12-10"}], ids=["cancelled", "moved"])
def test_a_talk_is_corrected_by_a_later_version_whatever_order_they_come_in(
    service: Service, later: dict[str, Any]
) -> None:
    first = talk("2026-12-03", time="2026-11-20T09:00:00Z")
    second = talk(later.get("on", "2026-12-03"), time="2026-11-21T09:00:00Z", cancelled=later.get("cancelled", False))
    assert service.post(second).status == 202
    assert service.post(first).json["status"] == "superseded"
    service.settle()

    assert discussion(service)["next_talk"] == later.get("on")
    [row] = service.get("/v1/clients/acme/talks").json["talks"]
    assert row["status"] == ("cancelled" if "cancelled" in later else "planned")


def test_beside_a_talk_stands_what_was_told_then_and_what_is_known_now(service: Service) -> None:
    told(service, roadmap("yes", "2026-11-20T09:00:00Z"))
    told(
        service,
        talk("2026-11-24", time="2026-11-24T11:00:00Z", summary="We look ahead.", internal="Bring the offer."),
    )
    row = only(service.get("/v1/clients/acme/talks"), "talks")
    assert (row["told"], row["told"]["total"]) == (row["today"], 3)
    assert (row["status"], row["summary"], row["internal"], row["author"]) == (
        "held",
        "We look ahead.",
        "Bring the offer.",
        None,
    )

    service.clock.now += timedelta(days=2)
    told(service, event("consultants.counted", {"working": 6, "happy": 6, "as_of": "2026-11-23"}, id="late"))

    row = only(service.get("/v1/clients/acme/talks"), "talks")
    assert (row["told"]["total"], row["today"]["total"]) == (3, 6)
    assert row["told"]["digest"] != row["today"]["digest"]


def test_facts_settle_an_action_and_a_retracted_one_unsettles_it(service: Service) -> None:
    expects = {"dimension": "nps", "points": 4}
    told(service, action(expects=expects, agreed_on="2026-11-10", time="2026-11-10T09:00:00Z"))
    assert (discussion(service)["open_actions"], _status(service)) == (1, ("open", None))

    response = {"response_id": "r-1", "score": 9, "responded_at": "2026-11-14T09:00:00Z"}
    told(service, event("nps.responded", response))
    assert (discussion(service)["open_actions"], _status(service)) == (0, ("kept", "2026-11-14"))

    told(service, event("nps.retracted", {"response_id": "r-1"}, time="2026-11-24T11:00:00Z"))
    assert (discussion(service)["open_actions"], _status(service)) == (1, ("open", None))

    service.clock.now += timedelta(days=22)
    assert (discussion(service)["open_actions"], _status(service)) == (0, ("missed", "2026-12-16"))


def test_an_action_that_nothing_settles_is_overdue_until_somebody_closes_it(service: Service) -> None:
    told(service, action(agreed_on="2026-11-01", due="2026-11-20", time="2026-11-01T09:00:00Z"))
    assert (discussion(service)["open_actions"], _status(service)) == (1, ("overdue", None))

    told(service, action(due="2026-11-20", closed="done", time="2026-11-24T09:00:00Z"))
    assert (discussion(service)["open_actions"], _status(service)) == (0, ("done", "2026-11-24"))


def test_what_the_fact_is_that_settled_an_action_is_named(service: Service) -> None:
    told(
        service,
        action(expects={"dimension": "roadmap", "points": 4}, agreed_on="2026-11-10", time="2026-11-10T09:00:00Z"),
        roadmap("co_creating", "2026-11-20T09:00:00Z"),
    )
    row = only(service.get("/v1/clients/acme/actions"), "actions")
    assert (row["status"], row["settled_on"], row["fact_id"]) == (
        "kept",
        "2026-11-20",
        "survey#tests#roadmap-2026-11-20T09:00:00Z#roadmap",
    )


def test_a_goal_is_on_its_way_when_the_gap_has_become_smaller_and_has_a_path(service: Service) -> None:
    told(service, roadmap("no", "2026-11-01T09:00:00Z"))
    goal = {"goal_id": "g-1", "points": 5, "by": "2027-06-30"}
    told(service, event("goal.set", goal, time="2026-11-10T09:00:00Z"))
    assert only(service.get("/v1/clients/acme/goals"), "goals")["status"] == "behind"

    told(service, roadmap("yes", "2026-11-20T09:00:00Z"))

    row = only(service.get("/v1/clients/acme/goals"), "goals")
    assert (row["status"], row["then"], row["now"], row["arrives"]) == ("on_the_way", 2, 3, 7)
    assert [(step["dimension"], step["points"]) for step in row["path"]] == [("nps", 4)]


def test_the_client_sees_nothing_that_is_internal(service: Service) -> None:
    told(
        service,
        talk("2026-11-20", time="2026-11-20T15:00:00Z", internal="Kept inside."),
        action(internal=True),
        action(action_id="a-2", title="For both"),
        event("note.written", {"note_id": "n-1", "text": "Kept inside."}),
        event("note.written", {"note_id": "n-2", "text": "For both", "internal": False}),
    )
    bearer = token(**CLIENT)
    for path in ("talks", "actions", "notes", "calendar"):
        response = service.get(f"/v1/clients/acme/{path}", bearer=bearer)
        assert response.status == 200
        assert "inside" not in response.text
        assert "Draw up the roadmap" not in response.text
    assert service.get("/v1/clients/acme", bearer=bearer).json["discussion"]["open_actions"] == 1
    assert only(service.get("/v1/clients", bearer=bearer), "clients")["discussion"]["open_actions"] == 1
    assert discussion(service)["open_actions"] == 2


def test_who_said_it_is_who_signed_in_and_never_what_is_sent(service: Service) -> None:
    claimed = talk("2026-11-20", time="2026-11-20T15:00:00Z", author="Somebody else")
    assert service.post(claimed).status == 422
    del claimed["data"]["author"]
    service.post(claimed, bearer=token(name="Noor van Dalen"))
    service.settle()
    assert only(service.get("/v1/clients/acme/talks"), "talks")["author"] == "Noor van Dalen"


def test_the_calendar_says_what_time_alone_will_do(service: Service) -> None:
    answered = {"response_id": "r-1", "score": 9, "responded_at": "2026-01-14T09:00:00Z"}
    told(
        service,
        event("nps.responded", answered),
        roadmap("yes", "2026-01-20T09:00:00Z"),
        talk("2026-12-03", time="2026-11-24T09:00:00Z"),
        action(),
    )
    entries = service.get("/v1/clients/acme/calendar").json["entries"]
    assert [(entry["day"], entry["kind"], entry["points"]) for entry in entries] == [
        ("2026-12-03", "talk", 0),
        ("2026-12-15", "action", 0),
        ("2027-01-14", "window", -4),
        ("2027-01-21", "stale", 0),
    ]
    assert entries[2]["text"] == "1 response leaves, NPS 100 to nothing, 4 to 0 points"

    file = service.get("/v1/clients/acme/calendar", headers={"Accept": "text/calendar", "Accept-Language": "nl"})
    assert file.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "DTSTART;VALUE=DATE:20261203" in file.text
    assert "SUMMARY:acme: afgesproken: Draw up the roadmap" in file.text


def test_a_supposition_is_told_and_not_stored(service: Service) -> None:
    told(service, roadmap("no", "2026-11-20T09:00:00Z"))
    supposed = service.get("/v1/clients/acme/score?suppose=roadmap:co_creating,happy:+6,promoters:%2B1").json
    assert (supposed["total"], [dimension["points"] for dimension in supposed["dimensions"]]) == (
        11,
        [3, None, 4, None, 4],
    )
    assert service.get("/v1/clients/acme/score").json["total"] == 2
    for wrong in ("roadmap", "roadmap:maybe", "happy:x", "nps:9", "colour:red", "", "happy:1,happy:2"):
        refused = service.get(f"/v1/clients/acme/score?suppose={wrong}")
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/query/suppose"), wrong


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (talk("2026-13-01"), "/data/on"),
        (talk("2026-11-20T09:00:00Z"), "/data/on"),
        (action(due="2026-11-01", agreed_on="2026-11-02"), "/data/due"),
        (action(side="both"), "/data/side"),
        (action(expects={"dimension": "nps", "points": 5}), "/data/expects/points"),
        (action(expects={"dimension": "colour", "points": 1}), "/data/expects/dimension"),
        (event("goal.set", {"goal_id": "g", "points": 21, "by": "2027-01-01"}), "/data/points"),
        (event("goal.set", {"goal_id": "g", "points": 5, "dimension": "nps", "by": "2027-01-01"}), "/data/points"),
        (event("note.written", {"note_id": "n", "text": ""}), "/data/text"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_fault_is_told_with_its_place(service: Service, sent: dict[str, Any], pointer: str) -> None:
    refused = service.post(sent)
    assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer), refused.text


def _status(service: Service) -> tuple[str, str | None]:
    row = only(service.get("/v1/clients/acme/actions"), "actions")
    return row["status"], row["settled_on"]
