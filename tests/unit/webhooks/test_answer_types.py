"""What each tool sends for each sort of answer, and what we make of it: a table for each tool.

A row has the question as the tool calls it, what stands in the payload, and what becomes of it: the rating and answers
that count, `None` where there is nothing to take, `ignored` or `parked` with its reason.
"""

import re
from typing import Any

import pytest

from shared.webhooks.provider import NotOursError, UnmappableError
from shared.webhooks.sources import SourcesError
from tests.support.webhooks import NAMES, SOURCES, values
from tests.unit.webhooks.adapting import adapted, faults_when_stored, source_of

Row = tuple[str, Any, Any]

NOT_A_RATING = "parked: no_usable_score"
NO_ANSWER = "parked: not_valid"
UNKNOWN = "parked: unknown_shape"
IGNORED = "ignored"
COMMENTED = {"score": 7, "comment": "Mwah."}
SEVERAL = {"specialisms": ["UX", "b"]}

ROADMAP = {"question": "roadmap", "choices": {"Yes": "yes", "c-no": "no", "true": "yes", "false": "no"}}
ANSWERS = {
    "nps": {"question": "nps"},
    "comment": {"question": "why"},
    "roadmap": ROADMAP,
    "specialisms": {"question": "what"},
}


def made(provider: str, payload: Any, **changes: Any) -> Any:
    """What becomes of a payload."""
    try:
        events = adapted(provider, payload, **changes)
    except NotOursError:
        return IGNORED
    except UnmappableError as error:
        return f"parked: {error.reason}"
    outcome: dict[str, Any] = {}
    for event in events:
        kept = {name: event.data.get(name) for name in ("score", "comment", "excluded") if event.data.get(name)}
        if "score" in event.data:
            kept["score"] = event.data["score"]
        outcome |= kept | event.data.get("answers", {})
        if event.type == "nps.retracted":
            outcome["retracted"] = event.data["response_id"]
    return outcome or None


def table(rows: list[Row], *, named: bool = False) -> pytest.MarkDecorator:
    """One test for each row, under the name of the answer's type, which a test may take as `name`."""
    columns = ("name", "sent", "expected")
    taken = rows if named else [row[1:] for row in rows]
    return pytest.mark.parametrize(columns if named else columns[1:], taken, ids=[row[0] for row in rows])


@table(
    [
        ("NPS 9", {"survey_type": "nps", "score": 9, "comment": "Fijn."}, {"score": 9, "comment": "Fijn."}),
        ("NPS 0", {"survey_type": "nps", "score": 0, "comment": None}, {"score": 0}),
        ("no survey_type", {"survey_type": None, "score": 10, "comment": ""}, {"score": 10}),
        ("no score yet", {"survey_type": "nps", "score": None}, None),
        ("CSAT 1 to 5", {"survey_type": "csat", "score": 5}, IGNORED),
        ("CES 1 to 7", {"survey_type": "ces", "score": 6}, IGNORED),
        ("five stars", {"survey_type": "5-star", "score": 5}, IGNORED),
        ("thumbs", {"survey_type": "thumbs", "score": 1}, IGNORED),
        ("eNPS, of employees", {"survey_type": "enps", "score": 9}, IGNORED),
        ("NPS as text", {"survey_type": "nps", "score": "9"}, NOT_A_RATING),
        ("NPS 11", {"survey_type": "nps", "score": 11}, NOT_A_RATING),
    ]
)
def test_delighted(sent: dict[str, Any], expected: Any) -> None:
    payload = values("delighted")
    payload["event_data"] |= {"comment": None} | sent
    assert made("delighted", payload) == expected


@table(
    [
        ("NPS 7", ("NPS", {"score": 7}), {"score": 7}),
        ("NPS 0", ("NPS", {"score": 0}), {"score": 0}),
        ("NPS in a URL-encoded body", ("NPS", {"score": "10", "text": ""}), {"score": 10}),
        ("NPS, left out", ("NPS", {"score": 7, "excluded_from_calculations": True}), {"score": 7, "excluded": True}),
        ("NPS without a score", ("NPS", {"score": None}), None),
        ("CSAT 5 of 5", ("CSAT", {"score": 5}), IGNORED),
        ("CES 6 of 7", ("CES", {"score": 6}), IGNORED),
        ("a mode that is not known", ("PMF", {"score": 3}), NOT_A_RATING),
        ("no mode", (None, {"score": 9}), NOT_A_RATING),
    ]
)
def test_wootric(sent: tuple[str | None, dict[str, Any]], expected: Any) -> None:
    payload = values("wootric") | {"survey_mode": sent[0]}
    payload["response"] |= {"text": None} | sent[1]
    assert made("wootric", payload) == expected


