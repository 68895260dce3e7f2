"""A workbook is bounded before its cells are read: what it declares, what it holds, how far it reaches."""

import io
import zipfile
from pathlib import Path

import pytest

from shared.sheets.reading import FileOptions
from tests.support.workbooks import Row, Rows, workbook
from tests.unit.tools.worlds import WORLD
from tools.errors import ToolError
from tools.transfer.lines import Opened, opened

COUNTS: Rows = [["client", "as_of", "working"], ["Acme", "2026-11-01", 8]]


def book(tmp_path: Path, content: bytes) -> Opened:
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    return opened(path, WORLD, FileOptions("hr"))


def packed(**parts: bytes) -> bytes:
    content = io.BytesIO(workbook({"a": COUNTS}))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def test_our_own_columns_in_a_sheet_are_read_as_in_text(tmp_path: Path) -> None:
    [line] = book(tmp_path, workbook({"a": COUNTS})).lines()

    assert (line.number, line.event["data"]) == (2, {"working": 8, "as_of": "2026-11-01"})


def test_hidden_sheets_are_left_alone_and_told(tmp_path: Path) -> None:
    found = book(tmp_path, workbook({"a": COUNTS, "b": COUNTS}, hidden=["b"]))

    assert len(list(found.lines())) == 1
    assert found.notes == ["Hidden sheets are not read: b"]


def test_a_long_number_has_lost_its_digits(tmp_path: Path) -> None:
    header: Row = ["client", "response_id", "score", "responded_at"]
    rows: Rows = [header, ["a", 118765432109, 9, "2026-11-01"], ["a", 1.18e17, 9, "2026-11-01"]]

    good, bad = book(tmp_path, workbook({"a": rows})).lines()

    assert good.event["data"]["response_id"] == "118765432109"
    assert bad.faults[0].startswith("response_id: is a long number that a spreadsheet has shortened")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (packed(**{"xl/media/a.bin": b"0" * 61 * 1024**2}), "would unpack to"),
        (packed(**{"xl/media/a.bin": b"0" * 8 * 1024**2}), "far more than it is"),
        (packed(**{f"xl/media/{place}": b"" for place in range(1001)}), "would unpack to"),
        (workbook({"a": COUNTS})[:-300], "is no workbook that can be read"),
        (
            workbook({"a": [["client", "as_of", "working"], ["A", "2026-11-01", 8]]}).replace(
                b"PK\x05\x06", b"PK\x05\x07"
            ),
            "read",
        ),
        (packed(**{"xl/worksheets/sheet9.xml": b'<c r="XFD1048576"/>'}), "reaches to row 1048576 and column 16384"),
        (packed(**{"xl/media/photo.png": b'\0<c r="XFD1048576"/>'}), "reaches to row 1048576 and column 16384"),
        (packed(**{"xl/worksheets/sheet9.xml": "<c/>".encode("utf-16")}), "is no workbook that can be read"),
        (
            packed(
                **{
                    "xl/sharedStrings.xml": b"<sst><si><t>" + bytes(range(65, 90)) * 1000 + b"</t></si></sst>",
                    "xl/worksheets/sheet9.xml": b'<c r="A1" t="s"><v>0</v></c>' * 6000,
                }
            ),
            "more text than is taken",
        ),
        (workbook({"a": []}), "is empty"),
        (b"PK\x03\x04" + b"\0" * 100, "is no workbook that can be read"),
        (b"client,as_of\n", "the column working is missing"),
    ],
    ids=[
        *("size", "ratio", "entries", "cut", "no end", "far cell", "elsewhere", "utf-16", "shared text", "empty"),
        *("zeros", "text"),
    ],
)
def test_what_could_fill_the_memory_or_is_no_workbook_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(ToolError, match=said):
        book(tmp_path, content)


def test_another_packed_file_is_none(tmp_path: Path) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("readme.txt", "x")

    with pytest.raises(ToolError, match="a packed file, but no workbook"):
        book(tmp_path, content.getvalue())
