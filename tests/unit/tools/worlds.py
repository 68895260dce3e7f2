"""What the tests of import and export have in common."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.opmm.kinds import KINDS
from shared.opmm.model_document import published_model
from shared.opmm.timestamps import parse_timestamp, rfc3339, sortable
from shared.sheets.interpretation import Interpretation
from shared.sheets.reading import Line
from shared.storage.fact_items import FORMAT
from tests.support.portfolios import ZONE
from tests.support.service import NOW
from tools.transfer.lines import read

MODEL = published_model()
WORLD = Interpretation.by(MODEL, ZoneInfo(ZONE), NOW)

Item = dict[str, Any]

_KINDS = {event: kind for kind in KINDS.values() for event in kind.events}


def revision_of(event: dict[str, Any], content: Any, *, takes_away: bool = False) -> str:
    """A revision in its stored form: the sort and place of the version, whether it takes away, a digest."""
    counted = event.get("sequence")
    order = f"c{int(counted):020d}" if counted else f"t{sortable(parse_timestamp(event['time'], WORLD.zone).instant)}"
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]
    return f"{order}#{int(takes_away)}#{digest}"


def stored(events: Iterable[dict[str, Any]], world: Interpretation = WORLD) -> list[Item]:
    """The items that events leave in an empty table, in the order of its keys."""
    table: dict[tuple[str, str], Item] = {}
    for event in events:
        assert world.faults_in(event) == ()
        for item in _items(event, world):
            key = item["client_id"], item["fact_id"]
            held = table.get(key)
            if event["type"] == "client.described":
                table[key] = _described(held or {}, item)
            elif held is None or held["revision"] < item["revision"]:
                table[key] = item
    return [table[key] for key in sorted(table)]


def text_of(at: str, world: Interpretation) -> str:
    """A business time as it is stored: a date as it is, a time in UTC."""
    return at if "T" not in at else rfc3339(parse_timestamp(at, world.zone).instant)


def _described(held: Item, item: Item) -> Item:
    merged = held | item
    for attribute in held:
        if attribute.startswith("said."):
            merged[attribute] = max((held[attribute], item.get(attribute, held[attribute])), key=_revision)
    return merged


def _revision(entry: Item) -> str:
    return str(entry["revision"])


@dataclass(frozen=True)
class _Content:
    """What one stored fact says."""

    identity: str
    answer: dict[str, Any]
    at: str | None = None
    """The business time; a fact that was taken away has none."""
    counts: bool = True
    rest: dict[str, Any] = field(default_factory=dict)


def _items(event: dict[str, Any], world: Interpretation) -> Iterable[Item]:
    """The items of one event, by hand: what the service stores of it."""
    kind = _KINDS[event["type"]]
    common = {"client_id": event["subject"], "kind": kind.name, "source": event["source"], "format": FORMAT}
    if event["type"] == "client.described":
        said = {"revision": revision_of(event, event["data"]), "answer": event["data"], "recorded_at": event["time"]}
        fact_id = _fact_id(kind.name, event["source"])
        yield {**common, "fact_id": fact_id, f"said.{'+'.join(sorted(event['data']))}": said}
        return
    for content in _survey(event, world) if kind.by_question else [_content(event, world)]:
        question = content.rest.get("question")
        at = content.at and text_of(content.at, world)
        said = {"answer": content.answer, "at": at, **content.rest}
        revision = revision_of(event, said, takes_away=not content.counts)
        item = {**common, **content.rest, "answer": content.answer, "revision": revision}
        identity = [content.identity, question] if question else [content.identity]
        item["fact_id"] = _fact_id(kind.name, event["source"], *identity)
        if at is not None:
            item["observed_at"] = at
        if at is not None and content.counts:
            instant = parse_timestamp(at, world.zone).instant
            item["lane_time"] = f"{kind.lane_for(question)}#{sortable(instant)}#{revision}"
        yield item


def _content(event: dict[str, Any], world: Interpretation) -> _Content:
    data = event["data"]
    match event["type"]:
        case "nps.responded":
            details = {name: data[name] for name in ("comment", "respondent") if data.get(name)}
            score = {"score": data["score"]}
            return _Content(data["response_id"], score, data["responded_at"], not data.get("excluded"), details)
        case "nps.retracted":
            return _Content(data["response_id"], {}, counts=False)
        case "nps.reported":
            figure = {name: value for name, value in data.items() if name != "measured_at"}
            return _Content(text_of(data["measured_at"], world), figure, data["measured_at"])
        case _:
            count = {name: value for name, value in data.items() if name != "as_of"}
            return _Content(text_of(data["as_of"], world), count, data["as_of"])


def _survey(event: dict[str, Any], world: Interpretation) -> Iterable[_Content]:
    data = event["data"]
    survey = data.get("survey_id") or event["id"]
    [questions] = [kind.questions for kind in world.kinds if kind.questions]
    for question in questions:
        given, rest = data["answers"].get(question), {"question": question}
        if given is None:
            yield _Content(survey, {}, counts=False, rest=rest)
        elif isinstance(given, list):
            names = sorted({name.strip().casefold() for name in given})
            yield _Content(survey, {question: len(names)}, data["answered_at"], rest=rest | {"names": names})
        else:
            yield _Content(survey, {question: given}, data["answered_at"], rest=rest)


def _fact_id(*parts: str) -> str:
    return "#".join(part.replace("%", "%25").replace("#", "%23") for part in parts)


def lines(path: Path, text: str | bytes, source: str = "nps", world: Interpretation = WORLD) -> list[Line]:
    """The lines of a file that holds this text."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return list(read(path, source, world))


def events(path: Path, text: str | bytes, source: str = "nps", world: Interpretation = WORLD) -> list[dict[str, Any]]:
    """The events in a file that holds this text, all of whose lines are good."""
    found = lines(path, text, source, world)
    assert [line.faults for line in found] == [()] * len(found)
    return [line.event for line in found]
