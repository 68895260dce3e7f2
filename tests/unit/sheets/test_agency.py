"""An agency's own sheet is read as what it says: bands stay bands, and its totals are compared with its answers."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from shared.intake.client_names import Named
from shared.opmm.model_document import published_model
from shared.opmm.slugs import slugify
from shared.sheets.agency_cells import Told, is_answered, told
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import FileOptions, Line
from tests.support.workbooks import Row, Rows, workbook
from tests.unit.sheets.test_reading import DUTCH
from tests.unit.tools.worlds import WORLD
from tools.errors import ToolError
from tools.transfer.lines import Opened, opened
from tools.transfer.mapping import show

MODEL = published_model()
HEADER: Row = [
    "Klant",
    "Blije consultants",
    "Specialismen",
    "Roadmap",
    "Inspiratiesessies",
    "NPS",
    "Totaal",
    "Eigenaar",
]
ACME: Row = ["Acme B.V.", "tussen 5 en 10", 4, "ja - helpen mee opstellen", "ja, regelmatig", "10 of hoger", 19, "Ada"]
BETA: Row = ["Beta", 12, "2", "Ja", "nee", 0, 13, None]


def sheet(tmp_path: Path, sheets: dict[str, Rows] | Rows, *, world: Any = WORLD, **options: Any) -> Opened:
    path = tmp_path / "opmm.xlsx"
    path.write_bytes(workbook(sheets if isinstance(sheets, dict) else {"1-11-2026": sheets}))
    return opened(path, world, FileOptions("sheet", dates="dmy", **options))


def said(lines: list[Line]) -> list[tuple[str, str, Any]]:
    return [(line.event["subject"], line.event["type"], line.event["data"]) for line in lines]


@pytest.mark.parametrize(
    ("question", "cell", "read"),
    [
        ("happy_consultants", "tussen 5 en 10", Told(5, band=True)),
        ("happy_consultants", ">10", Told(11, band=True)),
        ("happy_consultants", "meer dan 10", Told(11, band=True)),
        ("happy_consultants", "2 - 5", Told(2, band=True)),
        ("happy_consultants", "between 5 and 10", Told(5, band=True)),
        ("happy_consultants", "maar 1", Told(1)),
        ("happy_consultants", "8", Told(8)),
        ("happy_consultants", "8,0", Told(8)),
        ("happy_consultants", ">3", None),
        ("happy_consultants", "7,5", None),
        ("happy_consultants", "-2", None),
        ("happy_consultants", "2026-10-05", None),
        ("specialisms", "4 of meer", Told(4, band=True)),
        ("specialisms", "4", Told(4)),
        ("roadmap", "ja - helpen mee opstellen", Told("co_creating")),
        ("roadmap", "JA", Told("yes")),
        ("roadmap", "Werken via een derde partij", Told("third_party")),
        ("roadmap", "misschien", None),
        ("inspiration", "regelmatig", Told("regularly")),
        ("inspiration", "Ja", None),
        ("nps", "10 of hoger", Told(10, band=True)),
        ("nps", "tussen de 1 en 10", Told(1, band=True)),
        ("nps", "-1 of lager", Told(-1, band=True)),
        ("nps", "\N{MINUS SIGN}3", Told(-3)),
        ("nps", "64,5", Told(64, exact="64.5")),
        ("nps", "35 %", Told(35)),
        ("nps", "-12,5%", Told(-12, exact="-12.5")),
        ("nps", "0,35", None),
        ("nps", "-0.5", None),
        ("nps", "0,0", Told(0)),
        ("specialisms", "4%", None),
    ],
)
def test_a_cell_is_a_row_of_the_table_or_a_number_or_refused(question: str, cell: str, read: Told | None) -> None:
    assert told(cell, MODEL.dimension(question)) == read


def test_a_row_is_what_a_client_is_known_by_on_the_day_of_the_sheet(tmp_path: Path) -> None:
    found = list(sheet(tmp_path, [["OPMM"], [], HEADER, ACME]).lines())

    assert said(found) == [
        ("acme-b-v", "consultants.counted", {"working": 5, "basis": "band", "as_of": "2026-11-01"}),
        ("acme-b-v", "nps.reported", {"nps": 10, "basis": "band", "measured_at": "2026-10-31T23:00:00Z"}),
        (
            "acme-b-v",
            "survey.answered",
            {
                "survey_id": "sheet-2026-11-01",
                "answered_at": "2026-10-31T23:00:00Z",
                "answers": {"specialisms": 4, "roadmap": "co_creating", "inspiration": "regularly"},
            },
        ),
        ("acme-b-v", "client.described", {"owner": "Ada"}),
    ]
    assert {line.number for line in found} == {4}


def test_the_same_sheet_gives_the_same_events_whatever_the_time(tmp_path: Path) -> None:
    first, again = ([line.event for line in sheet(tmp_path, [HEADER, ACME, BETA]).lines()] for _ in range(2))

    assert first == again
    assert {event["time"] for event in first} == {"2026-10-31T23:00:00Z"}


def test_a_workbook_that_was_saved_later_says_so(tmp_path: Path) -> None:
    path = tmp_path / "opmm.xlsx"
    path.write_bytes(workbook({"2026-11-01": [HEADER, BETA]}, saved_at="2026-11-20T08:00:00Z"))

    times = {line.event["time"] for line in opened(path, WORLD, FileOptions("sheet")).lines()}

    assert times == {"2026-11-20T08:00:00Z"}


def test_several_sheets_are_several_days(tmp_path: Path) -> None:
    book = sheet(tmp_path, {"oktober 2026": [HEADER, BETA], "Q3 2026": [HEADER, BETA], "Uitleg": [["Vul dit in"]]})

    days = [line.event["data"]["as_of"] for line in book.lines() if line.event["type"] == "consultants.counted"]

    assert days == ["2026-10-01", "2026-07-01"]
    assert "The sheet Uitleg is not read: it has no row of headings that is known." in book.notes


def test_a_column_of_days_tells_the_day_of_each_row(tmp_path: Path) -> None:
    rows: Rows = [
        ["Client", "Date", "Happy consultants", "NPS"],
        ["A", date(2026, 11, 2), 8, 33],
        ["B", "13-10-2026", 8, 33],
    ]

    counted = [line for line in sheet(tmp_path, {"x": rows}).lines() if line.event["type"] == "consultants.counted"]

    assert [line.event["data"]["as_of"] for line in counted] == ["2026-11-02", "2026-10-13"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-11-01 00:00:00", "2026-11-01"),
        ("1-11-2026 00:30", "2026-11-01"),
        ("2026-10-31T23:00:00Z", "2026-11-01"),
        ("2026-11-01T23:30:00+01:00", "2026-11-01"),
    ],
)
def test_a_time_in_the_column_of_days_is_the_day_on_which_it_lies_here(tmp_path: Path, cell: str, day: str) -> None:
    rows: Rows = [["Klant", "Datum", "Blije consultants", "NPS"], ["A", cell, 8, 33]]

    [counted] = [line for line in sheet(tmp_path, rows).lines() if line.event["type"] == "consultants.counted"]

    assert counted.event["data"]["as_of"] == day


def test_a_day_that_the_calendar_does_not_have_is_refused(tmp_path: Path) -> None:
    rows: Rows = [["Klant", "Datum", "Blije consultants", "NPS"], ["A", "2026-02-30", 8, 33]]

    [line] = sheet(tmp_path, rows).lines()

    assert line.faults == ("Datum: is no time of the calendar",)


def test_dates_of_both_orders_are_told_as_such_and_one_order_is_said(tmp_path: Path) -> None:
    header = "Klant;Datum;Blije consultants;NPS"
    path = tmp_path / "opmm.csv"
    both = f"{header}\nA;13-10-2026;8;33\nB;10-14-2026;8;33\nC;2-10-2026;8;33\n"

    path.write_text(both)
    told_apart = [line.faults for line in opened(path, WORLD, FileOptions("sheet")).lines() if line.faults]
    path.write_text(both.replace("10-14", "14-10"))
    found = opened(path, WORLD, FileOptions("sheet"))

    assert {faults[0].partition(",")[0] for faults in told_apart} == {
        "Datum: cannot be told: in some lines the day comes first"
    }
    assert "Dates were read with the day first, as some of them can only be read so." in found.notes
    assert not any(line.faults for line in found.lines())


def test_a_day_that_nothing_tells_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="say DATE=2026-11-01"):
        sheet(tmp_path, {"Blad1": [HEADER, BETA]})

    [line, *_] = sheet(tmp_path, {"Blad1": [HEADER, BETA]}, day="2026-11-03").lines()

    assert line.event["data"]["as_of"] == "2026-11-03"
    with pytest.raises(ToolError, match="the sheets Blad1, Blad2 are"):
        sheet(tmp_path, {"Blad1": [HEADER, BETA], "Blad2": [HEADER, BETA]}, day="2026-11-03")


def test_a_total_that_differs_is_explained(tmp_path: Path) -> None:
    book = sheet(tmp_path, [HEADER, ["Acme", 12, 4, "Ja", None, 0, 14, None], BETA, ["Totaal", *[None] * 5, 27, None]])

    [difference] = [note for note in book.notes if "the sheet says" in note]
    assert difference == (
        "Acme: the sheet says 14, the answers give 13: Happy consultants 12 is 4, Specialisms 4 is 4, Roadmap Ja is 3, "
        "NPS 0 is 2, Inspiration sessions is not answered"
    )


@pytest.mark.parametrize(
    ("total", "summed"), [("15.0", 15), ("15,00", 15), ("15/20", 15), ("15 van 20", 15), ("15 punten", 15)]
)
def test_a_total_is_compared_however_it_is_written(tmp_path: Path, total: str, summed: int) -> None:
    book = sheet(tmp_path, [HEADER, ["Acme", 12, 4, "Ja", None, 0, total, None]])

    [difference] = [note for note in book.notes if note.startswith("Acme")]
    assert difference.startswith(f"Acme: the sheet says {summed}, the answers give 13: ")


def test_a_total_that_is_none_is_told_and_a_dash_is_no_total(tmp_path: Path) -> None:
    rows: Rows = [HEADER, ["Acme", 12, 4, "Ja", None, 0, "goed", None], ["Beta", 12, 4, "Ja", None, 0, "-", None]]

    assert [note for note in sheet(tmp_path, rows).notes if "total" in note] == [
        "Acme: the total goed is no number of points, and was not compared"
    ]


@pytest.mark.parametrize("cell", ["-", "n.v.t.", "?", "Onbekend", "\N{EN DASH}"])
def test_what_people_write_where_nobody_answered_is_no_answer(tmp_path: Path, cell: str) -> None:
    found = list(sheet(tmp_path, [HEADER, ["Acme", 12, cell, cell, cell, cell, None, None]]).lines())

    assert said(found) == [("acme", "consultants.counted", {"working": 12, "as_of": "2026-11-01"})]
    assert not is_answered(cell)


def test_a_fraction_is_no_nps_and_its_percentage_is_named(tmp_path: Path) -> None:
    [line] = sheet(tmp_path, [HEADER, ["Acme", 12, None, None, None, 0.35, None, None]]).lines()

    assert line.faults == ("NPS: is a figure or a percentage: write 35 for 35 %, as an NPS is no fraction",)


def test_points_beside_the_answers_name_the_very_question(tmp_path: Path) -> None:
    header = ["Klant", "NPS", "NPS punten", "Roadmap", "Roadmap punten", "Totaal"]

    book = sheet(tmp_path, [header, ["Acme", 0, 3, "Ja", 3, 6]], world=DUTCH)

    [difference] = [note for note in book.notes if note.startswith("Acme")]
    assert difference.startswith("Acme: het blad zegt 6, de antwoorden geven 5: NPS 0 is 2 punten, het blad telt 3, ")


def test_a_row_with_a_cell_that_cannot_be_read_is_refused_as_a_whole(tmp_path: Path) -> None:
    rows: Rows = [HEADER, ["Acme", "zeven", 4, "misschien", None, 0, None, None], BETA]

    bad, *good = sheet(tmp_path, rows).lines()

    assert [fault.partition(":")[0] for fault in bad.faults] == ["Blije consultants", "Roadmap"]
    assert {line.event["subject"] for line in good} == {"beta"}


def test_a_client_twice_with_other_answers_is_refused(tmp_path: Path) -> None:
    rows: Rows = [HEADER, BETA, ["beta", 3, "2", "Ja", "nee", 0, 13, None]]

    found = list(sheet(tmp_path, rows).lines())

    assert [(line.number, line.faults[0].partition(",")[0]) for line in found] == [
        (2, "Klant: stands in other lines"),
        (3, "Klant: stands in other lines"),
    ]


def test_a_client_by_two_of_its_names_with_other_answers_is_refused(tmp_path: Path) -> None:
    known = Interpretation.by(MODEL, WORLD.zone, WORLD.now, lambda name: Named(slugify(name), "beta", is_new=False))
    rows: Rows = [HEADER, BETA, ["Beta Holding", 3, "2", "Ja", "nee", 0, 13, None]]

    assert [line.number for line in sheet(tmp_path, rows, world=known).lines() if line.faults] == [2, 3]


def test_a_sheet_in_text_is_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "opmm.csv"
    path.write_text("OPMM, november 2026;;\n;;\nKlant;Blije consultants;NPS\nAcme;>10;-1 of lager\n")

    found = opened(path, WORLD, FileOptions("sheet"))

    assert said(list(found.lines()))[0] == (
        "acme",
        "consultants.counted",
        {"working": 11, "basis": "band", "as_of": "2026-11-01"},
    )
    assert found.notes[0] == "It is of 2026-11-01, as stands above the table."


def test_a_preview_shows_what_is_read_and_what_is_not(tmp_path: Path) -> None:
    [table] = sheet(tmp_path, [[*HEADER, "Opmerking"], [*ACME, "x"]]).tables

    assert table.preview
    assert table.preview.left_out == ("Opmerking",)
    assert table.preview.columns[:2] == (("client", "Klant"), ("date", "the sheet"))
    assert table.preview.rows[0].cells[:3] == (
        "Acme B.V.",
        "2026-11-01",
        "tussen 5 en 10 (a row of the table; counts as 5)",
    )
    assert table.preview.rows[0].cells[4] == "yes, we help draw it up"


def test_a_terminal_shows_as_what_a_band_counts_and_where_a_cell_is_cut(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show([sheet(tmp_path, [HEADER, ["Acme " + "x" * 80, *ACME[1:]]], world=DUTCH)], DUTCH.words)

    said = capsys.readouterr().err
    assert "10 of hoger (een rij van de tabel; telt als 10)" in said
    assert f"Acme {'x' * 52}... |" in said


def test_a_time_is_of_the_day_that_the_stack_has(tmp_path: Path) -> None:
    path = tmp_path / "opmm.csv"
    path.write_text("Klant;Roadmap;NPS;Datum\nAcme;Ja;10;13-11-2026 00:15\n")

    read = opened(path, WORLD, FileOptions("sheet"))

    assert {line.event["time"] for line in read.lines()} == {"2026-11-12T23:00:00Z"}
    assert [row.cells[1] for table in read.tables if table.preview for row in table.preview.rows] == ["2026-11-13"]


def test_text_tells_that_a_corrected_sheet_may_not_count_and_a_workbook_has_no_need(tmp_path: Path) -> None:
    path, book = tmp_path / "opmm.csv", tmp_path / "opmm.xlsx"
    book.write_bytes(workbook({"1-11-2026": [HEADER, BETA]}, saved_at="2026-11-02T10:00:00Z"))
    path.write_text("Klant;Roadmap;NPS;Datum\nAcme;Ja;10;13-11-2026\n")

    assert any("It does not tell when it was saved" in note for note in opened(path, WORLD, FileOptions("sheet")).notes)
    assert "saved" not in " ".join(opened(book, WORLD, FileOptions("sheet", "dmy")).notes)
