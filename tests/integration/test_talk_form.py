"""The form of a talk: kept by every button, saved as one, and nothing of it twice. NOW is 24 November 2026."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto import mock_aws

from shared.http.tokens import ROLES
from tests.support.browser_forms import Form, form_on, opened, send
from tests.support.calls import HandlerClients, in_memory_with_clients, look, stored
from tests.support.metering import metered
from tests.support.service import Answer, Service, event

pytestmark = pytest.mark.usefixtures("plainly")

PAGE = "/clients/acme/talk"
NOOR: dict[str, Any] = {"name": "Noor van Dalen", "scopes": ROLES["editor"]}
ADA: dict[str, Any] = {"name": "Ada Smit", "scopes": ROLES["editor"]}
SURVEY = {"specialisms": ["Data", "Design"], "roadmap": "yes", "inspiration": "no"}


@pytest.fixture
def wired() -> Iterator[tuple[Service, HandlerClients]]:
    with mock_aws():
        service, clients = in_memory_with_clients()
        for sent in (
            event("client.described", {"name": "Acme", "owner": "Noor van Dalen"}),
            event("consultants.counted", {"working": 6, "happy": 4, "as_of": "2026-11-02"}),
            event("survey.answered", {"answered_at": "2026-05-18T10:00:00Z", "answers": SURVEY}, id="s-1"),
        ):
            assert service.post(sent).status == 202
        service.settle()
        yield service, clients


@pytest.fixture
def service(wired: tuple[Service, HandlerClients]) -> Service:
    return wired[0]


def planned(service: Service, talk_id: str = "t-1", on: str = "2026-12-03", **attributes: Any) -> None:
    data = {"talk_id": talk_id, "on": on, "with": ["Marit de Wit"]}
    assert service.post(event("talk.recorded", data, **attributes)).status == 202
    service.settle()


def start(service: Service, path: str = PAGE, **claims: Any) -> Form:
    return opened(service, path, "talk", **(claims or NOOR))


def save(service: Service, form: Form, path: str = PAGE, **claims: Any) -> Answer:
    answer = send(service, path, form, claims=claims or NOOR, save="1")
    service.settle()
    return answer


def keep(service: Service, form: Form, button: str = "later", path: str = PAGE, **claims: Any) -> Answer:
    return send(service, path, form, claims=claims or NOOR, keep=button)


def agreed(form: Form, row: int = 1, **fields: str) -> None:
    said = {"title": "Draw up the roadmap", "due": "2026-12-15", **fields}
    form.fields |= {f"a{row}.{name}": value for name, value in said.items()}


def listed(service: Service, what: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = service.get(f"/v1/clients/acme/{what}").json[what]
    return rows


def facts() -> list[dict[str, Any]]:
    return stored("FactsTable")


def drafts() -> list[dict[str, Any]]:
    return stored("DraftsTable")


def held_talk(service: Service) -> Form:
    """A talk of today with all that belongs to it."""
    form = start(service)
    form.tick("who.is.", "Noor van Dalen")
    form.fields |= {"who.else": "Marit de Wit, Jeroen Kok", "q.roadmap": "co_creating", "next": "2027-03-04"}
    form.fields |= {"q.happy_consultants": "told", "q.happy_consultants.happy": "5"}
    form.fields |= {"summary": "We look ahead.\r\nTogether.", "internal": "Bring the offer."}
    agreed(form, who="Daan Hofstra", moves="roadmap:4")
    return form


def test_nothing_is_answered_before_somebody_does(service: Service) -> None:
    form = start(service)

    assert {form.fields[name] for name in ("q.happy_consultants", "q.specialisms", "q.roadmap", "q.inspiration")} == {
        ""
    }
    assert "q.nps" not in form.fields
    save(service, form)
    assert [fact["kind"] for fact in facts() if fact["source"] == "people"] == ["talk"]


def test_a_talk_is_saved_with_its_answers_agreements_and_next_date(service: Service) -> None:
    answer = save(service, held_talk(service))

    assert (answer.status, answer.headers["Location"]) == (303, "/clients/acme?saved=talk.9.11")
    following, talk = listed(service, "talks")
    assert {key: talk[key] for key in ("on", "status", "with", "summary", "internal", "author")} == {
        "on": "2026-11-24",
        "status": "held",
        "with": ["Noor van Dalen", "Marit de Wit", "Jeroen Kok"],
        "summary": "We look ahead.\nTogether.",
        "internal": "Bring the offer.",
        "author": "Noor van Dalen",
    }
    assert (following["on"], following["status"], following["author"]) == ("2027-03-04", "planned", "Noor van Dalen")
    [action] = listed(service, "actions")
    assert {key: action[key] for key in ("title", "side", "who", "agreed_on", "due", "talk_id", "expects")} == {
        "title": "Draw up the roadmap",
        "side": "agency",
        "who": "Daan Hofstra",
        "agreed_on": "2026-11-24",
        "due": "2026-12-15",
        "talk_id": talk["talk_id"],
        "expects": {"dimension": "roadmap", "points": 4},
    }
    card = service.get("/v1/clients/acme").json
    assert card["total"] == 11
    told = {dimension["key"]: dimension["observed_at"][:10] for dimension in card["dimensions"] if dimension["source"]}
    assert told == {
        "happy_consultants": "2026-11-24",
        "specialisms": "2026-05-18",
        "roadmap": "2026-11-24",
        "inspiration": "2026-05-18",
    }
    assert "9 to 11" in look(service, "/clients/acme?saved=talk.9.11").text
    assert drafts() == []


def test_the_same_form_pressed_twice_leaves_nothing_twice(service: Service) -> None:
    form = held_talk(service)
    save(service, form)
    before = facts()
    service.clock.now += timedelta(seconds=1)

    answer = save(service, form)

    assert (answer.status, answer.headers["Location"]) == (303, "/clients/acme?saved=talk")
    assert facts() == before
    assert "The talk is saved." in look(service, "/clients/acme?saved=talk").text


def test_a_form_that_says_more_than_was_saved_is_told_so_and_saved_by_the_next_click(service: Service) -> None:
    form = held_talk(service)
    save(service, form)
    service.clock.now += timedelta(minutes=1)
    agreed(form, 2, title="One more")

    answer = save(service, form, **ADA)

    assert (answer.status, "Noor van Dalen has saved this talk meanwhile" in answer.text) == (409, True)
    assert len(listed(service, "actions")) == 1
    service.clock.now += timedelta(minutes=1)
    assert save(service, form_on(answer, "talk"), **ADA).status == 303
    assert {action["title"] for action in listed(service, "actions")} == {"Draw up the roadmap", "One more"}
    assert len(listed(service, "talks")) == 2


def test_a_planned_talk_is_held_under_the_source_that_planned_it(service: Service) -> None:
    planned(service, source="crm")
    form = start(service)
    assert (form.fields["talk_id"], form.fields["held"]) == ("t-1", "2026-11-24")
    assert "Marit de Wit" in form.fields.values()

    save(service, form)

    [talk] = listed(service, "talks")
    assert (talk["talk_id"], talk["status"], talk["with"], talk["author"]) == (
        "t-1",
        "held",
        ["Marit de Wit"],
        "Noor van Dalen",
    )
    assert [fact["source"] for fact in facts() if fact["kind"] == "talk"] == ["crm"]


def test_another_talk_than_the_planned_one_is_held_beside_it(service: Service) -> None:
    planned(service)
    form = start(service, f"{PAGE}?talk=new")
    assert form.fields["next"] == "2026-12-03"
    form.fields["next"] = "2026-12-10"

    save(service, form, f"{PAGE}?talk=new")

    assert {talk["on"]: (talk["status"], talk["with"]) for talk in listed(service, "talks")} == {
        "2026-12-10": ("planned", ["Marit de Wit"]),
        "2026-11-24": ("held", []),
    }


def test_a_held_talk_is_corrected_by_the_same_form(service: Service) -> None:
    save(service, held_talk(service))
    [talk] = [talk for talk in listed(service, "talks") if talk["status"] == "held"]
    path = f"{PAGE}?talk={talk['talk_id']}"
    service.clock.now += timedelta(days=1)
    form = start(service, path, **ADA)
    assert (form.fields["held"], form.fields["q.roadmap"]) == ("2026-11-24", "co_creating")
    form.fields |= {"summary": "Better said.", "held": "2026-11-23"}

    assert save(service, form, path, **ADA).status == 303

    [again] = [talk for talk in listed(service, "talks") if talk["status"] == "held"]
    assert (again["talk_id"], again["on"], again["summary"], again["author"]) == (
        talk["talk_id"],
        "2026-11-23",
        "Better said.",
        "Ada Smit",
    )
    assert len(listed(service, "talks")) == 2
    assert service.get("/v1/clients/acme").json["total"] == 11


def test_of_a_held_talk_not_every_answer_can_be_taken_back(service: Service) -> None:
    save(service, held_talk(service))
    service.clock.now += timedelta(days=1)
    [talk] = [talk for talk in listed(service, "talks") if talk["status"] == "held"]
    path = f"{PAGE}?talk={talk['talk_id']}"
    form = start(service, path)
    form.fields["q.roadmap"] = ""

    answer = save(service, form, path)

    assert (answer.status, "can be corrected" in answer.text) == (422, True)


def test_a_fault_comes_back_with_all_that_was_typed_and_nothing_is_stored(service: Service) -> None:
    form = held_talk(service)
    before = facts()
    agreed(form, 2, title="Two <sessions>", due="2026-11-02", who="Jeroen")

    answer = save(service, form)

    assert answer.status == 422
    assert facts() == before
    assert '<a href="#a2-due">agreement 2, by when.</a>' in answer.text
    assert "By when lies before the talk of 24 November." in answer.text
    assert 'aria-invalid="true" aria-describedby="a2-due-fault"' in answer.text
    again = form_on(answer, "talk").fields
    kept = {name: value.replace("\r\n", "\n") for name, value in form.fields.items() if name != "version"}
    assert {name: again.get(name) for name in kept} == kept
    assert start(service).fields["a2.title"] == "Two <sessions>"  # kept, though it was not saved
    again["a2.due"] = "2026-12-20"
    assert save(service, Form(again)).status == 303


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"held": ""}, "Fill in a day."),
        ({"held": "yesterday"}, "This is no day"),
        ({"held": "2026-11-25"}, "A talk of a later day is planned, not held."),
        ({"held": "0001-01-01"}, "This is no day"),
        ({"who.else": ",".join(f"P{number}" for number in range(21))}, "At most 20 people are kept."),
        ({"who.else": "\u202eevil"}, "At most 100 letters"),
        ({"q.roadmap": "maybe"}, "Choose one of these."),
        ({"q.happy_consultants.happy": "5"}, "not discussed"),
        ({"q.happy_consultants": "told", "q.happy_consultants.working": "six"}, "Fill in a whole number"),
        ({"q.happy_consultants": "told", "q.happy_consultants.happy": "7"}, "More are happy than work there."),
        ({"q.specialisms.other": "Strategy"}, "not discussed"),
        ({"q.specialisms": "told", "q.specialisms.other": "x" * 201}, "At most 200 letters"),
        ({"a1.due": "2026-12-15"}, "Say what will be done."),
        ({"a1.title": "x" * 201, "a1.due": "2026-12-15"}, "At most 200 letters"),
        ({"a1.title": "Go on"}, "Fill in a day."),
        ({"a1.title": "Go on", "a1.due": "2026-12-15", "a1.moves": "roadmap:9"}, "Choose one of these."),
        ({"a1.title": "Go on", "a1.due": "2026-12-15", "a1.side": "both"}, "Choose one of these."),
        ({"next": "2026-11-24"}, "The next talk lies after this one and after today."),
        ({"summary": "x" * 4001}, "At most 4000 letters are kept."),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_beside_its_field(service: Service, fields: dict[str, str], told: str) -> None:
    form = start(service)
    form.fields |= fields
    before = facts()

    answer = save(service, form)

    assert (answer.status, told in answer.text) == (422, True)
    assert facts() == before


def test_names_are_counted_and_a_number_is_taken_where_there_are_none(service: Service) -> None:
    form = start(service)
    form.fields |= {"q.specialisms": "told", "q.specialisms.other": "Strategy, data"}
    assert save(service, form).headers["Location"] == "/clients/acme?saved=talk.9.10"
    assert service.get("/v1/clients/acme").json["dimensions"][1]["value"] == 3
    assert "strategy" in start(service, f"{PAGE}?talk=new").fields.values()


def test_every_button_keeps_what_was_filled_in(service: Service) -> None:
    form = start(service)
    form.fields |= {"held": "soon", "summary": "Half a", "a1.title": "Go on"}

    for button, place in (
        ("later", f"{PAGE}#kept"),
        ("row", f"{PAGE}#a4-title"),
        ("take.roadmap", f"{PAGE}#a2-who"),
        ("in.3", f"{PAGE}#next"),
        ("/model?lang=nl", "/model?lang=nl"),
        ("//evil.test", f"{PAGE}#kept"),
        ("/\\evil.test", f"{PAGE}#kept"),
    ):
        answer = keep(service, form, button)
        assert (answer.status, answer.headers["Location"]) == (303, place)
        page = look(service, PAGE, **NOOR)
        assert "Kept at 13:00" in page.text
        form = form_on(page, "talk")
        assert (form.fields["summary"], form.fields["a1.title"]) == ("Half a", "Go on")

    assert (form.fields["a2.title"], form.fields["a2.moves"]) == ("Roadmap: yes, we help draw it up", "roadmap:4")
    assert form.fields["next"] == "2027-02-24"
    assert [draft["client_id"] for draft in drafts()] == ["acme"]
    assert [fact for fact in facts() if fact["source"] == "people"] == []


def test_the_total_is_told_with_the_answers_as_they_were_last_kept(service: Service) -> None:
    form = start(service)
    form.fields["q.roadmap"] = "co_creating"
    keep(service, form)

    assert '<p class="sum"><strong>10</strong>' in look(service, PAGE, **NOOR).text


def test_no_link_of_the_page_leaves_it(service: Service) -> None:
    page = look(service, PAGE, **NOOR).text

    assert 'href="#content"' in page
    assert page.count("<a ") == 1
    assert "/sign-out" not in page


def test_a_draft_is_seen_by_its_editor_only_and_for_30_days(service: Service) -> None:
    form = start(service)
    form.fields["internal"] = "canary"
    keep(service, form)

    assert "canary" not in look(service, PAGE, **ADA).text
    assert "canary" in look(service, PAGE, **NOOR).text
    service.clock.now += timedelta(days=30)
    assert "canary" not in look(service, PAGE, **NOOR).text


def test_a_newer_draft_of_another_window_is_not_overwritten_in_silence(service: Service) -> None:
    here, there = start(service), start(service)
    there.fields["summary"] = "there"
    keep(service, there)
    here.fields["summary"] = "here"

    refused = keep(service, here)

    assert (refused.status, "another window kept a newer draft" in refused.text) == (409, True)
    assert form_on(refused, "talk").fields["summary"] == "here"
    assert start(service).fields["summary"] == "there"
    assert save(service, here).status == 409
    assert keep(service, form_on(refused, "talk")).status == 303
    assert start(service).fields["summary"] == "here"


def test_the_same_draft_kept_twice_is_no_conflict(service: Service) -> None:
    form = start(service)
    form.fields["summary"] = "once"

    assert [keep(service, form).status for _ in range(2)] == [303, 303]


def test_starting_over_throws_the_draft_away(service: Service) -> None:
    form = start(service)
    form.fields["summary"] = "once"
    keep(service, form)

    keep(service, start(service), "discard")

    assert (start(service).fields["summary"], drafts()) == ("", [])


@pytest.mark.parametrize(
    ("claims", "headers"),
    [
        ({"scopes": ROLES["viewer"]}, {}),
        ({"scopes": ROLES["client"], "clients": ["acme"]}, {}),
        ({"scopes": ROLES["editor"], "clients": ["beta"]}, {}),
        ({"scopes": ROLES["editor"]}, {"origin": "https://evil.test"}),
        ({"scopes": ROLES["editor"]}, {"sec-fetch-site": "cross-site"}),
    ],
    ids=["a viewer", "a client", "another client", "a foreign origin", "a foreign site"],
)
@pytest.mark.parametrize("button", ["save", "keep"])
def test_who_may_not_or_comes_from_elsewhere_keeps_and_saves_nothing(
    service: Service, claims: dict[str, Any], headers: dict[str, str], button: str
) -> None:
    form = held_talk(service)
    before = facts()

    answer = send(service, PAGE, form, headers, claims, **{button: "later"})

    assert answer.status == 403
    assert (facts(), drafts()) == (before, [])
    if not headers:
        assert look(service, PAGE, **claims).status == 403


def test_what_is_no_such_form_is_refused(service: Service) -> None:
    form = start(service)
    for fields in ({}, {**form.fields, "talk_id": ""}, {**form.fields, "about": "another"}):
        assert send(service, PAGE, Form(fields), claims=NOOR, save="1").status == 422
    assert look(service, f"{PAGE}?talk=nobody", **NOOR).status == 404
    assert look(service, "/clients/nobody/talk", **NOOR).status == 404


def test_only_this_page_lets_a_script_of_ours_run(service: Service) -> None:
    page = look(service, PAGE, **NOOR)

    assert "default-src 'none'; script-src 'self'; style-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.text.count("<script") == 1
    assert look(service, "/talk.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "script-src" not in look(service, "/clients/acme", **NOOR).headers["Content-Security-Policy"]


def test_a_form_costs_a_handful_of_reads_and_is_saved_by_one_transaction(
    wired: tuple[Service, HandlerClients],
) -> None:
    service, clients = wired
    planned(service)
    start(service)
    with metered(clients.pages) as shown:
        form = start(service)
    agreed(form)
    save(service, held_talk(service))  # what writes is made, and names are remembered
    service.clock.now += timedelta(seconds=1)
    form = start(service, f"{PAGE}?talk=new")
    with metered(clients.pages) as saved:
        assert save(service, form, f"{PAGE}?talk=new").status == 303

    assert shown.calls == {"GetItem": 2, "Query": 2, "BatchGetItem": 1}
    assert saved.calls == {"GetItem": 2, "Query": 2, "BatchGetItem": 1, "TransactWriteItems": 1, "DeleteItem": 1}
