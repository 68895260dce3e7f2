"""What is peculiar to each tool."""

from typing import Any

import pytest

from shared.webhooks.payloads import read_payload
from tests.support.webhooks import values
from tests.unit.webhooks.adapting import adapted, data, ignored, reason

BIG = 1234567890123456789
"""More digits than a float holds."""


def delighted(**changes: Any) -> Any:
    payload = values("delighted")
    payload["event_data"] |= changes
    return payload


def wootric(event_name: Any = "updated", **changes: Any) -> Any:
    payload = values("wootric") | {"event_name": event_name}
    payload["response"] |= changes
    return payload


def test_delighted_tells_of_people_who_unsubscribe() -> None:
    person = {"person": {"id": "1", "email": "a@example.com"}}

    assert adapted("delighted", {"event_type": "unsubscribe.created", "event_id": "u1", "event_data": person}) == []


def test_another_kind_of_survey_in_delighted_is_no_nps() -> None:
    assert "`survey_type`" in ignored("delighted", delighted(survey_type="csat", score=5))


def test_delighted_may_leave_out_what_it_knows_nothing_of() -> None:
    payload = delighted(comment=None, person=None, person_properties=None)
    for name in ("survey_type", "additional_answers", "updated_at"):
        del payload["event_data"][name]

    assert data("delighted", payload) == [
        {
            "response_id": "9001",
            "score": 9,
            "responded_at": "2026-11-03T09:00:00Z",
            "respondent": None,
            "comment": None,
        }
    ]


def test_a_long_comment_is_cut_rather_than_losing_the_score() -> None:
    [sent] = data("delighted", delighted(comment="é" * 5000))

    assert sent["comment"] == "é" * 4000


def test_an_unfinished_submission_in_typeform_is_nothing_yet() -> None:
    assert "not finished" in ignored("typeform", values("typeform") | {"event_type": "form_response_partial"})


def test_an_unknown_event_of_typeform_is_parked() -> None:
    assert reason("typeform", values("typeform") | {"event_type": "form_deleted"}) == "unknown_shape"


def test_the_result_of_a_quiz_in_typeform_is_no_rating() -> None:
    payload = values("typeform")
    payload["form_response"]["answers"] = payload["form_response"]["answers"][1:]

    assert [sent["answers"] for sent in data("typeform", payload)] == [
        {"specialisms": ["Development", "Design", "Data"], "roadmap": "co_creating"}
    ]


def test_a_question_in_typeform_is_found_by_id_too_and_in_any_place() -> None:
    payload = values("typeform")
    payload["form_response"]["answers"].reverse()

    assert [sent["score"] for sent in data("typeform", payload, answers={"nps": {"question": "Qs1"}})] == [9]


def test_an_answer_of_ones_own_in_typeform_counts_as_a_specialism() -> None:
    payload = values("typeform")
    payload["form_response"]["answers"][2]["choices"] = {"labels": ["Design"], "other": "Hosting"}

    assert data("typeform", payload)[1]["answers"]["specialisms"] == ["Design", "Hosting"]


@pytest.mark.parametrize("event", ["responseCreated", "responseUpdated", "responseFinished"])
def test_every_event_of_formbricks_tells_what_was_answered_so_far(event: str) -> None:
    payload = values("formbricks") | {"event": event}
    payload["data"]["data"] = {"q-inspiration": "Once"}

    assert [sent["answers"] for sent in data("formbricks", payload)] == [{"inspiration": "incidentally"}]


def test_formbricks_may_not_know_who_answers() -> None:
    payload = values("formbricks")
    payload["data"] |= {"contact": None, "contactAttributes": None}

    assert data("formbricks", payload)[0]["respondent"] is None


def test_an_unknown_event_of_formbricks_is_parked() -> None:
    assert reason("formbricks", values("formbricks") | {"event": "responseDeleted"}) == "unknown_shape"


def test_who_declines_in_wootric_gives_no_rating() -> None:
    payload = values("wootric")
    del payload["response"]

    assert adapted("wootric", payload | {"event_name": "created", "decline": {"id": 3}}) == []


@pytest.mark.parametrize("excluded", [True, "true", "1"])
def test_a_response_that_wootric_leaves_out_is_excluded(excluded: Any) -> None:
    assert data("wootric", wootric(excluded_from_calculations=excluded))[0]["excluded"] is True


