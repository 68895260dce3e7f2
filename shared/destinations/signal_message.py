"""A signal as a message: what is news of a client, and no change of points."""

from collections.abc import Mapping
from typing import Any

from shared.destinations.change_message import ToldOfClient, client_document
from shared.destinations.message import Line, Message, Section
from shared.destinations.phrases import client_address, question_text
from shared.opmm.model import Model
from shared.opmm.signals import Signal
from shared.reading.occurrences import signal_document
from shared.texts.words import Words


def signal_message(
    message_id: str, about: ToldOfClient, signal: Signal, *, model: Model, language: str, pages: str
) -> Message:
    """A signal in one language."""
    words, standing = Words(language), signal.standing
    link = client_address(pages, about.client_id)
    return Message(
        id=message_id,
        kind="signal",
        occurred_at=signal.at,
        title=words(
            f"signal_{standing.kind}",
            name=about.name,
            day=words.day(standing.on) if standing.on else "",
            question=question_text(standing.about, model, language),
        ),
        sections=(Section(None, (Line(about.name, link),)),),
        data=_document(message_id, about, signal),
        link=link,
    )


def _document(message_id: str, about: ToldOfClient, signal: Signal) -> Mapping[str, Any]:
    return {
        **client_document(message_id, about, signal.at),
        "kind": "signal",
        "change": None,
        "signal": signal_document(signal),
    }
