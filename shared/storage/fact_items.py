"""How facts lie in the facts table, and how they are read back.

What this release does not know, or cannot read, is as good as absent.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Any, get_args

from shared.opmm.dataclass import dataclass
from shared.opmm.facts import Fact
from shared.opmm.inputs import Status
from shared.opmm.kinds import KINDS
from shared.opmm.timestamps import Timestamp, parse_instant, parse_timestamp, sortable
from shared.storage.dynamodb import Item, from_item
from shared.storage.shapes import number_or_text, of_type, one_of, optional, plain, texts, whole

FORMAT = 1
"""How facts are laid down. What has another number is left out of every reading."""

SAID = "said."
"""Begins the attributes of a description: one for each combination of fields that its source has told of."""


@dataclass(frozen=True, slots=True)
class StoredFact:
    """A fact as the index holds it: what counts for the score, without comments and names."""

    name: str
    """The client name it is stored under: the client's id, or a name that became an alias later."""
    fact_id: str
    kind: str
    source: str
    revision: str
    answer: Mapping[str, Any]
    observed_at: str | None
    lane: str | None
    """Where it stands in the index; None when it counts for nothing."""
    position: str
    """Its place in its lane: business time, then revision. Empty outside of a lane."""
    question: str | None = None
    """The question of a survey that it answers."""

    def timestamp(self, zone: tzinfo) -> Timestamp:
        """Its business time. Raises ValueError for a fact that has none: such facts stand in no lane."""
        if self.observed_at is None:
            raise ValueError(f"{self.fact_id} has no business time")
        return parse_timestamp(self.observed_at, zone)


@dataclass(frozen=True, slots=True)
class StoredDescription:
    """What one source last said of one combination of a client's fields."""

    name: str
    """The client name it was said of."""
    fact_id: str
    source: str
    revision: str
    """Orders what this source says of the client."""
    recorded_at: datetime
    """Orders what several sources say."""
    answer: Mapping[str, Any]


def fact_item(fact: Fact) -> dict[str, Any]:
    """A fact as it is laid down; a part of it that is None is left out."""
    timestamp = fact.timestamp
    position = f"{sortable(timestamp.instant)}#{fact.revision}" if timestamp else ""
    return {
        "client_id": fact.client_id,
        "fact_id": fact.fact_id,
        "format": FORMAT,
        "kind": fact.kind,
        "question": fact.question,
        "source": fact.source,
        "revision": fact.revision,
        "observed_at": timestamp and timestamp.text,
        "answer": dict(fact.answer),
        **fact.details,
        "author": fact.author,
        "lane_time": f"{fact.lane}#{position}" if fact.lane else None,
    }


def read_fact(item: Mapping[str, Any]) -> StoredFact | None:
    """A fact from its item, as a table or a stream gives it; None for what this release does not know."""
    if item.get("format") != {"N": str(FORMAT)} or item.get("kind", {}).get("S") not in KINDS or is_description(item):
        return None
    try:
        fact = _fact(from_item(item))
    except (AttributeError, KeyError, TypeError, ValueError):  # a part is missing, or of another type than ours
        return None
    return fact


def _fact(values: Mapping[str, Any]) -> StoredFact:
    lane, _, position = of_type(str, values.get("lane_time", "")).partition("#")
    read = number_or_text if KINDS[values["kind"]].answers_from else plain
    fact = StoredFact(
        name=of_type(str, values["client_id"]),
        fact_id=of_type(str, values["fact_id"]),
        kind=values["kind"],
        source=of_type(str, values["source"]),
        revision=of_type(str, values["revision"]),
        answer={key: read(value) for key, value in of_type(dict, values["answer"]).items()},
        observed_at=optional(partial(of_type, str), values.get("observed_at")),
        lane=lane or None,
        position=position,
        question=optional(partial(of_type, str), values.get("question")),
    )
    if fact.lane:
        _require_counting(fact)
    return fact


def _require_counting(fact: StoredFact) -> None:
    """What stands in a lane is read by whoever asks what a question was answered with, and when."""
    kind = KINDS[fact.kind]
    if fact.lane != kind.lane_for(fact.question) or fact.position.partition("#")[2] != fact.revision:
        raise ValueError("it stands elsewhere than it should")
    fact.timestamp(UTC)
    if kind.answers_from is None:
        return
    value = kind.said(fact.answer, fact.question or "")[0] if kind.said else fact.answer["score"]
    if not kind.by_question:  # only what people answer is a choice of texts
        whole(value)


def is_description(item: Mapping[str, Any]) -> bool:
    """Whether an item says what a client is called; such items hold several versions beside each other."""
    return bool(item.get("kind") == {"S": "description"})


_SAYS: Mapping[str, Callable[[Any], Any]] = {
    "aliases": texts,
    "name": partial(of_type, str),
    "owner": partial(of_type, str),
    "status": partial(one_of, get_args(Status)),
}
"""What a description may say, and how it is read."""


def descriptions_in(item: Item) -> Iterator[StoredDescription]:
    """What an item says of its client; a part that cannot be read says nothing."""
    if item.get("format") != {"N": str(FORMAT)}:
        return
    for attribute, value in item.items():
        if not attribute.startswith(SAID):
            continue
        try:
            said = from_item(value["M"])
            yield StoredDescription(
                name=item["client_id"]["S"],
                fact_id=item["fact_id"]["S"],
                source=item["source"]["S"],
                revision=of_type(str, said["revision"]),
                recorded_at=parse_instant(said["recorded_at"]),
                answer={field: _SAYS[field](told) for field, told in of_type(dict, said["answer"]).items()},
            )
        except (KeyError, TypeError, ValueError):
            continue
