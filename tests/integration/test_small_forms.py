"""Planning, agreeing, aiming, writing down and owning, each on a page of its own below the client's."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.http.tokens import ROLES
from tests.support.calls import look, stored
from tests.support.forms import ADMIN, EDITOR, drawn, followed, form_of, said, send
from tests.support.readings import counted
from tests.support.service import Service, event

pytestmark = pytest.mark.usefixtures("plainly")

PAGE = "/clients/acme"
FORMS = ("agree", "plan", "goal", "note", "owner")
AGREED = {
    "title": "A roadmap session",
    "side": "client",
    "who": "Kim",
    "due": "2026-12-20",
    "dimension": "roadmap",
    "points": "4",
}
FILLED: dict[str, dict[str, str]] = {
    "agree": AGREED,
    "plan": {"on": "2026-12-03", "with": "Kim, Jeroen Kok"},
    "goal": {"of": "total", "points": "16", "by": "2027-06-30"},
    "note": {"text": "They hire.\nTwo people.", "dimension": "happy_consultants"},
    "owner": {"owner": "Noor van Dalen"},
}
SAVED = {
    "agree": "Saved: agreed.",
    "plan": "Saved: the talk is planned for Thursday 3 December.",
    "goal": "Saved: the goal is set.",
    "note": "Saved: the note was written.",
    "owner": "Saved: Noor van Dalen answers for this client.",
}
OF = {"agree": "actions", "plan": "talks", "goal": "goals", "note": "notes"}


@pytest.fixture
def acme(service: Service) -> Service:
    service.post([counted(6), event("client.described", {"name": "Acme B.V."})])
    service.settle()
    return service


def filled(service: Service, name: str, query: str = "", **changed: str) -> dict[str, str]:
    return drawn(service, f"{PAGE}/{name}{query}", f"{PAGE}/{name}", **ADMIN) | FILLED[name] | changed


def saved(service: Service, name: str, fields: dict[str, str], **claims: Any) -> str:
    service.clock.now += timedelta(seconds=1)
    response = send(service, f"{PAGE}/{name}", fields, **{**ADMIN, **claims})
    service.settle()
    return said(followed(service, response, **ADMIN))


def listed(service: Service, name: str) -> list[dict[str, Any]]:
    return list(service.get(f"/v1/clients/acme/{OF[name]}").json[OF[name]])


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_saved_once_however_often_it_is_sent(acme: Service, name: str) -> None:
    form = filled(acme, name)
    told = saved(acme, name, form)
    before = stored("FactsTable")
    again = saved(acme, name, form)

    assert (told.startswith(SAVED[name]), again) == (True, told)
    assert stored("FactsTable") == before
    if name in OF:
        [one] = listed(acme, name)
        assert one["author"] == "Bo Baas"
    else:
        assert acme.get("/v1/clients/acme").json["owner"] == "Noor van Dalen"


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize(
    "claims", [{"origin": "https://evil.example"}, {"scopes": ROLES["viewer"]}, {"clients": ["beta"]}], ids=str
)
def test_who_may_not_write_stores_nothing_and_sees_no_form(acme: Service, name: str, claims: dict[str, Any]) -> None:
    form, before = filled(acme, name), stored("FactsTable")

    assert send(acme, f"{PAGE}/{name}", form, **{**ADMIN, **claims}).status == 403
    assert stored("FactsTable") == before
    if "origin" not in claims:
        assert look(acme, f"{PAGE}/{name}", **{**ADMIN, **claims}).status == 403


def test_an_editor_may_all_but_say_who_answers_for_a_client(acme: Service) -> None:
    body = look(acme, PAGE, **EDITOR).text

    assert [f'"{PAGE}/{name}"' in body for name in FORMS] == [True, True, True, True, False]
    assert look(acme, f"{PAGE}/owner", **EDITOR).status == 403
    assert f'"{PAGE}/owner"' in look(acme, PAGE, **ADMIN).text


@pytest.mark.parametrize(
    ("name", "wrong", "told"),
    [
        ("agree", {"title": ""}, "Fill this in."),
        ("agree", {"title": "x" * 201}, "At most 200 characters."),
        ("agree", {"title": "a\u202eb"}, "Only signs that can be seen, on one line."),
        ("agree", {"side": "both"}, "Choose one."),
        ("agree", {"due": "2026-11-23"}, "This day is over."),
        ("agree", {"points": "5"}, "Fill in a whole number from 0 to 4."),
        ("agree", {"dimension": ""}, "Choose the question, too."),
        ("plan", {"on": "2026-11-24"}, "A talk is planned for a later day"),
        ("plan", {"with": ",".join("ABCDEFGHIJKLMNOPQRSTU")}, "At most 20 names."),
        ("goal", {"points": "21"}, "Fill in a whole number from 1 to 20."),
        ("goal", {"of": "roadmap"}, "Fill in a whole number from 1 to 4."),
        ("goal", {"by": "2026-11-24"}, "This day is over."),
        ("note", {"text": " "}, "Fill this in."),
        ("note", {"text": "x" * 4001}, "At most 4000 characters."),
        ("note", {"form": ""}, "This form was open for too long."),
        ("owner", {"owner": "x" * 101}, "At most 100 characters."),
    ],
)
def test_a_fault_comes_back_with_what_was_typed(acme: Service, name: str, wrong: dict[str, str], told: str) -> None:
    form, before = filled(acme, name, **wrong), stored("FactsTable")
    response = send(acme, f"{PAGE}/{name}", form, **ADMIN)

    assert (response.status, told in response.text, 'role="alert"' in response.text) == (422, True, True)
    assert stored("FactsTable") == before
    again = form_of(response.text, f"{PAGE}/{name}")
    kept = {field: value for field, value in form.items() if field not in {*wrong, "form", "side"}}
    assert {field: again[field] for field in kept} == kept


def test_an_agreement_is_changed_closed_and_opened_again(acme: Service) -> None:
    saved(acme, "agree", filled(acme, "agree"))
    id_ = next(fact["fact_id"] for fact in stored("FactsTable") if fact["fact_id"].startswith("action#"))
    query = f"?id={id_.replace('#', '%23')}"
    page = look(acme, f"{PAGE}/agree{query}", **EDITOR).text
    assert "Agreed on 24 November, told by Bo Baas." in page

    stale = filled(acme, "agree", query, act="save")
    change = stale | {"due": "2027-01-15"}
    assert saved(acme, "agree", change).startswith("Saved: the agreement was changed.")
    assert saved(acme, "agree", change).startswith("Saved: the agreement was changed.")
    assert listed(acme, "agree")[0]["due"] == "2027-01-15"

    refused = send(acme, f"{PAGE}/agree", {**stale, "due": "2027-02-01"}, **ADMIN)
    assert (refused.status, "Somebody else has changed this meanwhile." in refused.text) == (422, True)

    for act, told, status in (
        ("done", "is done", "done"),
        ("done", "is done", "done"),
        ("reopened", "is open again", "open"),
        ("dropped", "was dropped", "dropped"),
    ):
        assert told in saved(acme, "agree", {"id": id_, "act": act})
        [action] = listed(acme, "agree")
        assert (action["status"], action["title"], action["agreed_on"]) == (status, AGREED["title"], "2026-11-24")


def test_what_came_from_another_source_is_closed_under_that_source(acme: Service) -> None:
    data = {"action_id": "a-1", "title": "Call them", "side": "agency", "due": "2026-12-01", "internal": True}
    acme.post(event("action.agreed", data, source="crm"))
    acme.settle()
    saved(acme, "agree", {"id": "action#crm#a-1", "act": "done"})

    [action] = listed(acme, "agree")
    assert (action["status"], action["author"]) == ("done", "Bo Baas")
    assert [fact["fact_id"] for fact in stored("FactsTable") if fact["fact_id"].startswith("action")] == [
        "action#crm#a-1"
    ]


def test_a_talk_is_moved_and_cancelled_and_keeps_what_was_written(acme: Service) -> None:
    data = {"talk_id": "t-1", "on": "2026-12-03", "with": ["Kim"], "internal": "Ask after the merger."}
    acme.post(event("talk.recorded", data, source="crm"))
    acme.settle()
    id_, query = "talk#crm#t-1", "?id=talk%23crm%23t-1"
    page = look(acme, f"{PAGE}/plan{query}", **EDITOR).text
    assert (f'href="{PAGE}/talk?talk=t-1"' in page, 'value="Kim"' in page) == (True, True)

    form = filled(acme, "plan", query, on="2026-12-10")
    assert "Thursday 10 December" in saved(acme, "plan", form)
    [talk] = listed(acme, "plan")
    assert (talk["on"], talk["status"], talk["internal"]) == ("2026-12-10", "planned", "Ask after the merger.")

    for _ in range(2):
        assert saved(acme, "plan", {"id": id_, "act": "cancel"}).startswith("Saved: the talk was cancelled.")
    [talk] = listed(acme, "plan")
    assert (talk["on"], talk["status"], talk["internal"]) == ("2026-12-10", "cancelled", "Ask after the merger.")
    assert "there is nothing left to plan" in look(acme, f"{PAGE}/plan{query}", **EDITOR).text


def test_a_talk_that_was_held_is_not_planned_anew(acme: Service) -> None:
    acme.post(event("talk.recorded", {"talk_id": "t-1", "on": "2026-11-20"}, source="crm"))
    acme.settle()

    for act in ("", "cancel"):
        form = filled(acme, "plan") | {"id": "talk#crm#t-1", "act": act}
        assert send(acme, f"{PAGE}/plan", form, **EDITOR).status == 422


def test_a_goal_is_withdrawn(acme: Service) -> None:
    saved(acme, "goal", filled(acme, "goal"))
    body = look(acme, f"{PAGE}/goal", **EDITOR).text
    id_ = body.rpartition('name="id" value="')[2].partition('"')[0]

    assert "The total: 16 points by 30 June 2027" in body
    assert saved(acme, "goal", {"id": id_, "act": "withdraw"}).startswith("Saved: the goal was withdrawn.")
    assert saved(acme, "goal", {"id": id_, "act": "withdraw"}).startswith("Saved: the goal was withdrawn.")
    assert listed(acme, "goal") == []


def test_a_note_stays_inside_unless_it_is_shared_and_is_withdrawn(acme: Service) -> None:
    saved(acme, "note", filled(acme, "note"))
    saved(acme, "note", filled(acme, "note", shared="1", text="We look ahead."))
    shown = {note["text"]: note["internal"] for note in listed(acme, "note")}
    assert shown == {"They hire.\nTwo people.": True, "We look ahead.": False}

    body = look(acme, f"{PAGE}/note", **EDITOR).text
    assert "They hire.\nTwo people." in body
    id_ = body.partition('name="id" value="')[2].partition('"')[0]
    assert saved(acme, "note", {"id": id_, "act": "withdraw"}).startswith("Saved: the note was withdrawn.")
    assert [note["text"] for note in listed(acme, "note")] == ["They hire.\nTwo people."]


@pytest.mark.parametrize("name", ["agree", "plan", "goal", "note"])
def test_what_is_not_there_is_not_found(acme: Service, name: str) -> None:
    for id_ in ("action#people#none", "talk#people#none", "description#tests", "#", "x" * 3000):
        acts = {"agree": "done", "plan": "cancel"}
        response = send(acme, f"{PAGE}/{name}", {"id": id_, "act": acts.get(name, "withdraw")}, **EDITOR)
        assert response.status == 404


def test_a_next_step_becomes_an_agreement(acme: Service) -> None:
    body = look(acme, PAGE, **EDITOR).text
    [link] = [part.partition('"')[0] for part in body.split('href="') if part.startswith(f"{PAGE}/agree?title=5")]
    form = drawn(acme, link.replace("&amp;", "&"), f"{PAGE}/agree")

    assert form["title"] == "5 more happy consultants"
    assert (form["dimension"], form["points"], form["side"]) == ("happy_consultants", "4", "agency")


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    name=st.sampled_from(FORMS),
    changed=st.dictionaries(
        st.sampled_from(
            [*{field for fields in FILLED.values() for field in fields}, "id", "act", "seen", "form", "side"]
        ),
        st.one_of(st.text(max_size=20), st.sampled_from(["9999-12-31", "0001-01-01", "withdraw", "cancel", "done"])),
    ),
)
def test_whatever_is_sent_is_saved_or_comes_back(acme: Service, name: str, changed: dict[str, str]) -> None:
    form = filled(acme, name, **changed)

    assert send(acme, f"{PAGE}/{name}", form, **ADMIN).status in (303, 404, 422)
