import json
from pathlib import Path
from typing import Any

import pytest

from shared.opmm.model import published_model
from shared.opmm.timestamps import rfc3339
from shared.webhooks.sources import load_sources
from tests.unit.tools.worlds import events, fact_of

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

    assert fact_of(imported) == fact_of(event.event("nps", "gloeiwijk"))


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


def test_a_head_count_of_a_day_was_recorded_as_it_began(tmp_path: Path) -> None:
    assert told(tmp_path, "as_of,working,client,happy", "2026-11-01,8,acme,") == {
        "type": "consultants.counted",
        "source": "nps",
        "subject": "acme",
        "time": rfc3339(fact_of(csv(tmp_path, "client,as_of,working", "a,2026-11-01,1")[0]).moment.instant),  # type: ignore[union-attr]
        "data": {"working": 8, "as_of": "2026-11-01"},
    }


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


def test_a_survey_without_an_id_is_told_by_when_it_was_answered(tmp_path: Path) -> None:
    first, same, other = csv(
        tmp_path,
        "client,answered_at,roadmap",
        "acme,2026-11-01T10:00:00Z,yes",
        "ACME,2026-11-01T11:00:00+01:00,no",
        "acme,2026-11-01T10:00:01Z,yes",
    )

    assert fact_of(first).fact_id == fact_of(same).fact_id != fact_of(other).fact_id


def test_a_comment_is_cut_as_the_webhooks_cut_it(tmp_path: Path) -> None:
    header = "client,response_id,score,responded_at,comment"

    [event] = csv(tmp_path, header, f"acme,r,9,2026-11-01T10:00:00Z,{'x' * 5000}")

    assert event["data"]["comment"] == "x" * 4000


@pytest.mark.parametrize("row", ["acme,r,9,2026-11-01T10:00:00Z,", "acme,r,9,2026-11-01T10:00:00Z,no"])
def test_the_id_of_an_event_is_the_same_in_every_import_of_a_row(tmp_path: Path, row: str) -> None:
    header = "client,response_id,score,responded_at,excluded"

    assert csv(tmp_path, header, row)[0]["id"] == csv(tmp_path, header, row.replace(",9,", ",8,"))[0]["id"]
