"""What scorecards, rows, changes and facts look like in JSON."""

from datetime import date, tzinfo
from typing import Any

from shared.opmm.intervals import Interval
from shared.opmm.ledger import Change, Reading
from shared.opmm.model import Model
from shared.opmm.next_steps import Step, one_answer_moves
from shared.opmm.nps import Tally, interval, nps
from shared.opmm.scorecard import DimensionScore
from shared.opmm.timestamps import rfc3339
from shared.reading.overview import Overview
from shared.reading.scorecards import Card
from shared.storage.facts import StoredFact
from shared.storage.records import Summary
from shared.texts.sentences import reason_text, step_text

Document = dict[str, Any]


def scorecard_document(card: Card, model: Model, language: str) -> Document:
    """A scorecard with its texts in one language."""
    score = card.score
    return {
        "client_id": score.client_id,
        "name": card.scored.inputs.description.name,
        "as_of": score.as_of.isoformat(),
        "total": score.total,
        "max_total": score.max_total,
        "attainable": score.attainable,
        "complete": score.complete,
        "stale": score.stale,
        "model": score.model,
        "version": card.scored.version,
        "changed_at": rfc3339(card.scored.changed_at),
        "digest": score.digest(),
        "discussion": {
            "due": bool(card.reasons),
            "reasons": [
                {
                    "key": reason.key,
                    "dimension": reason.dimension,
                    "text": reason_text(reason, model, language),
                }
                for reason in card.reasons
            ],
        },
        "dimensions": [_dimension_document(dimension, model, language) for dimension in score.dimensions],
    }


def client_document(card: Card, model: Model, language: str) -> Document:
    """The client, and its current scorecard."""
    description = card.scored.inputs.description
    return {
        **scorecard_document(card, model, language),
        "status": description.status,
        "aliases": list(description.aliases),
    }


def row_document(row: Summary) -> Document:
    """A row of the portfolio."""
    return {
        "client_id": row.client_id,
        "name": row.name,
        "status": row.status,
        "as_of": row.as_of.isoformat(),
        "total": row.total,
        "max_total": row.max_total,
        "attainable": row.attainable,
        "complete": row.complete,
        "stale": row.stale,
        "model": row.model,
        "version": row.version,
        "changed_at": rfc3339(row.changed_at),
        "digest": row.digest,
        "discussion": {"due": bool(row.discussion), "reasons": [{"key": key} for key in row.discussion]},
        "dimensions": [
            {"key": each.key, "points": each.points, "value": each.value, "stale": each.stale}
            for each in row.dimensions
        ],
    }


def change_document(change: Change, model: Model, language: str) -> Document:
    """An entry of the ledger, with the rows of the table that it moved between."""
    return {
        "version": change.version,
        "at": rfc3339(change.at),
        "cause": change.cause,
        "total_before": change.total_before,
        "total_after": change.total_after,
        "dimensions": [
            {
                "key": move.key,
                "before": _reading_document(move.key, move.before, model, language),
                "after": _reading_document(move.key, move.after, model, language),
            }
            for move in change.moves
        ],
        "facts": list(change.facts),
    }


def step_document(step: Step, model: Model, language: str) -> Document:
    """A next step."""
    change = step.change.isoformat() if isinstance(step.change, date) else step.change
    return {
        "dimension": step.dimension,
        "points": step.points,
        "change": {step.input: change},
        "text": step_text(step, model, language),
    }


def fact_document(fact: StoredFact, zone: tzinfo, comment: str | None) -> Document:
    """A fact behind a question; its comment where the reader may see it."""
    return {
        "fact_id": fact.fact_id,
        "kind": fact.kind,
        "source": fact.source,
        "observed_at": fact.observed_at,
        "day": fact.timestamp(zone).day(zone).isoformat(),
        "answer": dict(fact.answer),
        "comment": comment,
    }


def interval_document(each: Interval) -> Document:
    """The responses of some days; their NPS is null when there are none."""
    return {
        "from": each.first.isoformat(),
        "to": each.last.isoformat(),
        **_tally_document(each.counts),
        "nps": nps(each.counts) if each.counts.count else None,
    }


def overview_document(overview: Overview, model: Model) -> Document:
    """The portfolio at a glance."""
    return {
        "count": overview.count,
        "totals": [{"total": total, "clients": clients} for total, clients in enumerate(overview.totals)],
        "incomplete": overview.incomplete,
        "stale": overview.stale,
        "due": overview.due,
        "days": model.discussion.days,
        "movers": [
            {
                "client_id": row.client_id,
                "name": row.name,
                "total_before": row.earlier_total,
                "total": row.total,
                "points": row.total - row.earlier_total,
            }
            for row in overview.movers
        ],
    }


def _dimension_document(dimension: DimensionScore, model: Model, language: str) -> Document:
    asked = model.dimension(dimension.key)
    document: Document = {
        "key": dimension.key,
        "points": dimension.points,
        "max": dimension.max,
        "value": dimension.value,
        "basis": dimension.basis,
        "band": None if dimension.value is None else asked.band_of(dimension.value).text[language],
        "observed_at": dimension.observed_at,
        "source": dimension.source,
        "fact_id": dimension.fact_id,
        "stale": dimension.stale,
    }
    if dimension.key == "nps":
        counts = dimension.tally
        low, high = interval(counts) if counts else (None, None)
        document["responses"] = _tally_document(counts) if counts else None
        document["interval"] = {"low": low, "high": high, "confidence": 95} if counts else None
        document["one_answer_moves"] = one_answer_moves(dimension, asked)
    return document


def _tally_document(counts: Tally) -> dict[str, int]:
    return {
        "promoters": counts.promoters,
        "passives": counts.passives,
        "detractors": counts.detractors,
        "count": counts.count,
    }


def _reading_document(key: str, reading: Reading, model: Model, language: str) -> Document:
    band = None if reading.value is None else model.dimension(key).band_of(reading.value).text[language]
    return {"points": reading.points, "value": reading.value, "band": band}
