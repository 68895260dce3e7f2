"""What cannot wait, as a message."""

from datetime import datetime
from typing import Any

from shared.destinations.message import Line, Message, Section
from shared.destinations.phrases import cause_text, client_address, question_text
from shared.opmm.alerts import Alert, weightiest
from shared.opmm.dataclass import dataclass
from shared.opmm.display import displayed
from shared.opmm.ledger import Change
from shared.opmm.model import Model
from shared.opmm.timestamps import rfc3339
from shared.texts.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarmed:
    """What is told at once of a client."""

    client_id: str
    name: str
    total: int
    alerts: tuple[Alert, ...]
    """At least one."""
    change: Change | None = None
    """What moved; None for a response that moved nothing that alarms."""
    comment: str | None = None
    """What a detractor said; None where the destination is not to read it, or it is held no more."""


def alert_message(message_id: str, told: Alarmed, *, at: datetime, model: Model, language: str, pages: str) -> Message:
    """An alert in one language. Its title is the weightiest thing, and every other has a line of its own."""
    words = Words(language)
    first = weightiest(told.alerts)
    link = client_address(pages, told.client_id)
    lines = [Line(_text(alert, told, model, words), link) for alert in told.alerts if alert != first]
    if told.change:
        lines.append(Line(cause_text(told.change.cause, words)))
    if told.comment:
        # On one line, in its own direction: what somebody wrote must not look like lines of ours, or turn them.
        lines.append(Line(words("alert_comment", comment=displayed(" ".join(told.comment.split())))))
    lines.append(Line(words("alert_once")))
    return Message(
        id=message_id,
        kind="alert",
        occurred_at=at,
        title=_text(first, told, model, words) if first else told.name,
        sections=(Section(None, tuple(lines)),),
        data=_document(message_id, told, at),
        link=link,
    )


def _text(alert: Alert, told: Alarmed, model: Model, words: Words) -> str:
    if alert.kind == "fell":
        points = words.points(alert.points or 0)
        return words("alert_fell", name=told.name, points=points, total=told.total, max=model.max_total)
    if alert.kind == "low":
        question = question_text(alert.dimension or "", model, words.language)
        return words("alert_low", name=told.name, question=question, points=words.points(alert.points or 0))
    if alert.score is None:
        return words("alert_detractor", name=told.name)
    return words("alert_detractor_gave", name=told.name, score=alert.score)


def _document(message_id: str, told: Alarmed, at: datetime) -> dict[str, Any]:
    return {
        "id": message_id,
        "at": rfc3339(at),
        "client_id": told.client_id,
        "name": told.name,
        "total": told.total,
        "alerts": [
            {"kind": alert.kind, "points": alert.points, "dimension": alert.dimension, "score": alert.score}
            for alert in told.alerts
        ],
        "cause": told.change.cause if told.change else None,
        "comment": told.comment,
    }
