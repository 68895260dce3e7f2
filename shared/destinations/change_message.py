"""A change of a score as a message: for those who want to hear of every one, most of them machines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.destinations.message import Line, Message, Section
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change, Move
from shared.opmm.model import Model
from shared.opmm.timestamps import rfc3339
from shared.reading.occurrences import change_told, reading_told
from shared.texts.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfClient:
    """What everything that is told of a client says of it."""

    client_id: str
    name: str
    owner: str | None
    total: int = 0
    """Its points by now."""


def change_message(
    message_id: str, about: ToldOfClient, change: Change, *, model: Model, language: str, pages: str
) -> Message:
    """A change in one language. Its document names no facts: those lead to single responses."""
    words = Words(language)
    link = f"{pages}clients/{about.client_id}"
    lines = [Line(_text(move, model, words), link) for move in change.moves]
    lines.append(Line(words("digest_moved_alone", causes=words(f"by_{change.cause}")) + "."))
    return Message(
        id=message_id,
        kind="score.changed",
        occurred_at=change.at,
        title=words("change_title", name=about.name, before=change.total_before, after=change.total_after),
        sections=(Section(None, tuple(lines)),),
        data=change_document(message_id, about, change, model),
        link=link,
    )


def change_document(message_id: str, about: ToldOfClient, change: Change, model: Model) -> Mapping[str, Any]:
    """A change for machines: what `GET /v1/changes` tells, too, with `max_total`, and name and owner of the client.

    Facts and the rows of the table are told there alone.
    """
    return {
        **client_document(message_id, about, change.at),
        "kind": "score.changed",
        "change": {
            **change_told(change, change.at),
            "max_total": model.max_total,
            "dimensions": [
                {"key": move.key, "before": reading_told(move.before), "after": reading_told(move.after)}
                for move in change.moves
            ],
        },
        "signal": None,
    }


def client_document(message_id: str, about: ToldOfClient, at: datetime) -> Mapping[str, Any]:
    """What begins every document about a client."""
    return {
        "id": message_id,
        "client_id": about.client_id,
        "name": about.name,
        "owner": about.owner,
        "at": rfc3339(at),
    }


def _text(move: Move, model: Model, words: Words) -> str:
    dimension = model.find(move.key)
    name = dimension.name[words.language] if dimension else move.key
    before, after = (
        words("digest_unknown") if reading.points is None else str(reading.points)
        for reading in (move.before, move.after)
    )
    return words("digest_question", name=name, before=before, after=after)
