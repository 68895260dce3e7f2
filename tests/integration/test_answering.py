"""Answering a question on the page of a client: one at a time, once, with who said it."""

from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.storage.facts import Facts, OvertakenError
from tests.support.calls import look, stored
from tests.support.forms import EDITOR, drawn, followed, said, send
from tests.support.readings import counted
from tests.support.service import NOW, Service, event, responses

pytestmark = pytest.mark.usefixtures("plainly")

PAGE = "/clients/acme"
SURVEY = event(
    "survey.answered",
    {
        "answered_at": "2026-03-12T10:00:00Z",
        "answers": {"specialisms": ["Data", "UX research"], "roadmap": "yes", "inspiration": "incidentally"},
    },
    id="s-1",
)
SAM: Mapping[str, Any] = {"name": "Sam de Vries"}


@pytest.fixture
def acme(service: Service) -> Service:
    """13 points: 6 happy (3), 2 specialisms (2), roadmap known (3), inspiration (3), and an NPS of 0 (2)."""
    service.post([counted(6), event("client.described", {"name": "Acme B.V."}), SURVEY, *responses([9, 3])])
    service.settle()
    return service


def fields(service: Service, question: str, **claims: Any) -> dict[str, str]:
    return drawn(service, PAGE, f"{PAGE}/answers/{question}", **claims)


def answer(service: Service, question: str, filled: Mapping[str, str], **claims: Any) -> Any:
    return send(service, f"{PAGE}/answers/{question}", filled, **claims)


def facts(service: Service, question: str) -> list[tuple[Any, ...]]:
    found = service.get(f"/v1/clients/acme/evidence?dimension={question}").json["facts"]
    return [(fact["answer"], fact["source"], fact["author"]) for fact in found]


def dimension(service: Service, question: str) -> dict[str, Any]:
    [found] = [one for one in service.get("/v1/clients/acme").json["dimensions"] if one["key"] == question]
    return dict(found)


def test_a_choice_is_answered_and_the_page_says_what_that_did(acme: Service) -> None:
    response = answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "co_creating"})
    at_once = followed(acme, response)
    acme.settle()

    assert said(at_once) == "Saved. 13 to 14: Roadmap. The page below follows within a few seconds."
    assert said(followed(acme, response)) == "Saved. 13 to 14: Roadmap."
    assert acme.get("/v1/clients/acme").json["total"] == 14
    assert facts(acme, "roadmap")[0] == ({"roadmap": "co_creating"}, "people", "Noor van Dalen")
    assert "Noor van Dalen, 24 November" in look(acme, PAGE, **EDITOR).text


def test_the_others_keep_their_dates(acme: Service) -> None:
    answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "co_creating"})
    acme.settle()

    assert dimension(acme, "inspiration")["observed_at"] == "2026-03-12T10:00:00Z"
    assert dimension(acme, "roadmap")["observed_at"].startswith("2026-11-24")


@pytest.mark.parametrize(
    ("question", "filled"),
    [
        ("roadmap", {"answer": "no"}),
        ("happy_consultants", {"working": "9", "happy": "7"}),
        ("specialisms", {"others": "Security"}),
    ],
)
def test_a_double_click_and_the_back_button_change_nothing(
    acme: Service, question: str, filled: dict[str, str]
) -> None:
    form = {**fields(acme, question), **filled, "note": "Kim said so."}
    first = answer(acme, question, form)
    acme.clock.now += timedelta(milliseconds=300)
    second = answer(acme, question, form)
    before = stored("FactsTable")
    acme.clock.now += timedelta(hours=1)
    acme.settle()
    third = answer(acme, question, form)

    assert {first.status, second.status, third.status} == {303}
    assert stored("FactsTable") == before
    assert len([fact for fact in facts(acme, question) if fact[1] == "people"]) == 1
    assert len(acme.get("/v1/clients/acme/notes").json["notes"]) == 1


@pytest.mark.parametrize(
    ("question", "first", "second"),
    [
        ("roadmap", {"answer": "no"}, {"answer": "co_creating"}),
        ("happy_consultants", {"working": "9", "happy": "7"}, {"working": "9", "happy": "8"}),
        ("specialisms", {"others": "Security"}, {"others": "Design, Security"}),
    ],
)
@pytest.mark.parametrize("on", ["2026-11-24", "2026-11-20"])
def test_of_two_people_within_a_second_the_later_counts_and_both_stand_with_their_names(
    acme: Service, question: str, first: dict[str, str], second: dict[str, str], on: str
) -> None:
    noor = fields(acme, question) | {"on": on}
    acme.clock.now += timedelta(milliseconds=200)
    sam = fields(acme, question) | {"on": on}
    acme.clock.now += timedelta(milliseconds=200)
    assert answer(acme, question, sam | first, **SAM).status == 303
    acme.clock.now += timedelta(milliseconds=200)
    assert answer(acme, question, noor | second).status == 303
    acme.settle()

    authors = [fact[2] for fact in facts(acme, question) if fact[1] == "people"]
    assert authors == ["Noor van Dalen", "Sam de Vries"]
    value = dimension(acme, question)["value"]
    assert value == {"roadmap": "co_creating", "happy_consultants": 8, "specialisms": 4}[question]


