"""What is exported is imported as it was."""

import csv
import json
import re
from io import StringIO
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from shared.opmm.display import is_displayable
from shared.opmm.kinds import KINDS
from shared.sheets.interpretation import Interpretation
from tests.support.portfolios import events, has_one_day_a_survey
from tests.support.service import event
from tests.unit.tools.models import six_questions, three_questions
from tests.unit.tools.worlds import WORLD, Item, stored
from tools.errors import ToolError
from tools.transfer.exporting import export, refuse_to_replace
from tools.transfer.lines import files_of, read
from tools.transfer.rest import has_events
from tools.transfer.stored import LeftOut, exported

Items = list[Item]


def exported_events(items: Items, world: Interpretation = WORLD) -> list[dict[str, Any]]:
    """The events that an import sends of what an export has written."""
    with TemporaryDirectory() as folder:
        assert export(items, Path(folder), world.kinds).left_out == {}
        found = [line for file in files_of(Path(folder)) for line in read(file, "", world)]
    assert [line.faults for line in found if line.faults] == []
    return [line.event for line in found]


def again(items: Items, world: Interpretation = WORLD) -> Items:
    """Stored facts, exported and imported into an empty table."""
    return stored(exported_events(items, world), world)


def response(**data: Any) -> dict[str, Any]:
    return event("nps.responded", {"response_id": "r", "score": 9, "responded_at": "2026-11-01T10:00:00Z", **data})


def survey(answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"survey_id": "s", "answered_at": "2026-11-01T10:00:00Z", "answers": answers}
    return event("survey.answered", data) | more


@given(events())
def test_facts_come_back_as_they_were(sent: list[dict[str, Any]]) -> None:
    for one in sent:  # an empty comment is none, as the webhooks have it
        assume(one["data"].get("comment") != "")
    assume(not at_two_clients(sent))
    items = stored(sent)
    assume(has_one_day_a_survey(items))

    assert again(items) == items


def test_an_answer_whose_day_a_row_cannot_have_is_told_of(tmp_path: Path) -> None:
    answers = {"specialisms": 0, "inspiration": "regularly", "roadmap": "co_creating"}
    # Versions of one time that contradict one another are told apart by question.
    items = stored(
        event("survey.answered", {"survey_id": "s", "answered_at": at, "answers": answers})
        for at in ("2026-11-20T09:00:00Z", "2026-11-20T03:00:00Z")
    )
    told = {item["question"]: item["observed_at"][11:13] for item in items}
    assert told == {"inspiration": "09", "roadmap": "09", "specialisms": "03"}

    done = export(items, tmp_path, WORLD.kinds)
    [row] = csv.DictReader(StringIO((tmp_path / "surveys.csv").read_text(encoding="utf-8")))
    hour = row["answered_at"][11:13]
    assert (done.left_out, done.redated["surveys.csv"]) == (
        {},
        list(told.values()).count("03" if hour == "09" else "09"),
    )


def at_two_clients(sent: list[dict[str, Any]]) -> bool:
    """Whether a response is told of two clients: it counts at one of them, and only that one is exported."""
    told = {(one["source"], one["data"]["response_id"], one["subject"]) for one in sent if "response_id" in one["data"]}
    return len({identity[:2] for identity in told}) < len(told)


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
_NAME = _TEXT.filter(is_displayable)


@given(comment=_TEXT, response_id=_NAME, source=_NAME)
def test_any_text_comes_back_as_it_was(comment: str, response_id: str, source: str) -> None:
    items = stored([response(comment=comment, response_id=response_id) | {"source": source}])

    assert again(items) == items


@given(survey_id=_NAME, source=_NAME, names=st.lists(_NAME, max_size=3))
def test_surveys_come_back_as_they_were(survey_id: str, source: str, names: list[str]) -> None:
    sent = survey({"specialisms": names, "roadmap": "no"}, source=source)
    sent["data"]["survey_id"] = survey_id
    items = stored([sent])

    assert again(items) == items


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=5, unique=True))
def test_versions_that_a_tool_has_counted_keep_their_order(counts: list[int]) -> None:
    items = stored(response(response_id=str(count)) | {"sequence": str(count)} for count in counts)

    assert again(items) == items


def test_a_response_comes_back_without_its_respondent_and_never_replaces_the_whole_one() -> None:
    [item] = stored([response(respondent="jo@example.com", comment="=1")])

    [back] = again([item])

    assert back["revision"] < item["revision"]
    unlike = ("respondent", "revision", "lane_time")
    assert {key: value for key, value in back.items() if key not in unlike} == {
        key: value for key, value in item.items() if key not in unlike
    }


