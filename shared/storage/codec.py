"""How scorecards, their rows in the portfolio, aliases and changes lie in the scores table, and how they are read back.

Every item has a format number. What this release does not know, or cannot read, is as good as absent: a reader gives
`UnreadableError`, never a wrong value.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import wraps
from typing import Any, TypeVar, get_args

from shared.opmm.inputs import Answer, Description, LatestResponse, ScoringInputs, Status
from shared.opmm.kinds import Basis
from shared.opmm.ledger import Cause, Change, Move, Reading
from shared.opmm.nps import Tally
from shared.opmm.scorecard import Scorecard
from shared.opmm.slugs import is_slug, name_key
from shared.opmm.timestamps import parse_instant, parse_timestamp, rfc3339, sortable
from shared.storage.client_facts import Holdings
from shared.storage.dynamodb import Item, from_item
from shared.storage.records import ORDERS, Alias, MadeWith, Scored, Summary, SummaryDimension
from shared.storage.shapes import number_or_text, of_type, one_of, optional, texts, whole
from shared.storage.tallies import pack, unpack

FORMAT = 1
"""How the items of the scores table are laid down."""

SCORECARD = "scorecard"
"""The sort key under which a name's scorecard stands, or the word that it is an alias."""

CHANGE = "change#"
"""The beginning of the sort key of an entry of the ledger; the time and the version follow."""

_R = TypeVar("_R")


class UnreadableError(ValueError):
    """An item of another format, or one in which a field is missing or of another type than it should be."""


def _reading(read: Callable[[Mapping[str, Any]], _R]) -> Callable[[Item], _R]:
    """A reader of DynamoDB items from one of plain values, to which nothing that lies there is a surprise."""

    @wraps(read)
    def reader(item: Item) -> _R:
        try:
            if item.get("format") != {"N": str(FORMAT)}:
                raise UnreadableError("the item is of another format")
            return read(from_item(item))
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
        "overruled": {name: sorted(facts) for name, facts in scored.holdings.overruled.items()},
        "since": scored.since.isoformat(),
        "inputs": {**_from_inputs(inputs, placed=placed), "responses": pack(inputs.responses, scored.since, tomorrow)},
        "earlier": _from_inputs(scored.earlier, placed=placed),
        "unnamed": dict(scored.unnamed),
        "erased_at": scored.erased_at and rfc3339(scored.erased_at),
        "status": row.status,
        "name_key": name_key(row.name),
        **{f"by_{order}": position(row) for order, position in ORDERS.items()},
        "summary": {
            "name": row.name,
            "described": row.described,
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
        described=scored.inputs.description.described,
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
    if any(f"by_{order}" not in item for order in ORDERS) or item.get("name_key") != name_key(row.name):
        raise ValueError("the client is missing from a list")
    since = _day(item["since"])
    responses = unpack(of_type(bytes, item["inputs"]["responses"]), since, row.as_of + timedelta(days=1))
    status = one_of(get_args(Status), row.status)
    described = of_type(bool, item["summary"]["described"])
    description = Description(row.name, status, texts(item["aliases"]), described=described)
    inputs, earlier = (
        _to_inputs(row.client_id, description, responses, item[which]) for which in ("inputs", "earlier")
    )
    fingerprint, zone = texts(item["made_with"])
    holdings = {alias: frozenset(texts(lanes)) for alias, lanes in of_type(dict, item["holdings"]).items()}
    overruled = {name: frozenset(texts(facts)) for name, facts in of_type(dict, item["overruled"]).items()}
    return Scored(
        version=_version(item["version"]),
        inputs=inputs,
        earlier=earlier,
        since=since,
        earlier_total=row.earlier_total,
        discussion=row.discussion,
        holdings=Holdings(row.client_id, holdings, overruled),
        as_of=row.as_of,
        made_with=MadeWith(fingerprint, zone),
        model=row.model,
        readings={
            dimension.key: Reading(dimension.points, dimension.value)
            for dimension in row.dimensions
            if dimension.points is not None
        },
        changed_at=row.changed_at,
        unnamed={fact_id: _cause(cause) for fact_id, cause in of_type(dict, item["unnamed"]).items()},
        erased_at=optional(parse_instant, item.get("erased_at")),
    )


def _summary(item: Mapping[str, Any]) -> Summary:
    row = item["summary"]
    client_id, name = of_type(str, item["client_id"]), of_type(str, row["name"])
    summary = Summary(
        client_id=client_id,
        name=name,
        described=of_type(bool, row.get("described", name != client_id)),  # an earlier release did not say
        status=one_of(get_args(Status), item["status"]),
        as_of=_day(row["as_of"]),
        model=of_type(str, row["model"]),
        version=whole(row["version"]),
        changed_at=parse_instant(row["changed_at"]),
        digest=of_type(str, row["digest"]),
        total=whole(row["total"]),
        max_total=whole(row["max_total"]),
        attainable=whole(row["attainable"]),
        complete=of_type(bool, row["complete"]),
        stale=of_type(bool, row["stale"]),
        dimensions=tuple(_to_dimension(*of_type(list, laid_down)) for laid_down in of_type(list, row["dimensions"])),
        earlier_total=whole(row["earlier_total"]),
        discussion=texts(row["discussion"]),
    )
    for order, position in ORDERS.items():
        if item.get(f"by_{order}", position(summary)) != position(summary):
            raise ValueError("the row stands in the wrong place")
    return summary


def _to_dimension(key: Any, points: Any, value: Any, stale: Any) -> SummaryDimension:
    reading = _to_reading(points, value)
    return SummaryDimension(of_type(str, key), reading.points, reading.value, of_type(bool, stale))


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
        "erased_at": alias.erased_at and rfc3339(alias.erased_at),
    }


