"""Of some answers nothing but the row of the table is known: that is kept, counted from its end, and told as such."""

from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from shared.opmm.model_document import published_model
from tests.integration.test_transfer import again, filled
from tests.support.calls import look
from tests.support.service import event, in_memory
from tests.unit.tools.worlds import WORLD
from tools.transfer.exporting import export

pytestmark = pytest.mark.usefixtures("plainly")

COUNT = event("consultants.counted", {"working": 5, "as_of": "2026-11-01", "basis": "band"})
SURVEY = event(
    "survey.answered",
    {
        "survey_id": "s", "answered_at": "2026-11-02T08:00:00Z", "answers": {"specialisms": 4, "roadmap": "yes"},
        "bands": ["specialisms"],
    },
)  # fmt: skip
FIGURE = event("nps.reported", {"nps": -1, "measured_at": "2026-11-02T08:00:00Z", "basis": "band"})


@mock_aws()
def test_a_band_counts_from_its_end_and_is_told_as_a_band() -> None:
    service = in_memory()
    service.post([COUNT, SURVEY, FIGURE])
    service.settle()

    told = {entry["key"]: entry for entry in service.get("/v1/clients/acme").json["dimensions"]}
    steps = service.get("/v1/clients/acme/next-steps").json["steps"]
    page = look(service, "/clients/acme").text

    assert [(told[key]["points"], told[key]["value"], told[key]["basis"]) for key in told if told[key]["value"]] == [
        (3, 5, "band"),
        (4, 4, "band"),
        (3, "yes", "answered"),
        (1, -1, "band"),
    ]
    assert [(step["change"], step.get("basis"), step["text"]) for step in steps if "happy" in step["change"]] == [
        ({"happy": 6}, "band", "up to 6 more happy consultants"),
        ({"happy": -1}, "band", "1 fewer happy consultant or more"),
    ]
    assert "5 to 10; only the row of the table is known" in page


@mock_aws()
def test_a_count_after_a_band_is_measured_again() -> None:
    service = in_memory()
    service.post([COUNT, event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-03"})])
    service.settle()

    happy = service.get("/v1/clients/acme").json["dimensions"][0]

    assert (happy["value"], happy["basis"]) == (6, "measured")


@pytest.mark.parametrize(
    ("type_", "data", "fault"),
    [
        ("consultants.counted", {"working": 6}, "/data/basis needs a number that stands for a band"),
        ("consultants.counted", {"working": 1}, "one of 2, 5, 11"),
        ("consultants.counted", {"working": 5, "happy": 5}, "/data/basis cannot stand beside happy"),
        ("nps.reported", {"nps": 5}, "one of -1, 1, 10"),
        ("nps.reported", {"nps": 10, "basis": "guess"}, "/data/basis must be 'band'"),
        ("survey.answered", {"answers": {"specialisms": 3}, "bands": ["specialisms"]}, "one of 4"),
        (
            "survey.answered",
            {"answers": {"roadmap": "yes"}, "bands": ["roadmap"]},
            "/data/bands/0 must be 'specialisms'",
        ),
        ("survey.answered", {"answers": {"roadmap": "yes"}, "bands": ["specialisms"]}, "/data/bands needs a number"),
    ],
)
def test_a_number_that_stands_for_no_band_is_refused(type_: str, data: dict[str, Any], fault: str) -> None:
    times = {"consultants.counted": "as_of", "nps.reported": "measured_at", "survey.answered": "answered_at"}
    basis = {} if type_ == "survey.answered" else {"basis": "band"}
    sent = event(type_, basis | data | {times[type_]: "2026-11-02T08:00:00Z"})

    told = [f"{found.pointer} {found.detail}" for found in WORLD.faults_in(sent)]

    assert any(fault in one for one in told), told


def test_a_band_comes_back_as_a_band(tmp_path: Path) -> None:
    items = filled([COUNT, SURVEY, FIGURE], WORLD)

    export(items, tmp_path, WORLD.kinds)

    assert again(items, WORLD) == items
    assert [item["answer"].get("basis") for item in items].count("band") == 3
    assert '"5+"' in (tmp_path / "counts.csv").read_text()
    assert '"4+"' in (tmp_path / "surveys.csv").read_text()


def test_a_name_that_looks_like_a_band_is_a_name() -> None:
    named = {"survey_id": "s", "answered_at": "2026-11-02T08:00:00Z", "answers": {"specialisms": ["4+"]}}
    items = filled([event("survey.answered", named)], WORLD)

    assert again(items, WORLD) == items


def test_the_bands_of_the_published_model_begin_where_the_table_says() -> None:
    ends = {
        dimension.key: dimension.band_ends for dimension in published_model().dimensions if dimension.kind != "choice"
    }

    assert ends == {"happy_consultants": (11, 5, 2), "specialisms": (4,), "nps": (10, 1, -1)}
