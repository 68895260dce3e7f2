"""How scorecards, their rows in the portfolio, aliases and changes lie in the scores table, and how they are read back.

Every item has a format number. What this release does not know, or cannot read, is as good as absent: a reader gives
`UnreadableError`, never a wrong value.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from typing import Any, TypeVar, get_args

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs, Status
from shared.opmm.kinds import Basis
from shared.opmm.ledger import Cause, Change, Move, Reading
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard
from shared.opmm.slugs import is_slug
from shared.opmm.timestamps import parse_instant, parse_timestamp, rfc3339, sortable
from shared.storage.client_facts import Holdings
from shared.storage.dynamodb import Item, from_item
from shared.storage.records import ORDERS, Alias, MadeWith, Scored, Summary, SummaryDimension
from shared.storage.tallies import pack, unpack

FORMAT = 1
"""How the items of the scores table are laid down."""

SCORECARD = "scorecard"
"""The sort key under which a name's scorecard stands, or the word that it is an alias."""

CHANGE = "change#"
"""The beginning of the sort key of an entry of the ledger; the time and the version follow."""

_R = TypeVar("_R")
_T = TypeVar("_T")


class UnreadableError(ValueError):
    """An item of another format, or one in which a field is missing or of another type than it should be."""


def _reading(read: Callable[[Mapping[str, Any]], _R]) -> Callable[[Item], _R]:
    """A reader of DynamoDB items from one of plain values, to which nothing that lies there is a surprise."""

    @wraps(read)
    def reader(item: Item) -> _R:
        try:
            values = from_item(item)
            if values.get("format") != FORMAT:
                raise UnreadableError("the item is of another format")
            return read(values)
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError) as error:
            raise UnreadableError("the item cannot be read") from error

    return reader


def scorecard_item(scored: Scored, card: Scorecard) -> dict[str, Any]:
    """A scorecard: what it was made from, and its row in the portfolio."""
    inputs = scored.inputs
    row = _summary_of(scored, card)
    tomorrow = scored.as_of + timedelta(days=1)
    # Where an answer stands among others is needed to compare it with those under other names only.
    placed = bool(scored.holdings.aliases)
    return {
        "client_id": card.client_id,
        "item": SCORECARD,
        "format": FORMAT,
        "version": scored.version,
        "made_with": [scored.made_with.model, scored.made_with.zone],
        "aliases": list(inputs.description.aliases),
        "holdings": {alias: sorted(lanes) for alias, lanes in scored.holdings.aliases.items()},
        "since": scored.since.isoformat(),
        "inputs": {**_from_inputs(inputs, placed=placed), "responses": pack(inputs.responses, scored.since, tomorrow)},
        "earlier": _from_inputs(scored.earlier, placed=placed),
        "unnamed": dict(scored.unnamed),
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
            "dimensions": [
                [dimension.key, dimension.points, dimension.value, dimension.stale] for dimension in row.dimensions
            ],
            "earlier_total": row.earlier_total,
            "discussion": list(row.discussion),
        },
    }


def _summary_of(scored: Scored, card: Scorecard) -> Summary:
    return Summary(
        client_id=card.client_id,
        name=scored.inputs.description.name,
        status=scored.inputs.description.status,
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
        dimensions=tuple(
            SummaryDimension(dimension.key, dimension.points, dimension.value, dimension.stale)
            for dimension in card.dimensions
        ),
        earlier_total=scored.earlier_total,
        discussion=scored.discussion,
    )


