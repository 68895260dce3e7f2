import copy
import json
from pathlib import Path
from typing import Any

import pytest

from shared.opmm import model_document
from shared.opmm.model_document import ModelError, load_model, published_model

FILE = Path(model_document.__file__).with_name("models") / "opmm-1.json"
PUBLISHED = json.loads(FILE.read_text(encoding="utf-8"))
REMOVED = object()
Path_ = tuple[str | int, ...]


def damaged(path: Path_, value: Any) -> Any:
    """The published document with another value at one place."""
    document = copy.deepcopy(PUBLISHED)
    *way, last = path
    entry = document
    for step in way:
        entry = entry[step]
    if value is REMOVED:
        del entry[last]
    else:
        entry[last] = value
    return document


HAPPY, SPECIALISMS, ROADMAP, INSPIRATION, NPS = (("dimensions", place) for place in range(5))


def test_the_published_model_is_the_document_in_the_file() -> None:
    assert published_model().document == PUBLISHED


def test_the_published_model_is_worth_20_points_in_five_questions() -> None:
    model = published_model()
    assert (model.id, model.max_total, model.nps_window_days) == ("opmm-1", 20, 365)
    assert [(each.key, each.kind, each.max, each.fresh_days) for each in model.dimensions] == [
        ("happy_consultants", "count", 4, 45),
        ("specialisms", "count", 4, 180),
        ("roadmap", "choice", 4, 365),
        ("inspiration", "choice", 4, 365),
        ("nps", "nps", 4, None),
    ]


@pytest.mark.parametrize("key", published_model().keys)
def test_every_text_is_told_in_both_languages(key: str) -> None:
    dimension = published_model().dimension(key)
    for text in (dimension.name, dimension.question, *(band.text for band in dimension.bands)):
        assert set(text) == {"en", "nl"}
        assert all(words.strip() == words != "" for words in text.values())


def test_there_is_no_sixth_question() -> None:
    with pytest.raises(KeyError):
        published_model().dimension("mood")
    assert published_model().find("mood") is None


@pytest.mark.parametrize("name", ["none", "../models/opmm-1", ""])
def test_a_document_that_is_not_there_is_no_model(name: str) -> None:
    with pytest.raises(ModelError):
        published_model(name)


def test_another_agency_can_ask_fewer_questions_in_another_order() -> None:
    document = copy.deepcopy(PUBLISHED)
    document["dimensions"] = [document["dimensions"][place] for place in (2, 0)]
    document["discussion"] |= {"diverging": []}
    model = load_model(document | {"max_total": 8})

    assert model.keys == ("roadmap", "happy_consultants")
    assert [dimension.key for dimension in model.survey_questions] == ["roadmap"]
    assert model.answered_from("nps") is None


def test_another_agency_can_publish_its_own() -> None:
    document = damaged((*HAPPY, "bands"), [{"points": 2, "from": 0, "to": None, "text": {"en": "any", "nl": "elk"}}])
    document |= {"model": "ours-1", "nps_window_days": 90}
    model = load_model(document)
    assert (model.id, model.nps_window_days, model.dimension("happy_consultants").points_for(0)) == ("ours-1", 90, 2)


def test_the_order_of_bands_does_not_matter() -> None:
    document = copy.deepcopy(PUBLISHED)
    for dimension in document["dimensions"]:
        dimension["bands"].reverse()
    assert load_model(document).dimension("happy_consultants").points_for(11) == 4


