"""A change of a score as a message: for those who want to hear of every one, most of them machines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from shared.destinations.message import Line, Message, Section
from shared.destinations.phrases import cause_text, client_address, move_text
from shared.opmm.dataclass import dataclass
from shared.opmm.ledger import Change
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
    link = client_address(pages, about.client_id)
    lines = [Line(move_text(move, model, words), link) for move in change.moves]
    lines.append(Line(cause_text(change.cause, words)))
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