@_reading
def alias(item: Mapping[str, Any]) -> Alias:
    """An alias as `alias_item` laid it down. Raises UnreadableError."""
    return Alias(
        version=_version(item["version"]),
        alias_of=_slug(item["alias_of"]),
        claimants=tuple(_slug(claimant) for claimant in of_type(list, item["claimants"])),
        changed_at=optional(parse_instant, item.get("changed_at")),
        erased_at=optional(parse_instant, item.get("erased_at")),
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
        "names": list(change.names),
    }


@_reading
def change(item: Mapping[str, Any]) -> Change:
    """An entry of the ledger as `change_item` laid it down. Raises UnreadableError."""
    return Change(
        version=whole(item["version"]),
        at=parse_instant(item["at"]),
        cause=_cause(item["cause"]),
        total_before=whole(item["total_before"]),
        total_after=whole(item["total_after"]),
        moves=tuple(
            Move(of_type(str, key), _to_reading(points, value), _to_reading(points_after, value_after))
            for key, points, value, points_after, value_after in of_type(list, item["moves"])
        ),
        facts=texts(item["facts"]),
        names=tuple(_slug(name) for name in of_type(list, item.get("names", []))),  # an earlier release named none
    )


def _to_reading(points: Any, value: Any) -> Reading:
    """What is said of a question: points for a value, or neither."""
    if points is None and value is None:
        return Reading()
    return Reading(whole(points), number_or_text(value))


def _cause(value: Any) -> Cause:
    cause: Cause = one_of(get_args(Cause), value)
    return cause


def _version(value: Any) -> int:
    """From 1 up: 0 stands for what was never written."""
    if whole(value) < 1:
        raise ValueError("no version")
    return whole(value)


def _slug(value: Any) -> str:
    if not is_slug(of_type(str, value)):
        raise ValueError("no name of a client")
    return of_type(str, value)


def _observed_at(value: Any) -> str:
    """A date, or a time, as it was sent; in which zone the date is meant does not matter here."""
    return parse_timestamp(of_type(str, value), UTC).text


def _day(value: Any) -> date:
    return date.fromisoformat(of_type(str, value))


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
    return ScoringInputs(
        client_id=client_id,
        description=description,
        answers={key: _to_answer(answer) for key, answer in laid_down["answers"].items()},
        reported=optional(_to_reported, laid_down["reported"]),
        responses=responses,
        latest_response=optional(_to_latest_response, laid_down["latest_response"]),
    )


def _from_answer(answer: Answer, *, placed: bool) -> list[Any]:
    place = [answer.position, answer.name] if placed else []
    day = answer.day.isoformat()
    return [answer.value, answer.basis, day, answer.observed_at, answer.source, answer.fact_id, *place]


def _to_answer(laid_down: Any) -> Answer:
    value, basis, day, observed_at, source, fact_id, *place = of_type(list, laid_down)
    position, name = _to_place(place)
    return Answer(
        value=number_or_text(value),
        basis=one_of(get_args(Basis), basis),
        day=_day(day),
        observed_at=_observed_at(observed_at),
        source=of_type(str, source),
        fact_id=of_type(str, fact_id),
        position=position,
        name=name,
    )


def _to_reported(laid_down: Any) -> Answer:
    """An NPS that was reported is a number, also while responses count instead of it."""
    answer = _to_answer(laid_down)
    return replace(answer, value=whole(answer.value))


def _to_latest_response(laid_down: Any) -> LatestResponse:
    observed_at, source, *place = texts(laid_down)
    return LatestResponse(_observed_at(observed_at), source, *_to_place(place))


def _to_place(laid_down: list[Any]) -> tuple[str, str]:
    """Position and name, or neither."""
    position, name = texts(laid_down) or ("", "")
    return position, name