@_reading
def scored(item: Mapping[str, Any]) -> Scored:
    """A scorecard as `scorecard_item` laid it down. Raises UnreadableError, also where a list would lack the client."""
    row = _summary(item)
    if not {f"by_{order}" for order in ORDERS} <= item.keys():
        raise ValueError("the client is missing from a list")
    since, tomorrow = _day(item["since"]), row.as_of + timedelta(days=1)
    packed = _typed(item["inputs"]["responses"], bytes)
    responses = unpack(packed, tomorrow)
    if pack(responses, since, tomorrow) != packed:
        raise ValueError("days are missing")
    description = Description(row.name, _one_of(item["status"], Status), _texts(item["aliases"]))
    inputs, earlier = (
        _to_inputs(item["client_id"], description, responses, item[which]) for which in ("inputs", "earlier")
    )
    holdings = {alias: frozenset(_texts(lanes)) for alias, lanes in item["holdings"].items()}
    return Scored(
        version=_version(item["version"]),
        inputs=inputs,
        earlier=earlier,
        since=since,
        earlier_total=row.earlier_total,
        discussion=row.discussion,
        holdings=Holdings(item["client_id"], holdings),
        as_of=row.as_of,
        made_with=MadeWith(*_texts(item["made_with"])),
        model=row.model,
        readings={
            dimension.key: Reading(dimension.points, dimension.value)
            for dimension in row.dimensions
            if dimension.points is not None
        },
        changed_at=row.changed_at,
        unnamed={fact_id: _one_of(cause, Cause) for fact_id, cause in item["unnamed"].items()},
    )


def _summary(item: Mapping[str, Any]) -> Summary:
    row = item["summary"]
    summary = Summary(
        client_id=item["client_id"],
        name=_typed(row["name"], str),
        status=_one_of(item["status"], Status),
        as_of=_day(row["as_of"]),
        model=_typed(row["model"], str),
        version=_typed(row["version"], int),
        changed_at=_instant(row["changed_at"]),
        digest=_typed(row["digest"], str),
        total=_typed(row["total"], int),
        max_total=_typed(row["max_total"], int),
        attainable=_typed(row["attainable"], int),
        complete=_typed(row["complete"], bool),
        stale=_typed(row["stale"], bool),
        dimensions=tuple(_summary_dimension(*dimension) for dimension in _typed(row["dimensions"], list)),
        earlier_total=_typed(row["earlier_total"], int),
        discussion=_texts(row["discussion"]),
    )
    for order, position in ORDERS.items():
        if item.get(f"by_{order}", position(summary)) != position(summary):
            raise ValueError("the row stands in the wrong place")
    return summary


def _summary_dimension(key: Any, points: Any, value: Any, stale: Any) -> SummaryDimension:
    reading = _reading_of(points, value)
    return SummaryDimension(_typed(key, str), reading.points, reading.value, _typed(stale, bool))


summary = _reading(_summary)
"""The row of the portfolio that stands in a scorecard, or in an index. Raises UnreadableError."""


def alias_item(name: str, alias: Alias) -> dict[str, Any]:
    """The word that a name is another name of a client."""
    return {
        "client_id": name,
        "item": SCORECARD,
        "format": FORMAT,
        "version": alias.version,
        "alias_of": alias.alias_of,
        "claimants": list(alias.claimants),
        "changed_at": alias.changed_at and rfc3339(alias.changed_at),
    }


@_reading
def alias(item: Mapping[str, Any]) -> Alias:
    """An alias as `alias_item` laid it down. Raises UnreadableError."""
    closed_at = item.get("changed_at")
    return Alias(
        version=_version(item["version"]),
        alias_of=_slug(item["alias_of"]),
        claimants=tuple(_slug(name) for name in _texts(item["claimants"])),
        changed_at=None if closed_at is None else _instant(closed_at),
    )


