"""What is exported is imported as it was."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.portfolios import events
from tests.support.service import event
from tests.unit.tools.worlds import WORLD, fact_of, stored
from tools.transfer.exporting import export
from tools.transfer.lines import files_of, read

Items = list[dict[str, Any]]


def again(items: Items) -> Items:
    """Stored facts, exported and imported; in the order they had."""
    with TemporaryDirectory() as folder:
        export(items, Path(folder))
        found = [line for file in files_of(Path(folder)) for line in read(file, "", WORLD)]
    assert [line.faults for line in found if line.faults] == []
    imported = stored(fact_of(line.event) for line in found)
    by_key = {(item["client_id"], item["fact_id"]): item for item in imported}
    assert len(by_key) == len(imported) == len(items)
    return [by_key[item["client_id"], item["fact_id"]] for item in items]


def latest(items: Items) -> Items:
    """The version of each fact that a table keeps."""
    kept: dict[Any, dict[str, Any]] = {}
    for item in sorted(items, key=lambda item: str(item["revision"])):
        kept[item["client_id"], item["fact_id"]] = item
    return list(kept.values())


def response(**data: Any) -> dict[str, Any]:
    return event("nps.responded", {"response_id": "r", "score": 9, "responded_at": "2026-11-01T10:00:00Z", **data})


@given(events())
def test_facts_come_back_as_they_were(sent: list[dict[str, Any]]) -> None:
    items = latest(stored(map(fact_of, sent)))
    for item in items:  # an empty comment is none, as the webhooks have it
        assume(item.get("comment") != "")

    assert again(items) == items


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)


@given(comment=_TEXT, response_id=_TEXT, source=_TEXT)
def test_any_text_comes_back_as_it_was(comment: str, response_id: str, source: str) -> None:
    items = stored([fact_of(response(comment=comment, response_id=response_id) | {"source": source})])

    assert again(items) == items


@given(st.lists(_TEXT.filter(str.strip), max_size=3))
def test_the_names_of_specialisms_come_back_as_they_were(names: list[str]) -> None:
    survey = {"answered_at": "2026-11-01T10:00:00Z", "answers": {"specialisms": names}}
    items = stored([fact_of(event("survey.answered", survey))])

    assert again(items) == items


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=5, unique=True))
def test_versions_that_a_tool_has_counted_keep_their_order(counts: list[int]) -> None:
    items = stored(fact_of(response(response_id=str(count)), order=count) for count in counts)

    before = sorted(items, key=lambda item: str(item["nps_at"]))
    after = sorted(again(items), key=lambda item: str(item["nps_at"]))

    assert [item["fact_id"] for item in before] == [item["fact_id"] for item in after]
    assert again(after) == after


def test_a_response_comes_back_without_its_respondent_and_never_replaces_the_whole_one() -> None:
    [item] = stored([fact_of(response(respondent="jo@example.com", comment="=1"))])

    [back] = again([item])

    assert back["revision"] < item["revision"]
    unlike = ("respondent", "revision", "nps_at")
    assert {key: value for key, value in back.items() if key not in unlike} == {
        key: value for key, value in item.items() if key not in unlike
    }


def test_the_files_of_an_export(tmp_path: Path) -> None:
    sent = [
        response(comment="=1+1; fine", respondent="jo@example.com"),
        response(response_id="out", excluded=True),
        event("nps.retracted", {"response_id": "gone"}),
        event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}),
        event(
            "survey.answered",
            {"survey_id": "s", "answered_at": "2026-11-01T10:00:00Z", "answers": {"specialisms": ["UX", "Java"]}},
        ),
        event("client.described", {"name": "Acme"}),
    ]

    counted = export(stored(map(fact_of, sent)), tmp_path)

    assert counted == {"responses": 2, "counts": 1, "surveys": 1, "rest": 2}
    assert (tmp_path / "responses.csv").read_text("utf-8-sig") == (
        "client,response_id,score,responded_at,updated_at,comment,excluded,source\n"
        "acme,r,9,2026-11-01T10:00:00Z,2026-11-23T11:59:59.999999Z,'=1+1; fine,,tests\n"
        "acme,out,9,2026-11-01T10:00:00Z,2026-11-23T12:00:00Z,,true,tests\n"
    )
    assert (tmp_path / "counts.csv").read_text("utf-8-sig") == (
        "client,as_of,working,happy,recorded_at,source\nacme,2026-11-01,8,6,2026-11-23T12:00:00Z,tests\n"
    )
    assert (tmp_path / "surveys.csv").read_text("utf-8-sig") == (
        "client,answered_at,survey_id,specialisms,roadmap,inspiration,recorded_at,source\n"
        "acme,2026-11-01T10:00:00Z,s,java;ux,,,2026-11-23T12:00:00Z,tests\n"
    )
    rest = [json.loads(line) for line in (tmp_path / "rest.jsonl").read_text().splitlines()]
    assert [(each["type"], each["data"]) for each in rest] == [
        ("nps.retracted", {"response_id": "gone"}),
        ("client.described", {"name": "Acme"}),
    ]


def test_only_their_owner_may_read_the_files_of_an_export(tmp_path: Path) -> None:
    export([], tmp_path)

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_an_export_that_fails_leaves_the_one_before_it(tmp_path: Path) -> None:
    export(stored([fact_of(response())]), tmp_path)
    before = (tmp_path / "responses.csv").read_text("utf-8-sig")

    with pytest.raises(ValueError, match="of no known kind"):
        export([{"fact_id": "x", "kind": "x", "revision": "2026-11-01T10:00:00.000000Z#", "source": "x"}], tmp_path)

    assert (tmp_path / "responses.csv").read_text("utf-8-sig") == before
