"""Other models than the published one: with more questions, and with fewer."""

import json
from pathlib import Path
from typing import Any

from shared.opmm.model_document import load_model
from shared.sheets.interpretation import Interpretation
from tests.unit.tools.worlds import MODEL, WORLD

Document = dict[str, Any]


def _asked(like: str, **changed: Any) -> Document:
    """A question, like one of the published model but for this."""
    questions: list[Document] = MODEL.document["dimensions"]
    return next(question for question in questions if question["key"] == like) | changed


def _trust() -> Document:
    text = {"en": "text", "nl": "tekst"}
    bands = [{"points": points, "answer": answer, "text": text} for points, answer in [(2, "full"), (0, "none")]]
    return _asked("roadmap", key="trust", answers=["full", "none"], max=2, bands=bands)


def document(name: str, questions: list[Document]) -> Document:
    """A model document with these questions."""
    total = sum(question["max"] for question in questions)
    discussion = MODEL.document["discussion"] | {"diverging": []}
    return {**MODEL.document, "model": name, "max_total": total, "dimensions": questions, "discussion": discussion}


def _world(name: str, *questions: Document) -> Interpretation:
    return Interpretation.by(load_model(document(name, list(questions))), WORLD.zone, WORLD.now)


def six_questions() -> Interpretation:
    """A model that asks six questions, two of which the published one does not ask."""
    asked = ("happy_consultants", "specialisms", "roadmap", "nps")
    return _world("six", *map(_asked, asked), _asked("specialisms", key="channels"), _trust())


def three_questions() -> Interpretation:
    """A model that asks three."""
    return _world("three", _asked("happy_consultants"), _trust(), _asked("nps"))


def written(path: Path, content: Document) -> Path:
    """A file that holds this document."""
    path.write_text(json.dumps(content), encoding="utf-8")
    return path
