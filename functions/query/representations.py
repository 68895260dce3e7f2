"""What scorecards, rows and changes look like in JSON."""

from typing import Any

from shared.opmm.ledger import Change, Reading
from shared.opmm.model import Model
from shared.opmm.moments import rfc3339
from shared.opmm.nps import Tally
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.storage.entries import Scored, Summary


def scorecard_document(card: Scorecard, scored: Scored, model: Model, language: str) -> dict[str, Any]:
    """A scorecard with the texts of its bands in one language."""
    return {
        "client_id": card.client_id,
        "name": scored.standing.description.name,
        "as_of": card.as_of.isoformat(),
        "total": card.total,
        "max_total": card.max_total,
        "attainable": card.attainable,
        "complete": card.complete,
        "stale": card.stale,
        "model": card.model,
        "version": scored.version,
        "changed_at": rfc3339(scored.changed_at),
        "digest": card.digest(),
        "dimensions": [_dimension_document(dimension, model, language) for dimension in card.dimensions],
    }


def client_document(card: Scorecard, scored: Scored, model: Model, language: str) -> dict[str, Any]:
    """The client, and its current scorecard."""
    description = scored.standing.description
    return {
        **scorecard_document(card, scored, model, language),
        "status": description.status,
        "aliases": list(description.aliases),
    }


def row_document(row: Summary) -> dict[str, Any]:
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
        "dimensions": [
            {"key": each.key, "points": each.points, "value": each.value, "stale": each.stale}
            for each in row.dimensions
        ],
    }


def change_document(change: Change) -> dict[str, Any]:
    """An entry of the ledger."""
    return {
        "version": change.version,
        "at": rfc3339(change.at),
        "cause": change.cause,
        "total_before": change.total_before,
        "total_after": change.total_after,
        "dimensions": [
            {"key": move.key, "before": _reading_document(move.before), "after": _reading_document(move.after)}
            for move in change.moves
        ],
        "facts": list(change.facts),
    }


def _dimension_document(dimension: DimensionScore, model: Model, language: str) -> dict[str, Any]:
    document: dict[str, Any] = {
        "key": dimension.key,
        "points": dimension.points,
        "max": dimension.max,
        "value": dimension.value,
        "basis": dimension.basis,
        "band": None
        if dimension.value is None
        else model.dimension(dimension.key).band_of(dimension.value).text[language],
        "observed_at": dimension.observed_at,
        "source": dimension.source,
        "fact_id": dimension.fact_id,
        "stale": dimension.stale,
    }
    if dimension.key == "nps":
        document["responses"] = dimension.tally and _tally_document(dimension.tally)
    return document


def _tally_document(counts: Tally) -> dict[str, int]:
    return {
        "promoters": counts.promoters,
        "passives": counts.passives,
        "detractors": counts.detractors,
        "count": counts.count,
    }


def _reading_document(reading: Reading) -> dict[str, Any]:
    return {"points": reading.points, "value": reading.value}
