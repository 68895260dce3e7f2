import json
from itertools import islice
from pathlib import Path

import pytest

from tests.support.service import event
from tests.unit.tools.worlds import WORLD, events, lines
from tools.errors import ToolError
from tools.transfer.lines import files_of, read

HEADER = "client,response_id,score,responded_at,comment"
GOOD = "acme,r-1,9,2026-11-01T10:00:00Z,fine"


def test_a_bad_line_tells_all_that_is_wrong_with_it_and_the_rest_goes_on(tmp_path: Path) -> None:
    rows = f"{HEADER},source\n{GOOD},nps\n,r-2,11,yesterday,secret words,\n{GOOD},nps\n"

    found = lines(tmp_path / "r.csv", rows, source="")

    assert [(line.number, len(line.faults)) for line in found] == [(2, 0), (3, 4), (4, 0)]
    assert [fault.partition(":")[0] for fault in found[1].faults] == ["source", "client", "score", "responded_at"]
    assert "secret" not in str(found[1].faults)


def test_a_missing_source_is_told_as_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="which source"):
        lines(tmp_path / "r.csv", f"{HEADER}\n{GOOD}\n", source="")

    [row] = lines(tmp_path / "r.csv", f"{HEADER},source\n{GOOD},\n", source="")
    unnamed = json.dumps({"source": ""} | event("nps.retracted", {"response_id": "1"}, source=""))
    [line] = lines(tmp_path / "e.jsonl", unnamed, source="")

    assert row.faults == ("source: is missing; SOURCE=... stands in where a line names none",)
    assert line.faults == ("/source is missing; SOURCE=... stands in where a line names none",)


@pytest.mark.parametrize(
    ("row", "faults"),
    [
        ("acme,r,,2026-11-01T10:00:00Z,", ["score: is missing"]),
        ("acme,r,9.5,2026-11-01T10:00:00Z,", ["score: must be a whole number"]),
        ("acme,r,true,2026-11-01T10:00:00Z,", ["score: must be a whole number"]),
        ("acme,r,9,2026-11-25T10:00:00Z,", ["responded_at: lies in the future"]),
        ("acme,r,9", ["has 3 cells under 5 columns; is a cell with the delimiter unquoted?"]),
        ("acme,r,9,2026-11-01T10:00:00Z,a,b", ["has 6 cells under 5 columns; is a cell with the delimiter unquoted?"]),
    ],
)
def test_what_is_wrong_is_told_by_column(tmp_path: Path, row: str, faults: list[str]) -> None:
    [line] = lines(tmp_path / "r.csv", f"{HEADER}\n{row}\n")

    assert list(line.faults) == faults


def test_a_line_is_numbered_as_an_editor_numbers_it(tmp_path: Path) -> None:
    multiline = 'acme,r-1,9,2026-11-01T10:00:00Z,"one\ntwo\r\nthree"'

    found = lines(tmp_path / "r.csv", f"{HEADER}\n{multiline}\n\nacme,r-2,x,2026-11-01T10:00:00Z,\n")

    assert [(line.number, bool(line.faults)) for line in found] == [(2, False), (6, True)]
    assert found[0].event["data"]["comment"] == "one\ntwo\r\nthree"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_the_files_of_spreadsheets_are_understood(tmp_path: Path, delimiter: str, mark: bytes, ending: str) -> None:
    text = ending.join([HEADER, GOOD]).replace(",", delimiter)

    [event_] = events(tmp_path / "r.csv", mark + text.encode())

    assert (event_["subject"], event_["data"]["comment"]) == ("acme", "fine")


def test_bytes_that_are_not_utf_8_spoil_only_their_line(tmp_path: Path) -> None:
    utf_8, other = (GOOD.replace("fine", "café").encode(encoding) for encoding in ("utf-8", "cp1252"))

    found = lines(tmp_path / "r.csv", f"{HEADER}\n".encode() + utf_8 + b"\n" + other.replace(b"r-1", b"r-2"))

    assert [line.faults for line in found] == [(), ("comment: is not UTF-8 (in Excel, save as CSV UTF-8)",)]


def test_a_quote_that_never_closes_spoils_no_more_than_a_cell_can_hold(tmp_path: Path) -> None:
    rows = (GOOD + "\n") * 10_000

    found = lines(tmp_path / "r.csv", f'{HEADER}\n{GOOD}\nacme,r,9,2026-11-01T10:00:00Z,"oh\n{rows}')

    assert next(line.number for line in found if line.faults) == 3
    assert found[-1].faults == ()


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (GOOD, "its first line (5 columns) is none of these headers"),
        ("client,working,happy", "the column as_of is missing"),
        ("client,working,happy,tags", "its column tags is not known"),
        ("client,working,happy,working", "it has the column working twice"),
    ],
)
def test_an_unknown_header_is_refused_with_what_is_wrong_with_it(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(ToolError) as refused:
        lines(tmp_path / "r.csv", header)

    assert f"r.csv: {said}" in str(refused.value)
    assert "twice" in said or "counts: client,as_of,working[,happy,recorded_at,source]" in str(refused.value)


def test_json_lines_are_events_as_they_are(tmp_path: Path) -> None:
    named = event("nps.reported", {"nps": 40, "measured_at": "2026-11-01T00:00:00Z"})
    unnamed = {key: value for key, value in named.items() if key != "source"}

    assert events(tmp_path / "e.jsonl", f"{json.dumps(named)}\n\n{json.dumps(unnamed)}\n") == [
        named,
        named | {"source": "nps"},
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("{", "is no JSON (from character 1 on)"),
        ('{"x": NaN}', "is no JSON"),
        ("[]", "the line must be an object"),
        ('"\ud800"', "is no JSON"),
        ("x" * 500_000, "is longer than 200000 characters"),
    ],
)
def test_a_bad_json_line_is_told_with_its_number(tmp_path: Path, text: str, fault: str) -> None:
    good = json.dumps(event("nps.retracted", {"response_id": "1"}))

    found = lines(tmp_path / "e.jsonl", f"{good}\n{text}\n{good}\n".encode(errors="surrogatepass"))

    assert [line.number for line in found] == [1, 2, 3]
    assert found[1].faults[0].startswith(fault)
    assert found[0].faults == found[2].faults == ()


def test_a_file_is_read_as_its_lines_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f"{HEADER}\n" + f"{GOOD}\n" * 100_000)

    first = list(islice(read(path, "nps", WORLD), 3))

    assert first[-1].position < 50_000 < path.stat().st_size


def test_a_folder_is_all_files_of_facts_in_it(tmp_path: Path) -> None:
    for name in ("b.csv", "a.jsonl", "notes.txt"):
        (tmp_path / name).touch()

    assert [path.name for path in files_of(tmp_path)] == ["a.jsonl", "b.csv"]
    assert files_of(tmp_path / "notes.txt") == [tmp_path / "notes.txt"]
    with pytest.raises(ToolError, match="does not exist"):
        files_of(tmp_path / "absent.csv")
