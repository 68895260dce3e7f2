from datetime import UTC, date, datetime
from typing import Any

from functions.query.documents import change_list_document, scorecard_document
from shared.opmm.inputs import Description, ScoringInputs
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.model import Model
from shared.opmm.model_document import load_model, published_model
from shared.opmm.nps import Tally
from shared.opmm.scorecard import scorecard
from shared.reading.disclosure import Disclosure
from shared.reading.history import History
from shared.reading.scorecards import Card
from shared.storage.holdings import Holdings
from shared.storage.records import MadeWith, Scored

DAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EVERYTHING = Disclosure(people=True, zone=UTC)


def asking(*keys: str, **renamed: str) -> Model:
    """A model with these questions of the published one, some of them under other keys."""
    document = published_model().document
    chosen = [dimension for key in keys for dimension in document["dimensions"] if dimension["key"] == key]
    asked = [{**dimension, "key": renamed.get(dimension["key"], dimension["key"])} for dimension in chosen]
    return load_model(
        {
            **document,
            "dimensions": asked,
            "max_total": sum(dimension["max"] for dimension in asked),
            "discussion": {**document["discussion"], "diverging": []},
        }
    )


def document(model: Model) -> Any:
    inputs = ScoringInputs("acme", Description("Acme"), responses={DAY: Tally(promoters=1)})
    made_with = MadeWith(model.fingerprint, "Europe/Amsterdam")
    scored = Scored(1, inputs, inputs, DAY, 0, (), Holdings("acme"), DAY, made_with, model.id, {}, NOW)
    score = scorecard(inputs, model, DAY)
    return scorecard_document(Card(scored, inputs, score, score, ()), model, "en", EVERYTHING, DAY)


def changed(*moves: Move) -> Any:
    change = Change(1, NOW, "new", 0, 0, moves, ())
    [told] = change_list_document(History((change,), 0, None), published_model(), "en", EVERYTHING, None)["changes"]
    return told["dimensions"]


def test_a_scorecard_has_the_questions_of_its_model() -> None:
    model = asking("specialisms", "nps", "roadmap")
    assert [dimension["key"] for dimension in document(model)["dimensions"]] == ["specialisms", "nps", "roadmap"]
    assert document(model)["max_total"] == 12


def test_the_question_about_the_nps_has_its_responses_under_whatever_key() -> None:
    [roadmap, nps] = document(asking("roadmap", "nps", nps="recommendation"))["dimensions"]
    assert (nps["key"], nps["responses"]["count"]) == ("recommendation", 1)
    assert "responses" not in roadmap


def test_a_change_has_the_band_of_each_reading() -> None:
    [move] = changed(Move("roadmap", Reading(), Reading(3, "yes")))
    assert (move["before"]["band"], move["after"]["band"]) == (None, "yes")


def test_a_change_of_what_the_model_does_not_ask_has_no_band() -> None:
    [gone] = changed(Move("mood", Reading(2, "fair"), Reading(3, "fine")))
    assert gone == {
        "key": "mood",
        "before": {"points": 2, "value": "fair", "band": None},
        "after": {"points": 3, "value": "fine", "band": None},
    }


def test_a_change_to_an_answer_that_the_model_does_not_know_has_no_band() -> None:
    [move] = changed(Move("roadmap", Reading(2, "no"), Reading(3, "perhaps")))
    assert (move["before"]["band"], move["after"]["band"]) == ("no", None)
