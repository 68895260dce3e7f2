"""How scorecards, their rows in the portfolio and aliases lie in the scores table, and how they are read back.

Every item has a format number. What this release does not know, or cannot read, is as good as absent: a reader gives
`UnreadableError`, never a wrong value.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial, wraps
from typing import Any, TypeVar, get_args

from shared.opmm.agenda import Agenda, Side
from shared.opmm.discussion import Reason
from shared.opmm.inputs import Description, ScoringInputs, Status
from shared.opmm.ledger import Cause, Reading
from shared.opmm.months import MONTHS, Months, month_ends
from shared.opmm.scorecard import DimensionScore, Scorecard, digest_on
from shared.opmm.slugs import PROOF_CLIENT, is_slug, name_key
from shared.opmm.timestamps import parse_instant, rfc3339
from shared.storage.absence import UNREADABLE
from shared.storage.agenda_facts import from_agenda, from_snapshots, to_agenda, to_snapshots
from shared.storage.client_agenda import Planned
from shared.storage.dynamodb import Item, from_item
from shared.storage.holdings import Holdings
from shared.storage.input_codec import from_inputs, to_inputs
from shared.storage.made_from import MADE_FROM, unpacked
from shared.storage.packing import packed
from shared.storage.records import ORDERS, Alias, Due, MadeWith, Scored, Summary, SummaryDimension
from shared.storage.shapes import day, number_or_text, of_type, one_of, optional, saying, texts, whole
from shared.storage.standing_codec import from_all_standing, to_all_standing
from shared.storage.tallies import pack, pack_points, unpack, unpack_points, unsqueezed

FORMAT = 1
"""How the items of the scores table are laid down."""

SCORECARD = "scorecard"
"""The sort key under which a name's scorecard stands, or the word that it is an alias."""

CHANGE, SIGNAL = "change#", "signal#"
"""How the sort keys of entries begin; the time, the version of the scorecard and, of a signal, a number follow."""

_R = TypeVar("_R")
_text = partial(of_type, str)


class UnreadableError(ValueError):
    """An item of another format, or one in which a field is missing or of another type than it should be."""


def item_reader(read: Callable[[Mapping[str, Any]], _R]) -> Callable[[Item], _R]:
    """A reader of DynamoDB items from one of plain values, to which nothing that lies there is a surprise."""

    @wraps(read)
    def reader(item: Item) -> _R:
        try:
            if item.get("format") != {"N": str(FORMAT)}:
                raise UnreadableError("the item is of another format")
            return read(unpacked(from_item(item)))
        except UNREADABLE as error:
            raise UnreadableError("the item cannot be read") from error

    return reader


def scorecard_item(scored: Scored, card: Scorecard) -> dict[str, Any]:
    """A scorecard: what it was made from, and its row in the portfolio."""
    row = summary_of(scored, card)
    return {
        "client_id": card.client_id,
        "item": SCORECARD,
        "format": FORMAT,
        "version": scored.version,
        MADE_FROM: packed(_made_from(scored)),
        "erased_at": scored.erased_at and rfc3339(scored.erased_at),
        "status": row.status,
        **_places(row),
        "summary": _row(row),
    }


def _made_from(scored: Scored) -> dict[str, Any]:
    """What only those read who make a scorecard anew."""
    inputs, tomorrow = scored.inputs, scored.as_of + timedelta(days=1)
    # Where an answer stands among others is needed to compare it with those under other names only.
    placed = bool(scored.holdings.aliases)
    return {
        "made_with": [scored.made_with.model, scored.made_with.zone],
        "aliases": list(inputs.description.aliases),
        "holdings": {alias: sorted(lanes) for alias, lanes in scored.holdings.aliases.items()},
        "overruled": {name: sorted(facts) for name, facts in scored.holdings.overruled.items()},
        "since": scored.since.isoformat(),
        "inputs": {
            **from_inputs(inputs, placed=placed),
            "responses": pack(inputs.responses, scored.since, tomorrow).hex(),
        },
        "earlier": from_inputs(scored.earlier, placed=placed),
        "unnamed": dict(scored.unnamed),
        "agenda": from_agenda(scored.planned.agenda),
        "past": from_snapshots(scored.planned.past),
        **({} if scored.standing is None else {"standing": from_all_standing(scored.standing)}),
    }


def _row(row: Summary) -> dict[str, Any]:
    """A scorecard as lists and the portfolio show it, laid down."""
    return {
        "name": row.name,
        "described": row.described,
        "as_of": row.as_of.isoformat(),
        "model": row.model,
        "version": row.version,
        "changed_at": rfc3339(row.changed_at),
        "digest": row.digest,
        "said": row.said,
        "changes_on": row.changes_on and row.changes_on.isoformat(),
        "total": row.total,
        "max_total": row.max_total,
        "attainable": row.attainable,
        "complete": row.complete,
        "stale": row.stale,
        "dimensions": [
            [
                dimension.key,
                dimension.points,
                dimension.value,
                dimension.stale,
                dimension.earlier,
                dimension.answered_on and dimension.answered_on.isoformat(),
            ]
            for dimension in row.dimensions
        ],
        "earlier_total": row.earlier_total,
        "discussion": [[reason.key, reason.dimension, reason.points, reason.days] for reason in row.discussion],
        "owner": row.owner,
        "last_talk": row.last_talk and row.last_talk.isoformat(),
        "planned_talks": [on.isoformat() for on in row.planned_talks],
        "due": [[due.on.isoformat(), due.by_facts, due.side, due.internal] for due in row.due],
        "settled": [[due.on.isoformat(), due.by_facts, due.side, due.internal] for due in row.settled],
        "months": pack_points(row.months),
        "talked": [on.isoformat() for on in row.talked],
    }


