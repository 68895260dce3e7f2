"""Pages of models that nobody has published: the questions, their number and what they are worth are in the model."""

import copy
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.pages import client_page
from functions.pages.history_components import answer_text
from functions.pages.model_page import draw_model
from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.model import LANGUAGES, Model
from shared.opmm.model_document import load_model, published_model
from shared.texts.words import Words
from tests.support.models import test_model
from tests.unit.pages.drawing import UNANSWERED, answered, as_text, context, fact, loaded, texts

ZONE = ZoneInfo("Europe/Amsterdam")
OPMM, SIX, THREE = published_model(), test_model("six"), test_model("three")

each_model = pytest.mark.parametrize("model", [OPMM, SIX, THREE], ids=lambda model: model.id)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def of_first_questions(count: int) -> Model:
    """The model of three, with its first questions only."""
    document: Any = copy.deepcopy(dict(THREE.document))
    document["dimensions"] = document["dimensions"][:count]
    document["max_total"] = sum(dimension["max"] for dimension in document["dimensions"])
    return load_model(document)


def client(model: Model, now: ScoringInputs, language: str = "en", **parts: Any) -> str:
    return client_page.draw(loaded(model, now, **parts), model, ZONE, context(language)).body or ""


@each_language
@each_model
def test_the_page_of_a_client_asks_the_questions_of_the_model(model: Model, language: str) -> None:
    names = [dimension.name[language] for dimension in model.dimensions]
    for now in (answered(model), answered(model, best=False), UNANSWERED):
        body = client(model, now, language)
        assert all(dimension.question[language] in texts(body, "p") for dimension in model.dimensions)
        assert [heading for heading in texts(body, "h3") if heading in names] == names
        assert [fold for fold in texts(body, "strong") if fold in names] == names  # the facts behind them


@pytest.mark.parametrize(
    ("model", "english", "dutch"),
    [
        (OPMM, "The five questions", "De vijf vragen"),
        (SIX, "The six questions", "De zes vragen"),
        (THREE, "The three questions", "De drie vragen"),
        (of_first_questions(1), "The question", "De vraag"),
    ],
    ids=["opmm-1", "six", "three", "one"],
)
def test_questions_are_counted_by_the_model(model: Model, english: str, dutch: str) -> None:
    assert english in texts(client(model, UNANSWERED), "h2")
    assert dutch in texts(client(model, UNANSWERED, "nl"), "h2")


def test_the_total_is_that_of_the_model() -> None:
    assert "24 of 24 " in said(client(SIX, answered(SIX)))
    assert "Questions 6 " in said(client(SIX, answered(SIX)))
    assert "0 of 0 that can be told" in said(client(SIX, UNANSWERED))
    assert "Questions 0 of 6 " in said(client(SIX, UNANSWERED))
    assert "Vragen 3 " in said(client(THREE, answered(THREE), "nl"))


def said(body: str) -> str:
    return " ".join(as_text(body).split())


@each_model
def test_a_question_has_a_block_for_each_of_its_points(model: Model) -> None:
    blocks = re.findall(r'<svg [^>]*class="blocks".*?</svg>', client(model, answered(model)))

    assert [picture.count('class="full"') for picture in blocks] == [dimension.max for dimension in model.dimensions]
    assert not any('class="unknown"' in picture for picture in blocks)


@each_model
def test_what_nobody_has_answered_is_dashed_and_never_empty(model: Model) -> None:
    body = client(model, UNANSWERED)

    assert body.count('class="unknown"') == 2 * len(model.keys)
    assert body.count("Nobody has answered this yet") == len(model.keys)
    assert "nobody had answered yet" in body


@pytest.mark.parametrize("model", [OPMM, SIX], ids=lambda model: model.id)
def test_there_is_an_nps_where_the_model_asks_for_one(model: Model) -> None:
    body = client(model, answered(model))

    assert "NPS" in texts(body, "h2")
    assert "3 promoters, 0 passives, 0 detractors" in body