NUMBERS = "every number needs exactly one band"
DAMAGE: dict[str, tuple[Path_, Any, str]] = {
    "gap": ((*HAPPY, "bands", 1, "from"), 6, f"happy_consultants: {NUMBERS}; look at 6 to 10"),
    "overlap": ((*HAPPY, "bands", 2, "to"), 5, f"happy_consultants: {NUMBERS}; look at 5 to 10"),
    "open end below the top": ((*HAPPY, "bands", 1, "to"), None, f"happy_consultants: {NUMBERS}; look at 11 to None"),
    "no band for 0": ((*SPECIALISMS, "bands", 4), REMOVED, f"specialisms: {NUMBERS}; look at 1 to 1"),
    "below 0": ((*SPECIALISMS, "bands", 4, "from"), -1, f"specialisms: {NUMBERS}; look at -1 to 0"),
    "same band twice": (
        (*SPECIALISMS, "bands", 3),
        PUBLISHED["dimensions"][1]["bands"][2],
        f"specialisms: {NUMBERS}; look at 2 to 2",
    ),
    "band turned around": ((*HAPPY, "bands", 2, "to"), 1, "happy_consultants: a band ends before it begins, at 1"),
    "nothing at the top": ((*HAPPY, "bands", 0, "to"), 20, "happy_consultants: the highest numbers have no band"),
    "no bands": ((*HAPPY, "bands"), [], "happy_consultants: the highest numbers have no band"),
    "nps ends at 99": ((*NPS, "bands", 0, "to"), 99, "nps: the highest numbers have no band"),
    "nps begins at -99": ((*NPS, "bands", 3, "from"), -99, f"nps: {NUMBERS}; look at -99 to -1"),
    "answer without a band": (
        (*ROADMAP, "bands", 1),
        REMOVED,
        "roadmap: exactly one band each for co_creating, yes, no, third_party",
    ),
    "answer with two bands": (
        (*ROADMAP, "bands", 1, "answer"),
        "no",
        "roadmap: exactly one band each for co_creating, yes, no, third_party",
    ),
    "answer of another question": (
        (*INSPIRATION, "bands", 1, "answer"),
        "yes",
        "inspiration: exactly one band each for regularly, incidentally, no, third_party",
    ),
    "band without an answer": (
        (*INSPIRATION, "bands", 3, "answer"),
        REMOVED,
        "inspiration: exactly one band each for regularly, incidentally, no, third_party",
    ),
    "points above max": ((*NPS, "bands", 0, "points"), 5, "nps: points lie between 0 and 4, which is at least 1"),
    "points below 0": ((*NPS, "bands", 3, "points"), -1, "nps: points lie between 0 and 4, which is at least 1"),
    "no Dutch name": ((*HAPPY, "name", "nl"), REMOVED, "happy_consultants/name: no text in nl"),
    "empty question": ((*NPS, "question", "en"), "", "nps/question: no text in en"),
    "band without texts": ((*ROADMAP, "bands", 2, "text"), {}, "roadmap/bands/2/text: no text in en, nl"),
    "answer that stands twice": ((*ROADMAP, "answers", 1), "no", "roadmap/answers: one stands twice"),
    "answer that is no name": (
        (*ROADMAP, "answers", 1),
        "Ja!",
        "roadmap/answers must be names of lower-case letters, digits and _",
    ),
    "unknown kind": ((*ROADMAP, "kind"), "mood", "roadmap/kind must be count or choice when answers come from survey"),
    "kind that head counts cannot answer": (
        (*HAPPY, "kind"),
        "choice",
        "happy_consultants/kind must be count when answers come from consultants",
    ),
    "unknown source of answers": (
        (*ROADMAP, "answers_from"),
        "mail",
        "roadmap/answers_from must be one of consultants, survey, nps",
    ),
    "key that is no name": (
        (*ROADMAP, "key"),
        "Road map",
        "dimensions/2/key must be a lower-case name of letters, digits and _",
    ),
    "no short name": ((*ROADMAP, "short", "nl"), REMOVED, "roadmap/short: no text in nl"),
    "counted in no words": (
        (*HAPPY, "unit", "nl"),
        ["consultant"],
        "happy_consultants/unit/nl must be two texts: one of them, and several",
    ),
    "question asked twice": (SPECIALISMS, PUBLISHED["dimensions"][2], "dimensions: a key stands twice"),
    "two questions that head counts answer": (
        (*SPECIALISMS, "answers_from"),
        "consultants",
        "dimensions: at most one question is answered from consultants",
    ),
    "no question": (("dimensions",), [], "dimensions: there is no question"),
    "no name": (("name", "en"), REMOVED, "/name: no text in en"),
    "reason about no question": (
        ("discussion", "diverging", 0, "up"),
        "mood",
        "discussion/diverging/nps_up_happy_down: mood is no question with a number",
    ),
    "reason without a text": (
        ("discussion", "texts", "nps_up_happy_down"),
        REMOVED,
        "discussion/texts/nps_up_happy_down is missing",
    ),
    "reason of another's name": (
        ("discussion", "diverging", 0, "key"),
        "stale",
        "discussion/diverging: a key stands twice, or is one of fell, low, stale, quiet",
    ),
    "wrong sum": (("max_total",), 19, "max_total is not the sum of what the dimensions are worth"),
    "no window": (("nps_window_days",), 0, "nps_window_days must be at least 1"),
}


def test_what_is_missing_is_named_with_its_place() -> None:
    with pytest.raises(ModelError, match=r"^nps/bands/0/points is missing$"):
        load_model(damaged((*NPS, "bands", 0, "points"), REMOVED))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ((*NPS, "bands", 0, "points"), "4"),
        ((*NPS, "bands", 0, "points"), 3.5),
        ((*NPS, "bands", 0, "points"), True),
        ((*NPS, "bands"), None),
        ((*NPS, "name"), "NPS"),
        ((*NPS, "fresh_days"), 45),
        (("nps_window_days",), "365"),
        (("nps_window_days",), 1.5),
        (("model",), 5),
        ((*HAPPY, "fresh_days"), -1),
        ((*HAPPY, "bands", 0, "from"), "11"),
        ((*HAPPY, "bands", 0, "from"), 10.5),
        (("dimensions", 0), None),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(path: Path_, value: Any) -> None:
    with pytest.raises(ModelError):
        load_model(damaged(path, value))


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_document_is_refused_with_the_place(damage: str) -> None:
    path, value, message = DAMAGE[damage]
    with pytest.raises(ModelError) as refused:
        load_model(damaged(path, value))
    assert str(refused.value) == message


@pytest.mark.parametrize(
    "path",
    [
        ("model",),
        ("max_total",),
        ("nps_window_days",),
        ("dimensions",),
        *(
            (*NPS, member)
            for member in ("key", "kind", "answers_from", "max", "name", "short", "question", "fresh_days", "bands")
        ),
        *((*NPS, "bands", 0, member) for member in ("points", "text")),
    ],
    ids=lambda path: "/".join(str(step) for step in path),
)
def test_a_document_with_something_left_out_is_refused(path: Path_) -> None:
    with pytest.raises(ModelError, match=f"{path[-1]} is missing$"):
        load_model(damaged(path, REMOVED))
