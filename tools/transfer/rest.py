"""The file of events that no CSV file takes: figures, descriptions, retracted responses, talks and what is agreed."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from shared.opmm.timestamps import is_date, parse_instant, rfc3339
from shared.sheets.kinds import Item
from shared.sheets.revisions import is_counted, version_of
from shared.sheets.rows import Event, event_id

REST = "rest"
"""What an export calls this file."""

_LONG_AGO = "1970-01-01T00:00:00Z"
"""The time of an event whose place is told by its count."""

_SAID = "said."
"""How the attributes begin under which a description keeps the latest of each combination of fields."""


def events_of(item: Item) -> Iterator[Event]:
    """The events that a stored fact is. Raises KeyError, TypeError or ValueError for one that is damaged."""
    return _EVENTS[item["kind"]](item)


def has_events(kind: str) -> bool:
    """Whether facts of this kind can be told as events."""
    return kind in _EVENTS


def identity_of(fact_id: str) -> str:
    """The last part of a fact's identity: what its source calls it."""
    return fact_id.rpartition("#")[2].replace("%23", "#").replace("%25", "%")


def _event(item: Item, type_: str, identity: str, data: Mapping[str, Any]) -> Event:
    version = version_of(item["revision"])
    recorded = item.get("recorded_at")
    uncounted = rfc3339(parse_instant(recorded)) if recorded else item.get("observed_at", _LONG_AGO)
    return {
        "specversion": "1.0",
        "type": type_,
        "source": item["source"],
        "id": event_id(type_, item["source"], item["client_id"], identity),
        "subject": item["client_id"],
        "time": uncounted if is_counted(version) else version,
        **({"sequence": version} if is_counted(version) else {}),
        "data": data,
    }


def _retracted(item: Item) -> Iterator[Event]:
    identity = identity_of(item["fact_id"])
    yield _event(item, "nps.retracted", identity, {"response_id": identity})


def _reported(item: Item) -> Iterator[Event]:
    """A figure with decimals is stored rounded, and beside it as it was told."""
    answer = dict(item["answer"])
    figure = Decimal(answer.pop("exact", answer["nps"]))
    answer["nps"] = int(figure) if figure == int(figure) else float(figure)
    yield _event(item, "nps.reported", item["observed_at"], answer | {"measured_at": item["observed_at"]})


def _described(item: Item) -> Iterator[Event]:
    """An event for each combination of fields, of which a description holds the latest."""
    for attribute, said in item.items():
        if attribute.startswith(_SAID):
            yield _event({**item, **said}, "client.described", attribute.removeprefix(_SAID), said["answer"])


def _planned(item: Item, type_: str, data: Mapping[str, Any]) -> Iterator[Event]:
    """What people plan, agree or write down: with the time of its recording, on which depends what becomes of it."""
    recorded = {**item, "recorded_at": item["answer"]["recorded_at"]}
    given = {key: value for key, value in data.items() if value is not None}
    yield _event(recorded, type_, identity_of(item["fact_id"]), given)


def _talk(item: Item) -> Iterator[Event]:
    answer = item["answer"]
    data = {"talk_id": answer["talk_id"], "on": item["observed_at"], "cancelled": answer.get("cancelled")}
    written = {key: item.get(key) for key in ("with", "summary", "internal")}
    return _planned(item, "talk.recorded", data | written)


def _action(item: Item) -> Iterator[Event]:
    answer = dict(item["answer"])
    question, points = answer.pop("dimension", None), answer.pop("points", None)
    del answer["recorded_at"]
    agreed_on = item["observed_at"] if is_date(item["observed_at"]) else None
    expects = {"dimension": question, "points": points} if question else None
    return _planned(item, "action.agreed", answer | {"agreed_on": agreed_on, "expects": expects})


def _goal(item: Item) -> Iterator[Event]:
    answer = dict(item["answer"])
    del answer["recorded_at"]
    return _planned(item, "goal.set", answer)


def _note(item: Item) -> Iterator[Event]:
    answer = dict(item["answer"])
    del answer["recorded_at"]
    data = {"text": item["text"], "internal": bool(answer.get("internal"))}
    return _planned(item, "note.written", answer | data)


_EVENTS: Mapping[str, Callable[[Item], Iterator[Event]]] = {
    "response": _retracted,
    "reported": _reported,
    "description": _described,
    "talk": _talk,
    "action": _action,
    "goal": _goal,
    "note": _note,
}
"""By kind of fact, the events that its facts are where no CSV file takes them."""
