"""What is filled in of a talk: read without a slip, and always taken where nothing is said to be wrong."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.pages.talk.form import Agreement, kept_fields, listed, read_form
from functions.pages.talk.loading import Loaded
from functions.pages.talk.questions import placed
from functions.pages.talk.telling import Telling
from shared.intake.events import event_types
from shared.intake.validation import validate_event
from shared.opmm.inputs import Description, ScoringInputs
from shared.opmm.model import Model
from shared.opmm.model_document import published_model
from shared.opmm.scorecard import scorecard
from shared.reading.scorecards import Card
from tests.unit.pages.drawing import NOTHING

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Amsterdam")
TODAY = date(2026, 11, 24)
MODEL = published_model()
TYPES = event_types(MODEL)
ROW = {"a1.id": "a", "a1.side": "client", "a1.title": "Go on", "a1.due": "2026-12-15"}

DAYS = ["", "2026-11-24", "2026-11-25", "2027-03-04", "1899-01-01", "0000-00-00", "9999-12-31", "2026-02-30", "\u0662"]
TEXTS = [
    "",
    " ",
    "x",
    "Noor van Dalen",
    "a,b,,c",
    "x" * 101,
    "x" * 4001,
    "\u202ex",
    "\x00",
    "a\r\nb",
    "\u200b",
    "é" * 200,
]
NUMBERS = ["", "0", "5", "6", "10000", "10001", "-1", "1.5", "\u0661", "9" * 99]
NAMES = ["held", "next", "next_id", "who.else", "who.is.0", "who.is.7", "summary", "internal", "rows", "q.nps"]
NAMES += [f"q.{key}{part}" for key in MODEL.keys for part in ("", ".was", ".other", ".working", ".happy", ".name.3")]
NAMES += [f"a{row}.{part}" for row in (1, 5) for part in ("id", "title", "side", "who", "due", "moves")]
VALUES = [*DAYS, *TEXTS, *NUMBERS, "told", "yes", "co_creating", "agency", "client", "both", "roadmap:4", "roadmap:9"]


def loaded(model: Model = MODEL, **known: Any) -> Loaded:
    inputs = ScoringInputs("acme", Description("Acme"))
    score = scorecard(inputs, model, TODAY)
    told: dict[str, Any] = {
        "talk": None,
        "talks": (),
        "people": (),
        "working": None,
        "names": {},
        "told": {},
        "told_at": None,
    }
    return Loaded(Card(NOTHING, inputs, score, score, ()), TODAY, advised=(), **{**told, **known})


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)))
def test_where_nothing_is_wrong_the_intake_takes_all_of_it(fields: dict[str, str]) -> None:
    whole = {"talk_id": "t", "held": "2026-11-24", "next_id": "n", **fields}

    said, faults = read_form(kept_fields(whole), MODEL, TODAY)

    if not faults:
        assert said.on is not None
        telling = Telling(said, loaded(), said.on, NOW, ZONE, whole["next_id"])
        if 1 <= len(whole["next_id"]) <= 128:
            for event in telling.events():
                validate_event(event, TYPES, {"now": NOW, "zone": ZONE})


def test_an_empty_row_is_left_out_and_a_side_alone_fills_none() -> None:
    said, faults = read_form({"held": "2026-11-24", **ROW, "a2.side": "client", "a2.id": "b"}, MODEL, TODAY)

    assert faults == ()
    assert said.agreements == (Agreement("a", "Go on", "client", "", date(2026, 12, 15)),)


def test_faults_are_told_from_the_top_with_their_rows() -> None:
    fields = {**ROW, "a1.due": "", "a3.who": "Noor", "a3.id": "c", "q.roadmap": "maybe"}

    _, faults = read_form(fields, MODEL, TODAY)

    assert [(fault.name, fault.row) for fault in faults] == [
        ("held", 0),
        ("q.roadmap", 0),
        ("a1.due", 1),
        ("a3.title", 3),
        ("a3.due", 3),
    ]


@pytest.mark.parametrize(
    ("fields", "answers"),
    [
        ({}, {}),
        ({".was": "data", ".name.0": "data"}, {}),
        ({"": "told", ".was": "data", ".name.0": "data"}, {"specialisms": ("data",)}),
        (
            {"": "told", ".was": "data,ux", ".name.1": "ux", ".other": "UX, Strategy"},
            {"specialisms": ("ux", "Strategy")},
        ),
        ({"": "told", ".was": "data"}, {"specialisms": ()}),
        ({"": "told", ".was": "3", ".other": "4"}, {"specialisms": 4}),
    ],
)
def test_names_are_told_once_each_and_a_number_where_there_are_none(
    fields: dict[str, str], answers: dict[str, Any]
) -> None:
    said, faults = read_form(
        {"held": "2026-11-24", **{f"q.specialisms{k}": v for k, v in fields.items()}}, MODEL, TODAY
    )

    assert (said.answers, faults) == (answers, ())


def test_what_is_no_field_of_the_form_is_not_kept() -> None:
    assert kept_fields({"keep": "later", "version": "3", "who.is.123": "x", "a6.title": "x", "q.x.name.0": "y"}) == {
        "q.x.name.0": "y"
    }


def test_names_stay_where_the_form_knows_them() -> None:
    assert placed({2: "c"}, ["a", "b", "c", "d"]) == ["a", "b", "c", "d"]
    assert placed({3: "z"}, ["a"]) == ["a", "", "", "z"]
    assert listed(" a, ,b ") == ["a", "b"]