def _places(row: Summary) -> dict[str, Any]:
    """Where a row stands in the indexes, and so in any list; nowhere that of the client which is none."""
    if row.client_id == PROOF_CLIENT:
        return {}
    return {"name_key": name_key(row.name), **{f"by_{order}": position(row) for order, position in ORDERS.items()}}


def summary_of(scored: Scored, card: Scorecard) -> Summary:
    """The row of the portfolio, with the scorecard of the day."""
    agenda, said = scored.planned.agenda, card.said()
    return Summary(
        client_id=card.client_id,
        name=scored.inputs.description.name,
        described=scored.inputs.description.described,
        status=scored.inputs.description.status,
        as_of=card.as_of,
        model=card.model,
        version=scored.version,
        changed_at=scored.changed_at,
        digest=digest_on(card.as_of, said),
        total=card.total,
        max_total=card.max_total,
        attainable=card.attainable,
        complete=card.complete,
        stale=card.stale,
        dimensions=tuple(
            SummaryDimension(
                dimension.key,
                dimension.points,
                dimension.value,
                dimension.stale,
                scored.earlier_points.get(dimension.key),
                _answered_on(scored.inputs, dimension),
            )
            for dimension in card.dimensions
        ),
        earlier_total=scored.earlier_total,
        discussion=scored.discussion,
        owner=scored.inputs.description.owner,
        last_talk=agenda.last_talk(card.as_of),
        planned_talks=tuple(
            sorted(talk.on for talk in agenda.talks if talk.status(card.as_of) in ("planned", "missed"))
        ),
        due=tuple(
            Due(action.due, action.expects is not None, action.side, action.internal)
            for action in sorted(agenda.actions, key=lambda action: action.due)
            if agenda.settled(action, card.as_of).is_open
        ),
        settled=tuple(
            Due(settlement.on or action.due, action.expects is not None, action.side, action.internal)
            for action, settlement in agenda.settled_actions(card.as_of)
        ),
        months=tuple(
            tuple(points.get(dimension.key) for dimension in card.dimensions)
            for _, points in sorted(scored.months.items())
        ),
        talked=scored.planned.held_on,
        said=said,
        changes_on=scored.changes_on,
    )


def _answered_on(inputs: ScoringInputs, dimension: DimensionScore) -> date | None:
    """The day of the one answer that is counted: when the latest of many responses came is not told."""
    answer = inputs.answers.get(dimension.key) or (None if dimension.points is None else inputs.reported)
    return answer.day if answer and dimension.points is not None and not dimension.tally else None


@item_reader
def scored(item: Mapping[str, Any]) -> Scored:
    """A scorecard as `scorecard_item` laid it down. Raises UnreadableError, also where a list would lack the client."""
    row = _summary(item)
    places = {place: value for place, value in _places(row).items() if value is not None}
    if not places.keys() <= item.keys() or item.get("name_key") != places.get("name_key"):
        raise ValueError("the client is missing from a list")
    since = day(item["since"])
    responses = unpack(_tallies(item["inputs"]["responses"]), since, row.as_of + timedelta(days=1))
    status = one_of(get_args(Status), row.status)
    described = of_type(bool, item["summary"]["described"])
    description = Description(row.name, status, texts(item["aliases"]), described=described, owner=row.owner)
    inputs, earlier = (to_inputs(row.client_id, description, responses, item[which]) for which in ("inputs", "earlier"))
    fingerprint, zone = texts(item["made_with"])
    holdings = {alias: frozenset(texts(lanes)) for alias, lanes in of_type(dict, item["holdings"]).items()}
    overruled = {name: frozenset(texts(facts)) for name, facts in of_type(dict, item["overruled"]).items()}
    return Scored(
        version=_version(item["version"]),
        inputs=inputs,
        earlier=earlier,
        since=since,
        earlier_total=row.earlier_total,
        earlier_points={
            dimension.key: dimension.earlier for dimension in row.dimensions if dimension.earlier is not None
        },
        discussion=row.discussion,
        months=_months(row),
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
        changes_on=row.changes_on if row.said else row.as_of,  # no such day is ever found, so it is written anew
        planned=Planned(to_agenda(item["agenda"]), to_snapshots(item["past"]), row.talked),
        unnamed={fact_id: to_cause(cause) for fact_id, cause in of_type(dict, item["unnamed"]).items()},
        standing=to_all_standing(item["standing"]) if "standing" in item else None,
        erased_at=optional(parse_instant, item.get("erased_at")),
    )