def test_wootric_tells_a_mode_unless_the_source_does() -> None:
    payload = values("wootric")
    del payload["survey_mode"]

    assert made("wootric", payload) == NOT_A_RATING
    assert made("wootric", payload, scale="0-10")["score"] == 7
    assert made("wootric", payload | {"survey_mode": "CSAT"}, scale="0-10") == IGNORED


def test_wootric_takes_away_what_is_deleted_of_an_nps_only() -> None:
    deleted = values("wootric") | {"event_name": "deleted"}

    assert made("wootric", deleted) == {"retracted": "482913"}
    assert made("wootric", deleted | {"survey_mode": "CES"}) == IGNORED


@table(
    [
        ("a template that counts", {"survey_template": "nps", "score": "9"}, {"score": 9}),
        ("a rating of 0", {"survey_template": "nps", "score": "0"}, {"score": 0}),
        ("five stars", {"survey_template": "five stars", "score": "5"}, IGNORED),
        ("satisfaction", {"survey_template": "csat", "score": "3"}, IGNORED),
        ("no template", {"survey_template": None, "score": "9"}, UNKNOWN),
        ("not answered yet", {"survey_template": "nps", "score": None}, None),
        ("an empty score", {"survey_template": "nps", "score": ""}, NOT_A_RATING),
    ]
)
def test_asknicely(sent: dict[str, Any], expected: Any) -> None:
    payload = values("asknicely")
    payload["question"] |= {"comment": ""} | sent
    assert made("asknicely", payload) == expected


def test_asknicely_counts_every_survey_where_the_source_says_that_all_have_0_to_10() -> None:
    payload = values("asknicely")
    payload["question"] |= {"survey_template": "spring", "comment": ""}
    settings = {name: value for name, value in SOURCES[NAMES["asknicely"]].items() if name != "templates"}

    assert made("asknicely", payload) == IGNORED
    assert [
        event.data["score"]
        for source in (source_of(settings | {"scale": "0-10"}), source_of(settings))
        for event in source.provider.adapt(payload, source)
    ] == [9, 9]
    assert [fault.partition(":")[0] for fault in faults_when_stored(settings)] == ["source.scale"]


@table(
    [
        ("Net Promoter Score", ("nps", "nps", {"number": 9}), {"score": 9}),
        ("Net Promoter Score of 0", ("nps", "nps", {"number": 0}), {"score": 0}),
        ("Opinion Scale, of which nobody says the ends", ("nps", "opinion_scale", {"number": 5}), NOT_A_RATING),
        ("Rating in stars", ("nps", "rating", {"number": 5}), NOT_A_RATING),
        ("Number", ("what", "number", {"number": 3}), {"specialisms": 3}),
        ("Long Text", ("why", "long_text", {"text": "Because."}), None),
        ("Multiple Choice", ("roadmap", "multiple_choice", {"choice": {"label": "Yes"}}), {"roadmap": "yes"}),
        ("Multiple Choice by ref", ("roadmap", "multiple_choice", {"choice": {"ref": "c-no"}}), {"roadmap": "no"}),
        ("Multiple Choice, other", ("roadmap", "multiple_choice", {"choice": {"other": "Perhaps"}}), NO_ANSWER),
        ("Dropdown", ("roadmap", "dropdown", {"choice": {"label": "Yes"}}), {"roadmap": "yes"}),
        ("Dropdown, as text", ("roadmap", "dropdown", {"text": "Yes"}), {"roadmap": "yes"}),
        ("Yes/No", ("roadmap", "yes_no", {"boolean": False}), {"roadmap": "no"}),
        (
            "several choices",
            ("what", "multiple_choice", {"choices": {"labels": ["UX", "b"]}}),
            SEVERAL,
        ),
        ("Ranking", ("what", "ranking", {"choices": {"labels": ["b", "a"]}}), {"specialisms": ["b", "a"]}),
        ("Date", ("roadmap", "date", {"date": "2026-11-12"}), NO_ANSWER),
        ("Email", ("else", "email", {"email": "a@example.com"}), None),
        ("a type that is not known", ("roadmap", "mood", {"mood": {"level": 3}}), NO_ANSWER),
        ("a type without its value", ("nps", "nps", {"number": None}), None),
    ]
)
def test_typeform(sent: tuple[str, str, dict[str, Any]], expected: Any) -> None:
    ref, kind, value = sent
    payload = values("typeform")
    answer = {"type": next(iter(value)), "field": {"id": "Qs1", "ref": ref, "type": kind}} | value
    payload["form_response"]["answers"] = [answer]
    assert made("typeform", payload, answers=ANSWERS) == expected


