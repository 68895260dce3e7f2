"""Pages of models that nobody has published: the questions, their number and what they are worth are in the model."""

import copy
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from functions.pages import client_page, portfolio_page
from functions.pages.history_components import answer_text
from functions.pages.model_page import draw_model
from shared.opmm.inputs import ScoringInputs
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.model import LANGUAGES, Model
from shared.opmm.model_document import load_model, published_model
from shared.opmm.scorecard import scorecard
from shared.reading.overview import overview
from shared.reading.portfolio import Listing
from shared.storage.records import Summary, SummaryDimension
from shared.texts.words import Words
from tests.support.models import test_model
from tests.unit.pages.drawing import DAY, NOW, UNANSWERED, answered, as_text, context, fact, loaded, texts

ZONE = ZoneInfo("Europe/Amsterdam")
OPMM, SIX, THREE = published_model(), test_model("six"), test_model("three")
DASH = "\N{EN DASH}"

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


def row(model: Model, inputs: ScoringInputs, **parts: Any) -> Summary:
    card = scorecard(inputs, model, DAY)
    return Summary(
        **{
            "client_id": "acme",
            "name": "Acme B.V.",
            "described": True,
            "status": "active",
            "as_of": DAY,
            "model": model.id,
            "version": 1,
            "changed_at": NOW,
            "digest": card.digest(),
            "total": card.total,
            "max_total": card.max_total,
            "attainable": card.attainable,
            "complete": card.complete,
            "stale": card.stale,
            "dimensions": tuple(
                SummaryDimension(score.key, score.points, score.value, score.stale) for score in card.dimensions
            ),
            "earlier_total": 0,
            "discussion": (),
            **parts,
        }
    )


def portfolio(model: Model, *rows: Summary, language: str = "en") -> str:
    held = portfolio_page.Loaded(
        overview=overview(rows, model),
        counted_at=NOW,
        rows=rows,
        listing=Listing(),
        limit=25,
        first=True,
        following=None,
    )
    return portfolio_page.draw(held, DAY, model, ZONE, context(language, "/")).body or ""


@each_language
@each_model
def test_the_page_of_a_client_asks_the_questions_of_the_model(model: Model, language: str) -> None:
    names = [dimension.name[language] for dimension in model.dimensions]
    for now in (answered(model), answered(model, best=False), UNANSWERED):
        body = client(model, now, language)
        assert all(dimension.question[language] in texts(body, "p") for dimension in model.dimensions)
        # Once with their points, once with the facts behind them.
        assert [heading for heading in texts(body, "h3") if heading in names] == [*names, *names]


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
    assert "points out of 24" in client(SIX, answered(SIX))
    assert "All six questions are answered." in client(SIX, answered(SIX))
    assert "0 of 24 can be told: 6 of 6 questions unanswered." in client(SIX, UNANSWERED)
    assert "Alle drie vragen zijn beantwoord." in client(THREE, answered(THREE), "nl")
    assert "0 of 4 can be told: the question is unanswered." in client(of_first_questions(1), UNANSWERED)


@each_model
def test_a_question_has_a_block_for_each_of_its_points(model: Model) -> None:
    body = client(model, answered(model))

    assert body.count('class="full"') == model.max_total
    assert [f"of {dimension.max}" in as_text(body) for dimension in model.dimensions] == [True] * len(model.keys)


@pytest.mark.parametrize("model", [OPMM, SIX], ids=lambda model: model.id)
def test_there_is_an_nps_where_the_model_asks_for_one(model: Model) -> None:
    body = client(model, answered(model))

    assert "NPS" in texts(body, "h2")
    assert "NPS by month: " in body


@each_language
def test_there_is_no_nps_where_the_model_asks_for_none(language: str) -> None:
    for body in (client(THREE, answered(THREE), language), draw_model(context(language), THREE).body or ""):
        assert "NPS" not in as_text(body)
        assert "promot" not in body


@pytest.mark.parametrize(("count", "pictures"), [(1, 0), (2, 0), (3, 1)])
def test_fewer_than_three_questions_have_no_radar(count: int, pictures: int) -> None:
    model = of_first_questions(count)

    assert client(model, answered(model)).count('<svg viewBox="0 0 360') == pictures


def test_low_is_what_the_model_calls_low() -> None:
    def low(model: Model, joint_cases: int) -> bool:
        now = answered(model)
        answers = {**now.answers, "joint_cases": replace(now.answers["joint_cases"], value=joint_cases)}
        body = client(model, replace(now, answers=answers))
        assert ('<li class="low">' in body) == ("blocks low" in body)
        return "blocks low" in body

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
    assert body.count("<td>") == (most + 1) * len(model.keys)
    assert texts(body, "dt") == [dimension.name[language] for dimension in model.dimensions]
    for dimension in model.dimensions:
        assert all(band.text[language] in body for band in dimension.bands)
    assert all(model.discussion.texts[rule.key][language] in body for rule in model.discussion.diverging)
    assert len(texts(body, "li")) == 3 + len(model.discussion.diverging)


def test_the_page_of_the_model_counts_its_questions() -> None:
    def lead(model: Model, language: str = "en") -> str:
        return texts(draw_model(context(language), model).body, 'p class="lead"')[0]

    assert lead(OPMM).startswith("Five questions, at most 4 points each, 20 in all. ")
    assert lead(SIX).startswith("Six questions, at most 5 points each, 24 in all. ")
    assert lead(THREE, "nl").startswith("Drie vragen, elk hoogstens 5 punten, samen 13. ")
    assert lead(of_first_questions(1)).startswith("One question, at most 4 points. ")


@each_language
@each_model
def test_the_table_of_clients_has_a_column_for_each_question(model: Model, language: str) -> None:
    body = portfolio(model, row(model, answered(model)), language=language)
    headings = re.findall(r"<th[^>]*>(?:<span title=[^>]*>)?([^<]+)<", body.split("<tbody")[0])
    whole = [dimension.name[language] for dimension in model.dimensions]
    short = [dimension.short[language] for dimension in model.dimensions]

    assert headings[: len(model.keys)] == (short if model is SIX else whole)
    assert re.findall('data-label="([^"]*)"', body)[:-1] == short
    assert f"/ {model.max_total}" in as_text(body)


def test_rows_of_another_model_have_dashes_for_what_was_not_asked() -> None:
    body = portfolio(SIX, row(SIX, answered(SIX)), row(OPMM, answered(OPMM)))
    mine, other = (texts(part, "span") for part in body.split("<tbody")[1].split("<tr")[1:])

    assert mine == ["4", "4", "3", "4", "5", "4", "+24"]
    assert other == ["4", "4", DASH, DASH, DASH, "4", "+20"]


def test_a_change_is_of_the_day_in_the_zone_of_the_stack() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    assert "24 Nov 2026" in texts(portfolio(OPMM, row(OPMM, answered(OPMM), changed_at=late)), "td")
