"""What scorecards, clients, changes and facts look like in JSON."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from shared.opmm.facts import without_identity
from shared.opmm.intervals import Interval
from shared.opmm.ledger import Change, Reading
from shared.opmm.model import Dimension, Model
from shared.opmm.next_steps import Step, one_answer_moves
from shared.opmm.nps import Tally, interval, nps
from shared.opmm.scorecard import DimensionScore, Scorecard
from shared.opmm.timestamps import rfc3339
from shared.reading.disclosure import Disclosure, response_count
from shared.reading.history import History
from shared.reading.occurrences import change_told, reading_told
from shared.reading.scorecards import Card
from shared.reading.verification import Verification
from shared.storage.fact_items import StoredFact
from shared.storage.facts import Remark
from shared.storage.overviews import Overview
from shared.storage.records import Summary
from shared.texts.sentences import reason_text, step_text

if TYPE_CHECKING:
    from shared.api import documents as api
    from shared.api import ledger_documents as ledger_api
    from shared.http.parameters import Granularity
    from shared.opmm.inputs import Status
    from shared.opmm.kinds import FactKind


def scorecard_document(
    card: Card, model: Model, language: str, disclosure: Disclosure, today: date
) -> "api.ScorecardDocument":
    """A scorecard with its texts in one language, and as much of people as its reader is told."""
    score = card.score
    told = disclosure.scorecard(score, today)
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
        "changed_at": rfc3339(disclosure.instant(card.scored.changed_at)),
        "digest": score.digest(),
        "discussion": _discussion_document(card, model, language, disclosure),
        "dimensions": [
            _dimension_document(dimension, now, model.dimension(now.key), language)
            for dimension, now in zip(told.dimensions, score.dimensions, strict=True)
        ],
    }


def client_document(
    card: Card, model: Model, language: str, disclosure: Disclosure, today: date
) -> "api.ClientDocument":
    """The client, and its current scorecard."""
    description = card.scored.inputs.description
    return {
        **scorecard_document(card, model, language, disclosure, today),
        "status": description.status,
        "described": description.described,
        "owner": description.owner,
        "aliases": list(description.aliases),
    }


def client_list_document(
    rows: Iterable[Summary], disclosure: Disclosure, cursor: str | None, today: date
) -> "api.ClientListDocument":
    """A page of the portfolio."""
    return {"clients": [_summary_document(row, disclosure, today) for row in rows], "next": cursor}


def change_list_document(
    page: History, model: Model, language: str, disclosure: Disclosure, cursor: str | None
) -> "ledger_api.ChangeListDocument":
    """A page of the ledger, with the rows of the table that each change moved between; some may be hidden."""
    document: ledger_api.ChangeListDocument = {
        "changes": [change_document(change, model, language, disclosure) for change in page.changes],
        "next": cursor,
    }
    if page.hidden:
        document["hidden"] = page.hidden
    return document


def step_list_document(score: Scorecard, steps: Iterable[Step], model: Model, language: str) -> "api.StepListDocument":
    """The next steps from a scorecard."""
    return {
        "client_id": score.client_id,
        "total": score.total,
        "steps": [step_document(step, model, language) for step in steps],
    }


def verification_document(found: Verification) -> "api.VerificationDocument":
    """What is stored, beside what the facts give."""
    return {
        "client_id": found.client_id,
        "as_of": found.as_of.isoformat(),
        "stored": found.stored,
        "fresh": found.fresh,
        "equal": found.equal,
        "differs": list(found.differs),
    }


def fact_list_document(
    facts: Iterable[StoredFact],
    remarks: Mapping[str, Remark],
    disclosure: Disclosure,
    cursor: str | None,
    months: Iterable[Interval] | None = None,
) -> "ledger_api.FactListDocument":
    """A page of the facts behind a question; with remarks, or months instead of responses, as the reader may."""
    document: ledger_api.FactListDocument = {
        "facts": [_fact_document(fact, disclosure, remarks.get(fact.fact_id, Remark())) for fact in facts],
        "next": cursor,
    }
    if months is not None:
        document["responses"] = [_interval_document(month) for month in months]
    return document


def interval_list_document(
    client_id: str, granularity: "Granularity", intervals: Iterable[Interval]
) -> "ledger_api.IntervalListDocument":
    """Responses over time."""
    return {
        "client_id": client_id,
        "interval": granularity,
        "intervals": [_interval_document(interval) for interval in intervals],
    }


def overview_document(overview: Overview, model: Model) -> "api.OverviewDocument":
    """The portfolio at a glance."""
    return {
        "count": overview.count,
        "totals": [{"total": total, "clients": clients} for total, clients in enumerate(overview.totals)],
        "incomplete": overview.incomplete,
        "stale": overview.stale,
        "due": overview.due,
        "days": model.discussion.days,
        "undescribed": overview.undescribed,
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


def _interval_document(interval: Interval) -> "ledger_api.IntervalDocument":
    return {
        "from": interval.first.isoformat(),
        "to": interval.last.isoformat(),
        **_tally_document(interval.counts),
        "nps": nps(interval.counts) if interval.counts.count else None,
    }


def _summary_document(row: Summary, disclosure: Disclosure, today: date) -> "api.SummaryDocument":
    return {
        "client_id": row.client_id,
        "name": row.name,
        "status": cast("Status", row.status),
        "described": row.described,
        "as_of": row.told_on(today).isoformat(),
        "total": row.total,
        "max_total": row.max_total,
        "attainable": row.attainable,
        "complete": row.complete,
        "stale": row.stale,
        "model": row.model,
        "version": row.version,
        "changed_at": rfc3339(disclosure.instant(row.changed_at)),
        "digest": row.digest_on(today),
        "owner": row.owner,
        "discussion": {
            "due": bool(row.discussion),
            "reasons": [
                {"key": reason.key, "dimension": reason.dimension, "points": reason.points, "days": reason.days}
                for reason in row.reasons_on(today)
            ],
            "last_talk": _day_text(row.last_talk),
            "next_talk": _day_text(row.next_talk(today)),
            "missed_talk": _day_text(row.missed_talk(today)),
            "open_actions": row.open_actions(today, internal=disclosure.people),
        },
        "dimensions": [
            {
                "key": dimension.key,
                "points": dimension.points,
                "value": dimension.value,
                "stale": dimension.stale,
            }
            for dimension in row.dimensions
        ],
    }


def _discussion_document(card: Card, model: Model, language: str, disclosure: Disclosure) -> "api.DiscussionDocument":
    agenda, day = card.planned.agenda, card.score.as_of
    to_do = disclosure.agenda(agenda).open_actions(day)
    return {
        "due": bool(card.reasons),
        "reasons": [
            {"key": reason.key, "dimension": reason.dimension, "text": reason_text(reason, model, language)}
            for reason in card.reasons
        ],
        "last_talk": _day_text(agenda.last_talk(day)),
        "next_talk": _day_text(agenda.next_talk(day)),
        "missed_talk": _day_text(agenda.missed_talk(day)),
        "open_actions": len(to_do),
    }


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def change_document(change: Change, model: Model, language: str, disclosure: Disclosure) -> "ledger_api.ChangeDocument":
    """An entry of the ledger: what webhooks tell, and the rows of the table and facts besides."""
    document: ledger_api.ChangeDocument = {
        **change_told(change, disclosure.instant(change.at)),  # type: ignore[typeddict-item]  # it has no `responses`
        "dimensions": [
            {
                "key": move.key,
                "before": _reading_document(move.before, model.find(move.key), language),
                "after": _reading_document(move.after, model.find(move.key), language),
            }
            for move in change.moves
        ],
        "facts": disclosure.facts(change.facts),
    }
    if not disclosure.people:
        document["responses"] = response_count(change.facts)
    return document


def step_document(step: Step, model: Model, language: str) -> "api.StepDocument":
    """A change of one input, and what it does."""
    document: api.StepDocument = {
        "dimension": step.dimension,
        "points": step.points,
        "change": {step.input: step.change.isoformat() if isinstance(step.change, date) else step.change},
        "text": step_text(step, model, language),
    }
    if step.of_band:
        document["basis"] = "band"
    return document


def _fact_document(fact: StoredFact, disclosure: Disclosure, remark: Remark) -> "ledger_api.FactDocument":
    zone = disclosure.zone
    timestamp = fact.timestamp(zone)
    document: ledger_api.FactDocument = {
        # The id of a response leads to the person at its tool.
        "fact_id": without_identity(fact.fact_id) if remark.erased else disclosure.fact_id(fact.fact_id),
        "kind": cast("FactKind", fact.kind),
        "source": fact.source,
        "observed_at": disclosure.observed_at(timestamp.text, fact.fact_id),
        "day": timestamp.day(zone).isoformat(),
        "answer": dict(fact.answer),
        "comment": remark.comment,
        "author": remark.author,
    }
    if remark.erased:
        document["erased"] = True
    return document


def _dimension_document(
    score: DimensionScore, now: DimensionScore, dimension: Dimension, language: str
) -> "api.DimensionDocument":
    """A question as it is told; `now` is all that is known of it."""
    document: api.DimensionDocument = {
        "key": score.key,
        "points": score.points,
        "max": score.max,
        "value": score.value,
        "basis": score.basis,
        "band": None if score.value is None else dimension.band_of(score.value).text[language],
        "observed_at": score.observed_at,
        "source": score.source,
        "fact_id": score.fact_id,
        "stale": score.stale,
    }
    if dimension.kind == "nps":
        counts = score.tally
        document["responses"] = _tally_document(counts) if counts else None
        document["interval"] = _nps_interval_document(counts) if counts else None
        document["one_answer_moves"] = one_answer_moves(now, dimension)
    return document


def _tally_document(counts: Tally) -> "api.TallyDocument":
    return {
        "promoters": counts.promoters,
        "passives": counts.passives,
        "detractors": counts.detractors,
        "count": counts.count,
    }


def _nps_interval_document(counts: Tally) -> "api.NpsIntervalDocument":
    low, high = interval(counts)
    return {"low": low, "high": high, "confidence": 95}


def _reading_document(reading: Reading, dimension: Dimension | None, language: str) -> "ledger_api.ReadingDocument":
    """What was read of a question; its band is null where the model has none for it any more."""
    value = reading.value
    band = None
    if dimension and value is not None and dimension.holds(value):
        band = dimension.band_of(value).text[language]
    return {**reading_told(reading), "band": band}