def test_typeform_takes_an_opinion_scale_where_the_source_says_that_it_has_0_to_10_and_stars_by_their_meaning() -> None:
    payload = values("typeform")
    answer = payload["form_response"]["answers"][0]
    answer["field"]["type"] = "opinion_scale"
    assert made("typeform", payload, scale="0-10")["score"] == 9

    answer |= {"number": 5, "field": {"ref": "recommend", "type": "rating"}}
    assert made("typeform", payload, scale="0-10") == NOT_A_RATING
    answers = {"nps": {"question": "recommend", "choices": {"5": 10, "4": 8, "3": 6, "2": 3, "1": 0}}}
    assert made("typeform", payload, answers=answers) == {"score": 10}


def test_typeform_leaves_out_a_skipped_question_and_sends_an_unfinished_form_where_that_is_switched_on() -> None:
    payload = values("typeform")
    payload["form_response"]["answers"] = []

    assert made("typeform", payload) is None
    assert made("typeform", values("typeform") | {"event_type": "form_response_partial"}) == IGNORED


@table(
    [
        ("NPS", {"nps": 10}, {"score": 10}),
        ("NPS of 0", {"nps": 0}, {"score": 0}),
        ("NPS, skipped", {"nps": ""}, None),
        ("NPS, not reached", {}, None),
        ("open text", {"nps": 6, "why": "Slow."}, {"score": 6, "comment": "Slow."}),
        ("open text, skipped", {"nps": 6, "why": ""}, {"score": 6}),
        ("single select", {"roadmap": "Yes"}, {"roadmap": "yes"}),
        ("single select, skipped", {"roadmap": ""}, None),
        ("single select, another answer", {"roadmap": "Perhaps"}, NO_ANSWER),
        ("multi select", {"what": ["UX", "Data"]}, {"specialisms": ["UX", "Data"]}),
        ("multi select, skipped", {"what": []}, None),
        ("ranking", {"what": ["Data", "UX"]}, {"specialisms": ["Data", "UX"]}),
        ("number", {"what": "3"}, {"specialisms": 3}),
        ("matrix", {"roadmap": {"row": "column"}}, NO_ANSWER),
        ("statement and consent, of no concern", {"intro": "clicked", "consent": "accepted"}, None),
        ("everything skipped", {"nps": "", "why": "", "roadmap": "", "what": ""}, None),
    ]
)
@pytest.mark.parametrize("event", ["responseCreated", "responseUpdated", "responseFinished"])
def test_formbricks(sent: dict[str, Any], expected: Any, event: str) -> None:
    payload = values("formbricks") | {"event": event}
    payload["data"]["data"] = sent
    assert made("formbricks", payload, answers=ANSWERS) == expected


def test_formbricks_may_send_a_list_as_its_documentation_shows() -> None:
    source = source_of(SOURCES[NAMES["formbricks"]])
    payload = values("formbricks")

    assert source.provider.split([payload]) == source.provider.split(payload) == [payload]


OPTIONS = {
    "roadmap": [{"id": "c-yes", "text": "Yes"}, {"id": "c-no", "text": "Nee"}],
    "what": [{"id": "o-1", "text": "UX"}, {"id": "o-2", "text": "Data"}],
}
"""What can be chosen, by the question."""


@table(
    [
        ("LINEAR_SCALE", ("nps", 8), {"score": 8}),
        ("LINEAR_SCALE of 0", ("nps", 0), {"score": 0}),
        ("LINEAR_SCALE, skipped", ("nps", None), None),
        ("RATING", ("nps", 5), NOT_A_RATING),
        ("TEXTAREA", ("why", "Fine."), None),
        ("MULTIPLE_CHOICE", ("roadmap", ["c-yes"]), {"roadmap": "yes"}),
        ("MULTIPLE_CHOICE by its id", ("roadmap", ["c-no"]), {"roadmap": "no"}),
        ("MULTIPLE_CHOICE, skipped", ("roadmap", None), None),
        ("MULTIPLE_CHOICE, an option that is gone", ("roadmap", ["c-old"]), NO_ANSWER),
        ("DROPDOWN", ("roadmap", ["c-yes"]), {"roadmap": "yes"}),
        ("CHECKBOXES", ("what", ["o-1", "o-2"]), {"specialisms": ["UX", "Data"]}),
        ("CHECKBOXES, the field of one option", ("what_o-1", True), None),
        ("CHECKBOXES, none", ("what", []), None),
        ("MULTI_SELECT", ("what", ["o-2"]), {"specialisms": ["Data"]}),
        ("RANKING", ("what", ["o-2", "o-1"]), {"specialisms": ["Data", "UX"]}),
        ("INPUT_NUMBER", ("count", 3), {"specialisms": 3}),
        ("INPUT_TEXT", ("count", "Data"), {"specialisms": ["Data"]}),
        ("MATRIX", ("matrix", {"row": ["column"]}), NO_ANSWER),
        ("HIDDEN_FIELDS", ("client", "Gloeiwijk"), None),
        ("CALCULATED_FIELDS", ("sum", 9), None),
    ],
    named=True,
)
def test_tally(name: str, sent: tuple[str, Any], expected: Any) -> None:
    key, value = sent
    field = {"key": key, "label": "?", "type": re.split("[ ,]", name)[0], "value": value}
    payload = values("tally")
    payload["data"]["fields"] = [field | ({"options": OPTIONS[key]} if key in OPTIONS else {})]
    asked = {"count": {"specialisms": {"question": "count"}}, "matrix": {"roadmap": {"question": "matrix"}}}
    assert made("tally", payload, answers=asked.get(key, ANSWERS)) == expected


