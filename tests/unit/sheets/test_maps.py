"""Exports of tools are read by maps: built in, or of one's own."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from shared.sheets.errors import SheetError
from shared.sheets.maps import published_map, published_maps, read_map
from shared.sheets.reading import FileOptions
from tests.unit.tools.worlds import WORLD
from tools.errors import ToolError
from tools.transfer.lines import Opened, opened
from tools.transfer.mapping import agree, map_named

EXPORTS = {
    "typeform": (
        "#,How likely are you to recommend us?,Why?,client,Response Type,Start Date (UTC),Stage Date (UTC),"
        "Submit Date (UTC),Network ID,Tags\nab1,9,Fast,acme,completed,2026-11-12 09:30:00,,2026-11-12 09:31:00,n1,\n"
        "ab2,,,acme,completed,2026-11-12 09:30:00,,2026-11-12 09:31:00,n2,\n"
        "ab3,9,,acme,partial,2026-11-12 09:30:00,2026-11-12 09:30:30,,n3,\n"
    ),
    "formbricks": (
        "No.,Response ID,Timestamp,Finished,Survey ID,Formbricks ID (internal),User ID,Tags,"
        "1. How likely are you to recommend us?,client\n1,ab1,2026-11-12 10:31:00,Yes,s1,,,,9,acme\n"
    ),
    "surveymonkey": (
        "Respondent ID,Collector ID,Date Created,Date Modified,IP Address,Email Address,Custom Data 1,"
        "How likely is it that you would recommend us?,Why?\n,,,,,,,,Open-Ended Response\n"
        "ab1,7,11/12/2026 10:31:00 AM,11/12/2026 10:31:00 AM,,,acme,Extremely likely - 9,Fast\n"
    ),
    "qualtrics": (
        "StartDate,EndDate,Finished,RecordedDate,ResponseId,Q1_NPS,client\nStart Date,End Date,Finished,Recorded Date,"
        'Response ID,"How likely, really?",client\n"{""ImportId"":""startDate"",""timeZone"":""UTC""}",'
        '"{""ImportId"":""endDate"",""timeZone"":""UTC""}","{""ImportId"":""finished""}","{""ImportId"":""r""}",'
        '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}","{""ImportId"":""client""}"\n'
        "2026-11-12 09:30:00,2026-11-12 09:31:00,True,2026-11-12 09:31:02,ab1,9,acme\n"
    ),
    "delighted": (
        "ID,Email,Score,Comment,Survey Type,Created At,Updated At,client\n"
        "ab1,jo@example.com,9,Fast,nps,1794475860,1794475860,acme\n"
        "ab2,jo@example.com,5,Fast,csat,1794475860,1794475860,acme\n"
    ),
    "wootric": (
        "id,end_user_id,email,score,text,survey_mode,created_at,updated_at,client\n"
        "ab1,4,jo@example.com,9,Fast,NPS,2026-11-12 01:31:00 -0800,2026-11-12 01:31:00 -0800,acme\n"
    ),
}


def file(tmp_path: Path, content: str, name: str | None = None, **options: Any) -> Opened:
    path = tmp_path / "export.csv"
    path.write_text(content)
    return opened(path, WORLD, FileOptions("nps", **options), map_named(name, WORLD.words))


def left_out(export: Opened) -> tuple[str, ...]:
    [table] = export.tables
    assert table.preview
    return table.preview.left_out


@pytest.mark.parametrize("tool", EXPORTS)
def test_an_export_of_a_tool_is_recognised_and_read_in_its_own_zone(tmp_path: Path, tool: str) -> None:
    export = file(tmp_path, EXPORTS[tool])

    [line] = export.lines()

    [table] = export.tables
    assert table.preview
    assert (table.preview.said, line.faults) == (f"is read as responses, by the map {tool}:", ())
    data = line.event["data"]
    assert (line.event["subject"], data["response_id"], data["score"], data["responded_at"]) == (
        "acme",
        "ab1",
        9,
        "2026-11-12T09:31:00Z",
    )


def test_every_map_that_is_built_in_is_tried() -> None:
    assert set(published_maps()) == set(EXPORTS)


def test_what_is_left_out_is_told(tmp_path: Path) -> None:
    export = file(tmp_path, EXPORTS["delighted"])

    assert left_out(export) == ()
    assert export.notes == ["1 row is left out: without a rating, unfinished, or of another sort of survey."]
    assert left_out(file(tmp_path, EXPORTS["typeform"])) == (
        "Start Date (UTC)", "Stage Date (UTC)", "Network ID", "Tags",
    )  # fmt: skip


def test_the_zone_that_somebody_tells_comes_before_that_of_the_map(tmp_path: Path) -> None:
    [line] = file(tmp_path, EXPORTS["typeform"], zone=ZoneInfo("Asia/Tokyo")).lines()

    assert line.event["data"]["responded_at"] == "2026-11-12T00:31:00Z"


def test_our_own_columns_are_found_among_others(tmp_path: Path) -> None:
    rows = "client,response_id,score,responded_at,name,tags\nAcme,1,9,2026-11-12T09:30:00Z,A,\n"

    export = file(tmp_path, rows)

    assert left_out(export) == ("name", "tags")
    assert [line.faults for line in export.lines()] == [()]


def test_an_unknown_export_is_read_as_its_headings_suggest(tmp_path: Path) -> None:
    rows = "Token;Ingevuld op;Klant;Zou u ons aanbevelen?;Waarom?\nt1;13-11-2026 10:31;Acme;9;Snel\n"

    [line] = file(tmp_path, rows).lines()

    assert line.event["data"] == {
        "response_id": "t1", "score": 9, "responded_at": "2026-11-13T09:31:00Z", "comment": "Snel",
    }  # fmt: skip


def test_faults_name_the_heading_of_the_file(tmp_path: Path) -> None:
    [line] = file(tmp_path, EXPORTS["formbricks"].replace(",9,", ",12,")).lines()

    assert line.faults == ("1. How likely are you to recommend us?: must be at most 10",)


def test_columns_that_may_both_be_the_rating_are_asked_for(tmp_path: Path) -> None:
    rows = "Token,Timestamp,Client,Would you recommend us?,Would you recommend our app?\n1,2026-11-12,a,9,8\n"

    with pytest.raises(ToolError, match="several columns may be score: Would you recommend us"):
        file(tmp_path, rows)


def test_nothing_is_sent_before_somebody_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    export, kept = file(tmp_path, EXPORTS["typeform"]), tmp_path / "mine.json"

    with pytest.raises(ToolError, match="YES=1 imports it so"):
        agree([export], WORLD.words, yes=False, save=kept)

    said = capsys.readouterr().err
    assert "export.csv is read as responses, by the map typeform:" in said
    assert "Left out: Start Date (UTC)" in said
    assert "times by the clocks of UTC:" in said
    assert "2026-11-12 09:31" in said
    agree([export], WORLD.words, yes=True, save=None)
    again = file(tmp_path, EXPORTS["typeform"], str(kept))
    assert [line.event for line in again.lines()] == [line.event for line in export.lines()]


def test_a_file_with_our_own_columns_is_not_asked_about(tmp_path: Path) -> None:
    agree([file(tmp_path, "client,as_of,working\na,2026-11-01,8\n")], WORLD.words, yes=False, save=None)


def test_a_map_of_ones_own_gives_constants_and_other_kinds(tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    own.write_text(
        json.dumps(
            {
                "kind": "counts",
                "columns": {"as_of": ["peildatum"], "working": ["mensen"]},
                "constants": {"client": "Acme"},
            }
        )
    )

    [line] = file(tmp_path, "Peildatum;Mensen;Kosten\n2026-11-01;8;100\n", str(own)).lines()

    assert (line.event["subject"], line.event["data"]) == ("acme", {"as_of": "2026-11-01", "working": 8})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"{", "is not JSON"),
        (b"[]", "cannot be used"),
        (b'{"columns": {}, "rows": 3}', "/rows is not a field"),
        (b'{"columns": {}, "zone": "Mars"}', "/zone"),
        (b" " * 70_000, "longer than"),
    ],
)
def test_a_map_that_cannot_be_used_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(SheetError, match=said):
        read_map(content, WORLD.words)


def test_a_map_is_for_its_tool_only(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no export as the map typeform knows it"):
        file(tmp_path, EXPORTS["delighted"], "typeform")
    with pytest.raises(ToolError, match="typefrom is no map: there are delighted, formbricks"):
        map_named("typefrom", WORLD.words)
    assert published_map("typeform").zone == "UTC"