def change_item(client_id: str, change: Change) -> dict[str, Any]:
    """An entry of the ledger; its key sorts by time, then version."""
    return {
        "client_id": client_id,
        "item": f"{CHANGE}{sortable(change.at)}#{change.version:010d}",
        "format": FORMAT,
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


@_reading
def change(item: Mapping[str, Any]) -> Change:
    """An entry of the ledger as `change_item` laid it down. Raises UnreadableError."""
    return Change(
        version=_typed(item["version"], int),
        at=_instant(item["at"]),
        cause=_one_of(item["cause"], Cause),
        total_before=_typed(item["total_before"], int),
        total_after=_typed(item["total_after"], int),
        moves=tuple(
            Move(_typed(key, str), _reading_of(points, value), _reading_of(points_after, value_after))
            for key, points, value, points_after, value_after in _typed(item["moves"], list)
        ),
        facts=_texts(item["facts"]),
    )


def _typed(value: Any, expected: type[_T]) -> _T:
    """A value of this very type; true is no number. Raises TypeError."""
    if type(value) is not expected:
        raise TypeError(f"{expected.__name__} is expected")
    return value


def _version(value: Any) -> int:
    """From 1 up: 0 stands for what was never written. Raises ValueError."""
    if _typed(value, int) < 1:
        raise ValueError("is no version")
    return int(value)


def _slug(value: Any) -> str:
    if not is_slug(_typed(value, str)):
        raise ValueError("is no name of a client")
    return str(value)


def _one_of(value: Any, literal: Any) -> Any:
    """One of the texts of a Literal. Raises ValueError."""
    if value not in get_args(literal):
        raise ValueError("none of the texts that there are")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(_typed(text, str) for text in _typed(value, list))


def _day(value: Any) -> date:
    return date.fromisoformat(_typed(value, str))


def _instant(value: Any) -> datetime:
    return parse_instant(_typed(value, str))


def _observed_at(value: Any) -> str:
    """A date, or a time, as it was sent; in which zone the date is meant does not matter here."""
    return parse_timestamp(_typed(value, str), UTC).text


def _value(value: Any) -> int | str:
    return value if type(value) is str else _typed(value, int)


def _reading_of(points: Any, value: Any) -> Reading:
    return Reading(points if points is None else _typed(points, int), value if value is None else _value(value))


def _from_inputs(inputs: ScoringInputs, *, placed: bool) -> dict[str, Any]:
    latest = inputs.latest_response
    return {
        "answers": {key: _from_answer(answer, placed=placed) for key, answer in inputs.answers.items()},
        "reported": inputs.reported and _from_answer(inputs.reported, placed=placed),
        "latest_response": latest
        and [latest.observed_at, latest.source, *([latest.position, latest.name] if placed else [])],
    }


def _to_inputs(
    client_id: str, description: Description, responses: Mapping[date, Tally], laid_down: Mapping[str, Any]
) -> ScoringInputs:
    latest, reported = laid_down["latest_response"], laid_down["reported"]
    return ScoringInputs(
        client_id=client_id,
        description=description,
        answers={key: _to_answer(*answer) for key, answer in laid_down["answers"].items()},
        reported=None if reported is None else _to_answer(*reported),
        responses=responses,
        latest_response=None if latest is None else _to_latest_response(*latest),
    )


def _from_answer(answer: Answer, *, placed: bool) -> list[Any]:
    place = [answer.position, answer.name] if placed else []
    day = answer.day.isoformat()
    return [answer.value, answer.basis, day, answer.observed_at, answer.source, answer.fact_id, *place]


def _to_answer(value: Any, basis: Any, day: Any, observed_at: Any, *rest: Any) -> Answer:
    source, fact_id, *place = _place(rest, 2)
    return Answer(_value(value), _one_of(basis, Basis), _day(day), _observed_at(observed_at), source, fact_id, *place)


def _to_latest_response(observed_at: Any, *rest: Any) -> LatestResponse:
    source, *place = _place(rest, 1)
    return LatestResponse(_observed_at(observed_at), source, *place)


def _place(laid_down: Sequence[Any], count: int) -> tuple[str, ...]:
    """Some texts, and where an answer stands among others, if that was laid down. Raises ValueError."""
    if len(laid_down) not in (count, count + 2):
        raise ValueError("something is missing, or too much")
    return _texts(list(laid_down))