@table(
    [
        ("Net Promoter Score", ("nps", {"choice": {"id": 9, "body": "promoter", "comment": None}}), {"score": 9}),
        ("Net Promoter Score of 0", ("nps", {"choice": {"id": 0, "body": "detractor"}}), {"score": 0}),
        ("Net Promoter Score, called wrongly", ("nps", {"choice": {"id": 9, "body": "passive"}}), {"score": 9}),
        ("with a comment", ("nps", {"choice": {"id": 7, "body": "passive", "comment": "Mwah."}}), COMMENTED),
        ("Rating", ("nps", {"choice": {"id": 201139, "body": "5"}}), NOT_A_RATING),
        ("Smiley scale", ("nps", {"choice": {"id": 201139, "body": "Happy"}}), NOT_A_RATING),
        ("Single choice", ("roadmap", {"choice": {"id": 20, "body": "Yes", "comment": "mostly"}}), {"roadmap": "yes"}),
        ("Single choice without a meaning", ("roadmap", {"choice": {"id": 201140, "body": "Perhaps"}}), NO_ANSWER),
        ("Dropdown", ("roadmap", {"choice": {"id": 201139, "body": "Yes"}}), {"roadmap": "yes"}),
        ("Multiple choice", ("what", {"choices": [{"id": 1, "body": "UX"}, {"id": 2, "body": "b"}]}), SEVERAL),
        ("Multiple choice, none", ("what", {"choices": []}), None),
        ("Text", ("what", {"text": "Hosting"}), {"specialisms": ["Hosting"]}),
        ("Text, which is no comment of a rating that came by itself", ("why", {"text": "Because."}), None),
        ("Date", ("roadmap", {"date": "2026-11-12"}), NO_ANSWER),
        ("Contact form", ("roadmap", {"fields": {"email": "a@example.com"}}), None),
        ("Matrix", ("roadmap", {"matrix": [{"body": "row", "value": "column"}]}), None),
        ("skipped", ("nps", {"choice": None}), None),
    ]
)
def test_survicate(sent: tuple[str, dict[str, Any]], expected: Any) -> None:
    question, answer = sent
    payload = values("survicate")
    answered = payload["event"]["questionAnswered"]
    del answered["choice"]
    answered |= {"question": {"id": question, "body": "?"}} | answer
    assert made("survicate", payload, answers=ANSWERS) == expected


def test_survicate_takes_another_question_as_a_rating_where_the_source_says_so() -> None:
    payload = values("survicate")
    payload["event"]["questionAnswered"]["choice"] = {"id": 201139, "body": "9", "comment": None}

    assert made("survicate", payload) == NOT_A_RATING
    assert made("survicate", payload, scale="0-10") == {"score": 9}


@pytest.mark.parametrize("event", ["surveyCompleted", "surveyAnswered"])
def test_survicate_repeats_nothing_that_counts_when_a_survey_is_finished(event: str) -> None:
    assert made("survicate", {"messageId": "m", "event": {event: {"survey": {"id": "s"}}}}) == IGNORED


@pytest.mark.parametrize("provider", ["asknicely", "formbricks", "tally"])
def test_a_tool_that_tells_no_scale_leaves_that_to_the_source(provider: str) -> None:
    settings = {name: value for name, value in SOURCES[NAMES[provider]].items() if name not in ("scale", "templates")}

    assert [fault.partition(":")[0] for fault in faults_when_stored(settings)] == ["source.scale"]
    assert faults_when_stored(settings | {"scale": "0-10"}) == []
    with pytest.raises(SourcesError, match="0-10"):
        source_of(settings | {"scale": "1-5"})


def test_a_source_that_asks_for_no_rating_has_no_scale() -> None:
    answers = {"roadmap": {"question": "roadmap"}}
    settings = {name: value for name, value in SOURCES[NAMES["tally"]].items() if name != "scale"}

    assert faults_when_stored(settings | {"answers": answers}) == []
