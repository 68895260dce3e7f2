"""Schemas of scorecards, of their rows in lists, and of what all clients are together."""

from typing import get_args

from shared.opmm.inputs import Status
from shared.opmm.kinds import Basis
from shared.opmm.model import DIMENSIONS, published_model
from shared.opmm.slugs import SLUG_PATTERN
from tools.openapi.shapes import (
    COUNT,
    DAY,
    FLAG,
    INSTANT,
    TEXT,
    TIMESTAMP,
    WHOLE,
    Schema,
    among,
    described,
    listed,
    nullable,
    ref,
    shape,
    within,
)

_MODEL = published_model()
_OTHERS = [key for key in DIMENSIONS if key != "nps"]
_COUNTED = [dimension.input for dimension in _MODEL.dimensions if dimension.unit] + ["promoters", "detractors"]
_MOST_POINTS = max(dimension.max for dimension in _MODEL.dimensions)

CLIENT_ID: Schema = {"type": "string", "pattern": SLUG_PATTERN, "examples": ["acme"]}
TOTAL: Schema = within(0, _MODEL.max_total)
POINTS = described(nullable(within(0, _MOST_POINTS)), "Null when nobody has answered the question.")
VALUE = described({"type": ["integer", "string", "null"]}, "A count, the NPS, or the answer that was chosen.")
TALLY: dict[str, Schema] = dict.fromkeys(("promoters", "passives", "detractors", "count"), COUNT)
_DIGEST = described(
    {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$"},
    "Covers what the score says: the same facts on the same day give the same digest.",
)
_SUMMARY: dict[str, Schema] = {
    "client_id": CLIENT_ID,
    "name": TEXT,
    "as_of": DAY,
    "total": described(TOTAL, "The sum of the points that are known."),
    "max_total": {"const": _MODEL.max_total},
    "attainable": described(TOTAL, "4 for each question that is answered."),
    "complete": described(FLAG, "Whether all five questions are answered."),
    "stale": described(FLAG, "Whether an answer is out of date."),
    "model": {"const": _MODEL.id},
    "version": described(COUNT, "Rises with each change."),
    "changed_at": INSTANT,
    "digest": _DIGEST,
}
_QUESTION: dict[str, Schema] = {
    "points": POINTS,
    "max": {"const": _MOST_POINTS},
    "value": VALUE,
    "basis": nullable(among(get_args(Basis))),
    "band": described(nullable(TEXT), "The row of the published table, in the language of the answer."),
    "observed_at": nullable(TIMESTAMP),
    "source": nullable(TEXT),
    "fact_id": nullable(TEXT),
    "stale": FLAG,
}
_REASON: dict[str, Schema] = {
    "key": among(_MODEL.discussion.texts),
    "dimension": nullable(among(DIMENSIONS)),
    "text": TEXT,
}
_STATUS = among(get_args(Status))


def _discussion(reason: dict[str, Schema]) -> Schema:
    return shape({"due": FLAG, "reasons": listed(shape(reason))}, "Whether to talk about the partnership, and why.")


def score_schemas() -> dict[str, Schema]:
    """By name."""
    card = {
        **_SUMMARY,
        "discussion": _discussion(_REASON),
        "dimensions": listed({"anyOf": [ref("Question"), ref("NpsQuestion")]}, fewest=5, most=5),
    }
    row_question = {"key": among(DIMENSIONS), "points": POINTS, "value": VALUE, "stale": FLAG}
    move = {"total_before": TOTAL, "total": TOTAL, "points": described(WHOLE, "The difference.")}
    return {
        "Scorecard": shape(card, "The five questions of one client, in the order of the model."),
        "Client": shape({**card, "status": _STATUS, "aliases": listed(TEXT)}, "A client and its current scorecard."),
        "Question": shape({"key": among(_OTHERS), **_QUESTION}, "One of the five questions."),
        "NpsQuestion": shape(
            {
                "key": {"const": "nps"},
                **_QUESTION,
                "responses": nullable(ref("Tally")),
                "interval": nullable(
                    shape({"low": WHOLE, "high": WHOLE, "confidence": {"const": 95}}, "How sure the NPS is.")
                ),
                "one_answer_moves": described(FLAG, "Whether one more response could change the points."),
            },
            "The question about the NPS, with the responses it is made of.",
        ),
        "Tally": shape(TALLY, "Responses by what they are: 9 and 10, 7 and 8, 0 to 6, all."),
        "Row": shape(
            {
                **_SUMMARY,
                "status": _STATUS,
                "discussion": _discussion({"key": _REASON["key"]}),
                "dimensions": listed(shape(row_question), fewest=5, most=5),
            },
            "A scorecard in short.",
        ),
        "Rows": shape({"clients": listed(ref("Row")), "next": ref("Next")}),
        "Next": described(nullable(TEXT), "What `cursor` takes for the next page; null at the end."),
        "Overview": shape(
            {
                "count": COUNT,
                "totals": listed(shape({"total": TOTAL, "clients": COUNT})),
                "incomplete": COUNT,
                "stale": COUNT,
                "due": described(COUNT, "How many need a talk."),
                "days": described(COUNT, "How far back the movers are compared."),
                "movers": listed(shape({"client_id": CLIENT_ID, "name": TEXT, **move})),
            },
            "All active clients at a glance.",
        ),
        "Steps": shape({"client_id": CLIENT_ID, "total": TOTAL, "steps": listed(ref("Step"))}),
        "Step": shape(
            {"dimension": among(DIMENSIONS), "points": WHOLE, "change": _change(), "text": TEXT},
            "The smallest change of an input that gains or loses points; `points` is the difference to the total.",
        ),
    }


def _change() -> Schema:
    kinds: dict[str, Schema] = dict.fromkeys(_COUNTED, WHOLE) | {"answer": TEXT, "day": DAY}
    return {
        **shape(kinds, "Relative for counts; the new answer for choices; the day for what time will do."),
        "required": [],
        "minProperties": 1,
        "maxProperties": 1,
    }