@each_language
def test_there_is_no_nps_where_the_model_asks_for_none(language: str) -> None:
    for body in (client(THREE, answered(THREE), language), draw_model(context(language), THREE).body or ""):
        assert "NPS" not in as_text(body)
        assert "promot" not in body


def test_low_is_what_the_model_calls_low() -> None:
    def low(model: Model, joint_cases: int) -> bool:
        now = answered(model)
        answers = {**now.answers, "joint_cases": replace(now.answers["joint_cases"], value=joint_cases)}
        body = client(model, replace(now, answers=answers))
        return '<li class="weak">' in body

    assert [low(SIX, joint_cases) for joint_cases in (0, 1, 3)] == [True, True, False]
    assert [low(THREE, joint_cases) for joint_cases in (0, 1, 3)] == [True, False, False]


def test_the_ledger_names_questions_of_other_models_by_their_keys() -> None:
    moves = (
        Move("specialisms", Reading(2, 2), Reading(None, None)),
        Move("roadmap", Reading(4, "leading"), Reading(3, "yes")),
        Move("joint_cases", Reading(3, 3), Reading(3, 4)),
    )
    change = Change(7, datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "model", 9, 6, moves, ())
    text = " ".join(as_text(client(SIX, answered(SIX), changes=[change])).split())

    assert "21 Nov 2026 another model 9 \N{RIGHTWARDS ARROW} 6" in text
    assert "specialisms: 2 \N{RIGHTWARDS ARROW} unanswered" in text
    assert "Roadmap: leading \N{RIGHTWARDS ARROW} yes" in text
    assert "Joint cases: 3 \N{RIGHTWARDS ARROW} 4" in text


@pytest.mark.parametrize(
    ("kind", "answer", "question", "expected"),
    [
        ("response", {"score": 0}, "nps", "rating 0"),
        ("reported", {"nps": -12}, "nps", "NPS \N{MINUS SIGN}12"),
        ("count", {"working": 7, "happy": 0}, "happy_consultants", "0 happy of 7"),
        ("count", {"working": 7}, "happy_consultants", "7 working"),
        ("survey", {"joint_cases": 4}, "joint_cases", "4"),
        ("survey", {"governance": "quarterly"}, "governance", "every quarter"),
        ("survey", {"governance": "weekly"}, "governance", "weekly"),
    ],
)
def test_a_fact_says_its_answer_in_the_words_of_the_model(
    kind: str, answer: dict[str, Any], question: str, expected: str
) -> None:
    stored = fact(kind, answer)

    assert answer_text(stored, SIX.dimension(question), Words("en")) == expected
    assert expected in texts(client(SIX, UNANSWERED, facts={question: [stored]}), "strong")
    assert "tests, 21 Nov 2026" in texts(client(SIX, UNANSWERED, facts={question: [stored]}), "span")


@each_language
@each_model
def test_the_page_of_the_model_has_its_table_and_its_rules(model: Model, language: str) -> None:
    body = draw_model(context(language, "/model"), model).body or ""
    most = max(dimension.max for dimension in model.dimensions)

    assert body.count("<tr>") == 1 + most + 1
    assert body.count("</td>") == (most + 1) * len(model.keys)
    assert texts(body, "dt") == [dimension.name[language] for dimension in model.dimensions]
    for dimension in model.dimensions:
        assert all(Words(language).row(band, dimension) in body for band in dimension.bands)
    assert all(model.discussion.texts[rule.key][language] in body for rule in model.discussion.diverging)
    assert len(texts(body, "li")) == 3 + len(model.discussion.diverging)


def test_the_page_of_the_model_counts_its_questions() -> None:
    def lead(model: Model, language: str = "en") -> str:
        return texts(draw_model(context(language), model).body, 'p class="lead"')[0]

    assert lead(OPMM).startswith("Five questions, at most 4 points each, 20 in all. ")
    assert lead(SIX).startswith("Six questions, at most 5 points each, 24 in all. ")
    assert lead(THREE, "nl").startswith("Drie vragen, elk hoogstens 5 punten, samen 13. ")
    assert lead(of_first_questions(1)).startswith("One question, at most 4 points. ")
