"""What spreadsheets do to files is read rightly, or refused with its line, its column and why."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.opmm.model_document import published_model
from shared.sheets.interpretation import Interpretation
from shared.sheets.previews import Preview
from shared.sheets.reading import FileOptions, Line
from shared.sheets.revisions import version_cell
from shared.sheets.tables import LONGEST_LINE
from tests.support.portfolios import ZONE
from tests.support.service import NOW
from tests.unit.tools.worlds import WORLD
from tools.errors import ToolError
from tools.transfer.lines import files_of, not_taken, opened

RESPONSES = "client,response_id,score,responded_at,updated_at"
COUNTS = "client;as_of;working;happy"
DUTCH = Interpretation.by(published_model(), ZoneInfo(ZONE), NOW, language="nl")


def lines(tmp_path: Path, text: str | bytes, *, world: Interpretation = WORLD, **options: object) -> list[Line]:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(opened(path, world, FileOptions("nps", **options)).lines())  # type: ignore[arg-type]  # as the test says


def notes(tmp_path: Path, text: str | bytes) -> tuple[str, ...]:
    path = tmp_path / "file.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return tuple(opened(path, WORLD, FileOptions("nps")).notes)


def previewed(tmp_path: Path, text: str, **options: object) -> Preview:
    path = tmp_path / "file.csv"
    path.write_text(text)
    [table] = opened(path, WORLD, FileOptions("nps", **options)).tables  # type: ignore[arg-type]  # as the test says
    return table.shown()


def test_times_are_shown_by_the_clocks_of_the_stack_or_of_the_file(tmp_path: Path) -> None:
    rows = f"{RESPONSES}\na,1,9,2026-11-13,\na,2,9,2026-11-13T23:30:15Z,2026-11-14T10:00:00+02:00\na,3,9,never,v17\n"

    here, there = previewed(tmp_path, rows), previewed(tmp_path, rows, zone=ZoneInfo("America/New_York"))

    assert [row.cells[3:] for row in here.rows] == [
        ("2026-11-13 00:00", ""),
        ("2026-11-14 00:30:15", "2026-11-14 09:00"),
        ("never", "v17"),
    ]
    assert (here.zone, here.rows_said(WORLD.words)) == (
        ZONE,
        f"The first rows as they are read, times by the clocks of {ZONE}:",
    )
    assert [row.cells[3] for row in there.rows[:2]] == ["2026-11-13 00:00", "2026-11-13 18:30:15"]


def test_days_that_are_no_times_name_no_zone(tmp_path: Path) -> None:
    preview = previewed(tmp_path, "client,as_of,working\na,2026-11-13,8\n")

    assert (preview.zone, preview.rows[0].cells[1]) == ("", "2026-11-13")


@pytest.mark.parametrize("rows", ["", ",,,,\n"])
def test_a_header_alone_is_told_to_hold_nothing(tmp_path: Path, rows: str) -> None:
    assert "There is nothing in it to import" in notes(tmp_path, f"{RESPONSES}\n{rows}")[0]
    assert notes(tmp_path, f"{RESPONSES}\na,1,9,2026-11-13T09:30:00Z,\n") == ()


def test_what_is_said_is_dutch_down_to_the_kind(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(f"{RESPONSES}\na,1,{'9' * 140_000},2026-11-13T09:30:00Z,\n")

    [table] = opened(path, DUTCH, FileOptions("nps")).tables

    assert table.shown().said == "Het heeft onze eigen kolommen, van reacties."
    [(line, [said])] = faults(list(table.lines()))
    assert (line, said[:25]) == (2, "heeft een aanhalingsteken")


def faults(found: list[Line]) -> list[tuple[int, tuple[str, ...]]]:
    return [(line.number, line.faults) for line in found if line.faults]


TABLE = "client;response_id;score;responded_at\r\nCafé Noir;t1;9;2026-11-12T09:30:00Z\r\n"


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode("utf-8-sig"),
        TABLE.replace(";", "\t").encode("utf-16"),
        b"\xfe\xff" + TABLE.replace(";", "\t").encode("utf-16-be"),
        TABLE.encode("utf-16-le"),
        TABLE.encode("cp1252"),
        b"sep=;\r\n" + TABLE.encode(),
        b"sep=;\r\n" + TABLE.encode("cp1252"),
        TABLE.replace(";", "|").encode(),
        TABLE.replace("at\r\n", "at;;\r\n").replace("Z\r\n", "Z;;\r\n").encode(),
        (TABLE + ";;;\r\n;;;\r\n \r\n").encode(),
    ],
    ids=["bom", "utf-16", "utf-16-be", "utf-16 unmarked", "cp1252", "sep", "sep cp1252", "bars", "trailing", "blank"],
)
def test_a_table_is_the_same_whatever_wrote_it(tmp_path: Path, content: bytes) -> None:
    [line] = lines(tmp_path, content)

    assert (line.faults, line.event["subject"], line.event["data"]["score"]) == ((), "cafe-noir", 9)


def test_what_is_not_utf_8_is_said(tmp_path: Path) -> None:
    assert "Windows-1252" in notes(tmp_path, TABLE.encode("cp1252"))[0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04rest", "is a packed file, not text"),
        (b"\xd0\xcf\x11\xe0rest", "save it as .xlsx"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xef\xbb\xbf <HTML><table><tr><td>client", "is a web page"),
        (b'<?xml version="1.0"?><Workbook>', "is a web page or another document"),
        (b"\x1f\x8brest", "unpack it"),
        (b"client\0\0\0,x", "is no text"),
        (b"\0" * 5000, "is no text"),
        (b"x" * 500_000, "is none of these headers"),
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
    ],
)
def test_what_is_no_table_is_refused_as_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        lines(tmp_path, content)


def test_numbers_are_read_as_spreadsheets_write_them(tmp_path: Path) -> None:
    rows = ["Acme;2026-11-01;8,0;6.0", "Beta;2026-11-01;7,8;6"]

    good, bad = lines(tmp_path, "\n".join([COUNTS, *rows]))

    assert good.event["data"] == {"working": 8, "happy": 6, "as_of": "2026-11-01"}
    assert bad.faults == ("working: must be a whole number",)


@pytest.mark.parametrize("cell", ["Extremely likely - 10", "10 - Zeer waarschijnlijk", "10,0", "10.0", "10"])
def test_a_rating_may_stand_beside_what_it_is_called(tmp_path: Path, cell: str) -> None:
    [line] = lines(tmp_path, f'{RESPONSES}\nacme,1,"{cell}",2026-11-12T09:30:00Z,\n')

    assert line.event["data"]["score"] == 10


def test_one_date_that_tells_the_order_tells_it_for_the_file(tmp_path: Path) -> None:
    rows = f"{COUNTS}\nAcme;1-11-2026;8;6\nBeta;13-10-2026;8;6\n"

    found = lines(tmp_path, rows)

    assert [line.event["data"]["as_of"] for line in found] == ["2026-11-01", "2026-10-13"]
    assert notes(tmp_path, rows) == ("Dates were read with the day first, as some of them can only be read so.",)


def test_a_date_that_could_be_two_is_refused_until_somebody_says(tmp_path: Path) -> None:
    rows = f"{COUNTS}\nAcme;1-11-2026;8;6\n"

    [asked] = lines(tmp_path, rows)
    [told] = lines(tmp_path, rows, dates="mdy")

    assert "Say DATES=dmy or DATES=mdy" in asked.faults[0]
    assert told.event["data"]["as_of"] == "2026-01-11"


def test_dates_of_both_orders_are_told_as_such(tmp_path: Path) -> None:
    found = lines(tmp_path, f"{COUNTS}\nA;13-10-2026;8;6\nB;10/13/2026;8;6\nC;1-2-2026;8;6\n")

    assert [fault for _, [fault] in faults(found)][-1].startswith("as_of: cannot be told: in some lines the day")


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2026-11", "as_of: is a month; which day of it?"),
        ("46327", "as_of: is a spreadsheet's number for a day (2026-11-01"),
        ("soon", "as_of: must be a date or a time, such as"),
        ("2026-02-30", "as_of: is no day of the calendar"),
        ("30/02/2026", "as_of: is no time of the calendar"),
        ("", "as_of: is missing"),
    ],
)
def test_what_is_no_day_is_told_in_the_words_of_the_column(tmp_path: Path, cell: str, said: str) -> None:
    [line] = lines(tmp_path, f"{COUNTS}\nAcme;{cell};8;6\n")

    assert line.faults[0].startswith(said)


def test_a_time_without_a_zone_is_that_of_the_stack_or_the_one_that_is_told_and_said(tmp_path: Path) -> None:
    rows = f"{RESPONSES}\nacme,1,9,2026-11-12 09:30:00,\nacme,2,9,2026-11-12,\n"

    first, second = lines(tmp_path, rows)
    [told, _] = lines(tmp_path, rows, zone=ZoneInfo("UTC"))

    assert first.event["data"]["responded_at"] == "2026-11-12T08:30:00Z"
    assert second.event["data"]["responded_at"] == "2026-11-11T23:00:00Z"
    assert told.event["data"]["responded_at"] == "2026-11-12T09:30:00Z"
    assert [note.partition(",")[0] for note in notes(tmp_path, rows)] == [
        "1 time has no zone",
        "1 day stands for a time",
    ]


@pytest.mark.parametrize(
    ("cell", "recorded"),
    [
        ("1793600000", {"time": "2026-11-02T06:13:20Z"}),
        ("1793600000000", {"time": "2026-11-02T06:13:20Z"}),
        ("17", {"sequence": "17"}),
        ("v1793600000", {"sequence": "1793600000"}),
        ("v46338", {"sequence": "46338"}),
    ],
)
def test_digits_in_the_column_of_versions_are_told_apart(tmp_path: Path, cell: str, recorded: dict[str, str]) -> None:
    [line] = lines(tmp_path, f"{RESPONSES}\nacme,1,9,2026-11-02T07:00:00Z,{cell}\n")

    assert line.faults == ()
    assert {key: line.event.get(key) for key in recorded} == recorded
    assert ("sequence" in line.event) == ("sequence" in recorded)


def test_a_number_of_a_day_is_no_version(tmp_path: Path) -> None:
    [line] = lines(tmp_path, f"{RESPONSES}\nacme,1,9,2026-11-02T07:00:00Z,46338\n")

    assert line.faults == (
        (
            "updated_at: is a spreadsheet's number for 2026-11-12 or a count of versions: write a time, or the count "
            "as v46338"
        ),
    )


@pytest.mark.parametrize("cell", ["1,18765E+11", "1.18765E+11", "1E+15"])
def test_an_id_whose_digits_are_lost_is_refused(tmp_path: Path, cell: str) -> None:
    [line] = lines(tmp_path, f'{RESPONSES}\nacme,"{cell}",9,2026-11-02T07:00:00Z,\n')

    assert line.faults[0].startswith("response_id: is a long number that a spreadsheet has shortened")


def test_rows_that_say_they_are_one_and_say_different_things_are_all_refused(tmp_path: Path) -> None:
    rows = ["a,1,9,2026-11-02T07:00:00Z,", "a,2,9,2026-11-02T07:00:00Z,", "a,1,3,2026-11-02T08:00:00Z,"]

    found = lines(tmp_path, "\n".join([RESPONSES, *rows]))

    assert [number for number, _ in faults(found)] == [2, 4]
    assert "response_id: stands in other lines, too (4), and says something else there" in found[0].faults[0]


@pytest.mark.parametrize(
    "rows",
    [
        ["a,1,9,2026-11-02T07:00:00Z,", "a,1,9,2026-11-02T07:00:00Z,"],
        ["a,1,9,2026-11-02T07:00:00Z,2026-11-02T07:00:00Z", "a,1,3,2026-11-02T07:00:00Z,2026-11-03T07:00:00Z"],
        ["a,1,9,2026-11-02T07:00:00Z,1", "b,1,3,2026-11-02T07:00:00Z,2"],
    ],
    ids=["equal", "timed versions", "counted versions"],
)
def test_equal_rows_and_versions_may_repeat_an_id(tmp_path: Path, rows: list[str]) -> None:
    assert faults(lines(tmp_path, "\n".join([RESPONSES, *rows]))) == []


def test_head_counts_of_one_day_that_differ_are_refused_however_the_day_is_written(tmp_path: Path) -> None:
    found = lines(tmp_path, f"{COUNTS}\nA;13-10-2026;8;6\nA;2026-10-13;8;7\nA;13/10/2026;8;6\nB;2026-10-13;8;7\n")

    assert [number for number, _ in faults(found)] == [2, 3, 4]


def test_rows_that_are_read_alike_are_equal_and_refused_ones_contradict_nobody(tmp_path: Path) -> None:
    found = lines(tmp_path, f"{COUNTS}\nA;2026-10-13;8,0;6,0\nA;2026-10-13;8.0;6\nA;2026-10-13;7,8;6\n")

    assert faults(found) == [(4, ("working: must be a whole number",))]


@pytest.mark.parametrize("other", ["A!;2026-10-13;8;7", "a;13-10-2026 00:00;8;7", "A;2026-10-13 00:00:00;8;7"])
def test_head_counts_are_one_whatever_the_client_is_called_and_at_midnight(tmp_path: Path, other: str) -> None:
    found = lines(tmp_path, f"{COUNTS}\nA;2026-10-13;8;6\n{other}\n")

    assert [number for number, _ in faults(found)] == [2, 3]


def test_a_response_is_one_whether_its_source_is_told_or_meant(tmp_path: Path) -> None:
    rows = ["a,1,9,2026-11-02T07:00:00Z,", "a,1,3,2026-11-02T07:00:00Z,nps"]

    found = lines(tmp_path, "\n".join(["client,response_id,score,responded_at,source", *rows]))

    assert [number for number, _ in faults(found)] == [2, 3]


@pytest.mark.parametrize("cell", ["20261112", "20261112093000", "1794475860000000"])
def test_a_time_without_dashes_is_no_version_until_it_is_marked_as_one(tmp_path: Path, cell: str) -> None:
    [line] = lines(tmp_path, f"{RESPONSES}\na,1,9,2026-11-02T07:00:00Z,{cell}\n")
    [counted] = lines(tmp_path, f"{RESPONSES}\na,1,9,2026-11-02T07:00:00Z,v{cell}\n")

    assert line.faults[0].startswith("updated_at: is a time without dashes or a count of versions")
    assert (counted.event["sequence"], counted.faults) == (cell, ())
    assert version_cell(cell) == f"v{cell}"


def test_a_time_that_is_missing_is_told_as_such(tmp_path: Path) -> None:
    assert faults(lines(tmp_path, f"{RESPONSES}\na,1,9,,\na,2,9,,3\n")) == [
        (2, ("responded_at: is missing",)),
        (3, ("responded_at: is missing",)),
    ]


@pytest.mark.parametrize("rest", ['"cut', '"one" two', '"one\nb,2,9,2026-11-02T07:00:00Z,,"two\n'])
def test_lines_that_a_quotation_mark_would_join_are_refused(tmp_path: Path, rest: str) -> None:
    header = "client,response_id,score,responded_at,updated_at,comment"

    found = lines(tmp_path, f"{header}\na,0,9,2026-11-02T07:00:00Z,,\na,1,9,2026-11-02T07:00:00Z,,{rest}")

    assert [(number, said[0].partition(";")[0]) for number, said in faults(found)] == [
        (3, "has a quotation mark that opens a cell and does not close it")
    ]


def test_a_line_without_an_end_is_skipped_and_told(tmp_path: Path) -> None:
    found = lines(tmp_path, f"{RESPONSES}\n" + "x" * (3 * LONGEST_LINE) + "\nacme,1,9,2026-11-02T07:00:00Z,\n")

    assert faults(found) == [(2, (f"is longer than {LONGEST_LINE} characters",))]
    assert found[1].number == 3


def test_a_cell_under_no_heading_is_told(tmp_path: Path) -> None:
    [line] = lines(tmp_path, "client,response_id,score,responded_at,\nacme,1,9,2026-11-02T07:00:00Z,lost\n")

    assert line.faults == ("has 5 cells under 4 columns; is a cell with the delimiter unquoted?",)


def test_what_is_wrong_is_told_in_dutch(tmp_path: Path) -> None:
    rows = f"{RESPONSES}\n,1,11,2026-12-02T07:00:00Z,\nacme,,9,later,\n"

    assert faults(lines(tmp_path, rows, world=DUTCH)) == [
        (2, ("client: ontbreekt", "score: mag hooguit 10 zijn", "responded_at: ligt in de toekomst")),
        (
            3,
            (
                "response_id: is leeg",
                "responded_at: moet een tijd zijn, zoals 2026-11-12T09:30:00Z of 12-11-2026 09:30",
            ),
        ),
    ]


def test_a_folder_takes_every_ending_in_capitals_too_and_names_what_it_leaves(tmp_path: Path) -> None:
    for name in ("a.CSV", "b.tsv", "c.jsonl", "photo.png", ".hidden"):
        (tmp_path / name).touch()

    assert [path.name for path in files_of(tmp_path)] == ["a.CSV", "b.tsv", "c.jsonl"]
    assert [path.name for path in not_taken(tmp_path)] == ["photo.png"]
