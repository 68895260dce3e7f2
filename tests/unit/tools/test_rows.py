import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.opmm.model_document import load_model, published_model
from shared.sheets.kinds import file_kinds
from shared.sheets.reading import FileOptions
from shared.webhooks.sources import load_sources
from tests.unit.tools.models import document, six_questions
from tests.unit.tools.worlds import MODEL, WORLD, events, stored
from tools.transfer.lines import opened

SAMPLE = Path(__file__).parents[3] / "events" / "webhooks" / "delighted.json"
DELIGHTED = {"provider": "delighted", "secrets": ["s"], "client": "event_data.person_properties.client"}


def csv(path: Path, *rows: str) -> list[dict[str, Any]]:
    return events(path / "facts.csv", "\n".join(rows))


def told(path: Path, *rows: str) -> dict[str, Any]:
    [event] = csv(path, *rows)
    return {key: event[key] for key in ("type", "source", "subject", "time", "data")}


def test_a_row_leaves_the_fact_that_the_webhook_left(tmp_path: Path) -> None:
    [source] = load_sources({"nps": DELIGHTED}, published_model()).values()
    [event] = source.provider.adapt(json.loads(SAMPLE.read_bytes()), source)

    [imported] = csv(
        tmp_path,
        "client,response_id,score,responded_at,updated_at,respondent,comment",
        f'Gloeiwijk,9001,9,{event.data["responded_at"]},{event.time},sanne@example.com,"{event.data["comment"]}"',
    )

    assert stored([imported]) == stored([event.event("nps", "gloeiwijk")])


def test_a_response(tmp_path: Path) -> None:
    assert told(
        tmp_path,
        "client,response_id,score,responded_at,updated_at,respondent,comment,excluded,source",
        "Acme B.V.,r-1,0,2026-11-20T09:00:00+01:00,2026-11-21T08:00:00Z,jo@example.com,-fine,yes,delighted",
    ) == {
        "type": "nps.responded",
        "source": "delighted",
        "subject": "acme-b-v",
        "time": "2026-11-21T08:00:00Z",
        "data": {
            "response_id": "r-1",
            "score": 0,
            "responded_at": "2026-11-20T09:00:00+01:00",
            "respondent": "jo@example.com",
            "comment": "-fine",
            "excluded": True,
        },
    }


def test_a_row_that_was_not_recorded_later_was_recorded_when_it_happened(tmp_path: Path) -> None:
    assert told(tmp_path, "client,response_id,score,responded_at", "acme,r-1,9,2026-11-20T09:00:00+01:00") == {
        "type": "nps.responded",
        "source": "nps",
        "subject": "acme",
        "time": "2026-11-20T08:00:00Z",
        "data": {"response_id": "r-1", "score": 9, "responded_at": "2026-11-20T09:00:00+01:00"},
    }


@pytest.mark.parametrize(
    ("zone", "began"),
    [
        ("Europe/Amsterdam", "2026-10-31T23:00:00Z"),
        ("Europe/London", "2026-11-01T00:00:00Z"),
        ("America/New_York", "2026-11-01T04:00:00Z"),
    ],
)
def test_a_head_count_of_a_day_was_recorded_as_it_began_where_the_stack_is(
    tmp_path: Path, zone: str, began: str
) -> None:
    there = replace(WORLD, zone=ZoneInfo(zone))

    [event] = events(tmp_path / "facts.csv", "as_of,working,client,happy\n2026-11-01,8,acme,\n", world=there)

    assert (event["type"], event["subject"], event["time"]) == ("consultants.counted", "acme", began)
    assert event["data"] == {"working": 8, "as_of": "2026-11-01"}


def test_a_survey(tmp_path: Path) -> None:
    event = told(
        tmp_path,
        "client,answered_at,survey_id,specialisms,roadmap,inspiration,recorded_at",
        "acme,2026-11-01T10:00:00Z,s-1,UX;Java,yes,,2026-11-02T10:00:00Z",
    )

    assert event["time"] == "2026-11-02T10:00:00Z"
    assert event["data"] == {
        "answered_at": "2026-11-01T10:00:00Z",
        "survey_id": "s-1",
        "answers": {"specialisms": ["UX", "Java"], "roadmap": "yes"},
    }


def test_a_survey_has_a_column_for_each_question_of_the_model(tmp_path: Path) -> None:
    six = six_questions()
    rows = "client,answered_at,roadmap,channels,trust\nacme,2026-11-01T10:00:00Z,yes,Mail;Phone,full\n"

    [event] = events(tmp_path / "facts.csv", rows, world=six)

    assert event["data"]["answers"] == {"roadmap": "yes", "channels": ["Mail", "Phone"], "trust": "full"}
    asked = opened(tmp_path / "facts.csv", WORLD, FileOptions("nps"))
    assert [table.preview and table.preview.left_out for table in asked.tables] == [("channels", "trust")]


def test_a_question_that_is_called_as_another_column_has_one_all_the_same() -> None:
    [roadmap] = [question for question in MODEL.document["dimensions"] if question["key"] == "roadmap"]
    kinds = file_kinds(load_model(document("own", [roadmap | {"key": "client"}])))

    assert kinds[2].columns == ("client", "answered_at", "survey_id", "answer.client", "recorded_at", "source")


def test_a_survey_without_an_id_is_told_by_when_it_was_answered(tmp_path: Path) -> None:
    first, same, other = csv(
        tmp_path,
        "client,answered_at,roadmap",
        "acme,2026-11-01T10:00:00Z,yes",
        "ACME,2026-11-01T11:00:00+01:00,no",
        "acme,2026-11-01T10:00:01Z,yes",
    )

    assert first["id"] == same["id"] != other["id"]


def test_a_comment_is_cut_as_the_webhooks_cut_it(tmp_path: Path) -> None:
    header = "client,response_id,score,responded_at,comment"

    [event] = csv(tmp_path, header, f"acme,r,9,2026-11-01T10:00:00Z,{'x' * 5000}")

    assert event["data"]["comment"] == "x" * 4000


@pytest.mark.parametrize("row", ["acme,r,9,2026-11-01T10:00:00Z,", "acme,r,9,2026-11-01T10:00:00Z,no"])
def test_the_id_of_an_event_is_the_same_in_every_import_of_a_row(tmp_path: Path, row: str) -> None:
    header = "client,response_id,score,responded_at,excluded"

    assert csv(tmp_path, header, row)[0]["id"] == csv(tmp_path, header, row.replace(",9,", ",8,"))[0]["id"]