@pytest.mark.parametrize("question", ["roadmap", "happy_consultants"])
def test_a_form_that_is_sent_twice_at_once_is_saved_once_and_both_are_told_so(
    acme: Service, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second arrives while the first is being stored: its transaction conflicts, and then it finds the first."""
    form = fields(acme, question) | {"answer": "no", "working": "9", "happy": "7", "note": "Kim said so."}
    put_all, attempts, again = Facts.put_all, count(), []

    def overtaken(facts: Facts, new: Any) -> None:
        if next(attempts):
            put_all(facts, new)
        else:
            again.append(answer(acme, question, form).status)
            raise OvertakenError

    monkeypatch.setattr(Facts, "put_all", overtaken)
    assert [answer(acme, question, form).status, *again] == [303, 303]
    acme.settle()
    assert [fact[1] for fact in facts(acme, question)].count("people") == 1


def test_still_so_keeps_the_answer_and_gives_it_todays_date(acme: Service) -> None:
    for question in ("roadmap", "specialisms", "happy_consultants"):
        before = dimension(acme, question)
        response = answer(acme, question, {**fields(acme, question), "act": "still"})
        acme.settle()
        after = dimension(acme, question)

        assert "keeps" in said(followed(acme, response))
        assert (after["value"], after["basis"]) == (before["value"], before["basis"])
        assert after["observed_at"].startswith("2026-11-24")
    assert "ux research" in look(acme, PAGE, **EDITOR).text


def test_a_note_is_kept_with_the_answer_and_stays_inside(acme: Service) -> None:
    answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "no", "note": "Kim said so."})
    acme.settle()

    [note] = acme.get("/v1/clients/acme/notes").json["notes"]
    assert (note["text"], note["dimension"], note["internal"]) == ("Kim said so.", "roadmap", True)
    assert note["author"] == "Noor van Dalen"


def test_an_answer_of_an_earlier_day_does_not_overturn_a_later_one_and_says_so(acme: Service) -> None:
    response = answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "no", "on": "2026-01-05"})
    acme.settle()

    assert said(followed(acme, response)) == "Saved. A later answer to Roadmap counts; the total stays 13."
    assert dimension(acme, "roadmap")["value"] == "yes"


def test_two_answers_one_after_the_other_are_told_from_where_the_first_has_led(acme: Service) -> None:
    answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "co_creating"})
    response = answer(acme, "inspiration", {**fields(acme, "inspiration"), "answer": "regularly"})

    assert said(followed(acme, response)).startswith("Saved. 14 to 15: Inspiration")


@pytest.mark.parametrize(
    ("question", "filled", "told"),
    [
        ("roadmap", {"answer": "maybe"}, "Choose one."),
        ("roadmap", {"answer": "no", "on": "2026-11-25"}, "This day is yet to come."),
        ("roadmap", {"answer": "no", "on": "soon"}, "Fill in a day, such as 2026-12-03."),
        ("roadmap", {"answer": "no", "on": "0001-01-01"}, "Fill in a day, such as 2026-12-03."),
        ("roadmap", {"answer": "no", "note": "x" * 4001}, "At most 4000 characters."),
        ("roadmap", {"answer": "no", "form": "made-up"}, "This form was open for too long."),
        ("roadmap", {"answer": "no", "form": "20260101-000000-000000-" + "0" * 12}, "This form was open for too long."),
        ("happy_consultants", {"working": "3", "happy": "4"}, "More are happy than work there."),
        ("happy_consultants", {"working": "many"}, "Fill in a whole number from 0 to 10000."),
        ("happy_consultants", {"working": "٣", "happy": ""}, "Fill in a whole number from 0 to 10000."),
        ("specialisms", {"name-0": "", "name-1": "", "number": "101"}, "Fill in a whole number from 0 to 100."),
        ("specialisms", {"others": "A, B", "number": "1"}, "You have named 4."),
        ("specialisms", {"others": ",".join(map(str, range(101)))}, "At most 100 names."),
        ("nps", {"nps": "30"}, "People were asked in a survey"),
    ],
)
def test_a_fault_comes_back_with_what_was_typed_and_nothing_is_stored(
    acme: Service, question: str, filled: dict[str, str], told: str
) -> None:
    before = stored("FactsTable")
    form = {**(fields(acme, question) if question != "nps" else fields(acme, "roadmap")), "note": "<b>Kim</b>"} | filled
    response = answer(acme, question, form)

    assert response.status == 422
    assert told in response.text
    assert stored("FactsTable") == before
    if question != "nps":
        assert 'role="alert"' in response.text
        assert f'action="{PAGE}/answers/{question}"' in response.text
    if "note" not in filled and question != "nps":
        assert 'value="&lt;b&gt;Kim&lt;/b&gt;"' in response.text
    for typed in filled.values():
        assert not typed.isalpha() or typed in response.text or typed == "maybe"


def test_a_fault_is_told_in_the_readers_language(acme: Service) -> None:
    form = {**fields(acme, "roadmap"), "on": "2026-12-25"}
    response = send(acme, f"{PAGE}/answers/roadmap?lang=nl", form)

    assert "Deze dag moet nog komen." in response.text
    assert 'href="/clients/acme?answer=roadmap&amp;lang=en"' in response.text


def test_a_reported_nps_is_taken_only_while_nobody_was_asked(service: Service) -> None:
    service.post([counted(6)])
    service.settle()
    form = fields(service, "nps") | {"nps": "\N{MINUS SIGN}5", "responses": "12"}
    response = answer(service, "nps", form)
    service.settle()

    assert said(followed(service, response)) == "Saved. The first answer to NPS: 1 point. The total is 4."
    assert facts(service, "nps")[0] == ({"nps": -5, "responses": 12}, "people", "Noor van Dalen")
    service.post(responses([9]))
    service.settle()
    assert "from the survey" in look(service, PAGE, **EDITOR).text
    assert answer(service, "nps", form).status == 422


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"scopes": ["scores:read", "evidence:read"]}, 403),
        ({"clients": ["beta"]}, 403),
        ({"clients": ["acme"]}, 303),
    ],
)
def test_who_may_not_say_it_stores_nothing(acme: Service, claims: dict[str, Any], status: int) -> None:
    form = {**fields(acme, "roadmap"), "answer": "no"}
    before = stored("FactsTable")

    assert answer(acme, "roadmap", form, **claims).status == status
    assert (stored("FactsTable") == before) is (status != 303)


def test_a_question_that_is_not_asked_and_a_client_that_is_not_there_are_not_found(acme: Service) -> None:
    form = fields(acme, "roadmap")

    assert answer(acme, "mood", form).status == 404
    assert send(acme, "/clients/nobody/answers/roadmap", form).status == 404
    assert look(acme, f"{PAGE}?answer=mood", **EDITOR).status == 422


def test_only_those_who_may_answer_see_the_forms_and_not_on_a_day_that_is_over(acme: Service) -> None:
    viewer = look(acme, f"{PAGE}?answer=roadmap", scopes=["scores:read", "evidence:read"]).text
    past = look(acme, f"{PAGE}?as_of=2026-11-20", **EDITOR).text

    assert ("/answers/" in viewer, "/answers/" in past) == (False, False)
    assert '<details open class="answer">' in look(acme, f"{PAGE}?answer=roadmap", **EDITOR).text


def test_nobody_can_make_a_page_claim_that_something_was_saved(acme: Service) -> None:
    response = answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "no"})
    saved = response.headers["Location"].partition("?")[2]
    acme.post([counted(6, subject="beta")])
    acme.settle()

    assert said(look(acme, f"{PAGE}?saved=made-up", **EDITOR).text) == ""
    assert said(look(acme, f"/clients/beta?{saved}", **EDITOR).text) == ""


def test_the_author_is_told_to_those_who_read_evidence(acme: Service) -> None:
    answer(acme, "roadmap", {**fields(acme, "roadmap"), "answer": "no"})
    acme.settle()

    assert "Noor van Dalen" in look(acme, f"{PAGE}/evidence/roadmap").text
    assert "Noor van Dalen" not in look(acme, f"{PAGE}/evidence/roadmap", scopes=["scores:read"]).text
    assert NOW.isoformat()[:10] in acme.get("/v1/clients/acme/evidence?dimension=roadmap").text


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    filled=st.dictionaries(
        st.sampled_from(
            ["answer", "on", "note", "working", "happy", "others", "number", "nps", "name-0", "act", "form"]
        ),
        st.one_of(st.text(max_size=20), st.sampled_from(["still", "save", "no", "3", "0001-01-01", "9999-12-31"])),
    ),
    question=st.sampled_from(["roadmap", "happy_consultants", "specialisms", "nps", "\N{SNOWMAN}"]),
)
def test_whatever_is_sent_is_saved_or_comes_back(acme: Service, filled: dict[str, str], question: str) -> None:
    form = fields(acme, "roadmap") | filled

    assert answer(acme, question, form).status in (303, 404, 422)