def _tallies(laid_down: Any) -> bytes:
    """The tallies of the windows; the release before laid them down as bytes of their own."""
    return unsqueezed(laid_down) if isinstance(laid_down, bytes) else bytes.fromhex(_text(laid_down))


def _summary(item: Mapping[str, Any]) -> Summary:
    row = item["summary"]
    client_id, name = of_type(str, item["client_id"]), of_type(str, row["name"])
    summary = Summary(
        client_id=client_id,
        name=name,
        described=of_type(bool, row.get("described", name != client_id)),  # an earlier release did not say
        status=one_of(get_args(Status), item["status"]),
        as_of=day(row["as_of"]),
        model=of_type(str, row["model"]),
        version=whole(row["version"]),
        changed_at=parse_instant(row["changed_at"]),
        digest=of_type(str, row["digest"]),
        total=whole(row["total"]),
        max_total=whole(row["max_total"]),
        attainable=whole(row["attainable"]),
        complete=of_type(bool, row["complete"]),
        stale=of_type(bool, row["stale"]),
        dimensions=tuple(_to_dimension(of_type(list, laid_down)) for laid_down in of_type(list, row["dimensions"])),
        earlier_total=whole(row["earlier_total"]),
        discussion=tuple(_to_reason(*of_type(list, reason)) for reason in of_type(list, row["discussion"])),
        owner=optional(saying, row["owner"]),
        last_talk=optional(day, row["last_talk"]),
        planned_talks=tuple(map(day, of_type(list, row["planned_talks"]))),
        due=tuple(_to_due(*of_type(list, due)) for due in of_type(list, row["due"])),
        settled=tuple(_to_due(*of_type(list, due)) for due in of_type(list, row["settled"])),
        months=unpack_points(of_type(bytes, row["months"]), MONTHS, len(row["dimensions"])),
        talked=tuple(map(day, of_type(list, row["talked"]))),
        said=_text(row["said"]) if "said" in row else None,  # an earlier release did not say
        changes_on=optional(day, row.get("changes_on")),
    )
    for order, position in ORDERS.items():
        if item.get(f"by_{order}", position(summary)) != position(summary):
            raise ValueError("the row stands in the wrong place")
    return summary


def _to_due(on: Any, by_facts: Any, side: Any, internal: Any) -> Due:
    return Due(day(on), of_type(bool, by_facts), one_of(get_args(Side), side), of_type(bool, internal))


def _months(row: Summary) -> Months:
    """The points at the ends of the months before the day of a row; none where none are laid down."""
    return {
        end: {
            dimension.key: known for dimension, known in zip(row.dimensions, points, strict=True) if known is not None
        }
        for end, points in zip(month_ends(row.as_of), row.months, strict=bool(row.months))
    }


def _to_reason(key: Any, dimension: Any, points: Any, days: Any) -> Reason:
    return Reason(of_type(str, key), optional(_text, dimension), optional(whole, points), optional(whole, days))


def _to_dimension(laid_down: list[Any]) -> SummaryDimension:
    key, points, value, stale, earlier, answered_on = laid_down
    reading = to_reading(points, value)
    return SummaryDimension(
        of_type(str, key),
        reading.points,
        reading.value,
        of_type(bool, stale),
        optional(whole, earlier),
        optional(day, answered_on),
    )


summary = item_reader(_summary)
"""The row of the portfolio that stands in a scorecard, or in an index. Raises UnreadableError."""


@item_reader
def agenda(item: Mapping[str, Any]) -> tuple[str, Agenda]:
    """Whose agenda stands in a scorecard, and the agenda. Raises UnreadableError."""
    return of_type(str, item["client_id"]), to_agenda(item["agenda"])


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


@item_reader
def alias(item: Mapping[str, Any]) -> Alias:
    """An alias as `alias_item` laid it down. Raises UnreadableError."""
    return Alias(
        version=_version(item["version"]),
        alias_of=to_slug(item["alias_of"]),
        claimants=tuple(to_slug(claimant) for claimant in of_type(list, item["claimants"])),
        changed_at=optional(parse_instant, item.get("changed_at")),
        erased_at=optional(parse_instant, item.get("erased_at")),
    )


def to_reading(points: Any, value: Any) -> Reading:
    """What is said of a question: points for a value, or neither."""
    if points is None and value is None:
        return Reading()
    return Reading(whole(points), number_or_text(value))


def to_cause(value: Any) -> Cause:
    """A cause of changes."""
    cause: Cause = one_of(get_args(Cause), value)
    return cause


def _version(value: Any) -> int:
    """From 1 up: 0 stands for what was never written."""
    if whole(value) < 1:
        raise ValueError("no version")
    return whole(value)


def to_slug(value: Any) -> str:
    """A name of a client."""
    if not is_slug(of_type(str, value)):
        raise ValueError("no name of a client")
    return of_type(str, value)