def test_a_figure_with_decimals_is_exported_exactly() -> None:
    [item] = stored([event("nps.reported", {"nps": 65, "measured_at": "2026-11-01T10:00:00Z"})])

    [rounded, exact] = exported([item, item | {"answer": {"nps": 65, "exact": "64.5"}}], WORLD.kinds)

    assert not isinstance(rounded, LeftOut)
    assert not isinstance(exact, LeftOut)
    assert (rounded.content["data"]["nps"], exact.content["data"]["nps"]) == (65, 64.5)


def test_a_question_that_a_later_version_left_out_is_withdrawn_again() -> None:
    first = survey({"specialisms": 3, "roadmap": "yes"})
    later = survey({"roadmap": "no"}, time="2026-11-23T13:00:00Z")
    items = stored([first, later])

    [back] = exported_events(items)

    assert back["data"]["answers"] == {"roadmap": "no"}
    assert again(items) == items


def test_a_survey_whose_answers_are_all_withdrawn_is_not_exported() -> None:
    items = [item for item in stored([survey({"roadmap": "no"})]) if item["question"] != "roadmap"]

    assert len(items) == 2
    assert exported_events(items) == []


@pytest.mark.parametrize(
    ("world", "answers"),
    [
        (six_questions(), {"specialisms": ["ux"], "roadmap": "no", "channels": ["mail"], "trust": "full"}),
        (three_questions(), {"trust": "none"}),
    ],
)
def test_a_model_of_any_number_of_questions_comes_back(world: Interpretation, answers: dict[str, Any]) -> None:
    items = stored([survey(answers), response()], world)

    assert again(items, world) == items


def test_a_description_is_an_event_for_each_combination_of_fields() -> None:
    sent = [
        event("client.described", {"name": "Acme"}),
        event("client.described", {"name": "Acme B.V.", "status": "active"}),
        event("client.described", {"name": "Acme N.V."}) | {"time": "2026-11-23T13:00:00Z"},
    ]

    found = exported_events(stored(sent))

    assert sorted((described["data"]["name"], described["time"]) for described in found) == [
        ("Acme B.V.", "2026-11-23T12:00:00Z"),
        ("Acme N.V.", "2026-11-23T13:00:00Z"),
    ]
    assert again(stored(sent)) == stored(sent)


def test_a_description_that_is_counted_keeps_when_it_was_recorded() -> None:
    [back] = exported_events(stored([event("client.described", {"name": "Acme"}) | {"sequence": "3"}]))

    assert (back["sequence"], back["time"]) == ("3", "2026-11-23T12:00:00Z")


SAFE = "'=1+1; fine\n'-2 ;'=cmd|' /C calc'!A0"


def lines(file: Path) -> list[str]:
    """The lines of a CSV file, which end with CR and LF; a line break within a cell stays."""
    return file.read_bytes().decode("utf-8-sig").split("\r\n")[:-1]


def test_the_files_of_an_export(tmp_path: Path) -> None:
    sent = [
        response(comment="=1+1; fine\n-2 ;=cmd|' /C calc'!A0", respondent="jo@example.com"),
        response(response_id="out", excluded=True),
        event("nps.retracted", {"response_id": "gone"}),
        event("consultants.counted", {"working": 8, "happy": 6, "as_of": "2026-11-01"}),
        survey({"specialisms": ["UX", "Java"]}),
        event("client.described", {"name": "Acme"}),
    ]

    done = export(stored(sent), tmp_path, WORLD.kinds)

    assert done.written == {"responses.csv": 2, "counts.csv": 1, "surveys.csv": 1, "rest.jsonl": 2}
    assert lines(tmp_path / "responses.csv") == [
        '"client","response_id","score","responded_at","updated_at","comment","excluded","source"',
        '"acme","out","9","2026-11-01T10:00:00Z","2026-11-23T12:00:00Z","","true","tests"',
        f'"acme","r","9","2026-11-01T10:00:00Z","2026-11-23T11:59:59.999999Z","{SAFE}","","tests"',
    ]
    assert lines(tmp_path / "counts.csv") == [
        '"client","as_of","working","happy","recorded_at","source"',
        '"acme","2026-11-01","8","6","2026-11-23T12:00:00Z","tests"',
    ]
    assert lines(tmp_path / "surveys.csv") == [
        '"client","answered_at","survey_id","specialisms","roadmap","inspiration","recorded_at","source"',
        '"acme","2026-11-01T10:00:00Z","s","java;ux","","","2026-11-23T12:00:00Z","tests"',
    ]
    rest = [json.loads(line) for line in (tmp_path / "rest.jsonl").read_text().splitlines()]
    assert [(line["type"], line["data"]) for line in rest] == [
        ("client.described", {"name": "Acme"}),
        ("nps.retracted", {"response_id": "gone"}),
    ]


