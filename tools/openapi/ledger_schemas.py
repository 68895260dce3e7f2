"""Schemas of where a score came from: changes, facts, responses over time, and the model."""

from typing import get_args

from shared.opmm.facts import Kind
from shared.opmm.ledger import Cause
from shared.opmm.model import DIMENSIONS, LANGUAGES, AnswersFrom
from shared.opmm.model import Kind as QuestionKind
from tools.openapi.score_schemas import CLIENT_ID, POINTS, TALLY, TOTAL, VALUE
from tools.openapi.shapes import (
    COUNT,
    DAY,
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

_TEXTS = shape(dict.fromkeys(LANGUAGES, TEXT), "A text in every language.")


def ledger_schemas(granularities: tuple[str, ...]) -> dict[str, Schema]:
    """By name."""
    return {
        "Changes": shape({"changes": listed(ref("Change")), "next": ref("Next")}),
        "Change": shape(
            {
                "version": COUNT,
                "at": INSTANT,
                "cause": among(get_args(Cause)),
                "total_before": TOTAL,
                "total_after": TOTAL,
                "dimensions": listed(
                    shape({"key": among(DIMENSIONS), "before": ref("Reading"), "after": ref("Reading")})
                ),
                "facts": listed(TEXT),
            },
            "What moved, from what to what, and the facts behind it. The parts add up to the difference.",
        ),
        "Reading": shape({"points": POINTS, "value": VALUE, "band": nullable(TEXT)}),
        "Facts": shape({"facts": listed(ref("Fact")), "next": ref("Next")}),
        "Fact": shape(
            {
                "fact_id": TEXT,
                "kind": among(get_args(Kind)),
                "source": TEXT,
                "observed_at": TIMESTAMP,
                "day": described(DAY, "The day it counts for, in the calendar of the stack."),
                "answer": {
                    "type": "object",
                    "additionalProperties": {"type": ["integer", "string"]},
                    "description": "What was answered: `score`; `nps`, `responses`; `working`, `happy`; "
                    "`specialisms`, `roadmap`, `inspiration`.",
                },
                "comment": described(nullable(TEXT), "Null also for a token that is limited to clients."),
            },
            "What an event left behind.",
        ),
        "Intervals": shape(
            {"client_id": CLIENT_ID, "interval": among(granularities), "intervals": listed(ref("Interval"))}
        ),
        "Interval": shape(
            {"from": DAY, "to": DAY, **TALLY, "nps": nullable(within(-100, 100))},
            "The responses of some days, both included; `nps` is null when there are none.",
        ),
        "Model": shape(
            {
                "model": TEXT,
                "name": _TEXTS,
                "max_total": COUNT,
                "nps_window_days": COUNT,
                "discussion": shape(
                    {
                        "days": COUNT,
                        "fell_by": COUNT,
                        "low_points": COUNT,
                        "diverging": listed(shape({"key": TEXT, "up": TEXT, "down": TEXT})),
                        "texts": {"type": "object", "additionalProperties": _TEXTS},
                    }
                ),
                "dimensions": listed(ref("ModelQuestion")),
            },
            "The questions, what they are worth, and for how long an answer counts.",
        ),
        "ModelQuestion": shape(
            {
                "key": among(DIMENSIONS),
                "kind": among(get_args(QuestionKind)),
                "answers_from": among(get_args(AnswersFrom)),
                "max": COUNT,
                "name": _TEXTS,
                "short": _TEXTS,
                "question": _TEXTS,
                "unit": shape(dict.fromkeys(LANGUAGES, listed(TEXT, fewest=2, most=2))),
                "answers": listed(TEXT),
                "fresh_days": nullable(COUNT),
                "bands": listed(
                    shape(
                        {
                            "points": COUNT,
                            "text": _TEXTS,
                            "answer": TEXT,
                            "from": nullable(WHOLE),
                            "to": nullable(WHOLE),
                        },
                        "A row of the table: an answer, or whole numbers; null for an open end.",
                        optional=("answer", "from", "to"),
                    )
                ),
            },
            optional=("unit", "answers"),
        ),
    }
