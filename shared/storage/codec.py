"""How a scorecard and a change lie in the scores table."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs
from shared.opmm.ledger import Change, Move, Reading
from shared.opmm.model import DIMENSIONS
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard
from shared.opmm.timestamps import parse_instant, rfc3339, sortable
from shared.storage.records import ORDERS, Scored, Summary, SummaryDimension
from shared.storage.tallies import pack, unpack

SCORECARD = "scorecard"
"""The sort key under which a name's scorecard stands, or the word that it is an alias."""

CHANGE = "change#"
"""The beginning of the sort key of an entry of the ledger; the time and the version follow."""


def scorecard_item(scored: Scored, card: Scorecard) -> dict[str, Any]:
    """A scorecard: what it was made from, and its row in the portfolio."""
    standing = scored.standing
    row = _summary_of(scored, card)
    tomorrow = scored.as_of + timedelta(days=1)
    return {
        "client_id": card.client_id,
        "item": SCORECARD,
        "version": scored.version,
        "names": list(scored.names),
        "since": scored.since.isoformat(),
        "standing": {
            **_from_standing(standing),
            "aliases": list(standing.description.aliases),
            "responses": pack(standing.responses, scored.since, tomorrow),
        },
        "earlier": _from_standing(scored.earlier),
        "status": row.status,
        **{f"by_{order}": position(row) for order, position in ORDERS.items()},
        "summary": {
            "name": row.name,
            "as_of": row.as_of.isoformat(),
            "model": row.model,
            "version": row.version,
            "changed_at": rfc3339(row.changed_at),
            "digest": row.digest,
            "total": row.total,
            "max_total": row.max_total,
            "attainable": row.attainable,
            "complete": row.complete,
            "stale": row.stale,
            "dimensions": [[each.points, each.value, each.stale] for each in row.dimensions],
            "earlier_total": row.earlier_total,
            "discussion": list(row.discussion),
        },
    }


def _summary_of(scored: Scored, card: Scorecard) -> Summary:
    return Summary(
        client_id=card.client_id,
        name=scored.standing.description.name,
        status=scored.standing.description.status,
        as_of=card.as_of,
        model=card.model,
        version=scored.version,
        changed_at=scored.changed_at,
        digest=card.digest(),
        total=card.total,
        max_total=card.max_total,
        attainable=card.attainable,
        complete=card.complete,
        stale=card.stale,
        dimensions=tuple(SummaryDimension(each.key, each.points, each.value, each.stale) for each in card.dimensions),
        earlier_total=scored.earlier_total,
        discussion=scored.discussion,
    )


def scored(item: Mapping[str, Any]) -> Scored:
    """A scorecard as `scorecard_item` laid it down."""
    row = summary(item)
    tomorrow = row.as_of + timedelta(days=1)
    responses = unpack(item["standing"]["responses"], tomorrow)
    description = Description(row.name, item["status"], tuple(item["standing"]["aliases"]))
    standing, earlier = (
        _to_standing(item["client_id"], description, responses, item[which]) for which in ("standing", "earlier")
    )
    return Scored(
        version=item["version"],
        standing=standing,
        earlier=earlier,
        since=date.fromisoformat(item["since"]),
        earlier_total=row.earlier_total,
        discussion=row.discussion,
        names=tuple(item["names"]),
        as_of=row.as_of,
        model=row.model,
        readings={each.key: Reading(each.points, each.value) for each in row.dimensions},
        changed_at=row.changed_at,
    )


def summary(item: Mapping[str, Any]) -> Summary:
    """The row of the portfolio that stands in a scorecard, or in the index."""
    row = item["summary"]
    return Summary(
        client_id=item["client_id"],
        name=row["name"],
        status=item["status"],
        as_of=date.fromisoformat(row["as_of"]),
        model=row["model"],
        version=row["version"],
        changed_at=parse_instant(row["changed_at"]),
        digest=row["digest"],
        total=row["total"],
        max_total=row["max_total"],
        attainable=row["attainable"],
        complete=row["complete"],
        stale=row["stale"],
        dimensions=tuple(
            SummaryDimension(key, points, value, stale)
            for key, (points, value, stale) in zip(DIMENSIONS, row["dimensions"], strict=True)
        ),
        earlier_total=row["earlier_total"],
        discussion=tuple(row["discussion"]),
    )


def change_item(client_id: str, change: Change) -> dict[str, Any]:
    """An entry of the ledger; its key sorts by time, then version."""
    return {
        "client_id": client_id,
        "item": f"{CHANGE}{sortable(change.at)}#{change.version:010d}",
        "version": change.version,
        "at": rfc3339(change.at),
        "cause": change.cause,
        "total_before": change.total_before,
        "total_after": change.total_after,
        "moves": [
            [move.key, move.before.points, move.before.value, move.after.points, move.after.value]
            for move in change.moves
        ],
        "facts": list(change.facts),
    }


def change(item: Mapping[str, Any]) -> Change:
    """An entry of the ledger as `change_item` laid it down."""
    return Change(
        version=item["version"],
        at=parse_instant(item["at"]),
        cause=item["cause"],
        total_before=item["total_before"],
        total_after=item["total_after"],
        moves=tuple(
            Move(key, Reading(points, value), Reading(points_after, value_after))
            for key, points, value, points_after, value_after in item["moves"]
        ),
        facts=tuple(item["facts"]),
    )


def _from_standing(standing: ScoringInputs) -> dict[str, Any]:
    latest = standing.latest_response
    return {
        "answers": {key: _from_answer(answer) for key, answer in standing.answers.items()},
        "reported": standing.reported and _from_answer(standing.reported),
        "latest_response": latest and [latest.observed_at, latest.source],
    }


def _to_standing(
    client_id: str, description: Description, responses: Mapping[date, Tally], laid_down: Mapping[str, Any]
) -> ScoringInputs:
    latest, reported = laid_down["latest_response"], laid_down["reported"]
    return ScoringInputs(
        client_id=client_id,
        description=description,
        answers={key: _to_answer(answer) for key, answer in laid_down["answers"].items()},
        reported=_to_answer(reported) if reported else None,
        responses=responses,
        latest_response=LatestResponse(*latest) if latest else None,
    )


def _from_answer(answer: Answer) -> list[Any]:
    return [answer.value, answer.basis, answer.day.isoformat(), answer.observed_at, answer.source, answer.fact_id]


def _to_answer(laid_down: list[Any]) -> Answer:
    value, basis, day, observed_at, source, fact_id = laid_down
    return Answer(value, basis, date.fromisoformat(day), observed_at, source, fact_id)