@pytest.mark.parametrize("excluded", [False, "false", "0", "", None])
def test_a_response_that_wootric_counts_is_not_excluded(excluded: Any) -> None:
    assert data("wootric", wootric(excluded_from_calculations=excluded))[0]["excluded"] is False


def test_a_flag_that_is_neither_is_parked() -> None:
    assert reason("wootric", wootric(excluded_from_calculations="perhaps")) == "unknown_shape"


def test_a_response_deleted_in_wootric_is_retracted_after_its_last_version() -> None:
    [event] = adapted("wootric", wootric("deleted", updated_at="2026-11-12T10:00:00-07:00"))

    assert (event.type, event.time, event.data) == (
        "nps.retracted",
        "2026-11-12T10:00:00-07:00",
        {"response_id": "482913"},
    )


def test_a_deletion_takes_the_time_of_the_version_that_it_takes_away() -> None:
    payload = wootric("deleted") | {"timestamp": "2020-01-01T00:00:00Z"}

    assert adapted("wootric", payload)[0].time == payload["response"]["updated_at"]
    payload["response"]["updated_at"] = None
    assert adapted("wootric", payload)[0].time == "2020-01-01T00:00:00Z"


def test_a_deletion_without_any_time_is_parked() -> None:
    payload = wootric("deleted", updated_at=None)
    del payload["timestamp"]

    assert reason("wootric", payload) == "unknown_shape"


def test_an_unknown_event_of_wootric_with_a_rating_is_parked() -> None:
    assert reason("wootric", wootric("merged")) == "unknown_shape"


def test_wootric_url_encoded_says_the_same_as_json() -> None:
    body = (
        b"response%5Bid%5D=482913&response[email]=noor%40example.com&response[score]=7"
        b"&response[text]=Goed+werk%2C+maar+de+planning+schoof+twee+keer."
        b"&response[created_at]=2026-11-10T01%3A12%3A30-07%3A00&response[updated_at]=2026-11-10T01%3A13%3A05-07%3A00"
        b"&response[excluded_from_calculations]=false&response[end_user_properties][client]=Snorrewind"
        b"&event_name=created&survey_mode=NPS"
    )

    assert adapted("wootric", read_payload(body, "application/x-www-form-urlencoded")) == adapted(
        "wootric", values("wootric")
    )


@pytest.mark.parametrize("provider", ["delighted", "wootric", "custom"])
def test_ids_of_19_digits_stay_as_they_are(provider: str) -> None:
    payload = {"delighted": delighted(id=BIG), "wootric": wootric(id=BIG), "custom": values("custom") | {"id": BIG}}

    assert data(provider, payload[provider])[0]["response_id"] == "1234567890123456789"


@pytest.mark.parametrize("count", [None, "", "2.5", "-1", True, "9" * 30])
def test_asknicely_counts_its_versions(count: Any) -> None:
    assert reason("asknicely", values("asknicely") | {"count": count}) == "unknown_shape"


def test_choices_in_tally_are_known_by_label_too() -> None:
    answers = {"roadmap": {"question": "question_r0ad", "choices": {"Yes": "co_creating"}}}

    assert data("tally", values("tally"), answers=answers)[0]["answers"] == {"roadmap": "co_creating"}


def test_survicate_sends_answers_one_by_one_and_none_replaces_another() -> None:
    payload = values("survicate")
    answered = payload["event"]["questionAnswered"]
    answered |= {"question": {"id": 501123}, "choice": {"id": 1, "body": "Yes"}}

    assert data("survicate", payload) == [
        {
            "survey_id": f"{answered['responseUuid']}/roadmap",
            "answered_at": answered["timestamp"],
            "answers": {"roadmap": "yes"},
        }
    ]


def test_a_question_of_survicate_that_is_not_ours_is_nothing() -> None:
    payload = values("survicate")
    payload["event"]["questionAnswered"]["question"]["id"] = 1

    assert adapted("survicate", payload) == []


def test_other_events_of_survicate_are_parked() -> None:
    assert reason("survicate", {"messageId": "m", "event": {"surveyClosed": {}}}) == "unknown_shape"


def test_events_that_only_say_that_something_changed_are_parked() -> None:
    assert reason("surveymonkey", values("surveymonkey")) == "thin"