def test_what_is_not_known_is_left_out_and_counted_and_the_rest_is_exported(tmp_path: Path) -> None:
    [item] = stored([response()])
    unknown = [
        item | {"fact_id": "visit#x#1", "kind": "visit"},
        item | {"fact_id": "visit#x#2", "kind": "visit"},
        item | {"fact_id": "response#x#3", "format": 99},
        {name: value for name, value in item.items() if name != "format"},
        item | {"fact_id": "response#x#4", "revision": "damaged"},
        item | {"fact_id": "response#x#5", "answer": {}},
    ]

    done = export([*unknown, item], tmp_path, WORLD.kinds)

    assert done.written["responses.csv"] == 1
    assert done.left_out == {
        "of kind visit": 2,
        "of kind response in format 99": 1,
        "of kind response in format unknown": 1,
        "of kind response with damaged fields": 2,
    }


def test_an_answer_to_a_question_that_the_model_no_longer_asks_is_left_out(tmp_path: Path) -> None:
    items = stored([survey({"roadmap": "no", "specialisms": 3})])

    done = export(items, tmp_path, three_questions().kinds)

    assert done.written["surveys.csv"] == 0
    assert sum(done.left_out.values()) == 2


def test_what_stands_under_no_client_is_derived_and_passed_over() -> None:
    [item] = stored([response()])

    assert list(exported([item | {"client_id": "response#nps#r"}], WORLD.kinds)) == []


def test_what_says_that_a_fact_counts_elsewhere_now_is_passed_over() -> None:
    [item] = stored([event("nps.retracted", {"response_id": "r"})])

    assert list(exported([item | {"moved": True}], WORLD.kinds)) == []


def test_facts_of_every_kind_that_there_is_can_be_exported() -> None:
    in_files = {kind.fact for kind in WORLD.kinds}

    assert {kind for kind in KINDS if kind not in in_files and not has_events(kind)} == set()


def test_the_items_of_a_survey_need_not_stand_together() -> None:
    items = stored([survey({"specialisms": 3, "roadmap": "yes"}), response()])

    found = list(exported(items[::-1], WORLD.kinds))

    assert len(found) == 2
    assert not any(isinstance(fact, LeftOut) for fact in found)


def test_only_their_owner_may_read_the_files_of_an_export(tmp_path: Path) -> None:
    export([], tmp_path, WORLD.kinds)

    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_an_export_that_fails_leaves_the_one_before_it(tmp_path: Path) -> None:
    def failing() -> Any:
        yield from stored([response(response_id="other")])
        raise OSError("gone")

    export(stored([response()]), tmp_path, WORLD.kinds)
    before = (tmp_path / "responses.csv").read_text("utf-8-sig")

    with pytest.raises(OSError, match="gone"):
        export(failing(), tmp_path, WORLD.kinds)

    assert (tmp_path / "responses.csv").read_text("utf-8-sig") == before


FORMULA = "=cmd|' /C calc'!A0"


@given(before=st.sampled_from(["", "ok;", "ok\t", "ok\r", "ok\n", 'ok;"', "ok; "]))
def test_no_spreadsheet_finds_a_formula_whatever_delimiter_it_takes(before: str) -> None:
    text = f"{before}{FORMULA}"
    name = text if is_displayable(text) else f"ok;{FORMULA}"  # no name holds what begins another line
    sent = [
        response(response_id=name, comment=text) | {"source": name},
        survey({"specialisms": [name]}, source=name) | {"id": name},
        event("consultants.counted", {"working": 1, "as_of": "2026-11-01"}) | {"source": name},
    ]
    items = stored(sent)

    with TemporaryDirectory() as folder:
        export(items, Path(folder), WORLD.kinds)
        for file in Path(folder).glob("*.csv"):
            raw = file.read_bytes().decode("utf-8-sig")
            for parted in (re.split("[;\t\r\n]", raw), chain(*csv.reader(StringIO(raw, newline="")))):
                assert [cell for cell in parted if re.match('[ "]*[=+@-]', cell)] == []
    assert again(items) == items


def test_an_export_is_never_replaced_without_asking(tmp_path: Path) -> None:
    refuse_to_replace(tmp_path / "none", WORLD.kinds)
    refuse_to_replace(tmp_path, WORLD.kinds)
    export([], tmp_path, WORLD.kinds)

    with pytest.raises(ToolError, match=r"holds counts.csv, .* already. Choose another folder, or add FORCE=1"):
        refuse_to_replace(tmp_path, WORLD.kinds)


def test_only_its_owner_may_enter_the_folder_that_an_export_has_made(tmp_path: Path) -> None:
    export([], tmp_path / "backup", WORLD.kinds)

    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o700
